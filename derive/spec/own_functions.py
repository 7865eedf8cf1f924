"""`[functions]`: activations of the author's own, each a formula in one parameter."""

from __future__ import annotations

from msgspec.structs import replace

from derive import limits
from derive.algebra import grammar
from derive.algebra.expressions import Call, Expr, names, walk
from derive.errors import SpecError, check_known, excerpt
from derive.layers import PARAMETER, Layer
from derive.ops import ACTIVATIONS
from derive.spec.model import Network


def read_functions(spec: Network) -> Network:
    """The spec with the formula of each activation that `[functions]` names in its layers.

    Raises SpecError for a name that is taken or unknown, and for a formula that is none in `x`.
    """
    functions = spec.functions
    if functions is None:
        return spec
    if not 1 <= len(functions) <= limits.LAYERS:
        raise SpecError("functions", f"expected 1 to {limits.LAYERS} functions")
    for name, text in functions.items():
        _check_function(name, text, f"functions.{excerpt(name)}")
    for number, layer in enumerate(spec.layers, 1):
        place, known = f"layers[{number}].activation", {**functions, **ACTIVATIONS}
        check_known(place, "activation", layer.activation, known)

    def fill(layer: Layer) -> Layer:
        return replace(layer, formula=functions.get(layer.activation))

    return replace(spec, layers=tuple(map(fill, spec.layers)))


def _check_function(name: str, text: str, place: str) -> None:
    grammar.check_name(name, place)
    if name in ACTIVATIONS:
        raise SpecError(place, f"{name} is built in; choose another name")
    formula = grammar.parse(text, place)
    check_slopes(formula, place)
    used = names(formula)
    if PARAMETER not in used:
        raise SpecError(place, f"does not contain its parameter, {PARAMETER}")
    other = next((name for name in used if name != PARAMETER), None)
    if other is not None:
        raise SpecError(place, f"has one parameter, {PARAMETER}; got {excerpt(other)} too")


def check_slopes(formula: Expr, place: str) -> None:
    """The step function has no slope that a derivative could come back through."""
    if any(isinstance(node, Call) and node.function == "step" for node in walk(formula)):
        raise SpecError(
            place,
            "step jumps at 0 and is flat beside it, so no derivative comes back through it; "
            'take sigmoid, or kind = "perceptron"',
        )
