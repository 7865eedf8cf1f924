"""A perceptron as quantities: what is given, and the formulas of the first presentation."""

from __future__ import annotations

from collections.abc import Iterator

from derive.algebra.expressions import Add, Call, Expr, Mul, Name, Neg, Num, add
from derive.naming import DIFFERENCE, LEARNING_RATE, naming_for
from derive.quantities import Kind, Quantity
from derive.spec import Perceptron


def perceptron_quantities(spec: Perceptron) -> list[Quantity]:
    """All quantities in evaluation order; later presentations take other samples."""
    names = naming_for(spec.notation, (len(spec.weights), 1))
    weights = [names.weight(1, 1, source) for source in range(1, len(spec.weights) + 1)]
    bias = [] if spec.bias is None else [names.bias(1, 1)]
    z, o = names.preactivation(1, 1), names.activation(1, 1)
    found = list(_given(spec))
    typed = (*spec.weights, *(() if spec.bias is None else (spec.bias,)))
    found += [
        Quantity(name, "parameter", varies=True, typed=value)
        for name, value in zip((*weights, *bias), typed, strict=True)
    ]
    inputs, target = inputs_of(spec, 1), target_of(spec, 1)
    terms: list[Expr] = [Mul((Name(w), Name(x))) for w, x in zip(weights, inputs, strict=True)]
    total = add(*terms, *map(Name, bias))
    first = 1 if len(spec.inputs) > 1 else 0

    def value(name: str, kind: Kind, formula: Expr, *uses: str) -> Quantity:
        return Quantity(name, kind, varies=True, expr=formula, uses=uses, sample=first)

    found.append(value(z, "preactivation", total, *weights, *inputs, *bias))
    found.append(value(o, "activation", stepped(spec, Name(z)), z))
    difference = Add((Name(target), Neg(Name(o))))
    found.append(value(DIFFERENCE, "difference", difference, target, o))
    return found


def stepped(spec: Perceptron, z: Expr) -> Call:
    """The step function with this spec's value at 0 and below, where they are not 1 and 0."""
    more = [Num(str(spec.at_zero)), Num(str(spec.low))]
    if spec.low == 0:
        more.pop()
        if spec.at_zero == 1:
            more.pop()
    return Call("step", (z, *more))


def inputs_of(spec: Perceptron, sample: int) -> tuple[str, ...]:
    """The ids of a sample's inputs."""
    return tuple(f"x{i}{_suffix(spec, sample)}" for i in range(1, len(spec.weights) + 1))


def target_of(spec: Perceptron, sample: int) -> str:
    """The id of a sample's target."""
    return f"t1{_suffix(spec, sample)}"


def _suffix(spec: Perceptron, sample: int) -> str:
    return f"_s{sample}" if len(spec.inputs) > 1 else ""


def _given(spec: Perceptron) -> Iterator[Quantity]:
    many = len(spec.inputs) > 1
    for sample, row in enumerate(spec.inputs, 1):
        number = sample if many else 0
        for name, typed in zip(inputs_of(spec, sample), row, strict=True):
            yield Quantity(name, "input", varies=False, typed=typed, sample=number)
    for sample, (typed,) in enumerate(spec.targets, 1):
        number = sample if many else 0
        yield Quantity(target_of(spec, sample), "target", varies=False, typed=typed, sample=number)
    yield Quantity(LEARNING_RATE, "rate", varies=False, typed=spec.learning_rate)
