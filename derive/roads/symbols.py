"""Every function, activation and loss as SymPy, written a second time.

At a kink the Piecewise forms chosen here give PyTorch's convention.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from derive.roads.sympy_numbers import Sides

Function = Callable[..., sp.Expr]
"""Takes the sides that decide cases, then its values."""
Loss = Callable[[Sides, sp.Expr, sp.Expr, int], sp.Expr]
"""The error of one output from its target, the output and the number of outputs."""

SLOPE = sp.Rational(1, 100)
"""Of leaky_relu with one argument."""


def _smooth(function: Callable[[sp.Expr], sp.Expr]) -> Function:
    return lambda _, z: function(z)


def _sigmoid(z: sp.Expr) -> sp.Expr:
    return 1 / (1 + sp.exp(-z))


def _rectified(sides: Sides, z: sp.Expr, slope: sp.Expr) -> sp.Expr:
    return sp.Piecewise((z, sides.of(z) > 0), (slope * z, True))


def _exponential_linear(sides: Sides, z: sp.Expr, a: sp.Expr = sp.S.One) -> sp.Expr:
    return sp.Piecewise((z, sides.of(z) > 0), (a * (sp.exp(z) - 1), True))


def _greatest(sides: Sides, u: sp.Expr, v: sp.Expr) -> sp.Expr:
    side = sides.of(u - v)
    return sp.Piecewise((u, side > 0), (v, side < 0), ((u + v) / 2, True))


def _absolute(sides: Sides, z: sp.Expr) -> sp.Expr:
    side = sides.of(z)
    return sp.Piecewise((z, side > 0), (-z, side < 0), (sp.Integer(0), True))


FUNCTIONS: dict[str, Function] = {
    "exp": _smooth(sp.exp),
    "log": _smooth(sp.log),
    "ln": _smooth(sp.log),
    "sqrt": _smooth(sp.sqrt),
    "sin": _smooth(sp.sin),
    "cos": _smooth(sp.cos),
    "tanh": _smooth(sp.tanh),
    "sigmoid": _smooth(_sigmoid),
    "softplus": _smooth(lambda z: sp.log(1 + sp.exp(z))),
    "silu": _smooth(lambda z: z * _sigmoid(z)),
    "elu": _exponential_linear,
    "relu": lambda sides, z: _rectified(sides, z, sp.Integer(0)),
    "leaky_relu": lambda sides, z, slope=SLOPE: _rectified(sides, z, slope),
    "abs": _absolute,
    "max": _greatest,
    "min": lambda sides, u, v: -_greatest(sides, -u, -v),
}
"""Every function of the grammar."""


LOSSES: dict[str, Loss] = {
    "half_squared_error": lambda _, t, o, __: (t - o) ** 2 / 2,
    "squared_error": lambda _, t, o, __: (t - o) ** 2,
    "mean_squared_error": lambda _, t, o, outputs: (t - o) ** 2 / outputs,
    "binary_cross_entropy": lambda _, t, o, __: -(t * sp.log(o) + (1 - t) * sp.log(1 - o)),
}
"""Every loss."""
