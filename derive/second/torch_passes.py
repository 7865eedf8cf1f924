"""Forward passes in PyTorch, each number of which can be found by its id.

Imported by the road through PyTorch alone, so only where torch is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import chain
from typing import Any

import torch
from torch.nn import functional

from derive.algebra import grammar
from derive.algebra.expressions import Add, Call, Div, Expr, Mul, Name, Neg, Num, Pow
from derive.second.circuits import in_order, parts, used_names
from derive.second.networks import Board
from derive.second.torch_functions import DOUBLE, FUNCTIONS, Signs, Tensor, activated, errors
from derive.second.wiring import SkippedError
from derive.spec import Circuit, Network, Typed

NUDGE = 2.0**-50
"""Relative: some units of a float's last place, as rounding moves a number."""


class Nudge:
    """Moves results by about a rounding error, so that a second run tells which digits hold.

    `direction` 0 moves nothing; two runs of the same seed with directions 1
    and -1 lie on both sides.
    """

    def __init__(self, seed: int, direction: int) -> None:
        self._draw = torch.Generator().manual_seed(seed)
        self._size = NUDGE * direction

    def __call__(self, value: Tensor, scale: Tensor | None = None) -> Tensor:
        """A new tensor; `scale` is the size of what was added where terms may cancel."""
        if not self._size:
            return value.clone()
        moved = value * (1 + self._signs(value))
        if scale is None:
            return moved
        return moved + self._signs(value) * scale.detach()

    def _signs(self, like: Tensor) -> Tensor:
        drawn = torch.randint(0, 2, like.shape, generator=self._draw)
        return (2 * drawn - 1).to(torch.float64) * self._size

    def given(self, rows: Sequence[Typed]) -> Tensor:
        """Typed numbers; one that no float holds exactly is moved too."""
        exact = [Fraction(typed) for typed in rows]
        floats = torch.tensor([float(value) for value in exact], **DOUBLE)
        held = [Fraction(float(value)) == value for value in exact]
        return torch.where(torch.tensor(held, dtype=torch.bool), floats, self(floats))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands: in which tensor, at which index of it, flattened."""

    tensor: Tensor
    index: int = 0

    def number(self) -> float:
        """The number itself."""
        return float(self.scalar().item())

    def scalar(self) -> Tensor:
        """The number with its history."""
        return self.tensor.flatten()[self.index]


@dataclass(slots=True)
class Passed:
    """One forward pass: where each id stands, and the signs that decided cases.

    `own` maps a quantity of a circuit to its own formula, computed from copies
    of the quantities in it: there a slope is the local one.
    """

    output: str
    parameters: tuple[Tensor, ...]
    places: dict[str, Place] = field(default_factory=dict)
    signs: Signs = field(default_factory=list)
    own: dict[str, tuple[Tensor, dict[str, Tensor]]] | None = None
    _tensors: list[Tensor] = field(default_factory=list)
    _slopes: dict[str, dict[int, Tensor | None]] = field(default_factory=dict)

    def put(self, names: Sequence[str], tensor: Tensor, *, passes: bool = True) -> Tensor:
        """Note the ids of a tensor's numbers; `passes` where slopes by them may be asked."""
        self.places |= {name: Place(tensor, index) for index, name in enumerate(names)}
        if passes:
            self._tensors.append(tensor)
        return tensor

    def slope(self, top: str, bottom: str, *, local: bool) -> float:
        """The derivative that autograd finds; KeyError for an unknown id."""
        above, below = self.places[top], self.places[bottom]
        if self.own is not None and (local or top != self.output):
            value, copies = self.own[top]
            (found,) = _slopes(value, [copies[bottom]])
        else:
            if top not in self._slopes:
                self._slopes[top] = self._all_slopes(above)
            found = self._slopes[top][id(below.tensor)]
        return 0.0 if found is None else float(found.flatten()[below.index].item())

    def _all_slopes(self, above: Place) -> dict[int, Tensor | None]:
        movable = [tensor for tensor in self._tensors if tensor.requires_grad]
        scalar = above.scalar()
        found = _slopes(scalar, movable) if scalar.requires_grad else [None] * len(movable)
        slopes: dict[int, Tensor | None] = dict.fromkeys(map(id, self._tensors))
        return slopes | dict(zip(map(id, movable), found, strict=True))

    def downhill(self, objective: str) -> Sequence[Tensor | None]:
        """The slopes of what an update goes down on, by every parameter tensor."""
        return _slopes(self.places[objective].scalar(), self.parameters)


def _slopes(scalar: Tensor, by: Sequence[Tensor]) -> Sequence[Tensor | None]:
    found: Sequence[Tensor | None] = torch.autograd.grad(
        scalar, list(by), retain_graph=True, allow_unused=True
    )
    return found


class NetworkPasses:
    """The forward pass of a network from any parameters."""

    def __init__(self, spec: Network, nudge: Nudge) -> None:
        self.spec, self.nudge, self.board = spec, nudge, Board(spec)
        self.names: list[list[str]] = []
        self.start: list[Tensor] = []
        self.held: list[bool] = []
        for depth, layer in enumerate(spec.layers):
            rows = torch.stack([nudge.given(row) for row in layer.weights])
            self._add([*chain.from_iterable(self.board.w[depth])], rows, held=False)
            if layer.biases is not None:
                biases = nudge.given(layer.biases)
                self._add(self.board.b[depth], biases, held=not spec.update_biases)
        self.inputs = [nudge.given(row) for row in spec.inputs]
        self.targets = [nudge.given(row) for row in spec.targets]
        self.objectives: tuple[str, ...] = ("E_total",)
        if spec.batch_size is not None:
            letter = "J" if spec.regularisation else "E_batch"
            count = -(-len(spec.inputs) // spec.batch_size)
            self.objectives = tuple(f"{letter}{number}" for number in range(1, count + 1))

    def _add(self, names: list[str], start: Tensor, *, held: bool) -> None:
        self.names.append(names)
        self.start.append(start)
        self.held.append(held)

    def forward(self, parameters: Sequence[Tensor]) -> Passed:
        """One pass; `parameters` stand in the order of `names`."""
        spec = self.spec
        movable = (p for p, held in zip(parameters, self.held, strict=True) if not held)
        passed = Passed("E_total", tuple(movable))
        for names, tensor, held in zip(self.names, parameters, self.held, strict=True):
            passed.put(names, tensor, passes=not held)
        several = len(spec.inputs) > 1
        totals = [
            self._sample(passed, parameters, index, f"_s{index + 1}" if several else "")
            for index in range(len(spec.inputs))
        ]
        data = "E_data" if spec.regularisation else "E_total"
        sum_ = self._reduced(totals) if several else totals[0]
        passed.put([data], sum_, passes=False)
        penalty = self._penalty(passed, parameters) if spec.regularisation else None
        if penalty is not None:
            passed.put(["E_total"], self.nudge(sum_ + penalty), passes=False)
        self._batches(passed, totals, penalty)
        return passed

    def _reduced(self, totals: Sequence[Tensor]) -> Tensor:
        stacked = torch.stack(list(totals))
        reduced = stacked.mean() if self.spec.reduction == "mean" else stacked.sum()
        return self.nudge(reduced, stacked.abs().sum())

    def _batches(self, passed: Passed, totals: list[Tensor], penalty: Tensor | None) -> None:
        size = self.spec.batch_size
        for number, first in enumerate(range(0, len(totals), size) if size else (), 1):
            part = totals[first : first + size] if size else ()
            reduced = passed.put([f"E_batch{number}"], self._reduced(part), passes=False)
            if penalty is not None:
                passed.put([f"J{number}"], self.nudge(reduced + penalty), passes=False)

    def _penalty(self, passed: Passed, parameters: Sequence[Tensor]) -> Tensor:
        given = self.spec.regularisation
        assert given is not None
        square, size = (float(Fraction(typed or "0")) for typed in (given.l2, given.l1))
        weights = torch.cat([p.flatten() for p in parameters if p.dim() > 1])
        if size:
            passed.signs.append(torch.sign(weights.detach()))
        found = square / 2 * (weights**2).sum() + size * weights.abs().sum()
        return passed.put(["R"], self.nudge(found), passes=False)

    def _sample(
        self, passed: Passed, parameters: Sequence[Tensor], index: int, tag: str
    ) -> Tensor:
        spec, board, nudge = self.spec, self.board, self.nudge
        left = iter(parameters)
        now = self.inputs[index]
        for depth, layer in enumerate(spec.layers):
            weight = next(left)
            bias = next(left) if layer.biases is not None else None
            size = functional.linear(now.abs(), weight.abs(), None if bias is None else bias.abs())
            z = nudge(functional.linear(now, weight, bias), size)
            passed.put([name + tag for name in board.z[depth]], z)
            now = nudge(activated(layer, z, passed.signs))
            passed.put([name + tag for name in board.a[depth]], now)
        each = nudge(errors(spec, self.targets[index], now, passed.signs))
        names = [board.error(unit) + tag for unit in range(1, len(each) + 1)]
        passed.put(names, each, passes=False)
        total = nudge(each.sum(), each.abs().sum())
        return passed.put([f"E{tag}"], total, passes=False) if tag else total


class CircuitPasses:
    """The forward pass of a circuit from any values of its names."""

    objectives: tuple[str, ...]

    def __init__(self, spec: Circuit, nudge: Nudge) -> None:
        self.spec, self.nudge = spec, nudge
        self.trees = {name: grammar.parse(text) for name, text in spec.definitions.items()}
        self.order = in_order(self.trees)
        self.names = [[name] for name in spec.values]
        self.start = [nudge.given([value])[0] for value in spec.values.values()]
        moved = (spec.update.parameters if spec.update else ()) or tuple(spec.values)
        self.held = [name not in moved for name in spec.values]
        self.objectives = (spec.output,)

    def forward(self, parameters: Sequence[Tensor]) -> Passed:
        """One pass; the values stand in the order of the spec."""
        movable = (p for p, held in zip(parameters, self.held, strict=True) if not held)
        passed = Passed(self.spec.output, tuple(movable), own={})
        values: dict[str, Tensor] = {}
        for (name,), tensor in zip(self.names, parameters, strict=True):
            values[name] = passed.put([name], tensor)
        for name in self.order:
            tree = self.trees[name]
            value = self.evaluate(tree, values, passed.signs).clone()
            # A definition of numbers alone is what slopes by it are asked of, too.
            values[name] = passed.put([name], value.requires_grad_(requires_grad=True))
            assert passed.own is not None
            copies = {
                n: values[n].detach().clone().requires_grad_(requires_grad=True)
                for n in used_names(tree)
            }
            passed.own[name] = (self.evaluate(tree, copies, []), copies)
        return passed

    def evaluate(self, tree: Expr, values: Mapping[str, Tensor], signs: Signs) -> Tensor:
        """The value of a tree; raises SkippedError for a function unknown here."""
        if isinstance(tree, Num):
            return self.nudge.given([Typed(tree.text)])[0]
        if isinstance(tree, Name):
            return values[tree.id]
        operands = [self.evaluate(part, values, signs) for part in parts(tree)]
        if isinstance(tree, Add):
            return self.nudge(sum(operands), sum(abs(term) for term in operands))
        if isinstance(tree, Call):
            if tree.function not in FUNCTIONS:
                raise SkippedError(f"the function {tree.function} has no form in PyTorch here")
            return self.nudge(FUNCTIONS[tree.function](operands, signs))
        return self.nudge(OPERATORS[type(tree)](*operands))


def _power(base: Tensor, exponent: Tensor) -> Tensor:
    """A power; by an exponent without a slope no logarithm of the base is taken."""
    return torch.pow(base, exponent if exponent.requires_grad else exponent.item())


OPERATORS: dict[type, Callable[..., Any]] = {
    Neg: torch.neg,
    Mul: lambda *factors: reduce(torch.mul, factors),
    Div: torch.div,
    Pow: _power,
}
