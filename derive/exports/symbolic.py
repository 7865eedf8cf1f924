"""A quantity of a sheet as a SymPy expression, made node by node from our tree."""

from __future__ import annotations

from typing import Any

import sympy as sp

from derive import limits
from derive.algebra.symbolic import to_sympy
from derive.derivation.steps import Step
from derive.errors import SpecError, nearest
from derive.pages import Worksheet


def express(sheet: Worksheet, name: str, *, expand: bool = False) -> Any:  # noqa: ANN401  SymPy has no types
    """The formula of an id in the sheet's names; with `expand` down to the given numbers.

    A given number is its own symbol. Raises SpecError for an id that the sheet does not
    have, and where `expand` would put too many formulas into one.
    """
    steps = _list_steps(sheet, name, expand=expand)
    known: dict[str, Any] = {}
    for step in steps:
        made = {used: known.get(used, sp.Symbol(used)) for used in step.uses}
        known[step.id] = sp.Symbol(step.id) if step.expr is None else to_sympy(step.expr, made)
    return known[name]


def _list_steps(sheet: Worksheet, name: str, *, expand: bool) -> list[Step]:
    """The step of an id; with `expand` those that it needs before it, each once."""
    found: dict[str, Step] = {}
    waiting = [name]
    while waiting:
        step = _find_step(sheet, waiting[-1])
        needed = [used for used in step.uses if expand and used not in found]
        if needed:
            waiting += needed
        else:
            found[step.id] = step
            waiting.pop()
        if len(found) > limits.SLIDE_STEPS:
            problem = f"needs more than {limits.SLIDE_STEPS} formulas; take it without expand"
            raise SpecError(name, problem)
    return list(found.values())


def _find_step(sheet: Worksheet, name: str) -> Step:
    step = sheet.derivation.step(name)
    if step is None:
        known = [step.id for step in sheet.derivation.steps()]
        raise SpecError(name, f"no such id on this sheet{nearest(name, known)}")
    return step
