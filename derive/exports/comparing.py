"""The last cell of a notebook: every number of the key beside the one of PyTorch."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from derive.derivation.steps import Step
from derive.exports.writing import INDENT, Lines, Script, bracket, string
from derive.pages import Worksheet
from derive.render.wording import sentence

RELATIVE, NEAR_ZERO = "1e-9", "1e-13"
"""How far two numbers may differ: of their own size, and of the largest number where near 0."""


def write_comparison(sheet: Worksheet, script: Script) -> Iterator[str]:
    """Python that prints the table and stops with a sentence where two numbers differ."""
    exact = _drop_rounding(sheet)
    rows = {
        step.id: float(exact.numbers.answer(step).value)
        for step in exact.derivation.steps(("forward", "backward", "update", "check"))
        if step.stage != "backward"
        or sheet.graph.derivative(step.of, step.wrt) in script.gradients
    }
    unsure = _find_unsure(exact)
    yield "from math import isclose"
    yield ""
    yield "expected = {"
    for name, value in rows.items():
        yield f"{INDENT}{string(name)}: {value!r},"
    yield "}"
    yield from _write_judgement([name for name in rows if name in unsure], sheet.spec.language)


def _write_judgement(unsure: list[str], language: str) -> Lines:
    def message(key: str, end: str = "") -> str:
        return string(sentence(language, f"script.{key}") + end)

    corner = (
        f"corner = {bracket([string(name) for name in unsure])}",
        f"print({message('corner')}, *corner)",
    )
    return (
        f"assert expected.keys() <= computed.keys(), {message('run_all')}",
        f"near = {NEAR_ZERO} * max(1, *map(abs, expected.values()))",
        "wrong = []",
        f"print(f\"{{'id':20}} {{'derive':>22}} {{'PyTorch':>22}}\", {message('difference')})",
        "for name, value in expected.items():",
        f"{INDENT}apart = computed[name] - value",
        f'{INDENT}print(f"{{name:20}} {{value:22.15g}} {{computed[name]:22.15g}} {{apart:.1e}}")',
        f"{INDENT}if not isclose(computed[name], value, rel_tol={RELATIVE}, abs_tol=near):",
        f"{INDENT * 2}wrong.append(name)",
        *(corner if unsure else ()),
        *(("wrong = [name for name in wrong if name not in corner]",) if unsure else ()),
        f'assert not wrong, {message("differ", " ")} + ", ".join(wrong)',
        f"print({message('agree')})",
    )


def _drop_rounding(sheet: Worksheet) -> Worksheet:
    """The same exercise without rounding at each step, for PyTorch does not round either."""
    if sheet.spec.rounding == "exact":
        return sheet
    return Worksheet(msgspec.structs.replace(sheet.spec, rounding="exact"))


def _find_unsure(sheet: Worksheet) -> set[str]:
    """Ids at a corner or computed from one: there a float may miss the exact 0."""
    unsure: set[str] = set()
    for step in sheet.derivation.steps():
        if _is_at_corner(sheet, step) or unsure.intersection(step.uses):
            unsure.add(step.id)
    return unsure


def _is_at_corner(sheet: Worksheet, step: Step) -> bool:
    return step.expr is not None and sheet.numbers.settle_cases(step).kink
