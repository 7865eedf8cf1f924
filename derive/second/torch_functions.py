"""Every function, activation and loss as PyTorch has it, in float64.

Imported by the road through PyTorch alone, so only where torch is installed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import torch
from torch.nn import functional

from derive.second.wiring import SkippedError
from derive.spec import Layer, Network, Typed

Tensor = Any
"""A torch.Tensor; PyTorch is an extra, so types do not name it."""
Signs = list[Tensor]
"""The sign of every number that decides a case."""
Function = Callable[[Sequence[Tensor], Signs], Tensor]
Activation = Callable[[Tensor, Layer, Signs], Tensor]
Loss = Callable[[Tensor, Tensor, Network, Signs], Tensor]
"""The errors of all outputs from the targets, the outputs and the spec."""

DOUBLE = {"dtype": torch.float64}
STRAIGHT = 700.0
"""Where softplus may become the identity: far past all digits of a float."""


def tensor(value: float) -> Tensor:
    """A number without a slope."""
    return torch.tensor(value, **DOUBLE)


def _noted(signs: Signs, subject: Tensor) -> None:
    signs.append(torch.sign(subject.detach()).flatten())


def _smooth(function: Callable[[Tensor], Tensor]) -> Function:
    return lambda args, _: function(args[0])


def _cased(function: Callable[[Tensor], Tensor]) -> Function:
    def applied(args: Sequence[Tensor], signs: Signs) -> Tensor:
        _noted(signs, args[0])
        return function(args[0])

    return applied


def _leaky(args: Sequence[Tensor], signs: Signs) -> Tensor:
    z, slope = args if len(args) > 1 else (args[0], tensor(0.01))
    _noted(signs, z)
    return torch.where(z > 0, z, slope * z)


def _exponential_linear(args: Sequence[Tensor], signs: Signs) -> Tensor:
    z, scale = args if len(args) > 1 else (args[0], tensor(1.0))
    _noted(signs, z)
    return torch.where(z > 0, z, scale * torch.expm1(torch.clamp(z, max=0)))


def _greatest(args: Sequence[Tensor], signs: Signs) -> Tensor:
    for one, other in combinations(args, 2):
        _noted(signs, one - other)
    return torch.stack(tuple(args)).amax(0)


def _least(args: Sequence[Tensor], signs: Signs) -> Tensor:
    return -_greatest([-arg for arg in args], signs)


def _normal(z: Tensor) -> Tensor:
    return torch.erfc(-z / math.sqrt(2)) / 2


def _softplus(z: Tensor) -> Tensor:
    return functional.softplus(z, threshold=STRAIGHT)


FUNCTIONS: dict[str, Function] = {
    "exp": _smooth(torch.exp),
    "log": _smooth(torch.log),
    "ln": _smooth(torch.log),
    "sqrt": _smooth(torch.sqrt),
    "sin": _smooth(torch.sin),
    "cos": _smooth(torch.cos),
    "tanh": _smooth(torch.tanh),
    "cosh": _smooth(torch.cosh),
    "sigmoid": _smooth(torch.sigmoid),
    "softplus": _smooth(_softplus),
    "silu": _smooth(functional.silu),
    "normal_cdf": _smooth(_normal),
    "normal_pdf": _smooth(lambda z: torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)),
    "gelu": _smooth(functional.gelu),
    "elu": _exponential_linear,
    "relu": _cased(functional.relu),
    "leaky_relu": _leaky,
    "abs": _cased(torch.abs),
    "max": _greatest,
    "min": _least,
}
"""Every function of a circuit; a step has no slope and stands in none."""


def _of_layer(function: Callable[[Tensor], Tensor]) -> Activation:
    return lambda z, _, __: function(z)


def _relu(z: Tensor, _: Layer, signs: Signs) -> Tensor:
    _noted(signs, z)
    return functional.relu(z)


def _leaky_relu(z: Tensor, layer: Layer, signs: Signs) -> Tensor:
    _noted(signs, z)
    return functional.leaky_relu(z, _number(layer.slope, "0.01"))


def _elu(z: Tensor, layer: Layer, signs: Signs) -> Tensor:
    _noted(signs, z)
    return functional.elu(z, _number(layer.alpha, "1"))


def _number(typed: Typed | None, default: str) -> float:
    return float(Fraction(typed or default))


ACTIVATIONS: dict[str, Activation] = {
    "identity": _of_layer(torch.clone),
    "linear": _of_layer(torch.clone),
    "sigmoid": _of_layer(torch.sigmoid),
    "tanh": _of_layer(torch.tanh),
    "relu": _relu,
    "leaky_relu": _leaky_relu,
    "prelu": _leaky_relu,
    "elu": _elu,
    "softplus": _of_layer(_softplus),
    "silu": _of_layer(functional.silu),
    "gelu": _of_layer(functional.gelu),
    "softmax": _of_layer(lambda z: functional.softmax(z, dim=0)),
    "log_softmax": _of_layer(lambda z: functional.log_softmax(z, dim=0)),
}
"""Every activation, of the pre-activations of a whole layer."""


def _squared(t: Tensor, o: Tensor, _: Network, __: Signs) -> Tensor:
    return functional.mse_loss(o, t, reduction="none")


def _binary_cross_entropy(t: Tensor, o: Tensor, _: Network, __: Signs) -> Tensor:
    """By plain logarithms: PyTorch's own function stops them at -100."""
    return -(t * torch.log(o) + (1 - t) * torch.log(1 - o))


def _huber(t: Tensor, o: Tensor, spec: Network, signs: Signs) -> Tensor:
    delta = _number(spec.delta, "1")
    _noted(signs, (t - o).abs() - delta)
    return functional.huber_loss(o, t, reduction="none", delta=delta)


def _hinge(t: Tensor, o: Tensor, _: Network, signs: Signs) -> Tensor:
    _noted(signs, 1 - t * o)
    return functional.relu(1 - t * o)


LOSSES: dict[str, Loss] = {
    "half_squared_error": lambda *given: _squared(*given) / 2,
    "squared_error": _squared,
    "mean_squared_error": lambda *given: _squared(*given) / len(given[0]),
    "cross_entropy": lambda t, o, _, __: -t * torch.log(o),
    "negative_log_likelihood": lambda t, o, _, __: -t * o,
    "binary_cross_entropy": _binary_cross_entropy,
    "huber": _huber,
    "hinge": _hinge,
    "log_cosh": lambda t, o, _, __: torch.log(torch.cosh(o - t)),
}
"""Every loss."""


def activated(layer: Layer, z: Tensor, signs: Signs) -> Tensor:
    """The activations of a layer; raises SkippedError for one unknown here."""
    if layer.activation not in ACTIVATIONS:
        raise SkippedError(f"the activation {layer.activation} has no form in PyTorch here")
    return ACTIVATIONS[layer.activation](z, layer, signs)


def errors(spec: Network, targets: Tensor, outputs: Tensor, signs: Signs) -> Tensor:
    """The errors of all outputs; raises SkippedError for a loss unknown here."""
    if spec.loss not in LOSSES:
        raise SkippedError(f"the loss {spec.loss} has no form in PyTorch here")
    return LOSSES[spec.loss](targets, outputs, spec, signs)
