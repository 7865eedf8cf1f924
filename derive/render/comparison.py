"""`derive verify` as a table of text: the sheet's number beside those of the checks."""

from __future__ import annotations

from derive.second import Report, Row

DIGITS = 20
"""Significant digits of a check's number in the table; agreement is judged on more."""


def comparison(report: Report) -> str:
    """The table, then how many numbers agree with every check that knows them."""
    lines = [" ".join(f"{cell:<24}" for cell in ("id", "printed", *report.checks)).rstrip()]
    for row in report.rows:
        cells = [row.id, row.shown, *(_cell(row, check) for check in report.checks)]
        mark = "" if row.agrees else "DIFFERS"
        lines.append((" ".join(f"{cell:<24}" for cell in cells) + mark).rstrip())
    wrong = [row.id for row in report.rows if not row.agrees]
    unchecked = sum(not any(row.checks.values()) for row in report.rows)
    lines.append("")
    lines += [f"{check}: not made: {reason}" for check, reason in report.skipped.items()]
    count = len(report.rows)
    summary = f"{count - unchecked - len(wrong)} of {count} numbers agree"
    if unchecked:
        summary += f", {unchecked} not checked"
    if wrong:
        summary += f", {len(wrong)} DIFFER: {', '.join(wrong[:10])}"
    return "\n".join([*lines, summary, ""])


def _cell(row: Row, check: str) -> str:
    if check not in row.checks:
        return "-"
    number = row.checks[check]
    return "undecided" if number is None else number[: DIGITS + 2]
