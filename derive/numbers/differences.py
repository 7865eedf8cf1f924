"""The gradient check: difference quotients of a computer against the certified derivative.

(E(w + h) - E(w)) / h is off by about h/2 · E''(w), the central quotient by
h²/6 · E'''(w) (Taylor), and both by about ε |E| / h, because a computer rounds
E itself to ε = 2^-53 (Goodfellow, Bengio, Courville, Deep Learning, 11.5;
CS231n, "Gradient checks").

Whether they agree is not asked of a row by luck close to the derivative, but of the
limit: exact quotients at h = 10^-12 and twice that enclose it, on both sides of a
corner, and the derivative must lie there, up to the error of the table's best row.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import flint
import msgspec

from derive.errors import SpecError
from derive.graph import Graph
from derive.numbers import balls
from derive.numbers.balls import BALLS
from derive.numbers.compiling import Arithmetic, Program
from derive.numbers.machine import MACHINE, round_to_float
from derive.numbers.numbers import Numbers

POWERS = range(1, 13)
"""h is 10^-1 to 10^-12."""
EPSILON = 2.0**-53
"""Half the distance of 1 to the next binary64 number."""
FAR = flint.fmpq(1, 10**12)
"""Distance of the points from which the higher derivatives are taken."""
FINE_BITS = 600
CORNER = 1e-6
"""Share of a slope by which the other side's must differ, far above FAR."""


class Quotient(msgspec.Struct, frozen=True):
    """Both quotients for h = 10^-power in binary64, and their relative errors.

    Where the derivative is 0, the error is absolute.
    """

    power: int
    forward: float
    forward_error: float
    central: float
    central_error: float


class GradientCheck(msgspec.Struct, frozen=True):
    """All quotients of one parameter, and the h that theory names as the best.

    Where a quotient is exact for every h there is no best one, and h is None.

    `left` and `right` are what the quotients of either side come to with ever smaller h;
    `agrees` says whether the derivative is that, or at a corner between them.
    """

    of: str
    wrt: str
    rows: tuple[Quotient, ...]
    best_forward: float | None
    best_central: float | None
    left: float
    right: float
    agrees: bool

    @property
    def corner(self) -> bool:
        """Whether the error has another slope on the left than on the right."""
        return abs(self.right - self.left) > CORNER * max(abs(self.left), abs(self.right))

    def find_best(self, side: str) -> Quotient:
        """The row with the smallest error of `forward` or `central`."""
        return min(self.rows, key=lambda row: float(getattr(row, f"{side}_error")))


def check_gradient(numbers: Numbers, wrt: str) -> GradientCheck:
    """Difference quotients of the error (a circuit's output) by one parameter.

    An h for which a computer finds no value is left out. Raises SpecError for an id that
    is no given number which the derivative exists by, and where there is no value at all.
    """
    graph = numbers.derivation.graph
    quantity = graph.quantities.get(wrt)
    of = graph.objective
    step = numbers.derivation.step(graph.derivative(of, wrt))
    if quantity is None or not quantity.typed or step is None:
        raise SpecError(wrt, f"is no parameter; {of} is differentiated by {_list_some(graph)}")
    slope = numbers.value(step.id)
    start = balls.exact(quantity.typed)
    try:
        near = [_run_exact(graph, wrt, start + count * FAR) for count in (-2, -1, 0, 1, 2)]
    except (balls.NotDefined, balls.Undecided):
        near = []
    rows = [row for p in POWERS if (row := _make_row(graph, wrt, start, slope, p))]
    if not rows or not near:
        raise SpecError(wrt, f"{of} has no values close by, so there are no quotients")
    here = round_to_float(near[2])
    with balls.precision(FINE_BITS):
        second, third = _estimate_higher(near)
        left, right, agrees = _find_limits(near, rows, slope)
    return GradientCheck(
        of,
        wrt,
        tuple(rows),
        (2 * EPSILON * abs(here) / second) ** (1 / 2) if second else None,
        (3 * EPSILON * abs(here) / third) ** (1 / 3) if third else None,
        round_to_float(left),
        round_to_float(right),
        agrees,
    )


def _find_limits(
    near: Sequence[balls.Value], rows: Sequence[Quotient], slope: balls.Value
) -> tuple[balls.Value, balls.Value, bool]:
    """What the quotients come to from the left and right, and whether the slope is that.

    Doubling h at least doubles what a quotient is off by, so that the change bounds it;
    the first-order part of it cancels in twice the one less the other (Richardson).
    """
    left, right = (near[2] - near[1]) / FAR, (near[3] - near[2]) / FAR
    wide_left, wide_right = (near[2] - near[0]) / (2 * FAR), (near[4] - near[2]) / (2 * FAR)
    middle = (left + right) / 2
    slack = 2 * (abs(wide_left - left) + abs(wide_right - right))
    slack += min((abs(_fraction(row.central) - middle) for row in rows), key=round_to_float)
    low, high = (left, right) if round_to_float(left) < round_to_float(right) else (right, left)
    agrees = not (slope > high + slack or slope < low - slack)
    return 2 * left - wide_left, 2 * right - wide_right, agrees


def _list_some(graph: Graph) -> str:
    given = [
        q.id for q in graph.quantities.values() if q.role in ("parameter", "constant", "value")
    ]
    return ", ".join(given[:3]) + (" ..." if len(given) > 3 else "")  # noqa: PLR2004


def compute_quotient(graph: Graph, wrt: str, h: str, *, central: bool) -> balls.Value:
    """The difference quotient of the objective at a wide h, without any rounding of a computer.

    `wrt` is a given number, `h` a decimal. Raises SpecError where a value does not exist.
    """
    start, step = balls.exact(graph[wrt].typed), balls.exact(h)
    above = _run_exact(graph, wrt, start + step)
    if central:
        return (above - _run_exact(graph, wrt, start - step)) / (2 * step)
    return (above - _run_exact(graph, wrt, start)) / step


def _make_row(
    graph: Graph, wrt: str, start: balls.Value, slope: balls.Value, power: int
) -> Quotient | None:
    h = float(f"1e-{power}")
    w = round_to_float(start)
    try:
        low, middle, high = (_run_machine(graph, wrt, at) for at in (w - h, w, w + h))
    except (balls.NotDefined, balls.Undecided, ArithmeticError):
        return None
    forward, central = (high - middle) / h, (high - low) / (2 * h)
    if not (isfinite(forward) and isfinite(central)):
        return None
    return Quotient(
        power, forward, _measure_error(forward, slope), central, _measure_error(central, slope)
    )


def _measure_error(quotient: float, slope: balls.Value) -> float:
    """The relative error of a quotient."""
    with balls.precision(FINE_BITS):
        apart = flint.arb(_fraction(quotient) - slope)
        return abs(round_to_float(apart if slope == 0 else apart / slope))


def _fraction(number: float) -> flint.fmpq:
    return flint.fmpq(*number.as_integer_ratio())


def _run_machine(graph: Graph, wrt: str, value: float) -> float:
    given = {
        q.id: round_to_float(balls.exact(q.typed)) for q in graph.quantities.values() if q.typed
    }
    result: float = _compile(graph, MACHINE).run(given | {wrt: value})[graph.objective]
    return result


def _run_exact(graph: Graph, wrt: str, value: balls.Value) -> balls.Value:
    given = {q.id: balls.exact(q.typed) for q in graph.quantities.values() if q.typed}
    with balls.precision(FINE_BITS):
        return _compile(graph, BALLS).run(given | {wrt: value})[graph.objective]


def _compile(graph: Graph, arithmetic: Arithmetic) -> Program:
    """The forward pass to the error, or a circuit's output, as a program."""
    table = graph.quantities.values()
    return Program(((q.id, q.expr) for q in table if q.expr is not None), arithmetic)


def _estimate_higher(near: Sequence[balls.Value]) -> tuple[float, float]:
    """Estimates of |E''| and |E'''| from the values at five points close together."""
    second = (near[1] - 2 * near[2] + near[3]) / FAR**2
    third = (near[4] - 2 * near[3] + 2 * near[1] - near[0]) / (2 * FAR**3)
    return _measure_size(second), _measure_size(third)


def _measure_size(value: balls.Value) -> float:
    size = abs(round_to_float(value))
    return 0.0 if size < float(FAR.q) ** -1 else size
