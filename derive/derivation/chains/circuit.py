"""The chain of a circuit: gradients from the output back over every route."""

from __future__ import annotations

from collections.abc import Iterator

from derive.algebra.expressions import ONE, ZERO, Expr, Mul, Name, add
from derive.derivation.chains.local import LocalSlopes
from derive.derivation.steps import Step, StepKind
from derive.graph import Graph
from derive.naming import derivative_id

DIRECT = "|local"
"""Ends the id of the output's direct partial where other routes exist too."""


class CircuitChain:
    """Derivatives of a circuit's output, and the local partials they are made of."""

    def __init__(self, graph: Graph) -> None:
        """Note which quantities reach the output."""
        self.graph = graph
        self._slopes = LocalSlopes()
        self.output = graph.total
        self.reaching = {self.output}
        for q in reversed(graph.quantities.values()):
            if q.id in self.reaching:
                self.reaching.update(q.uses)

    def order(self, update: int = 1) -> Iterator[tuple[str, str]]:
        """The output first, then definitions backwards, then the given values."""
        del update
        table = self.graph.quantities.values()
        definitions = [q.id for q in table if q.kind == "definition"]
        values = [q.id for q in table if q.kind in ("parameter", "constant")]
        yield self.output, self.output
        for name in (*reversed(definitions), *values):
            if name != self.output:
                for through in self._through(name):
                    yield through, name
                if self._has_both(name):
                    yield self.output, name + DIRECT
                yield self.output, name

    def _through(self, name: str) -> list[str]:
        """The definitions, other than the output, over which `name` reaches it."""
        users = self.graph.consumers.get(name, ())
        return [c for c in users if c in self.reaching and c != self.output]

    def _is_direct(self, name: str) -> bool:
        return self.output in self.graph.consumers.get(name, ())

    def _has_both(self, name: str) -> bool:
        return self._is_direct(name) and bool(self._through(name))

    def derivative(self, of: str, wrt: str) -> Step | None:
        """The total derivative of the output, or the local partial of a definition."""
        table = self.graph.quantities
        name = wrt.removesuffix(DIRECT)
        if of not in table or name not in table or table[name].kind == "rate":
            return None
        if wrt != name:
            return (
                self._local(of, name, wrt) if of == self.output and self._has_both(name) else None
            )
        if of == self.output:
            return self._total(name)
        return self._local(of, name, wrt) if name in table[of].uses else None

    def _local(self, of: str, name: str, shown: str) -> Step:
        return self._step("local", of, shown, self._slopes.slope(self.graph[of], name))

    def _total(self, name: str) -> Step:
        if name == self.output:
            return self._step("unit", self.output, name, ONE)
        through = self._through(name)
        if not through:
            if self._is_direct(name):
                return self._local(self.output, name, name)
            return self._step("none", self.output, name, ZERO)
        parts: list[Expr] = [
            Mul((Name(derivative_id(self.output, c)), Name(derivative_id(c, name))))
            for c in through
        ]
        if self._is_direct(name):
            parts.append(Name(derivative_id(self.output, name + DIRECT)))
        kind: StepKind = "routes" if len(parts) > 1 else "signal"
        return self._step(kind, self.output, name, add(*parts))

    def _step(self, kind: StepKind, of: str, wrt: str, expr: Expr) -> Step:
        return Step(derivative_id(of, wrt), kind, "backward", expr, of, wrt)
