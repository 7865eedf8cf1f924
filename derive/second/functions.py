"""Every function, activation and loss as real arithmetic, written a second time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from mpmath import mp, mpf

from derive.second.wiring import NoValueError, Signs, SkippedError, sign
from derive.spec import Layer, Network, Typed

Function = Callable[[list[mpf], Signs], mpf]
Loss = Callable[[mpf, mpf, mpf, Signs], mpf]
"""The error of one output from its target, the output and the constant of the loss."""

LARGEST_EXPONENT = mpf(10) ** 70
"""Of e; past it a value has more digits before the point than memory."""


def exact(typed: Typed) -> mpf:
    """A typed decimal at the current working precision."""
    return ratio(Fraction(typed))


def exponential(z: mpf) -> mpf:
    """E to the z; raises NoValueError where the result cannot be held."""
    if abs(z) > LARGEST_EXPONENT:
        raise NoValueError("an exponential too large to hold")
    return mp.exp(z)


def logarithm(z: mpf) -> mpf:
    """The natural logarithm; raises NoValueError where there is none."""
    if z <= 0:
        raise NoValueError("the logarithm of a number that is not positive")
    return mp.log(z)


def _root(z: mpf) -> mpf:
    if z < 0:
        raise NoValueError("a root of a negative number")
    return mp.sqrt(z)


def _sigmoid(z: mpf) -> mpf:
    return 1 / (1 + exponential(-z))


def _softplus(z: mpf) -> mpf:
    """Max(z, 0) + log(1 + e^-|z|): no large exponential for large z."""
    return (z if z > 0 else mpf(0)) + mp.log1p(exponential(-abs(z)))


def _smooth(function: Callable[[mpf], mpf]) -> Function:
    return lambda args, _: function(args[0])


def _chosen(args: list[mpf], signs: Signs, *, greater: bool) -> mpf:
    best, *others = args
    for other in others:
        side = sign(best - other)
        signs.append(side)
        best = best if (side >= 0) == greater else other
    return best


def _absolute(args: list[mpf], signs: Signs) -> mpf:
    signs.append(sign(args[0]))
    return abs(args[0])


def _rectified(args: list[mpf], signs: Signs, below: str) -> mpf:
    """Z above 0, slope times z below; `below` is the slope where none is given."""
    z, slope = args if len(args) > 1 else (args[0], exact(Typed(below)))
    side = sign(z)
    signs.append(side)
    return z if side > 0 else slope * z


def _exponential_linear(args: list[mpf], signs: Signs) -> mpf:
    z, a = args if len(args) > 1 else (args[0], mpf(1))
    side = sign(z)
    signs.append(side)
    return z if side > 0 else a * mp.expm1(z)


def _step(args: list[mpf], signs: Signs) -> mpf:
    z, at_zero, low = (*args, *(mpf(1), mpf(0))[len(args) - 1 :])
    side = sign(z)
    signs.append(side)
    return (at_zero, mpf(1), low)[side]


FUNCTIONS: dict[str, Function] = {
    "exp": _smooth(exponential),
    "log": _smooth(logarithm),
    "ln": _smooth(logarithm),
    "sqrt": _smooth(_root),
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
    "relu": partial(_rectified, below="0"),
    "leaky_relu": partial(_rectified, below="0.01"),
    "abs": _absolute,
    "max": partial(_chosen, greater=True),
    "min": partial(_chosen, greater=False),
    "step": _step,
}
"""Every function of the grammar."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An activation: the function it is, and which key of a layer is its second value."""

    function: str
    key: str = ""
    default: str = ""

    def given(self, layer: Layer) -> list[Typed]:
        """The second value, if the function has one."""
        return [getattr(layer, self.key) or Typed(self.default)] if self.key else []


ACTIVATIONS: dict[str, Unit | None] = {
    "identity": None,
    "linear": None,
    "sigmoid": Unit("sigmoid"),
    "tanh": Unit("tanh"),
    "relu": Unit("relu"),
    "leaky_relu": Unit("leaky_relu", "slope", "0.01"),
    "prelu": Unit("leaky_relu", "slope", "0.01"),
    "elu": Unit("elu", "alpha", "1"),
    "softplus": Unit("softplus"),
    "silu": Unit("silu"),
    "gelu": Unit("gelu"),
}
"""Every activation of one pre-activation; None is a copy of z."""


def _log_share(own: mpf, layer: list[mpf]) -> mpf:
    """Z minus the logarithm of the sum of exponentials, the largest taken out of it."""
    most = max(layer)
    return own - most - mp.log(mp.fsum(exponential(z - most) for z in layer))


COUPLED: dict[str, Callable[[mpf, list[mpf]], mpf]] = {
    "softmax": lambda own, layer: exponential(_log_share(own, layer)),
    "log_softmax": _log_share,
}
"""Activations of the own pre-activation and of those of the whole layer."""


def activation(layer: Layer) -> Unit | None:
    """The activation of a layer; raises SkippedError for one unknown here."""
    if layer.activation not in ACTIVATIONS:
        raise SkippedError(f"the activation {layer.activation} has no second definition here")
    return ACTIVATIONS[layer.activation]


def _cross_entropy(t: mpf, o: mpf, constant: mpf, signs: Signs) -> mpf:  # noqa: ARG001
    return -t * logarithm(o)


def _negative_log_likelihood(t: mpf, o: mpf, constant: mpf, signs: Signs) -> mpf:  # noqa: ARG001
    return -t * o


def _squared(t: mpf, o: mpf, share: mpf, signs: Signs) -> mpf:  # noqa: ARG001  one signature for all
    return (t - o) ** 2 * share


def _binary_cross_entropy(t: mpf, o: mpf, constant: mpf, signs: Signs) -> mpf:  # noqa: ARG001
    return -(t * logarithm(o) + (1 - t) * logarithm(1 - o))


def _huber(t: mpf, o: mpf, delta: mpf, signs: Signs) -> mpf:
    """Quadratic up to delta, then straight with the slope it has there."""
    apart = abs(t - o)
    side = sign(apart - delta)
    signs.append(side)
    return delta * apart - delta**2 / 2 if side > 0 else apart**2 / 2


def _hinge(t: mpf, o: mpf, constant: mpf, signs: Signs) -> mpf:  # noqa: ARG001
    missing = 1 - t * o
    side = sign(missing)
    signs.append(side)
    return missing if side > 0 else mpf(0)


def _log_cosh(t: mpf, o: mpf, constant: mpf, signs: Signs) -> mpf:  # noqa: ARG001
    return mp.log1p(2 * mp.sinh((o - t) / 2) ** 2)


LOSSES: dict[str, Loss] = {
    "half_squared_error": _squared,
    "squared_error": _squared,
    "mean_squared_error": _squared,
    "cross_entropy": _cross_entropy,
    "negative_log_likelihood": _negative_log_likelihood,
    "binary_cross_entropy": _binary_cross_entropy,
    "huber": _huber,
    "hinge": _hinge,
    "log_cosh": _log_cosh,
}
"""Every loss."""
CONSTANTS: dict[str, Callable[[Network], Fraction]] = {
    "half_squared_error": lambda _: Fraction(1, 2),
    "squared_error": lambda _: Fraction(1),
    "mean_squared_error": lambda spec: Fraction(1, len(spec.targets[0])),
    "huber": lambda spec: Fraction(spec.delta or "1"),
}
"""What stands before (t - o)^2, or where a loss becomes straight."""


def constant_of(spec: Network) -> Fraction:
    """The constant of a network's loss; 0 if it has none."""
    found = CONSTANTS.get(spec.loss)
    return found(spec) if found else Fraction(0)


def ratio(value: Fraction) -> mpf:
    """A fraction at the current working precision."""
    return mpf(value.numerator) / value.denominator
