"""What speaks for the lines of a derivative: numbers at points, then SymPy in every region.

Points come first. They cost little whatever the formula, and they alone can show
that a line is wrong; SymPy is asked for a proof where the formula is short enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

import sympy as sp

from derive.algebra.expressions import Diff, Expr, names, substitute, walk
from derive.algebra.regions import list_regions, settle
from derive.algebra.sampling import compare_at_points
from derive.algebra.symbolic import to_sympy, vanishes, weigh, write_out

MOST_REGIONS = 32
"""Regions up to which every one is proved."""
HEAVIEST = 6_000
"""Weight up to which SymPy is asked: of all lines with all their cases, and in all regions."""


def lines_hold(question: Diff, lines: Sequence[Expr], output: str) -> str:
    """Whether each line is the derivative that the question asks for.

    `output` is the name that stands for the differentiated expression in the
    lines. Gives `proved`, `sampled` (equal at random points to 50 digits, no
    proof within bounds), `unchecked` (no point told anything) or `wrong`.
    """
    verdict = compare_at_points(question, lines, output)
    if verdict != "wrong" and _is_proved(question, lines, output):
        return "proved"
    return verdict


def _is_proved(question: Diff, lines: Sequence[Expr], output: str) -> bool:
    """Whether SymPy confirms every line in every region; False where that is not tried."""
    if not _is_short(question, lines, output):
        return False
    claim = (question, *(substitute(line, {output: question.expr}) for line in lines))
    whole = [write_out(expr) for expr in dict.fromkeys(claim)]
    ids = dict.fromkeys((question.wrt, *(name for expr in whole for name in names(expr))))
    symbols = {name: sp.Symbol(name, real=True) for name in ids}
    regions = list(islice(list_regions(whole, symbols), MOST_REGIONS + 1))
    if len(regions) > MOST_REGIONS:
        return False
    claims = [dict.fromkeys(settle(expr, region) for expr in whole) for region in regions]
    if sum(weigh(expr, {}) for settled in claims for expr in settled) > HEAVIEST:
        return False
    return all(_are_equal([to_sympy(expr, symbols) for expr in settled]) for settled in claims)


def _is_short(question: Diff, lines: Sequence[Expr], output: str) -> bool:
    """Whether the lines are not too heavy; those of many nodes are not even weighed."""
    if sum(1 for line in lines for _ in walk(line)) > HEAVIEST:
        return False
    weights = {output: weigh(question.expr, {})}
    return sum(weigh(line, weights) for line in (question, *lines)) <= HEAVIEST


def _are_equal(exprs: Sequence[Any]) -> bool:
    first, *others = exprs
    return all(vanishes(expr - first) for expr in others)
