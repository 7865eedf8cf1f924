"""Every function, activation and loss as real arithmetic, written a second time.

Where a formula has no real value the result is nan. A function with cases asks
on which side of 0 a number lies; its form at 0 has the slope that PyTorch takes there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from mpmath import mp, mpf

from derive.algebra import grammar
from derive.spec import Layer, Typed

Side = Callable[[mpf], int]
Function = Callable[[Sequence[mpf], Side], mpf]
Loss = Callable[[mpf, mpf, mpf, Side], mpf]
"""The error of one output from its target, the output and the constant of the loss."""

LARGEST_EXPONENT = mpf(10) ** 70
"""Of e; past it a value has more digits before the point than memory."""


class SkippedError(Exception):
    """A method does not apply to this spec; the message is the reason."""


def exact(typed: Typed | Fraction | str) -> mpf:
    """A typed decimal or a fraction at the current working precision."""
    value = Fraction(typed)
    return mpf(value.numerator) / value.denominator


def sign(value: mpf) -> int:
    """-1, 0 or 1; below two thirds of the working digits a number is a rounding rest."""
    if abs(value) < mpf(10) ** -(2 * mp.dps // 3):
        return 0
    return 1 if value > 0 else -1


def exponential(z: mpf) -> mpf:
    """E to the z, nan where the result cannot be held."""
    return mp.nan if abs(z) > LARGEST_EXPONENT else mp.exp(z)


def _logarithm(z: mpf) -> mpf:
    return mp.log(z) if z > 0 else mp.nan


def _sigmoid(z: mpf) -> mpf:
    return 1 / (1 + exponential(-z))


def _softplus(z: mpf) -> mpf:
    """Max(z, 0) + log(1 + e^-|z|): no large exponential for large z."""
    return (z if z > 0 else mpf(0)) + mp.log1p(exponential(-abs(z)))


def _smooth(function: Callable[[mpf], mpf]) -> Function:
    return lambda args, _: function(args[0])


def _choose(args: Sequence[mpf], side: Side, order: int) -> mpf:
    """The greatest (order 1) or smallest (-1) value; of equal ones each has its share."""
    best, tied = args[0], 1
    for value in args[1:]:
        ahead = order * side(best - value)
        if ahead < 0:
            best, tied = value, 1
        elif not ahead:
            best, tied = (tied * best + value) / (tied + 1), tied + 1
    return best


def _rectify(args: Sequence[mpf], side: Side, below: str = "0.01") -> mpf:
    """Z above 0, slope times z below; `below` is the slope where none is given."""
    z, slope = (*args, exact(below))[:2]
    return z if side(z) > 0 else slope * z


def _exponential_linear(args: Sequence[mpf], side: Side) -> mpf:
    z, scale = (*args, mpf(1))[:2]
    return z if side(z) > 0 else scale * mp.expm1(z)


def _step(args: Sequence[mpf], side: Side) -> mpf:
    z, at_zero, low = (*args, *(mpf(1), mpf(0))[len(args) - 1 :])
    return (at_zero, mpf(1), low)[side(z)]


FUNCTIONS: dict[str, Function] = {
    "identity": _smooth(lambda z: z),
    "linear": _smooth(lambda z: z),
    "exp": _smooth(exponential),
    "log": _smooth(_logarithm),
    "ln": _smooth(_logarithm),
    "sqrt": _smooth(lambda z: mp.sqrt(z) if z >= 0 else mp.nan),
    "sin": _smooth(mp.sin),
    "cos": _smooth(mp.cos),
    "tanh": _smooth(mp.tanh),
    "cosh": _smooth(lambda z: (exponential(z) + exponential(-z)) / 2),
    "sigmoid": _smooth(_sigmoid),
    "softplus": _smooth(_softplus),
    "silu": _smooth(lambda z: z * _sigmoid(z)),
    "normal_cdf": _smooth(mp.ncdf),
    "normal_pdf": _smooth(mp.npdf),
    "gelu": _smooth(lambda z: z * mp.ncdf(z)),
    "elu": _exponential_linear,
    "relu": partial(_rectify, below="0"),
    "leaky_relu": _rectify,
    "prelu": _rectify,
    "abs": lambda args, side: side(args[0]) * args[0],
    "max": partial(_choose, order=1),
    "min": partial(_choose, order=-1),
    "step": _step,
}
"""Every function of the grammar, and every activation of one pre-activation, by its name."""


def _log_shares(zs: Sequence[mpf]) -> list[mpf]:
    """Z minus the logarithm of the sum of exponentials, the largest taken out of it."""
    most = max(zs)
    total = mp.log(mp.fsum(exponential(z - most) for z in zs))
    return [z - most - total for z in zs]


VECTOR_FUNCTIONS: dict[str, Callable[[Sequence[mpf]], list[mpf]]] = {
    "softmax": lambda zs: [exponential(share) for share in _log_shares(zs)],
    "log_softmax": _log_shares,
}
"""Activations of all units of one place together."""


def _squared(t: mpf, o: mpf, share: mpf, _: Side) -> mpf:
    return (t - o) ** 2 * share


def _cross_entropy(t: mpf, o: mpf, *_: object) -> mpf:
    return -t * _logarithm(o)


def _binary_cross_entropy(t: mpf, o: mpf, *_: object) -> mpf:
    return -(t * _logarithm(o) + (1 - t) * _logarithm(1 - o))


def _huber(t: mpf, o: mpf, delta: mpf, side: Side) -> mpf:
    """Quadratic up to delta, then straight with the slope it has there."""
    apart = side(t - o) * (t - o)
    return delta * apart - delta**2 / 2 if side(apart - delta) > 0 else apart**2 / 2


def _hinge(t: mpf, o: mpf, _: mpf, side: Side) -> mpf:
    missing = 1 - t * o
    return missing if side(missing) > 0 else mpf(0)


LOSSES: dict[str, Loss] = {
    "half_squared_error": _squared,
    "squared_error": _squared,
    "mean_squared_error": _squared,
    "cross_entropy": _cross_entropy,
    "negative_log_likelihood": lambda t, o, *_: -t * o,
    "upstream": lambda t, o, *_: t * o,
    "binary_cross_entropy": _binary_cross_entropy,
    "huber": _huber,
    "hinge": _hinge,
    "log_cosh": lambda t, o, *_: mp.log1p(2 * mp.sinh((o - t) / 2) ** 2),
}
"""Every loss."""


@dataclass(frozen=True, slots=True)
class Functions:
    """The plain functions as a forward pass calls them; `side` decides their cases."""

    side: Side

    def __call__(self, name: str, *args: mpf) -> mpf:
        """A function of the table; nan of nan."""
        if any(map(mp.isnan, args)):
            return mp.nan
        return FUNCTIONS[name](args, self.side)

    def activate(self, layer: Layer, zs: Sequence[mpf]) -> list[mpf]:
        """The activations of the units of one place from their pre-activations."""
        if layer.formula is not None:
            return [self.evaluate(layer.formula, {"x": z}) for z in zs]
        name = layer.activation
        if name in VECTOR_FUNCTIONS:
            return VECTOR_FUNCTIONS[name](zs)
        given = [exact(typed) for typed in (layer.slope, layer.alpha) if typed is not None]
        return [self(name, z, *given) for z in zs]

    def share_out(self, scores: Sequence[mpf]) -> list[mpf]:
        """The softmax of a row."""
        return VECTOR_FUNCTIONS["softmax"](scores)

    def exact(self, typed: Typed | str) -> mpf:
        """A typed number."""
        return exact(typed)

    @property
    def nothing(self) -> mpf:
        """What a division by 0 gives."""
        return mp.nan

    def evaluate(self, text: str, values: Mapping[str, mpf]) -> mpf:
        """The value of a formula of the author's own."""
        from derive.second.circuits import evaluate  # noqa: PLC0415  it takes its functions from here

        return evaluate(grammar.parse(text), dict(values), self)

    def error(self, loss: str, t: mpf, o: mpf, constant: mpf) -> mpf:
        """The error of one output."""
        return mp.nan if mp.isnan(o) else LOSSES[loss](t, o, constant, self.side)


def check_activation(name: str) -> None:
    """Raise SkippedError for an activation that is unknown here."""
    if name not in FUNCTIONS and name not in VECTOR_FUNCTIONS:
        raise SkippedError(f"the activation {name} has no second definition here")
