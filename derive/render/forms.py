"""Keys and answer forms as text: JSON, CSV, TOML."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from derive.derivation.steps import STAGES, Stage, Step
from derive.numbers import Numbers
from derive.render.key import FIELDS, FORMAT, records
from derive.render.version import VERSION
from derive.render.wording import sentence
from derive.spec import Spec, digest, to_plain

CSV_FORM = ("number", "id", "answer")
"""The columns of a form for spreadsheets."""
CODE = "code"
"""What a form calls the code of a member's own sheet."""
FIRST, NEXT, LAST = "\n  ", ",\n  ", "\n ]}\n"
"""What stands before the first answer of a key, before each other one, behind the last."""
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.ASCII)


def key_json(
    numbers: Numbers,
    stages: Collection[Stage] = STAGES,
    fields: Collection[str] = FIELDS,
    more: Mapping[str, object] | None = None,
    code: str = "",
) -> Iterator[str]:
    """The key of contract format derive-key/1, piece by piece, a line per answer.

    `more` is told in the head besides what the spec says, and the `code` of a member's sheet.
    """
    own = {"code": code} if code else {}
    spec = numbers.derivation.graph.spec
    yield key_head(spec, to_plain(spec), digest(spec), own | dict(more or {}))
    encode = msgspec.json.Encoder().encode
    separator = FIRST
    for record in records(numbers, stages, fields):
        yield separator + encode(record).decode()
        separator = NEXT
    yield LAST


def key_head(
    spec: Spec, plain: Mapping[str, Any], digest_of_spec: str, more: Mapping[str, object]
) -> str:
    """What stands before the answers of a key: a spec, as `plain` data, its digest, and `more`."""
    head: dict[str, Any] = {
        "format": FORMAT,
        "made_by": f"derive {VERSION}",
        "title": spec.title,
        "digest": digest_of_spec,
        "spec": plain,
        "decimals": spec.decimals,
        "notation": spec.notation,
        "rounding": spec.rounding,
        **more,
    }
    lines = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in head.items()]
    return "{" + ",\n ".join(lines) + ',\n "answers": ['


def join_key(head: str, answers: Iterable[str]) -> str:
    """A key of its head and its encoded answers."""
    return f"{head}{FIRST}{NEXT.join(answers)}{LAST}"


def key_csv(
    numbers: Numbers, stages: Collection[Stage] = STAGES, fields: Collection[str] = FIELDS
) -> Iterator[str]:
    """The key as a table, with a header; no cell is run by a spreadsheet."""
    columns = [field for field in FIELDS if field in fields]
    yield csv_line(columns)
    for record in records(numbers, stages, fields):
        yield csv_line([harmless(_cell(record.get(field, ""))) for field in columns])


def _cell(value: object) -> str:
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def pretty_json(data: object) -> str:
    """JSON that people read, too; it ends its last line."""
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def csv_line(cells: Iterable[str]) -> str:
    """One line of a table."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; plain numbers and a dash stay."""
    if text != "-" and text[:1] in ("=", "+", "-", "@", "\t", "\r") and not NUMBER.fullmatch(text):
        return "'" + text
    return text


def harmful(cell: str) -> str:
    """What a harmless cell was made of."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


def answers_toml(
    asked: Mapping[int, Step],
    made: str,
    language: str = "en",
    answers: Mapping[str, str] | None = None,
    code: str = "",
) -> str:
    """The answer form: each asked id by the number of its blank, with the answers so far.

    Answers to other ids come last. `code` says whose own sheet it belongs to.
    """
    left = dict(answers or {})
    lines = [f"# {made}"]
    lines.append(f"# {sentence(language, 'form.write' if asked else 'form.nothing')}")
    if code:
        lines.append(f"{CODE} = {_toml_text(code)}")
    stage = ""
    for number, step in asked.items():
        if step.stage != stage:
            stage = step.stage
            lines += ["", f"# {sentence(language, f'stage.{stage}')}"]
        answer = left.pop(step.id, "")
        lines.append(f"{_toml_text(step.id)} = {_toml_text(answer)}  # ({number})")
    if left:
        lines += ["", *(f"{_toml_text(name)} = {_toml_text(left[name])}" for name in left)]
    return "\n".join(lines) + "\n"


def _toml_text(text: str) -> str:
    """A string of TOML; half of a character pair becomes the sign for one."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def answers_csv(asked: Mapping[int, Step], made: str, code: str = "") -> str:
    """The same as a table for spreadsheets; the title of an empty column says what made it."""
    title, own = ([CODE], [code]) if code else ([], [])
    rows = (csv_line([str(n), step.id, "", *own]) for n, step in asked.items())
    return csv_line([*CSV_FORM, *title, made]) + "".join(rows)
