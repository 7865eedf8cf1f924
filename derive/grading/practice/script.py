"""The script of a practice page: its parts from `templates/practice/script/` in a row."""

from __future__ import annotations

from derive.render.package import templates

LOGIC = (
    "numbers",
    "functions",
    "worlds",
    "reading",
    "scanning",
    "parsing",
    "claims",
    "answers",
    "earlier",
    "judging",
    "formulas",
    "conventions",
    "table",
    "sheet",
)
"""The parts that need no browser, each after those it uses at once."""


def script() -> str:
    """The script that the page runs."""
    return f'"use strict";\n(() => {{\n{logic()}{read_part("page")}}})();\n'


def logic() -> str:
    """What judges answers, without the page around it."""
    return "".join(map(read_part, LOGIC))


def read_part(name: str) -> str:
    """One part."""
    return (templates() / "practice" / "script" / f"{name}.js").read_text("utf-8")
