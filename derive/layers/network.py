"""A whole network as quantities: given numbers, layers, errors."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from derive.algebra.expressions import Add, Div, Expr, Mul, Name, Num, add, substitute
from derive.algebra.rules import row_text
from derive.layers.dense import Place, dense, parameters
from derive.layers.penalty import factors, penalty
from derive.naming import (
    BATCH,
    DATA,
    LEARNING_RATE,
    OBJECTIVE,
    PENALTY,
    TOTAL,
    Naming,
    naming_for,
    track_id,
)
from derive.ops import LOSSES
from derive.quantities import Quantity
from derive.spec import Network
from derive.spec.training import method_of


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
    weights = tuple(q.id for q in found if q.kind == "parameter" and q.id.startswith("W"))
    found.extend(list(_states(spec, found)) if updates else ())
    table = {q.id: q for q in found}
    roots: list[str] = []
    for sample in range(1, len(spec.inputs) + 1):
        for quantity in _sample(spec, places, own, sample):
            table[quantity.id] = quantity
        roots.append(quantity.id)
    for batch in batches_of(spec, tuple(roots)) if spec.batch_size else ():
        table[batch.data] = _reduced(spec, batch.data, list(batch.roots), varies=updates)
    if len(roots) > 1:
        data = DATA if spec.regularisation else TOTAL
        table[data] = _reduced(spec, data, roots, varies=updates)
    if spec.regularisation:
        added = (Name(DATA), Name(PENALTY))
        uses = tuple(name.id for name in added)
        table[PENALTY] = penalty(spec.regularisation, weights, varies=updates)
        table[TOTAL] = Quantity(TOTAL, "error", updates, Add(added), uses=uses)
    for batch in batches_of(spec, tuple(roots)):
        if batch.objective not in table:
            sums = (batch.data, PENALTY)
            expr = Add(tuple(map(Name, sums)))
            table[batch.objective] = Quantity(batch.objective, "error", updates, expr, uses=sums)
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
    method = method_of(spec) if spec.steps else None
    for setting in method.settings if method else ():
        typed = getattr(spec.optimizer, setting.key)
        yield Quantity(setting.key, "setting", varies=False, typed=typed)
    for name, typed in factors(spec.regularisation).values():
        yield Quantity(name, "factor", varies=False, typed=typed)


def _states(spec: Network, found: list[Quantity]) -> Iterator[Quantity]:
    """What the optimizer keeps beside each parameter that it moves: 0 at the start."""
    method = method_of(spec)
    kept = [track.letter for track in method.tracks if track.kept] if method else []
    for q in found:
        if q.kind == "parameter" and q.varies:
            for letter in kept:
                yield Quantity(track_id(letter, q.id), "state", varies=True, typed="0")


def _sample(
    spec: Network, places: list[Place], own: list[list[Name]], sample: int
) -> Iterator[Quantity]:
    """The forward pass of one sample and its error, the last quantity."""
    many = len(spec.inputs) > 1
    suffix, number = (f"_s{sample}", sample) if many else ("", 0)
    alone = DATA if spec.regularisation else TOTAL
    sources = [Name(f"x{i}{suffix}") for i in range(1, len(spec.inputs[0]) + 1)]
    for layer, place, names in zip(spec.layers, places, own, strict=True):
        quantities = list(dense(layer, place, names, sources, number))
        yield from quantities
        outputs = [q for q in quantities if q.kind == "activation"]
        sources = [Name(q.id) for q in outputs]
    errors = list(_errors(spec, places[0].naming, outputs, suffix))
    yield from errors
    yield Quantity(
        f"E{suffix}" if many else alone,
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


def _reduced(spec: Network, name: str, roots: list[str], *, varies: bool) -> Quantity:
    return Quantity(
        name,
        "error",
        varies,
        reduced(tuple(Name(r) for r in roots), spec.reduction),
        uses=tuple(roots),
    )


class Batch(msgspec.Struct, frozen=True):
    """The samples of one update: their errors, these put together, what is differentiated."""

    objective: str
    data: str
    roots: tuple[str, ...]


def batches_of(spec: Network, roots: tuple[str, ...]) -> tuple[Batch, ...]:
    """The batches of one epoch in the order of the samples; a single one without a size.

    The last batch of an epoch may be smaller.
    """
    penalised = spec.regularisation is not None
    if spec.batch_size is None:
        return (Batch(TOTAL, DATA if penalised else TOTAL, roots),)
    starts = range(0, len(roots), spec.batch_size)
    return tuple(
        Batch(
            f"{OBJECTIVE if penalised else BATCH}{number}",
            f"{BATCH}{number}",
            roots[start : start + spec.batch_size],
        )
        for number, start in enumerate(starts, 1)
    )


def reduced(parts: tuple[Expr, ...], reduction: str) -> Expr:
    """The sum over samples, or their mean."""
    total = add(*parts)
    if reduction == "sum" or len(parts) == 1:
        return total
    return Mul((Div(Num("1"), Num(str(len(parts)))), total))
