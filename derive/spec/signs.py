r"""The signs of an exercise, and that no two of its quantities print alike.

A name of the author's own, a role of `[symbols]` and a function can each look like
another one. What the author chose is refused; a sign of ours gives way: the learning
rate beside a value `alpha` is η, and e^x beside a value `e` is exp(x).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod

from derive.errors import SpecError
from derive.graph import Spec
from derive.naming import Extent
from derive.ops import FUNCTIONS
from derive.spec.model import Circuit, Network, Perceptron
from derive.spec.networks import extents
from derive.spec.symbols import ROLES
from derive.spec.training import method_of

INDEXED_ROLES = {"activation": "a"}
"""Roles that the indexed notations write with another letter."""
RATES = ("\\alpha", "\\eta", "\\gamma", "\\rho", "\\kappa")
"""Signs of the learning rate, in the order of their worth."""
SETTINGS = {
    "momentum": "\\mu",
    "decay": "\\rho",
    "weight_decay": "\\lambda_{\\mathrm{w}}",
    "beta1": "\\beta_{1}",
    "beta2": "\\beta_{2}",
    "epsilon": "\\epsilon",
}
"""How settings of an optimizer print."""
EULER, BASE = "e", "the base of the exponential function"
MOST_COMPARED = 40
"""Quantities of each role that are compared; more only repeat its pattern."""
ONE_DIGIT = 9
"""Units whose weights have no comma in their index."""
PLAIN = re.compile(r"\\math(?:rm|it)(?![A-Za-z])|[\\{} ]")
"""What does not change how a symbol looks."""
Printed = tuple[str, str]
"""Where a quantity comes from, and how it looks."""


def choose_symbols(spec: Spec) -> dict[str, str]:
    """The sign of every role, and of each function whose own one a name of the spec has."""
    roles = ROLES | ({} if spec.notation == "flat" else INDEXED_ROLES)
    if isinstance(spec, Circuit):
        taken = set(map(_look, _list_names(spec).values()))
        free = (sign for sign in RATES if _normal(sign) not in taken)
        roles["learning_rate"] = next(free, RATES[0])
        roles |= {
            name: "\\operatorname{" + name.replace("_", "\\_") + "}"
            for name, row in FUNCTIONS.items()
            if _normal(row.tex) in taken or (name == "exp" and EULER in taken)
        }
    return roles | spec.symbols


def check_signs(spec: Spec) -> None:
    """Raise SpecError where two quantities of a spec print alike; both places are named."""
    listed = _list_circuit(spec) if isinstance(spec, Circuit) else _list_layers(spec)
    seen: dict[str, str] = {}
    for place, look in listed:
        other = seen.setdefault(look, place)
        if other == place:
            continue
        ours = place == BASE or "optimizer." in place
        if other.removeprefix("symbols.") in spec.symbols or ours:
            place, other = other, place  # noqa: PLW2901  the one that the author chose is named first
        raise SpecError(place, f"prints just like {other}; {_advise(place)}")


def _advise(place: str) -> str:
    return "give it another symbol" if place.startswith("symbols.") else "rename one of them"


def _list_circuit(spec: Circuit) -> Iterator[Printed]:
    """Every name, and the signs that stand beside them."""
    names = _list_names(spec)
    for place, name in names.items():
        yield place, _look(name)
    symbols = choose_symbols(spec)
    yield "symbols.sigmoid", _normal(symbols["sigmoid"])
    if spec.update is not None:
        yield "symbols.learning_rate", _normal(symbols["learning_rate"])
    yield from _list_settings(spec, "update.")
    if EULER not in names.values():
        yield BASE, EULER


def _list_names(spec: Circuit) -> dict[str, str]:
    """Each name of a circuit by its place."""
    values = {f"values.{name}": name for name in spec.values}
    return values | {f"definitions.{name}": name for name in spec.definitions}


def _look(name: str) -> str:
    """How a name prints: letters, then digits and parts behind `_` as its index."""
    stem, *rest = name.split("_")
    match = re.fullmatch(r"([A-Za-z]+?)(\d*)", stem)
    head, digits = match.groups() if match else (stem, "")
    index = ",".join(part for part in (digits, *rest) if part)
    return f"{head}_{index}" if index else head


def _list_layers(spec: Spec) -> Iterator[Printed]:
    """The first quantities of every role that the exercise has, and what stands alone."""
    assert isinstance(spec, Network | Perceptron)
    symbols = choose_symbols(spec)
    sizes = extents(spec)
    yield from _list_given(spec, symbols, sizes[-1].units)
    if spec.notation == "flat":
        yield from _list_flat(sizes, symbols)
    else:
        for number, size in enumerate(sizes, 1):
            for place, look in _list_layer(size, symbols):
                yield place, f"{look}^({number})"
    yield "symbols.learning_rate", _normal(symbols["learning_rate"])
    yield "symbols.sigmoid", _normal(symbols["sigmoid"])
    yield BASE, EULER
    yield from _list_settings(spec, "")


def _list_settings(spec: Spec, section: str) -> Iterator[Printed]:
    """The settings of the optimizer, in the table of a spec where they stand."""
    method = method_of(spec)
    for setting in method.settings if method else ():
        yield f"{section}optimizer.{setting.key}", _normal(SETTINGS[setting.key])


def _list_given(
    spec: Network | Perceptron, symbols: dict[str, str], outputs: int
) -> Iterator[Printed]:
    """Inputs, targets and errors."""
    given = getattr(spec, "upstream", None) is not None
    counts = {"input": len(spec.inputs[0]), "upstream" if given else "target": outputs}
    if isinstance(spec, Perceptron):
        counts["difference"] = outputs
    for role, count in counts.items():
        yield from _list_role(role, count, symbols)
    before = "o" if spec.notation == "flat" else ""
    for index in ("total", *(f"{before}{i}" for i in range(1, outputs + 1))):
        yield "symbols.error", _spell(symbols["error"], index, index)


def _list_flat(sizes: tuple[Extent, ...], symbols: dict[str, str]) -> Iterator[Printed]:
    """Units, weights and biases, each numbered through all layers."""
    total, outputs = sum(size.units for size in sizes), sizes[-1].units
    hidden = total - outputs
    for index in range(1, min(total, MOST_COMPARED) + 1):
        unit = f"h{index}" if index <= hidden else f"o{index - hidden}"
        yield "symbols.preactivation", _spell(symbols["preactivation"], str(index), unit)
    weights = sum(prod(size.shapes.get("W", (0,))) for size in sizes)
    biases = sum(prod(size.shapes.get("b", (0,))) for size in sizes)
    counts = {"activation": hidden, "output": outputs, "weight": weights, "bias": biases}
    for role, count in counts.items():
        yield from _list_role(role, count, symbols)


def _list_role(role: str, count: int, symbols: dict[str, str]) -> Iterator[Printed]:
    for index in range(1, min(count, MOST_COMPARED) + 1):
        unit = f"{'o' if role == 'output' else 'h'}{index}"
        yield f"symbols.{role}", _spell(symbols[role], str(index), unit)


def _list_layer(size: Extent, symbols: dict[str, str]) -> Iterator[Printed]:
    """The quantities of one layer, numbered anew."""
    yield from _list_role("preactivation", size.units, symbols)
    yield from _list_role("activation", size.units, symbols)
    if "b" in size.shapes:
        yield from _list_role("bias", size.units, symbols)
    if "W" in size.shapes:
        for unit in range(1, min(size.units, ONE_DIGIT) + 1):
            yield "symbols.weight", _spell(symbols["weight"], f"{unit}1", f"{unit}1")


def _spell(pattern: str, index: str, unit: str) -> str:
    """A quantity as its pattern writes it; without a sign for it the index is a subscript."""
    if "@" in pattern:
        return _normal(pattern.replace("@", unit))
    if "#" in pattern:
        return _normal(pattern.replace("#", index))
    return _normal(f"{pattern}_{{{index}}}")


def _normal(symbol: str) -> str:
    return PLAIN.sub("", symbol)
