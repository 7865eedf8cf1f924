"""Activations of a layer: which function, and which keys of the spec it takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Activation:
    """What a layer may name under `activation`.

    `function` is a row of FUNCTIONS, None for the identity (the activation is
    then a copy of the pre-activation). `slope` is the default of the key
    `slope`, None where the activation has no such key.
    """

    name: str
    function: str | None
    slope: str | None = None


ACTIVATIONS: dict[str, Activation] = {
    row.name: row
    for row in (
        Activation("identity", None),
        Activation("linear", None),
        Activation("sigmoid", "sigmoid"),
        Activation("tanh", "tanh"),
        Activation("relu", "relu"),
        Activation("leaky_relu", "leaky_relu", slope="0.01"),
        Activation("prelu", "leaky_relu", slope="0.01"),
    )
}
"""Every activation by the name a spec uses."""
