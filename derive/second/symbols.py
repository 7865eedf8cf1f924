"""Every function, activation and loss as SymPy, written a second time.

At a kink the Piecewise forms chosen here give PyTorch's convention.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from derive.second.sympy_numbers import Sides

Function = Callable[..., sp.Expr]
"""Takes the sides that decide cases, then its values."""
Loss = Callable[[Sides, sp.Expr, sp.Expr, sp.Expr], sp.Expr]
"""The error of one output from its target, the output and the constant of the loss."""

SLOPE = sp.Rational(1, 100)
"""Of leaky_relu with one argument."""


def _smooth(function: Callable[[sp.Expr], sp.Expr]) -> Function:
    return lambda _, z: function(z)


def _sigmoid(z: sp.Expr) -> sp.Expr:
    return 1 / (1 + sp.exp(-z))


def _normal(z: sp.Expr) -> sp.Expr:
    return (1 + sp.erf(z / sp.sqrt(2))) / 2


def _rectified(sides: Sides, z: sp.Expr, slope: sp.Expr) -> sp.Expr:
    return sp.Piecewise((z, sides.of(z) > 0), (slope * z, True))


def _exponential_linear(sides: Sides, z: sp.Expr, a: sp.Expr = sp.S.One) -> sp.Expr:
    return sp.Piecewise((z, sides.of(z) > 0), (a * (sp.exp(z) - 1), True))


def _greatest(sides: Sides, *values: sp.Expr) -> sp.Expr:
    """The greatest value; where some tie their mean, so that each has its share of the slope."""
    best, tied = values[0], sp.S.One
    for value in values[1:]:
        side = sides.of(best - value)
        mean = (tied * best + value) / (tied + 1)
        best = sp.Piecewise((best, side > 0), (value, side < 0), (mean, True))
        tied = sp.Piecewise((tied, side > 0), (sp.S.One, side < 0), (tied + 1, True))
    return best


def _absolute(sides: Sides, z: sp.Expr) -> sp.Expr:
    side = sides.of(z)
    return sp.Piecewise((z, side > 0), (-z, side < 0), (sp.Integer(0), True))


def _step(
    sides: Sides, z: sp.Expr, at_zero: sp.Expr = sp.S.One, low: sp.Expr = sp.S.Zero
) -> sp.Expr:
    side = sides.of(z)
    return sp.Piecewise((sp.S.One, side > 0), (low, side < 0), (at_zero, True))


FUNCTIONS: dict[str, Function] = {
    "exp": _smooth(sp.exp),
    "log": _smooth(sp.log),
    "ln": _smooth(sp.log),
    "sqrt": _smooth(sp.sqrt),
    "sin": _smooth(sp.sin),
    "cos": _smooth(sp.cos),
    "tanh": _smooth(sp.tanh),
    "cosh": _smooth(lambda z: (sp.exp(z) + sp.exp(-z)) / 2),
    "sigmoid": _smooth(_sigmoid),
    "softplus": _smooth(lambda z: sp.log(1 + sp.exp(z))),
    "silu": _smooth(lambda z: z * _sigmoid(z)),
    "normal_cdf": _smooth(_normal),
    "normal_pdf": _smooth(lambda z: sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi)),
    "gelu": _smooth(lambda z: z * _normal(z)),
    "elu": _exponential_linear,
    "relu": lambda sides, z: _rectified(sides, z, sp.Integer(0)),
    "leaky_relu": lambda sides, z, slope=SLOPE: _rectified(sides, z, slope),
    "abs": _absolute,
    "max": _greatest,
    "min": lambda sides, *values: -_greatest(sides, *(-value for value in values)),
    "step": _step,
}
"""Every function of the grammar."""


COUPLED: dict[str, Callable[[sp.Expr, list[sp.Expr]], sp.Expr]] = {
    "softmax": lambda own, layer: 1 / sp.Add(*(sp.exp(z - own) for z in layer)),
    "log_softmax": lambda own, layer: -sp.log(sp.Add(*(sp.exp(z - own) for z in layer))),
}
"""Activations of the own pre-activation and of those of the whole layer."""


def _squared(_: Sides, t: sp.Expr, o: sp.Expr, share: sp.Expr) -> sp.Expr:
    return share * (t - o) ** 2


def _binary_cross_entropy(_: Sides, t: sp.Expr, o: sp.Expr, __: sp.Expr) -> sp.Expr:
    return -(t * sp.log(o) + (1 - t) * sp.log(1 - o))


def _huber(sides: Sides, t: sp.Expr, o: sp.Expr, delta: sp.Expr) -> sp.Expr:
    """Quadratic up to delta, then straight with the slope it has there."""
    straight = delta**2 / 2
    return sp.Piecewise(
        (delta * (o - t) - straight, sides.of(o - t - delta) > 0),
        (delta * (t - o) - straight, sides.of(t - o - delta) > 0),
        ((t - o) ** 2 / 2, True),
    )


def _hinge(sides: Sides, t: sp.Expr, o: sp.Expr, _: sp.Expr) -> sp.Expr:
    missing = 1 - t * o
    return sp.Piecewise((missing, sides.of(missing) > 0), (sp.Integer(0), True))


def _log_cosh(_: Sides, t: sp.Expr, o: sp.Expr, __: sp.Expr) -> sp.Expr:
    return sp.log((sp.exp(o - t) + sp.exp(t - o)) / 2)


def _cross_entropy(_: Sides, t: sp.Expr, o: sp.Expr, __: sp.Expr) -> sp.Expr:
    return -t * sp.log(o)


def _negative_log_likelihood(_: Sides, t: sp.Expr, o: sp.Expr, __: sp.Expr) -> sp.Expr:
    return -t * o


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
