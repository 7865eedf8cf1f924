"""`derive verify` as a table of text: the sheet's number beside those of other roads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from derive.second import Row

DIGITS = 20
"""Significant digits of a road's number in the table; agreement is judged on more."""


def comparison(rows: Sequence[Row], roads: Collection[str], reasons: Mapping[str, str]) -> str:
    """The table, then how many numbers agree on every road that reaches them.

    `reasons` says of each road that was not taken why.
    """
    taken = [road for road in roads if road not in reasons]
    lines = [" ".join(f"{cell:<24}" for cell in ("id", "printed", *taken)).rstrip()]
    for row in rows:
        cells = [row.id, row.shown, *(_cell(row.roads, road) for road in taken)]
        mark = "" if row.agrees else "DIFFERS"
        lines.append((" ".join(f"{cell:<24}" for cell in cells) + mark).rstrip())
    wrong = [row.id for row in rows if not row.agrees]
    unreached = sum(not any(row.roads.values()) for row in rows)
    lines.append("")
    lines += [f"{road}: not taken: {reason}" for road, reason in reasons.items()]
    told = f"{len(rows) - unreached - len(wrong)} of {len(rows)} numbers agree"
    if unreached:
        told += f", {unreached} not checked"
    if wrong:
        told += f", {len(wrong)} DIFFER: {', '.join(wrong[:10])}"
    return "\n".join([*lines, told, ""])


def _cell(values: dict[str, str | None], road: str) -> str:
    if road not in values:
        return "-"
    value = values[road]
    return "kink" if value is None else value[: DIGITS + 2]
