"""From a checked spec to its graph: the only place that asks which kind of exercise it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.algebra import grammar
from derive.algebra.expressions import Add, Call, Cases, Expr, Mul, Name, Neg, Num, add, names
from derive.errors import InternalError
from derive.graph import Batch, Block, Graph, Quantity, Spec, list_consumers
from derive.naming import DIFFERENCE, LEARNING_RATE, Naming, Place, Role
from derive.spec.checks import order
from derive.spec.model import Circuit, Perceptron
from derive.spec.networks import give_samples, lower_network, naming_of
from derive.spec.presenting import run_of
from derive.spec.tracks import list_estimates, list_settings, list_states
from derive.spec.training import method_of


def build(spec: Spec) -> Graph:
    """The graph of a checked spec."""
    lower = LOWER.get(spec.kind)
    if lower is None:
        raise InternalError(f"no graph for a spec of kind {spec.kind}")
    return lower(spec)


def lower_circuit(spec: Circuit) -> Graph:
    """Values, the rate where something moves, definitions in an order that can be computed."""
    update = spec.update
    moving = set((update.parameters or tuple(spec.values)) if update and spec.steps else ())
    parameters = tuple(name for name in spec.values if name in moving)
    table: dict[str, Quantity] = {}
    for name, typed in spec.values.items():
        role: Role = "parameter" if name in moving else "value"
        table[name] = Quantity(name, Place(role), name in moving, typed=typed)
    if moving and update:
        table[LEARNING_RATE] = Quantity(
            LEARNING_RATE, Place("rate"), varies=False, typed=update.learning_rate
        )
        table |= {q.id: q for q in (*list_settings(spec), *list_states(spec, parameters))}
    parsed = {
        name: grammar.parse(text, f"definitions.{name}") for name, text in spec.definitions.items()
    }
    for name in order({name: names(expr) for name, expr in parsed.items()}):
        uses = names(parsed[name])
        varies = any(table[used].varies for used in uses)
        table[name] = Quantity(name, Place("definition"), varies, parsed[name], uses=uses)
    output = spec.output
    return Graph(
        spec,
        table,
        list_consumers(table.values()),
        output,
        (output,),
        output,
        (Batch(output, output, (output,)),),
        parameters=parameters,
        estimates=list_estimates(spec, parameters),
        method=method_of(spec),
        updates=spec.steps if moving else 0,
        ascends=update is not None and update.direction == "ascent",
    )


def lower_perceptron(spec: Perceptron) -> Graph:
    """What is given, and the formulas of the first presentation."""
    naming = naming_of(spec)
    table = {q.id: q for q in give_samples(spec, naming)}
    rate = Quantity(LEARNING_RATE, Place("rate"), varies=False, typed=spec.learning_rate)
    table[LEARNING_RATE] = rate
    first = 1 if len(spec.inputs) > 1 else 0
    (target,) = (q.id for q in table.values() if q.role == "target" and q.sample == first)
    block = _lower_unit(spec, naming, table, first)
    table[DIFFERENCE] = Quantity(
        DIFFERENCE,
        Place("difference", sample=first),
        varies=True,
        expr=write_move(spec, Name(target), Name(block.out[0])),
        uses=(target, *block.out),
    )
    run = run_of(spec)
    return Graph(
        spec,
        table,
        list_consumers(table.values()),
        DIFFERENCE,
        (DIFFERENCE,),
        DIFFERENCE,
        (Batch(DIFFERENCE, DIFFERENCE, (DIFFERENCE,)),),
        parameters=block.parameters,
        blocks=(block,),
        updates=len(run.presentations),
        presented=run,
    )


def _lower_unit(spec: Perceptron, naming: Naming, table: dict[str, Quantity], first: int) -> Block:
    """Add the one unit; an id counts presentations, not samples."""
    received = tuple(q.id for q in table.values() if q.role == "input" and q.sample == first)

    def put(role: Role, letter: str, index: tuple[int, ...], **given: Any) -> str:  # noqa: ANN401
        name = naming.name(Place(role, letter, 1, index))
        place = Place(role, letter, 1, index, 0 if role == "parameter" else first)
        table[name] = Quantity(name, place, varies=True, **given)
        return name

    weights = [
        put("parameter", "W", (1, source), typed=typed)
        for source, typed in enumerate(spec.weights, 1)
    ]
    bias = () if spec.bias is None else (put("parameter", "b", (1,), typed=spec.bias),)
    terms = [Mul((Name(w), Name(x))) for w, x in zip(weights, received, strict=True)]
    total = add(*terms, *map(Name, bias))
    z = put("preactivation", "z", (1,), expr=total, uses=(*weights, *received, *bias))
    o = put("activation", "a", (1,), expr=apply_step(spec.zero, spec.low, Name(z)), uses=(z,))
    return Block(1, first, received, (*weights, *bias), (z,), (o,))


def write_move(spec: Perceptron, target: Expr, output: Expr) -> Expr:
    """What moves the weights: target minus output, or the target unless both have one sign."""
    if spec.by_label:
        return Cases(Mul((target, output)), target, target, Num("0"))
    return Add((target, Neg(output)))


def apply_step(at_zero: int, low: int, z: Expr) -> Call:
    """The step function with its values at 0 and below, where they are not 1 and 0."""
    more = [Num(str(at_zero)), Num(str(low))]
    if low == 0:
        more.pop()
        if at_zero == 1:
            more.pop()
    return Call("step", (z, *more))


LOWER: dict[str, Callable[[Any], Graph]] = {
    "network": lower_network,
    "circuit": lower_circuit,
    "perceptron": lower_perceptron,
}
