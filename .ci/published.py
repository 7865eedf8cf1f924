"""The table of what others published beside what is derived: `python .ci/published.py output`."""

import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from pathlib import Path
from typing import Any

import derive
from derive.spec import Spec

DATA = Path(__file__).resolve().parents[1] / "tests" / "published.toml"
FILE = "published.md"
BLAME = {"publication": "the publication is wrong", "neither": "neither is wrong"}
HEAD = """# Worked examples of others

Numbers that others published, and ours to as many digits. Written from
`tests/published.toml`, where each exercise stands with its source.
"""


@dataclass(frozen=True, slots=True)
class Number:
    """One published number beside ours; `why` is empty where both are the same.

    `right` is what the data say of a number that differs, `value` is ours.
    """

    example: str
    id: str
    printed: str
    value: Decimal
    right: str = ""
    wrong: str = ""
    why: str = ""

    @property
    def derived(self) -> str:
        """Ours, rounded to the last digit that was published."""
        return f"{rounded(self.value, self.printed):{'e' if 'e' in self.printed else 'f'}}"

    @property
    def same(self) -> bool:
        """Whether the published digits are ours."""
        return rounded(self.value, self.printed) == Decimal(self.printed)


def rounded(value: Decimal, like: str) -> Decimal:
    """A value at the last place of a printed number, half away from zero."""
    place = Decimal((0, (1,), int(Decimal(like).as_tuple().exponent)))
    return value.quantize(place, ROUND_HALF_UP, Context(prec=200))


def examples() -> list[dict[str, Any]]:
    """The published exercises as they stand in the data."""
    found: list[dict[str, Any]] = tomllib.loads(DATA.read_text("utf-8"))["example"]
    return found


def exercise(example: dict[str, Any]) -> Spec:
    """The exercise that a published example is."""
    if "builtin" in example:
        return derive.load(example["builtin"])
    return derive.loads(example["spec"])


def numbers(example: dict[str, Any]) -> Iterator[Number]:
    """Every published number of an example, with ours."""
    found = derive.sheet(exercise(example)).numbers
    for id_, printed in example["numbers"].items():
        yield Number(example["name"], id_, printed, _value(found, id_))
    for id_, row in example.get("differs", {}).items():
        yield Number(example["name"], id_, value=_value(found, id_), **row)


def _value(found: Any, id_: str) -> Decimal:  # noqa: ANN401  the numbers of a sheet
    return Decimal(found.answer(found.step(id_)).value)


def table() -> str:
    """The whole page."""
    parts, same, differ = [], 0, []
    for example in examples():
        rows = list(numbers(example))
        same += sum(row.same for row in rows)
        differ += [row for row in rows if not row.same]
        parts.append(_section(example, rows))
    told = (
        f"{len(parts)} worked examples, {same + len(differ)} numbers: {same} are the same, "
        f"{len(differ)} differ"
    )
    by = Counter(row.wrong for row in differ)
    blame = ", ".join(
        f"{BLAME[who]} in {count}" for who, count in sorted(by.items(), reverse=True)
    )
    return "\n".join([HEAD, f"{told} ({blame}).\n", *parts])


def _section(example: dict[str, Any], rows: list[Number]) -> str:
    kind = f"built in: `{example['builtin']}`" if "builtin" in example else "its own exercise"
    note = f" {example['note']}" if "note" in example else ""
    lines = [
        f"## {example['name']}\n",
        f"{example['source']}, <{example['address']}> ({kind}).{note}\n",
        "| id | published | derived | |",
        "| --- | --- | --- | --- |",
    ]
    for row in rows:
        verdict = "same" if row.same else f"{BLAME[row.wrong]}: {row.why}"
        lines.append(f"| `{row.id}` | {row.printed} | {row.derived} | {verdict} |")
    return "\n".join([*lines, ""])


def write(folder: str) -> Path:
    """Write the page into a folder; its path."""
    path = Path(folder) / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(table().encode())
    return path


if __name__ == "__main__":
    print(write(sys.argv[1]))
