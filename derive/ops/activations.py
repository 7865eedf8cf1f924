"""Activations of a layer: which function, and which keys of the spec it takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Activation:
    """What a layer may name under `activation`.

    `function` is a row of FUNCTIONS, None for the identity (the activation is
    then a copy of the pre-activation). `slope` and `alpha` are the defaults of
    the keys of these names, None where the activation has no such key; it has
    one at most, the function's second value. `coupling` is a row of COUPLINGS
    for an activation of a whole layer; `function` is then None. `torch` is the module of PyTorch
    that computes it, `{slope}` and `{alpha}` in it these values.
    """

    name: str
    function: str | None
    slope: str | None = None
    alpha: str | None = None
    torch: str = ""
    coupling: str = ""

    @property
    def key(self) -> str:
        """The key of its second value; empty if it has none."""
        return next((key for key in KEYS if getattr(self, key) is not None), "")


KEYS = ("slope", "alpha")
"""Keys of a layer that an activation may take."""

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
        Activation("elu", "elu", alpha="1", torch="nn.ELU({alpha})"),
        # the default threshold of 20 is off by 2e-9
        Activation("softplus", "softplus", torch="nn.Softplus(threshold=40)"),
        Activation("silu", "silu", torch="nn.SiLU()"),
        Activation("gelu", "gelu", torch="nn.GELU()"),
        Activation("softmax", None, coupling="softmax", torch="nn.Softmax(dim=-1)"),
        Activation("log_softmax", None, coupling="log_softmax", torch="nn.LogSoftmax(dim=-1)"),
    )
}
"""Every activation by the name a spec uses."""
