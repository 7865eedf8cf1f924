"""The gradient check: difference quotients of a computer against the certified derivative.

(E(w + h) - E(w)) / h is off by about h/2 · E''(w), the central quotient by
h²/6 · E'''(w) (Taylor), and both by about ε |E| / h, because a computer rounds
E itself to ε = 2^-53 (Goodfellow, Bengio, Courville, Deep Learning, 11.5;
CS231n, "Gradient checks").
"""

from __future__ import annotations

import flint
import msgspec

from derive.errors import SpecError
from derive.graph import Graph
from derive.naming import derivative_id
from derive.numbers import balls
from derive.numbers.balls import BALLS
from derive.numbers.compiling import Arithmetic, Program
from derive.numbers.machine import MACHINE, rounded
from derive.numbers.numbers import Numbers

POWERS = range(1, 13)
"""h is 10^-1 to 10^-12."""
EPSILON = 2.0**-53
"""Half the distance of 1 to the next binary64 number."""
FAR = flint.fmpq(1, 10**12)
"""Distance of the points from which the higher derivatives are taken."""
FINE_BITS = 600


class Quotient(msgspec.Struct, frozen=True):
    """One h = 10^-power: both quotients in binary64 and how far they are off, relatively.

    Where the derivative is 0, the error is absolute.
    """

    power: int
    forward: float
    forward_error: float
    central: float
    central_error: float


class GradientCheck(msgspec.Struct, frozen=True):
    """All quotients of one parameter, and the h that theory calls best; None: any."""

    of: str
    wrt: str
    rows: tuple[Quotient, ...]
    best_forward: float | None
    best_central: float | None

    def smallest(self, side: str) -> Quotient:
        """The row with the smallest error of `forward` or `central`."""
        return min(self.rows, key=lambda row: float(getattr(row, f"{side}_error")))


def gradient_check(numbers: Numbers, wrt: str) -> GradientCheck:
    """Difference quotients of the error (a circuit's output) by one parameter.

    Raises SpecError for an id that is no given number which the derivative exists by.
    """
    graph = numbers.derivation.graph
    quantity = graph.quantities.get(wrt)
    of = graph.objective
    if quantity is None or not quantity.typed or not _is_derived(numbers, of, wrt):
        raise SpecError(wrt, f"is no parameter; {of} is differentiated by {_some(graph)}")
    slope = numbers.value(derivative_id(of, wrt))
    start = balls.exact(quantity.typed)
    here = rounded(_exact_at(graph, wrt, start))
    rows = tuple(_quotient(graph, wrt, start, slope, power) for power in POWERS)
    second, third = _higher(graph, wrt, start)
    return GradientCheck(
        of,
        wrt,
        rows,
        (2 * EPSILON * abs(here) / second) ** (1 / 2) if second else None,
        (3 * EPSILON * abs(here) / third) ** (1 / 3) if third else None,
    )


def _is_derived(numbers: Numbers, of: str, wrt: str) -> bool:
    return numbers.derivation.step(derivative_id(of, wrt)) is not None


def _some(graph: Graph) -> str:
    given = [
        q.id for q in graph.quantities.values() if q.role in ("parameter", "constant", "value")
    ]
    return ", ".join(given[:3]) + (" ..." if len(given) > 3 else "")  # noqa: PLR2004


def exact_quotient(graph: Graph, wrt: str, h: str, *, central: bool) -> balls.Value:
    """The difference quotient of the objective at a wide h, without any rounding of a computer.

    `wrt` is a given number, `h` a decimal. Raises SpecError where a value does not exist.
    """
    start, step = balls.exact(graph[wrt].typed), balls.exact(h)
    above = _exact_at(graph, wrt, start + step)
    if central:
        return (above - _exact_at(graph, wrt, start - step)) / (2 * step)
    return (above - _exact_at(graph, wrt, start)) / step


def _quotient(
    graph: Graph, wrt: str, start: balls.Value, slope: balls.Value, power: int
) -> Quotient:
    h = float(f"1e-{power}")
    w = rounded(start)
    low, middle, high = (_machine_at(graph, wrt, at) for at in (w - h, w, w + h))
    forward, central = (high - middle) / h, (high - low) / (2 * h)
    return Quotient(power, forward, _off(forward, slope), central, _off(central, slope))


def _off(quotient: float, slope: balls.Value) -> float:
    """The relative error of a quotient."""
    with balls.precision(FINE_BITS):
        apart = flint.arb(flint.fmpq(*quotient.as_integer_ratio()) - slope)
        return abs(rounded(apart if slope == 0 else apart / slope))


def _machine_at(graph: Graph, wrt: str, value: float) -> float:
    given = {q.id: rounded(balls.exact(q.typed)) for q in graph.quantities.values() if q.typed}
    result: float = _program(graph, MACHINE).run(given | {wrt: value})[graph.objective]
    return result


def _exact_at(graph: Graph, wrt: str, value: balls.Value) -> balls.Value:
    given = {q.id: balls.exact(q.typed) for q in graph.quantities.values() if q.typed}
    with balls.precision(FINE_BITS):
        return _program(graph, BALLS).run(given | {wrt: value})[graph.objective]


def _program(graph: Graph, arithmetic: Arithmetic) -> Program:
    """The forward pass to the error (output)."""
    table = graph.quantities.values()
    return Program(((q.id, q.expr) for q in table if q.expr is not None), arithmetic)


def _higher(graph: Graph, wrt: str, start: balls.Value) -> tuple[float, float]:
    """About the sizes of the second and third derivative, from four exact points."""
    at = [_exact_at(graph, wrt, start + count * FAR) for count in (-2, -1, 0, 1, 2)]
    with balls.precision(FINE_BITS):
        second = (at[1] - 2 * at[2] + at[3]) / FAR**2
        third = (at[4] - 2 * at[3] + 2 * at[1] - at[0]) / (2 * FAR**3)
        return _size(second), _size(third)


def _size(value: balls.Value) -> float:
    found = abs(rounded(value))
    return 0.0 if found < float(FAR.q) ** -1 else found
