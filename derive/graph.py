"""Named quantities in evaluation order: an exercise of any kind, before any derivative.

What a spec says is lowered to this by `derive.spec.lowering`; nothing behind it
asks which kind of exercise it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from derive import naming
from derive.algebra.expressions import Expr
from derive.algebra.literals import Typed
from derive.naming import Place, Role
from derive.ops import Method


class Span(msgspec.Struct, frozen=True):
    """The numbers from `first` to `last`, `step` apart."""

    first: Typed
    last: Typed
    step: Typed


class Variants(msgspec.Struct, frozen=True):
    """What members' own numbers are drawn from, by key or id of the spec.

    `keep` are keys and ids that stay as typed; `distance` is by how many units of the
    last decimal the answers of two known mistakes have to differ.
    """

    ranges: dict[str, Span | tuple[Typed, ...]] = {}
    keep: tuple[str, ...] = ()
    distance: int = 20


class Spec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the author of any exercise says: the keys that every kind has."""

    kind: str
    title: str = ""
    decimals: int = 8
    notation: Literal["flat", "indexed", "matrix"] = "flat"
    rounding: Literal["exact", "stepwise"] = "exact"
    steps: int = 1
    reduction: Literal["mean", "sum"] = "mean"
    language: str = "en"
    symbols: dict[str, str] = msgspec.field(default_factory=dict)
    variants: Variants | None = None


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """One named number and its place.

    Given quantities have a `typed` text, all others an `expr` over earlier
    ids. `varies` says whether an update changes it. `vector` names the row
    of VECTOR_ACTIVATIONS of an activation that uses all pre-activations of its layer,
    the own one first. Those that it uses and that are `held` are constants on the way
    back, as a truncated recurrence has them.
    """

    id: str
    place: Place
    varies: bool
    expr: Expr | None = None
    typed: str = ""
    uses: tuple[str, ...] = ()
    vector: str = ""
    held: tuple[str, ...] = ()

    @property
    def role(self) -> Role:
        """What the quantity is to the exercise."""
        return self.place.role

    @property
    def sample(self) -> int:
        """The sample it belongs to, from 1; 0 where there is only one, or it belongs to none."""
        return self.place.sample


class Block(msgspec.Struct, frozen=True):
    """What one layer computes for one sample, as ids.

    `inputs` it receives, `parameters` it owns, `pre` and `out` are the
    pre-activations and activations of its units; `pre` is empty for a layer
    without them. `layer` counts from 1, `activation` is a row of ACTIVATIONS, `type` the
    name of the layer's type; it is empty where the block only copies the outputs.
    """

    layer: int
    sample: int
    inputs: tuple[str, ...]
    parameters: tuple[str, ...]
    pre: tuple[str, ...]
    out: tuple[str, ...]
    activation: str = ""
    type: str = ""

    @property
    def units(self) -> tuple[tuple[str, str], ...]:
        """Pre-activation and activation of each unit."""
        return tuple(zip(self.pre, self.out, strict=True))


class Batch(msgspec.Struct, frozen=True):
    """The samples of one update: their errors, these put together, what is differentiated."""

    objective: str
    data: str
    roots: tuple[str, ...]


class Graph(msgspec.Struct, frozen=True):
    """All quantities before any update, in evaluation order.

    `roots` are the quantities that are differentiated: the total error, with
    several samples also each sample's error; a circuit's output. Of a perceptron
    it is the difference that moves the weights. `data` is the error that the chain
    rule goes back from: the total, without a penalty on weights. `batches` are
    those of one epoch, `blocks` the layers sample by sample, `method` the optimizer,
    None for plain gradient descent, `updates` the number of updates. `output_routes` says
    that the part of a derivative that comes from one output has an id, `dE_o1/dh1`,
    `by_units` that each layer is units with a pre-activation and an activation,
    `input_derivatives` that errors are differentiated by the inputs too.
    `parameters` are what an update changes, in order; `estimates` numbers that an
    optimizer finds at each update, and has none of before the first, each with its
    parameter.
    `presented` is the run of an exercise that shows one sample at a time by a rule
    of its own and differentiates nothing; None where there is a gradient.
    """

    spec: Spec
    quantities: dict[str, Quantity]
    consumers: dict[str, tuple[str, ...]]
    total: str
    roots: tuple[str, ...]
    data: str
    batches: tuple[Batch, ...]
    parameters: tuple[str, ...] = ()
    estimates: dict[str, str] = msgspec.field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    method: Method | None = None
    updates: int = 0
    ascends: bool = False
    loss: str = ""
    output_routes: bool = False
    by_units: bool = True
    input_derivatives: bool = False
    presented: Any = None

    def of_role(self, *roles: Role) -> Iterable[Quantity]:
        """The quantities of some roles, in order."""
        return (q for q in self.quantities.values() if q.place.role in roles)

    def parameters_of(self, root: str) -> tuple[str, ...]:
        """The parameters of the layers that a root goes back through, first to last."""
        blocks = self.blocks_of(self[root].sample or self.blocks[0].sample)
        own = dict.fromkeys(name for block in blocks for name in block.parameters)
        return tuple(name for name in own if self[name].role == "parameter")

    def blocks_of(self, sample: int) -> tuple[Block, ...]:
        """The layers of one sample, first to last."""
        return tuple(block for block in self.blocks if block.sample == sample)

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
        sent = low.role in ("activation", "inner") or (
            low.role == "input" and self.input_derivatives
        )
        return low.role == "parameter" or (sent and top.role in ("preactivation", "unit_error"))

    def activation_of(self, z: str) -> str:
        """The activation of a pre-activation; empty where there is none."""
        users = self.consumers.get(z, ())
        return next((user for user in users if self.quantities[user].uses[0] == z), "")

    def derivative(self, of: str, wrt: str) -> str:
        """The id of a derivative: `dE_total/dW5`."""
        return naming.derivative_id(of, wrt)

    def direct(self, of: str, wrt: str) -> str:
        """The id of the partial of a formula where other routes exist too: `df/dx|local`."""
        return naming.direct_id(of, wrt)

    def after(self, name: str, updates: int) -> str:
        """The id after so many updates: `W5`, `W5+`, `W5@2`."""
        return naming.after_updates(name, updates)

    def split(self, name: str) -> tuple[str, int]:
        """The id without its count of updates, and that count: `W5@2` is `W5` and 2."""
        return naming.split_updates(name)

    def parts(self, base: str) -> tuple[str, str] | None:
        """What `dE_total/dW5` differentiates and by what; None for any other id."""
        return naming.split_derivative(base)

    def track(self, letter: str, parameter: str) -> str:
        """What an optimizer keeps or finds beside a parameter: `v_W5`."""
        return naming.track_id(letter, parameter)

    def track_parts(self, base: str) -> tuple[str, str] | None:
        """Letter and parameter of such an id: `v_W5` is `v` and `W5`; None for any other."""
        letter, _, parameter = base.partition("_")
        quantity = self.quantities.get(parameter)
        if self.method is None or quantity is None or quantity.role != "parameter":
            return None
        known = any(track.letter == letter for track in self.method.tracks)
        return (letter, parameter) if known else None

    def use(self, name: str, use: str) -> str:
        """What a derivative is taken by, in one use of it: `U1|t2`."""
        return naming.use_id(name, use)

    def without_sample(self, name: str) -> str:
        """The id that all samples share: `x1` of `x1_s2`."""
        return naming.drop_sample(name)

    def source(self, wrt: str) -> str:
        """The quantity that a derivative is taken by: `x` of `x` and of `x|local`."""
        return naming.split_use(wrt)[0]

    def matrix(self, letter: str, layer: int | str = "") -> str:
        """The id of all quantities of a letter in one layer: `[W,2]`, `[x]`."""
        return naming.matrix_id(letter, layer)

    def root_of(self, sample: int) -> str:
        """The error that one sample's chain starts from."""
        return self.roots[sample - 1] if sample else self.data


def list_cuts(quantities: Iterable[Quantity]) -> tuple[int, ...]:
    """The steps of time at which the way back stops: what enters them is held constant."""
    return tuple(sorted({q.place.time or 0 for q in quantities if q.held}))


def list_consumers(quantities: Iterable[Quantity]) -> dict[str, tuple[str, ...]]:
    """By id the quantities whose formulas use it, in order."""
    consumers: dict[str, list[str]] = {}
    for quantity in quantities:
        for used in quantity.uses:
            consumers.setdefault(used, []).append(quantity.id)
    return {used: tuple(by) for used, by in consumers.items()}
