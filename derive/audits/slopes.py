"""The slope of a function that a text has defined, against what the text says of it."""

from __future__ import annotations

import flint

from derive.audits.calls import Formula
from derive.audits.chosen import Chosen
from derive.audits.formulas import POINTS
from derive.checking.verdicts import Remark
from derive.lines import Chain
from derive.numbers import balls
from derive.workings.line import Line
from derive.workings.pen import Slip

TINY = flint.fmpq(1, 10**20)


def judge_slope(chain: Chain, formula: Formula, slopes: list[Formula]) -> Line:
    """What a text says of the slope of a function that it has defined."""
    if any(_agree(formula, slope) for slope in slopes):
        return Line(chain, "true", None, None, compared=1)
    named = chain.members[0].partition("(")[0].strip()
    remarks = (Remark("audit.wrong", {"named": named}),)
    return Line(chain, "false", 1, None, Slip("slope"), remarks=remarks, compared=1)


def _agree(one: Formula, other: Formula) -> bool:
    """Whether two functions of one argument have the same values."""
    for text in POINTS:
        left, right = (
            Chosen({f.arguments[0]: balls.exact(text)}).evaluate(f.expr) for f in (one, other)
        )
        if left is not None and right is not None and not abs(left - right) < TINY:
            return False
    return True
