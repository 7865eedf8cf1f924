"""The catalogue: known mistakes by family, each a rule from a step to its wrong formula.

`M34` (one slip, correctly carried) and `M17` (rounding early) are no formulas:
the first is the verdict `carried`, the second a counterfactual without a row.
"""

from __future__ import annotations

import re

from derive.checking.misconceptions import (
    errors,
    optimizers,
    parameters,
    perceptrons,
    quotients,
    reductions,
    routes,
    slopes,
    updates,
)
from derive.checking.misconceptions.row import Misconception

EARLY_ROUNDING = "M17"
FAMILIES = (
    errors,
    slopes,
    routes,
    parameters,
    updates,
    reductions,
    optimizers,
    perceptrons,
    quotients,
)


def rank(name: str) -> tuple[int, str]:
    """Where an id stands in the catalogue."""
    parts = re.fullmatch(r"M(\d+)(.*)", name)
    return (int(parts.group(1)), parts.group(2)) if parts else (0, name)


CATALOGUE: tuple[Misconception, ...] = tuple(
    sorted((row for family in FAMILIES for row in family.FAMILY), key=lambda row: rank(row.id))
)
"""Every row in the order of the catalogue."""

__all__ = ["CATALOGUE", "EARLY_ROUNDING", "Misconception", "rank"]
