"""The practice page: one file with its own style, script and table, and no request."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from derive import limits
from derive.checking.marking import Marker
from derive.errors import SpecError
from derive.grading.assessment import open_marker
from derive.grading.practice.graph import GraphWriter
from derive.grading.practice.script import script
from derive.grading.practice.sentences import write_sentences
from derive.grading.practice.table import Writer
from derive.grading.reports.saying import Voice
from derive.pages import Worksheet
from derive.pages.choosing import Choice
from derive.pages.document import Entries, Level
from derive.pages.entries import with_entries
from derive.render.formats import FORMATS
from derive.render.origin import form_origin
from derive.render.package import templates
from derive.render.page import Page
from derive.render.safe import Safe
from derive.render.wording import section

FORM = replace(FORMATS["html"], name="practice", folder="practice")
REVEAL = "hint"
"""As much as `derive check` says without being asked for more; the hints say the rest."""
HARMLESS = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})
"""Signs that would end a script or one of its lines, spelt as JSON may spell them."""


def practice_page(
    sheet: Worksheet,
    level: Level = "guided",
    choice: Choice = Choice(),  # noqa: B008  frozen
    code: str = "",
) -> str:
    """The worksheet at a level as a page to type into, with every verdict and all hints.

    `code` is that of a member's own sheet; it goes into the answers that the page hands on.

    Raises SpecError for a level without blanks and for an exercise whose table
    would be no page to hand on.
    """
    marker = open_marker(sheet.numbers)
    document = with_entries(sheet.document(level, choice=choice), tuple(marker.exercise.order))
    blocks = [block for block in document.blocks if isinstance(block, Entries)]
    names = [entry.id for block in blocks for entry in block.entries]
    _check_size(names, sheet.spec.decimals)
    page = Page(sheet.spec, FORM, sheet.numbers)
    words = section(sheet.spec.language, "practice")
    style, program = _style(), script()
    written = write_data(marker, Voice(sheet.spec.language, REVEAL, marker.judge.explainer), names)
    origin = form_origin(sheet.spec, level, choice)
    own = {"code": code} if code else {}
    return page.render(
        document,
        code=code,
        words=words,
        policy=_policy(style, program),
        style=Safe(style),
        script=Safe(program),
        table=Safe(_data({"origin": origin, "words": words, **own, **written})),
    )


def write_data(marker: Marker, voice: Voice, names: Sequence[str]) -> dict[str, object]:
    """The verdicts on numbers, the graph behind them and the sentences, for some ids."""
    writer = Writer(marker.judge, voice)
    columns = writer.columns(names)
    program = GraphWriter(marker.judge, voice, marker.aliases, writer.say).program(names)
    said = write_sentences(voice)
    return {"table": writer.table(columns), "program": program, "said": said}


def _check_size(names: Sequence[str], decimals: int) -> None:
    if not names:
        raise SpecError("--practice", "this level has no blanks; take --level guided or blank")
    if len(names) > limits.PRACTICE_BLANKS:
        raise SpecError(
            "--practice",
            f"a practice page holds at most {limits.PRACTICE_BLANKS} blanks, "
            f"this sheet has {len(names)}; take --blanks {limits.PRACTICE_BLANKS} for those "
            "that teach most, or derive check --interactive for all",
        )
    if decimals > limits.PRACTICE_DECIMALS:
        raise SpecError(
            "--practice",
            f"a practice page reads at most {limits.PRACTICE_DECIMALS} decimals, "
            f"this sheet has {decimals}; take --decimals {limits.PRACTICE_DECIMALS}",
        )


def _part(name: str) -> str:
    """A file of `templates/` that goes into the page as it stands."""
    return (templates() / name).read_text("utf-8")


def _style() -> str:
    """The style of every HTML page and that of this one."""
    return _part("html/style.css") + _part("practice/style.css")


def _policy(style: str, script: str) -> str:
    """Nothing is loaded, sent or run but this style and this script."""
    allowed = f"style-src {_fingerprint(style)}; script-src {_fingerprint(script)}"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _fingerprint(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _data(value: object) -> str:
    """JSON that no reader of HTML takes for anything else."""
    return msgspec.json.encode(value).decode().translate(HARMLESS)
