"""A layer of one factor that every unit uses: what a layer type has to say, and no more."""

from __future__ import annotations

from derive.algebra.expressions import Mul, Name
from derive.algebra.literals import Typed
from derive.layers.base import LayerType, check_activation, list_activations
from derive.layers.modules import Module
from derive.layers.plain import Field, activate_at
from derive.layers.site import Layer, Tensor

TORCH = """class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(1))

    def forward(self, received):
        return received * self.weight
"""


class Scale(Layer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    factor: Typed


def check(layer, place, shapes):
    check_activation(layer, place, shapes[0].units)
    return shapes[0]


def tensors(layer):
    return (Tensor("W", (1,), (layer.factor,), "weight"),)


def formulas(layer, site):
    (factor,) = site.own["W"]
    zs = []
    for unit, source in enumerate(site.received, 1):
        z = site.quantity("z", unit, Mul((Name(factor), Name(source))), (factor, source))
        zs.append(z.id)
        yield z
    yield from list_activations(layer, site, zs)


def run_plain(layer, received, note, functions):
    factor = note.parameter("W", layer.factor, 1)
    zs = [factor * value for value in received.units_at()]
    return Field(received.shape, activate_at(layer, zs, note, functions, ()))


def module(_layer, _width):
    return Module("Scale()", TORCH)


SCALE = LayerType("scale", Scale, check, tensors, formulas, module, run_plain, by_units=True)
