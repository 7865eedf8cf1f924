"""The gradient check as a page: a row for each h, the best one, and why it is there."""

from __future__ import annotations

from collections.abc import Iterator

from derive.algebra.expressions import Expr, Name, Num
from derive.graph import list_cuts
from derive.numbers import Numbers
from derive.numbers.differences import GradientCheck, Quotient
from derive.pages.document import Block, Grid, Heading, Row, Words, cell, say
from derive.pages.writing import write_number

DIGITS = 12
"""Significant digits of a quotient; a computer has about 16."""
COLUMNS = ("h", "forward_quotient", "error_of", "central_quotient", "error_of")


def gradient_blocks(check: GradientCheck, numbers: Numbers) -> Iterator[Block]:
    """The table of h against both errors, and the reason for the best h."""
    name = numbers.derivation.graph.derivative(check.of, check.wrt)
    yield Heading(1, Words("heading.gradient_check"))
    shown = numbers.shown(name)
    value = Num(shown.text)
    yield say("gradient_check", equation=Row(Name(name), (write_number(shown),)))
    yield say("quotients", error=Name(check.of), weight=Name(check.wrt))
    columns = tuple(Words(f"column.{key}") for key in COLUMNS)
    yield Grid(columns, tuple(tuple(map(cell, _row(row))) for row in check.rows))
    cuts = list_cuts(numbers.derivation.graph.quantities.values())
    if not check.agrees:
        middle = _number((check.left + check.right) / 2)
        if cuts:
            steps = ", ".join(map(str, cuts))
            yield say("gradient_truncated", limit=middle, value=value, steps=steps)
            return
        yield say("gradient_differs", limit=middle, value=value)
    elif check.corner:
        left, right = _number(check.left), _number(check.right)
        yield say("gradient_corner", error=Name(check.of), value=value, left=left, right=right)
        return
    forward, central = check.find_best("forward"), check.find_best("central")
    yield say("best_forward", h=_power(forward), error=_error(forward.forward_error))
    yield say("best_central", h=_power(central), error=_error(central.central_error))
    yield say("taylor", error=Name(check.of))
    sides = (
        (check.best_forward, "meet_forward", "straight_forward"),
        (check.best_central, "meet_central", "straight_central"),
    )
    for place, meet, straight in sides:
        if place is None:
            yield say(straight, weight=Name(check.wrt))
        else:
            yield say(meet, h=_error(place))


def _row(row: Quotient) -> tuple[Expr, ...]:
    quotients = (_number(row.forward), _number(row.central))
    errors = (_error(row.forward_error), _error(row.central_error))
    return _power(row), quotients[0], errors[0], quotients[1], errors[1]


def _power(row: Quotient) -> Num:
    return Num(f"1e-{row.power}")


def _number(value: float) -> Num:
    return _plain(f"{value:.{DIGITS}g}")


def _error(value: float) -> Num:
    return Num("0") if value == 0 else _plain(f"{value:.1e}")


def _plain(text: str) -> Num:
    """`9.5e-06` as `9.5e-6`; `e+00` is left out."""
    mantissa, marker, power = text.partition("e")
    return Num(f"{mantissa}e{int(power)}" if marker and int(power) else mantissa)
