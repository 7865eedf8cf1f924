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

NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.ASCII)


def key_json(
    numbers: Numbers,
    stages: Collection[Stage] = STAGES,
    fields: Collection[str] = FIELDS,
    more: Mapping[str, object] | None = None,
) -> Iterator[str]:
    """The key of contract format derive-key/1, piece by piece, a line per answer.

    `more` is told in the head besides what the spec says.
    """
    yield _head(numbers.derivation.graph.spec, more or {})
    encode = msgspec.json.Encoder().encode
    separator = "\n"
    for record in records(numbers, stages, fields):
        yield separator + "  " + encode(record).decode()
        separator = ",\n"
    yield "\n ]}\n"


def _head(spec: Spec, more: Mapping[str, object]) -> str:
    head: dict[str, Any] = {
        "format": FORMAT,
        "made_by": f"derive {VERSION}",
        "title": spec.title,
        "digest": digest(spec),
        "spec": to_plain(spec),
        "decimals": spec.decimals,
        "notation": spec.notation,
        "rounding": spec.rounding,
        **more,
    }
    lines = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in head.items()]
    return "{" + ",\n ".join(lines) + ',\n "answers": ['


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


def csv_line(cells: Iterable[str]) -> str:
    """One line of a table."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; plain numbers stay numbers."""
    if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not NUMBER.fullmatch(text):
        return "'" + text
    return text


def answers_toml(asked: Iterable[Step], origin: str, language: str = "en") -> str:
    """The empty answer form: every asked id in the order of the blanks."""
    lines = [f"# {origin}", f"# {sentence(language, 'form.write')}"]
    stage = ""
    for number, step in enumerate(asked, 1):
        if step.stage != stage:
            stage = step.stage
            lines.append("")
            lines.append(f"# {sentence(language, f'stage.{stage}')}")
        lines.append(f'"{step.id}" = ""  # ({number})')
    return "\n".join(lines) + "\n"


def answers_csv(asked: Iterable[Step]) -> str:
    """The same as a table for spreadsheets."""
    return "id,answer\n" + "".join(csv_line([step.id, ""]) for step in asked)
