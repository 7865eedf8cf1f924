"""A whole network as quantities: given numbers, layers, errors."""

from __future__ import annotations

from collections.abc import Iterator

from derive.calculus import row_text
from derive.expressions import Div, Expr, Mul, Name, Num, add, substitute
from derive.layers.dense import Place, dense, parameters
from derive.naming import LEARNING_RATE, TOTAL, Naming, naming_for
from derive.ops import LOSSES
from derive.quantities import Quantity
from derive.spec import Network


def network_quantities(spec: Network) -> tuple[list[Quantity], str, tuple[str, ...]]:
    """All quantities in evaluation order, the id of the total error, the sample errors."""
    widths = (len(spec.inputs[0]), *(len(layer.weights) for layer in spec.layers))
    naming = naming_for(spec.notation, widths)
    updates = spec.steps > 0
    places = [
        Place(number, naming, updates, spec.update_biases)
        for number in range(1, len(spec.layers) + 1)
    ]
    found = list(_given(spec))
    own: list[list[Name]] = []
    for layer, place in zip(spec.layers, places, strict=True):
        start = len(found)
        found.extend(parameters(layer, place))
        own.append([Name(q.id) for q in found[start:]])
    table = {q.id: q for q in found}
    roots: list[str] = []
    for sample in range(1, len(spec.inputs) + 1):
        for quantity in _sample(spec, places, own, sample):
            table[quantity.id] = quantity
        roots.append(quantity.id)
    if len(roots) > 1:
        table[TOTAL] = _reduced(spec, roots, varies=updates)
    return list(table.values()), TOTAL, tuple(roots)


def _given(spec: Network) -> Iterator[Quantity]:
    many = len(spec.inputs) > 1
    for letter, kind, rows in (("x", "input", spec.inputs), ("t", "target", spec.targets)):
        for sample, row in enumerate(rows, 1):
            suffix = f"_s{sample}" if many else ""
            for index, typed in enumerate(row, 1):
                yield Quantity(
                    f"{letter}{index}{suffix}",
                    "input" if kind == "input" else "target",
                    varies=False,
                    typed=typed,
                    sample=sample if many else 0,
                )
    if spec.learning_rate is not None:
        yield Quantity(LEARNING_RATE, "rate", varies=False, typed=spec.learning_rate)


def _sample(
    spec: Network, places: list[Place], own: list[list[Name]], sample: int
) -> Iterator[Quantity]:
    """The forward pass of one sample and its error, the last quantity."""
    many = len(spec.inputs) > 1
    suffix, number = (f"_s{sample}", sample) if many else ("", 0)
    sources = [Name(f"x{i}{suffix}") for i in range(1, len(spec.inputs[0]) + 1)]
    for layer, place, names in zip(spec.layers, places, own, strict=True):
        quantities = list(dense(layer, place, names, sources, number))
        yield from quantities
        outputs = [q for q in quantities if q.kind == "activation"]
        sources = [Name(q.id) for q in outputs]
    errors = list(_errors(spec, places[0].naming, outputs, suffix))
    yield from errors
    yield Quantity(
        f"E{suffix}" if many else TOTAL,
        "error",
        varies=errors[0].varies,
        expr=add(*(Name(e.id) for e in errors)),
        uses=tuple(e.id for e in errors),
        sample=number,
    )


def _errors(
    spec: Network, naming: Naming, outputs: list[Quantity], suffix: str
) -> Iterator[Quantity]:
    row = LOSSES[spec.loss]
    formula = substitute(
        row_text(row.unit), {"d": Num(spec.delta or row.delta or ""), "n": Num(str(len(outputs)))}
    )
    for unit, output in enumerate(outputs, 1):
        target = f"t{unit}{suffix}"
        filled = substitute(formula, {"t": Name(target), "o": Name(output.id)})
        yield Quantity(
            naming.unit_error(unit) + suffix,
            "unit_error",
            varies=output.varies,
            expr=filled,
            uses=(target, output.id),
            sample=output.sample,
        )


def _reduced(spec: Network, roots: list[str], *, varies: bool) -> Quantity:
    return Quantity(
        TOTAL,
        "error",
        varies,
        reduced(tuple(Name(r) for r in roots), spec.reduction),
        uses=tuple(roots),
    )


def reduced(parts: tuple[Expr, ...], reduction: str) -> Expr:
    """The sum over samples, or their mean."""
    total = add(*parts)
    if reduction == "sum":
        return total
    return Mul((Div(Num("1"), Num(str(len(parts)))), total))
