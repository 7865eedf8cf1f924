"""A worksheet as a PyTorch script: sections for a notebook, or the whole as a file."""

from __future__ import annotations

from collections.abc import Iterator

from derive import limits
from derive.errors import SpecError
from derive.exports.circuits import CircuitScript
from derive.exports.layered import LayeredScript
from derive.exports.networks import NetworkScript
from derive.exports.tools import IMPORTS, PRECISION, show
from derive.exports.writing import PARTS, Script
from derive.pages import Worksheet
from derive.render.escape import one_line
from derive.render.origin import origin
from derive.render.wording import sentence, translate_title
from derive.spec import Spec


def write_sections(sheet: Worksheet, *, with_digits: bool = True) -> Script:
    """The sections of the script; `with_digits` puts the sheet's digits beside each gradient.

    Raises SpecError for an exercise too large to read as a script, and for a
    perceptron, which has none.
    """
    check_scriptable(sheet, limits.PAGE_STEPS)
    kind: type[NetworkScript | LayeredScript | CircuitScript] = CircuitScript
    if sheet.graph.blocks:
        kind = NetworkScript if sheet.graph.by_units else LayeredScript
    return kind(sheet.numbers, with_digits=with_digits).script()


def write_script(sheet: Worksheet) -> str:
    """The whole script: every number it prints stands behind the id of the key."""
    script = write_sections(sheet)
    lines = [
        *write_head(sheet.spec, "script.same"),
        *IMPORTS,
        "",
        *PRECISION,
        "",
        "",
        *show(keep=False),
        "",
    ]
    for part in PARTS:
        section = getattr(script, part)
        if section:
            heading = sentence(sheet.spec.language, f"script.{part}")
            lines += ["", f"# {heading}", *section]
    return "\n".join(lines) + "\n"


def check_scriptable(sheet: Worksheet, most: int) -> None:
    """Raise SpecError for a perceptron, and for more than so many numbers."""
    if sheet.graph.presented is not None:
        raise SpecError(
            "kind",
            "a perceptron has no script: its rule needs no gradient, which is what the tool is "
            "for; take: derive verify SPEC",
        )
    count = len(sheet.graph.quantities)
    if count > most:
        raise SpecError(
            "",
            f"{count} numbers are too many for a script, at most {most}; "
            "take: derive key SPEC --format json",
        )


def write_head(spec: Spec, key: str) -> Iterator[str]:
    """What made the script and what it needs, which the sentence of `key` says.

    The title is never on the first two lines, where Python reads an encoding.
    """
    yield f"# {origin(spec)}"
    yield f"# {sentence(spec.language, key)}"
    title = one_line(translate_title(spec.language, spec.title)).strip()
    if title:
        yield f"# {title}"
