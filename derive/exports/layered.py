"""A network of layers with places as a PyTorch script: one module a layer, run one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from derive.errors import SpecError
from derive.exports.modules import error, module, write_functions
from derive.exports.networks import suffix_of
from derive.exports.tools import loop, optimizer, show_tracks
from derive.exports.writing import INDENT, Script, indent, quote, string, write_float
from derive.graph import Block
from derive.layers import Layer, row_of
from derive.layers.modules import CONTAINER, Own, Stored, TorchText
from derive.layers.shapes import IMAGE, SEQUENCE, SIGNAL, TOKENS
from derive.naming import DATA, PENALTY, TOTAL
from derive.numbers import Numbers
from derive.spec import Network
from derive.spec.wiring import Wired, input_shape, wire


class LayeredScript:
    """Writes the script in sections; `with_digits` adds the sheet's digits as comments."""

    def __init__(self, digits: Numbers, *, with_digits: bool) -> None:
        """Write every layer; raises SpecError for one that PyTorch has not."""
        self.digits, self.with_digits = digits, with_digits
        self.graph = digits.derivation.graph
        spec = self.graph.spec
        assert isinstance(spec, Network)
        self.spec, self.updates = spec, self.graph.updates
        if len(self.graph.batches) > 1:
            raise SpecError("batch_size", "no script with mini-batches of layers with places")
        self.wired = wire(spec)
        self.texts = {w.number: self._write(w) for w in self.wired}
        self.alone = len(spec.inputs) == 1 or len(self.graph.roots) == 1

    def script(self) -> Script:
        """All sections."""
        last = self.graph.after("", self.updates)
        many = self.updates > 1
        return Script(
            setup=tuple(self.setup()),
            forward=(*self.definition(), "", "", "loss = forward()"),
            backward=("loss.backward()", *self.gradients()),
            update=("optimizer.step()", *self.moved('"+"', "1")) if self.updates else (),
            later=tuple(loop(self.updates, list(self.later()))) if many else (),
            check=(f"loss = forward({string(last)})",) if self.updates else (),
            gradients=frozenset(self.list_differentiated()),
        )

    def _write(self, wired: Wired) -> TorchText:
        """A layer in PyTorch's words; a mere copy where the spec has none."""
        layer = wired.layer
        if layer is None:
            return TorchText(("{y} = {x0}.clone()",))
        write, place = row_of(layer).torch, f"layers[{wired.number}]"
        if write is None:
            raise SpecError(f"{place}.type", f"{layer.type} has no script for PyTorch")
        try:
            return write(layer, self._own(wired), wired.shapes, wired.shape)
        except SpecError as problem:
            raise SpecError(f"{place}.{problem.place}", problem.problem) from None

    def _own(self, wired: Wired) -> Own:
        layer = wired.layer
        ids = iter(self._blocks(wired.number)[0].parameters)
        tensors = row_of(layer).tensors(layer) if layer is not None else ()
        return {t.letter: (t, tuple(islice(ids, len(t.typed)))) for t in tensors}

    def _blocks(self, number: int) -> list[Block]:
        return [block for block in self.graph.blocks if block.layer == number]

    def setup(self) -> Iterator[str]:
        """Samples, modules, weights, optimizer."""
        yield from write_functions(self.spec)
        shape = input_shape(self.spec)
        rows = [self._number_tokens(row) for row in self.spec.inputs]
        tokens = shape.kind == TOKENS
        yield f"inputs = torch.tensor({nest(rows)}){'' if tokens else '.requires_grad_()'}"
        given = "target" if self.spec.upstream is None else "upstream"
        yield f"{given} = torch.tensor({nest(self.spec.targets)})"
        yield "passed = {}"
        held = []
        for wired in self.wired:
            text = self.texts[wired.number]
            if not text.create:
                continue
            name = f"layer{wired.number}"
            yield f"{name} = {text.create}"
            for stored in text.stored:
                yield from self._store(name, text, stored)
                if not self._is_free(stored):
                    held.append(f"{name}.{stored.attribute}.requires_grad_(False)")
        yield from held
        yield "parameters = ["
        yield from (f"{INDENT}{place}," for place, _ in self.tensors())
        yield "]"
        if self.updates:
            yield f"optimizer = {optimizer('parameters', self.graph)}"

    def _number_tokens(self, sample: Any) -> Any:  # noqa: ANN401  nested tuples
        """A sample with the row of each token, from 0; any other as it is."""
        if input_shape(self.spec).kind != TOKENS:
            return sample
        words = next(
            (w for w in (getattr(x, "vocabulary", None) for x in self.spec.layers) if w), ()
        )
        return tuple((words.index(t) if isinstance(t, str) else int(t) - 1) for t in sample)

    def _store(self, name: str, text: TorchText, stored: Stored) -> Iterator[str]:
        place = f"{name}.{stored.attribute}"
        if text.create == CONTAINER:
            yield f"{place} = nn.Parameter(torch.empty({stored.shape}))"
        numbers = ", ".join(map(write_float, stored.typed))
        yield "with torch.no_grad():"
        yield f"{INDENT}{place}.copy_(torch.tensor([{numbers}]).reshape({stored.shape}))"

    def _is_free(self, stored: Stored) -> bool:
        """Whether the numbers of a tensor are learnt."""
        return bool(stored.names) and self.graph[stored.names[0]].role == "parameter"

    def tensors(self) -> Iterator[tuple[str, list[str]]]:
        """Every tensor that is updated, with the ids of its numbers."""
        for number, text in self.texts.items():
            for stored in text.stored:
                if self._is_free(stored):
                    yield f"layer{number}.{stored.attribute}", list(stored.names)

    def definition(self) -> Iterator[str]:
        """The function that runs the layers and prints every number of the forward pass."""
        yield 'def forward(after=""):'
        body = ["x0 = inputs"]
        for wired in self.wired:
            body += self._run(wired)
        body += self._measure()
        yield from indent([*body, "return total"])

    def _run(self, wired: Wired) -> Iterator[str]:
        """A layer, what it gives by its ids, and its activation."""
        text, layer = self.texts[wired.number], wired.layer
        taken = {f"x{at}": f"x{source}" for at, source in enumerate(wired.sources)}
        y = f"x{wired.number}"
        names = {**taken, "m": f"layer{wired.number}", "y": y}
        yield from (line.format(**names) for line in text.run)
        blocks = self._blocks(wired.number)
        own = {q.id for q in self.graph.quantities.values() if q.place.layer == wired.number}
        pre = [n for b in blocks for n in b.pre if self.graph[n].place.letter == "z"]
        if pre and not text.inside and layer is not None:
            yield from self._keep(pre, y)
            yield f"{y} = {self._activate(layer, wired)}({y})"
        out = [n for b in blocks for n in b.out if n in own]
        if out:
            yield from self._keep(out, y, signals=not text.inside)

    def _keep(self, names: Iterable[str], y: str, *, signals: bool = True) -> Iterator[str]:
        """The numbers of a tensor, and its gradient unless a module uses it inside as well."""
        ids = quote(self._sort(names), INDENT)
        if self.alone and signals:
            yield f"{y}.retain_grad()"
            yield f"passed[{ids}] = {y}"
        yield f"show({ids}, {y}.flatten(), after)"

    def _sort(self, names: Iterable[str]) -> list[str]:
        """Ids in the order of a tensor: samples, then steps, then unit, row, column."""

        def place(name: str) -> tuple[int, int, tuple[int, ...]]:
            at = self.graph[name].place
            return at.sample, at.time or 0, at.index

        return sorted(names, key=place)

    def _activate(self, layer: Layer, wired: Wired) -> str:
        """The module of an activation; a softmax acts on the units of one place."""
        maps = wired.shape.kind in (SIGNAL, IMAGE)
        return module(layer).replace("dim=-1", "dim=1") if maps else module(layer)

    def _measure(self) -> Iterator[str]:
        """Errors of outputs, of steps, of samples, and all together."""
        last = self.wired[-1]
        yield f"output = x{last.number}"
        yield f"errors = {error(self.spec, last.shape.count)}"
        units = [q.id for q in self.graph.of_role("unit_error")]
        yield f"show({quote(self._sort(units), INDENT)}, errors.flatten(), after)"
        steps = [q.id for q in self.graph.of_role("error") if q.place.time is not None]
        if last.shape.kind == SEQUENCE and steps:
            yield "errors = errors.sum(dim=2)"
            yield f"show({quote(self._sort(steps), INDENT)}, errors.flatten(), after)"
        mean = self.spec.step_reduction == "mean" and steps
        yield f"errors = errors.flatten(1).{'mean' if mean else 'sum'}(dim=1)"
        if len(self.spec.inputs) > 1:
            samples = [q.id for q in self.graph.of_role("error") if q.sample and q.id not in steps]
            yield f"show({quote(samples, INDENT)}, errors, after)"
        reduction = self.spec.reduction if len(self.spec.inputs) > 1 else "sum"
        yield f"total = data = errors.{reduction}()"
        given = self.spec.regularisation
        if given is None:
            yield f'show("{TOTAL}", [total], after)'
            return
        parts = []
        for typed, text in (
            (given.l2, "/ 2 * sum((w**2).sum()"),
            (given.l1, "* sum(w.abs().sum()"),
        ):
            if typed is not None:
                weights = ", ".join(self._list_weights())
                parts.append(f"{write_float(typed)} {text} for w in ({weights},))")
        yield f"penalty = {' + '.join(parts)}"
        yield "total = data + penalty"
        yield f'show("{DATA} {PENALTY} {TOTAL}", [data, penalty, total], after)'

    def _list_weights(self) -> Iterator[str]:
        """The tensors that a penalty counts."""
        counted = set(self.graph[PENALTY].uses)
        return (place for place, names in self.tensors() if names[0] in counted)

    def list_differentiated(self) -> Iterator[str]:
        """Every derivative that the script prints."""
        objective = self.graph.objective
        for _, names in self.tensors():
            yield from (self.graph.derivative(objective, name) for name in names)

    def gradients(self, after: str = "") -> Iterator[str]:
        """Each gradient with its ids; of one error also the signals in between."""
        objective = self.graph.objective
        for place, names in self.tensors():
            ids = quote(self.graph.derivative(objective, name) for name in names)
            yield f"show({ids}, {place}.grad.flatten(){suffix_of(after)})"
        if self.alone:
            prefix = self.graph.derivative(self.graph.data, "")
            yield "for ids, output in passed.items():"
            yield f"{INDENT}if output.grad is not None:"
            yield f'{INDENT * 2}names = " ".join("{prefix}" + name for name in ids.split())'
            yield f"{INDENT * 2}show(names, output.grad.flatten(){suffix_of(after)})"

    def moved(self, after: str, count: str) -> Iterator[str]:
        """What the optimizer keeps beside each parameter; then the parameters."""
        for place, names in self.tensors():
            yield from show_tracks(self.graph, place, names, after, count)
            yield f"show({quote(names)}, {place}.flatten(), {after})"

    def later(self) -> Iterator[str]:
        """One more forward and backward pass and update."""
        yield "optimizer.zero_grad()"
        yield "forward(after).backward()"
        yield from self.gradients("after")
        yield "optimizer.step()"
        yield from self.moved('f"@{count + 1}"', "(count + 1)")


def nest(values: Any) -> str:  # noqa: ANN401  nested tuples
    """Nested numbers as Python lists of floats; rows of tokens stay whole."""
    if isinstance(values, tuple | list):
        return f"[{', '.join(map(nest, values))}]"
    return str(values) if isinstance(values, int) else write_float(values)
