"""Activations of a layer: which function, and which keys of the spec it takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Activation:
    """What a layer may name under `activation`.

    `function` is a row of FUNCTIONS, None for the identity (the activation is
    then a copy of the pre-activation). `slope` is the default of the key
    `slope`, None where the activation has no such key. `torch` is the module
    of PyTorch that computes it, `{slope}` in it the slope.
    """

    name: str
    function: str | None
    slope: str | None = None
    torch: str = ""


ACTIVATIONS: dict[str, Activation] = {
    row.name: row
    for row in (
        Activation("identity", None, torch="nn.Identity()"),
        Activation("linear", None, torch="nn.Identity()"),
        Activation("sigmoid", "sigmoid", torch="nn.Sigmoid()"),
        Activation("tanh", "tanh", torch="nn.Tanh()"),
        Activation("relu", "relu", torch="nn.ReLU()"),
        Activation("leaky_relu", "leaky_relu", slope="0.01", torch="nn.LeakyReLU({slope})"),
        # nn.PReLU would learn the slope; an exercise holds it
        Activation("prelu", "leaky_relu", slope="0.01", torch="nn.LeakyReLU({slope})"),
    )
}
"""Every activation by the name a spec uses."""
