"""The catalogue: known mistakes by family, each a rule from a step to its wrong formula.

`M34` (one slip, correctly carried) and `M17` (rounding early) are no formulas:
the first is the verdict `carried`, the second a counterfactual without a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.checking.exercise import Exercise
from derive.checking.misconceptions import (
    activations,
    chains,
    errors,
    layers,
    operands,
    optimizers,
    parameters,
    perceptrons,
    quotients,
    reductions,
    routes,
    slopes,
    updates,
)
from derive.checking.misconceptions.row import Misconception, OneStep, Slip
from derive.derivation.steps import Step

EARLY_ROUNDING = "M17"
FAMILIES = (
    errors,
    activations,
    slopes,
    routes,
    parameters,
    updates,
    reductions,
    optimizers,
    perceptrons,
    quotients,
    chains,
    layers,
)
SLIPS: tuple[tuple[str, Slip], ...] = (
    *operands.SLIPS,
    *updates.SLIPS,
    *chains.SLIPS,
    *reductions.SLIPS,
)
"""Slips that somebody makes in one step and nowhere else, by the mistake they are."""


def rank(name: str) -> tuple[int, str]:
    """Where an id stands in the catalogue."""
    parts = re.fullmatch(r"M(\d+)(.*)", name)
    return (int(parts.group(1)), parts.group(2)) if parts else (0, name)


CATALOGUE: tuple[Misconception, ...] = tuple(
    sorted((row for family in FAMILIES for row in family.FAMILY), key=lambda row: rank(row.id))
)
"""Every row in the order of the catalogue."""


def list_slips(step: Step, exercise: Exercise) -> Iterator[Misconception]:
    """The slips that can be made in one step, each as a row of its own."""
    for name, slip in SLIPS:
        for expr in slip(step, exercise):
            yield Misconception(name, OneStep(step.id, expr))


__all__ = ["CATALOGUE", "EARLY_ROUNDING", "SLIPS", "Misconception", "list_slips", "rank"]
