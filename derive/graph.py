"""Named quantities in evaluation order: the exercise before any derivative."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from derive.algebra import grammar
from derive.algebra.expressions import names
from derive.errors import InternalError
from derive.layers import Batch, batches_of, network_quantities, perceptron_quantities
from derive.naming import DATA, DIFFERENCE, LEARNING_RATE, track_id
from derive.quantities import Kind, Quantity
from derive.spec import Circuit, Network, Perceptron, Spec
from derive.spec.checks import order
from derive.spec.training import method_of


class Graph(msgspec.Struct, frozen=True):
    """All quantities before any update, in evaluation order.

    `roots` are the quantities that are differentiated: the total error, with
    several samples also each sample's error; a circuit's output. In a perceptron
    nothing is differentiated: its root is the difference that moves the weights.
    `parameters` are those that an update changes, in order. `data` is the error
    that the chain rule goes back from: the total, without a penalty on weights.
    `estimates` are numbers that an optimizer finds at each update, and has none
    of before the first, each with its parameter. `batches` are those of one epoch.
    """

    spec: Spec
    quantities: dict[str, Quantity]
    consumers: dict[str, tuple[str, ...]]
    total: str
    roots: tuple[str, ...]
    parameters: tuple[str, ...]
    data: str
    estimates: dict[str, str]
    batches: tuple[Batch, ...]

    def batch(self, update: int) -> Batch:
        """The samples of update number `update`, from 1; epoch after epoch in order."""
        return self.batches[(update - 1) % len(self.batches)]

    @property
    def objective(self) -> str:
        """What the first update goes down on: the total error, or that of a mini-batch."""
        return self.batches[0].objective

    def __getitem__(self, name: str) -> Quantity:
        """The quantity of an id; KeyError if there is none."""
        return self.quantities[name]

    def is_connection(self, of: str, wrt: str) -> bool:
        """Whether a derivative belongs to one connection; there are as many as weights."""
        top, low = self.quantities.get(of), self.quantities.get(wrt)
        if low is None or top is None:
            return False
        return low.kind == "parameter" or (
            low.kind == "activation" and top.kind in ("preactivation", "unit_error")
        )

    def activation_of(self, z: str) -> str:
        """The activation of the unit that a pre-activation belongs to."""
        return next(user for user in self.consumers[z] if self.quantities[user].uses[0] == z)

    def root_of(self, sample: int) -> str:
        """The error that one sample's chain starts from."""
        return self.roots[sample - 1] if sample else self.data


def build(spec: Spec) -> Graph:
    """The graph of a checked spec."""
    if isinstance(spec, Circuit):
        return _circuit(spec)
    if isinstance(spec, Network):
        return graph_of(spec, *network_quantities(spec))
    if isinstance(spec, Perceptron):
        return graph_of(spec, perceptron_quantities(spec), DIFFERENCE, (DIFFERENCE,))
    raise InternalError(f"no graph for a spec of kind {spec.kind}")


def graph_of(
    spec: Spec, quantities: Iterable[Quantity], total: str, roots: tuple[str, ...]
) -> Graph:
    """Put quantities together and note who uses whom."""
    table = {q.id: q for q in quantities}
    consumers: dict[str, tuple[str, ...]] = {}
    for quantity in table.values():
        alone = (quantity.id,)
        for used in quantity.uses:
            before = consumers.get(used)
            consumers[used] = alone if before is None else (*before, quantity.id)
    parameters = tuple(q.id for q in table.values() if q.kind == "parameter" and q.varies)
    data, estimates = total, {}
    batches: tuple[Batch, ...] = (Batch(total, total, roots),)
    if isinstance(spec, Network):
        data = DATA if spec.regularisation else total
        batches = batches_of(spec, roots)
        method = method_of(spec)
        found = [track.letter for track in method.tracks if not track.kept] if method else []
        estimates = {track_id(letter, p): p for p in parameters for letter in found}
    return Graph(spec, table, consumers, total, roots, parameters, data, estimates, batches)


def _circuit(spec: Circuit) -> Graph:
    update = spec.update
    moving = set((update.parameters or tuple(spec.values)) if update and spec.steps else ())
    quantities: dict[str, Quantity] = {}
    for name, typed in spec.values.items():
        kind: Kind = "parameter" if name in moving else "constant"
        quantities[name] = Quantity(name, kind, varies=name in moving, typed=typed)
    if moving and update:
        quantities[LEARNING_RATE] = Quantity(
            LEARNING_RATE, "rate", varies=False, typed=update.learning_rate
        )
    parsed = {
        name: grammar.parse(text, f"definitions.{name}") for name, text in spec.definitions.items()
    }
    for name in order({name: names(expr) for name, expr in parsed.items()}):
        uses = names(parsed[name])
        varies = any(quantities[used].varies for used in uses)
        quantities[name] = Quantity(
            name, "definition", varies=varies, expr=parsed[name], uses=uses
        )
    return graph_of(spec, quantities.values(), spec.output, (spec.output,))
