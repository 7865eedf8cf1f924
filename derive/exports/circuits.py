"""A circuit as a PyTorch script: its own formulas on tensors, backward, a step of SGD."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.exports.formulas import Formula, choose_identifiers
from derive.exports.tools import loop, optimizer, show_tracks
from derive.exports.writing import INDENT, WIDTH, Script, bracket, quote, string, write_float
from derive.numbers import Numbers
from derive.render.wording import sentence


class CircuitScript:
    """Writes a circuit's script in sections; `with_digits` adds the sheet's digits as comments."""

    def __init__(self, digits: Numbers, *, with_digits: bool) -> None:
        """Give every id its Python name and find out what has a gradient."""
        self.digits, self.with_digits = digits, with_digits
        self.derivation = digits.derivation
        self.graph = self.derivation.graph
        self.updates = self.derivation.updates
        table = list(self.graph.of_role("parameter", "value", "definition"))
        self.own = choose_identifiers(q.id for q in table)
        self.values = [q for q in table if q.expr is None]
        self.definitions = [q for q in table if q.expr is not None]
        lost = {q.id for q in table if not self.is_reached(q.id)}
        self.reached = [q.id for q in reversed(table) if q.id not in lost]
        self.lost = [q.id for q in table if q.id in lost]

    def is_reached(self, name: str) -> bool:
        """Whether a route leads from a name to the output."""
        step = self.derivation.step(self.graph.derivative(self.graph.total, name))
        return step is not None and step.kind != "none"

    def script(self) -> Script:
        """All sections."""
        changing = [q.id for q in self.definitions if q.varies]
        last = string(self.graph.after("", self.updates))
        check = (*self.formulas(), *self.show(changing, last)) if changing else ()
        return Script(
            setup=tuple(self.setup()),
            forward=(*self.formulas(), *self.show([q.id for q in self.definitions])),
            backward=tuple(self.backward()),
            update=("optimizer.step()", *self.moved('"+"', "1")) if self.updates else (),
            later=tuple(loop(self.updates, self.later(changing))) if self.updates > 1 else (),
            check=check if self.updates else (),
            gradients=frozenset(self.graph.derivative(self.graph.total, n) for n in self.reached),
        )

    def setup(self) -> Iterator[str]:
        """The values as typed, and the optimizer."""
        for q in self.values:
            yield f"{self.own[q.id]} = torch.tensor({write_float(q.typed)}, requires_grad=True)"
        if self.updates:
            moving = self.list_tensors(self.graph.parameters)
            yield f"optimizer = {optimizer(moving, self.graph)}"

    def formulas(self) -> Iterator[str]:
        """Every definition; a gradient is kept of those that have one."""
        write = Formula(self.own)
        for q in self.definitions:
            assert q.expr is not None
            yield f"{self.own[q.id]} = {write.write_definition(q.expr)}"
        kept = [q.id for q in self.definitions if q.id in self.reached]
        if kept:
            yield f"for value in {self.list_tensors(kept)}:"
            yield f"{INDENT}value.retain_grad()"

    def show(self, ids: Sequence[str], after: str = "") -> Iterator[str]:
        """Values by their ids."""
        yield from self.calls([(name, self.own[name]) for name in ids], after)

    def gradients(self, ids: Sequence[str], after: str = "") -> Iterator[str]:
        """Gradients by their ids."""
        output = self.graph.total
        pairs = [(self.graph.derivative(output, name), f"{self.own[name]}.grad") for name in ids]
        yield from self.calls(pairs, after)

    def calls(self, pairs: list[tuple[str, str]], after: str) -> Iterator[str]:
        """Prints of ids and their tensors, as many in a line as fit."""
        suffix = f", {after}" if after else ""
        line: list[tuple[str, str]] = []
        for pair in [*pairs, None]:
            longer = sum(len(name) + len(text) + 3 for name, text in [*line, pair or ("", "")])
            if line and (pair is None or longer + len(suffix) + 10 > WIDTH):
                names, tensors = zip(*line, strict=True)
                yield f"show({quote(names)}, [{', '.join(tensors)}]{suffix})"
                line = []
            if pair is not None:
                line.append(pair)

    def list_tensors(self, ids: Sequence[str]) -> str:
        """Tensors as a Python list, over several lines where it is long."""
        return bracket([self.own[name] for name in ids])

    def backward(self) -> Iterator[str]:
        """The gradient of the output by every value and definition."""
        output, language = self.graph.total, self.graph.spec.language
        yield from self.differentiate()
        if self.with_digits:
            for name in self.reached:
                derivative = self.graph.derivative(output, name)
                digits = self.digits.shown(derivative).text
                yield f"# {self.own[name]}.grad: {derivative} = {digits}"
        for name in self.lost:
            comment = sentence(language, "script.no_route").format(name=name, output=output)
            yield f"# {self.own[name]}.grad: {comment}"
        yield from self.gradients(self.reached)

    def differentiate(self) -> Iterator[str]:
        """The backward pass; an optimizer moves a value without a route too, by its memory."""
        yield f"{self.own[self.graph.total]}.backward()"
        for name in self.graph.parameters if self.graph.method else ():
            if name in self.lost:
                yield f"{self.own[name]}.grad = torch.zeros(())"

    def moved(self, after: str, count: str) -> Iterator[str]:
        """What the optimizer keeps beside each value that moves; then the values."""
        for name in self.graph.parameters:
            yield from show_tracks(self.graph, self.own[name], (name,), after, count)
        yield from self.show(self.graph.parameters, after)

    def later(self, changing: list[str]) -> list[str]:
        """One more forward and backward pass and update; gradients add up unless removed."""
        moved = [name for name in self.reached if self._varies(name)]
        lines = [f"for value in {self.list_tensors([q.id for q in self.values])}:"]
        lines += [f"{INDENT}value.grad = None", *self.formulas()]
        lines += self.show(changing, "after") if changing else []
        lines += self.differentiate()
        lines += self.gradients(moved, "after") if moved else []
        return [*lines, "optimizer.step()", *self.moved('f"@{count + 1}"', "(count + 1)")]

    def _varies(self, name: str) -> bool:
        return self.derivation.varies(self.graph.derivative(self.graph.total, name))
