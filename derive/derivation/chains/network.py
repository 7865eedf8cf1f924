"""The chain of a network: error, activation, pre-activation, parameter.

dE/dW is the product of three factors: error by activation, slope, last factor.
Behind a softmax, where each activation depends on every pre-activation, the first
two are a sum over the outputs, so there it is error signal times last factor. A
hidden activation collects the routes to all units that use it (in the last hidden
layer route by route over the outputs, as in the deck, "역전파"; in earlier layers
and before a softmax as one sum).
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.algebra import couplings
from derive.algebra.couplings import Units
from derive.algebra.expressions import Expr, Mul, Name, add
from derive.algebra.lemmas import slope
from derive.derivation.chains.local import LocalSlopes
from derive.derivation.steps import Step
from derive.graph import Graph
from derive.layers.network import reduced
from derive.layers.penalty import of_weight
from derive.naming import PENALTY, derivative_id
from derive.quantities import Kind, Quantity
from derive.spec import Network


class NetworkChain:
    """Derivatives of the error of a network, one pair at a time."""

    def __init__(self, graph: Graph) -> None:
        """Keep the graph; everything else is derived when asked for."""
        assert isinstance(graph.spec, Network)
        self.graph = graph
        self._slopes = LocalSlopes()
        self.spec = graph.spec
        self._receiving: dict[str, tuple[str, ...]] = {}
        self._reductions = {b.data: b.roots for b in graph.batches if b.data not in graph.roots}
        self._objectives = {b.objective: b.data for b in graph.batches if b.objective != b.data}

    def order(self, update: int = 1) -> Iterator[tuple[str, str]]:
        """Sample by sample from the outputs back; the reductions last."""
        batch = self.graph.batch(update)
        for root in batch.roots:
            yield from self._sample_order(root)
        found = [q.id for q in self.graph.quantities.values() if q.kind == "parameter"]
        if batch.data in self._reductions:
            yield from ((batch.data, name) for name in found)
        if self.spec.regularisation:
            yield from ((PENALTY, name) for name in found if self.is_penalised(name))
            yield from ((batch.objective, name) for name in found)

    def _sample_order(self, root: str) -> Iterator[tuple[str, str]]:
        for units in reversed(self.layers(self.graph[root].sample)):
            coupled = self.is_coupled(units[0][1])
            if coupled:
                for _, a in units:
                    yield from self._into_activation(root, a)
                for _, a in units:
                    yield from ((a, z) for z, _ in units)
            for z, a in units:
                if not coupled:
                    yield from self._into_activation(root, a)
                    yield a, z
                yield root, z
                for p in self.graph[z].uses:
                    if self.graph[p].kind == "parameter":
                        yield z, p
                        yield root, p

    def _into_activation(self, root: str, a: str) -> Iterator[tuple[str, str]]:
        yield from self._routes(a)
        yield root, a

    def is_coupled(self, a: str) -> bool:
        """Whether an activation depends on all pre-activations of its layer."""
        return bool(self.graph[a].coupling)

    def slopes_at(self, z: str) -> tuple[tuple[str, str], ...]:
        """The activations that use a pre-activation, each with the id of its slope by it."""
        return tuple((a, derivative_id(a, z)) for a in self._activations(z))

    def _activations(self, z: str) -> tuple[str, ...]:
        """The activations that use a pre-activation, in the order of the units."""
        return self.graph.consumers[z]

    def layers(self, sample: int) -> list[list[tuple[str, str]]]:
        """Pairs of pre-activation and activation, layer by layer.

        A unit's layer is one more than that of what it uses.
        """
        depth: dict[str, int] = {}
        layers: list[list[tuple[str, str]]] = []
        for q in self.graph.quantities.values():
            if q.kind == "preactivation" and q.sample == sample:
                depth[q.id] = 1 + max(depth.get(self._below(used), 0) for used in q.uses)
                if depth[q.id] > len(layers):
                    layers.append([])
                layers[depth[q.id] - 1].append((q.id, self.graph.activation_of(q.id)))
        return layers

    def into(self, z: str, kind: Kind) -> Iterator[tuple[str, Expr]]:
        """What of one kind enters a pre-activation, each with the slope of z by it."""
        quantity = self.graph[z]
        for used in quantity.uses:
            if self.graph[used].kind == kind:
                yield used, self._slopes.slope(quantity, used)

    def _below(self, a: str) -> str:
        """The pre-activation of an activation; the id itself for anything else."""
        quantity = self.graph[a]
        return quantity.uses[0] if quantity.kind == "activation" else a

    def _routes(self, a: str) -> Iterator[tuple[str, str]]:
        """The local factors of the routes out of a hidden activation."""
        receivers = self.receivers(a)
        for z in receivers:
            yield z, a
        for z in receivers:
            error = self.error_behind(z)
            if error is not None:
                yield error, a

    def receivers(self, a: str) -> tuple[str, ...]:
        """The pre-activations that use an activation; none for an output."""
        known = self._receiving.get(a)
        if known is None:
            users = self.graph.consumers[a]
            known = tuple(c for c in users if self.graph[c].kind == "preactivation")
            self._receiving[a] = known
        return known

    def error_behind(self, z: str) -> str | None:
        """The error of the output of `z`, None if hidden or before a softmax."""
        users = self._activations(z)
        above = self.graph.consumers[users[0]][0]
        return above if len(users) == 1 and self.graph[above].kind == "unit_error" else None

    def derivative(self, of: str, wrt: str) -> Step | None:
        """The step of one pair; None if the network has no such derivative."""
        table = self.graph.quantities
        if of not in table or wrt not in table:
            return None
        top, low = table[of], table[wrt]
        if low.kind not in ("parameter", "preactivation", "activation"):
            return None
        if of == PENALTY or of in self._objectives:
            return self._regularised(of, low)
        if of in self._reductions:
            return self._reduction(of, low)
        if top.kind == "error" and of not in self.graph.roots:
            return None
        if top.kind == "error":
            return self._of_error(top, low) if self._same_sample(top, low) else None
        if top.kind == "unit_error" and low.kind == "activation":
            return self._route(top, low)
        if top.kind != "unit_error" and wrt in top.uses:
            return self._step("local", of, wrt, self._local(top, wrt))
        return None

    def _local(self, top: Quantity, wrt: str) -> Expr:
        if not top.coupling:
            return self._slopes.slope(top, wrt)
        return couplings.slope(top.coupling, self.coupled_units(top, wrt))

    def coupled_units(self, top: Quantity, wrt: str) -> Units:
        """The unit of a coupled activation and the one whose pre-activation is `wrt`.

        A name stands for the sum of the exponentials.
        """
        other = self.graph.activation_of(wrt)
        total = Name(couplings.SUM)
        return Units(Name(top.uses[0]), Name(top.id), Name(wrt), Name(other), total)

    def _same_sample(self, top: Quantity, low: Quantity) -> bool:
        return low.kind == "parameter" or top.sample == low.sample

    def _step(self, kind: str, of: str, wrt: str, expr: Expr) -> Step:
        return Step(derivative_id(of, wrt), kind, "backward", expr, of, wrt)  # type: ignore[arg-type]

    def _d(self, of: str, wrt: str) -> Name:
        return Name(derivative_id(of, wrt))

    def _of_error(self, top: Quantity, low: Quantity) -> Step:
        root = top.id
        if low.kind == "parameter":
            z = self._receiver_of(low.id, top.sample)
            chain = Mul((*self._signal(root, z), self._d(z, low.id)))
            return self._step("gradient", root, low.id, chain)
        if low.kind == "preactivation":
            products = [
                Mul((self._d(root, a), self._d(a, low.id))) for a in self._activations(low.id)
            ]
            return self._step("signal", root, low.id, add(*products))
        receivers = self.receivers(low.id)
        if not receivers:
            error = self.graph[self.graph.consumers[low.id][0]]
            return self._step("local", root, low.id, self._slopes.slope(error, low.id))
        return self._step("routes", root, low.id, add(*self._parts(root, low.id, receivers)))

    def _signal(self, root: str, z: str) -> tuple[Name, ...]:
        """The error signal as factors: two along one activation, else the sum by its id."""
        users = self._activations(z)
        if len(users) > 1:
            return (self._d(root, z),)
        return self._d(root, users[0]), self._d(users[0], z)

    def _receiver_of(self, parameter: str, sample: int) -> str:
        return next(z for z in self.graph.consumers[parameter] if self.graph[z].sample == sample)

    def _parts(self, root: str, a: str, receivers: tuple[str, ...]) -> list[Expr]:
        parts: list[Expr] = []
        for z in receivers:
            error = self.error_behind(z)
            through = Mul((self._d(root, z), self._d(z, a)))
            parts.append(through if error is None else self._d(error, a))
        return parts

    def _route(self, error: Quantity, low: Quantity) -> Step | None:
        """DE_oj/dh: the error signal of that output, passed back over its weight."""
        z = self._below(error.uses[-1])
        if low.id not in self.graph[z].uses:
            return None
        root = self.graph.root_of(error.sample)
        chain = Mul((self._d(root, z), self._d(z, low.id)))
        return self._step("route", error.id, low.id, chain)

    def _reduction(self, of: str, low: Quantity) -> Step | None:
        if low.kind != "parameter":
            return None
        parts = tuple(self._d(root, low.id) for root in self._reductions[of])
        return self._step("reduction", of, low.id, reduced(parts, self.spec.reduction))

    def is_penalised(self, name: str) -> bool:
        """Whether a parameter stands in the penalty: weights do, biases do not."""
        return PENALTY in self.graph.consumers.get(name, ())

    def penalty_of(self, weight: str) -> Expr:
        """What one weight adds to the penalty."""
        assert self.spec.regularisation is not None
        return of_weight(self.spec.regularisation, weight)

    def penalty_slope(self, weight: str) -> Expr:
        """The derivative of the penalty by one weight."""
        return slope(self.penalty_of(weight), weight)

    def _regularised(self, of: str, low: Quantity) -> Step | None:
        """The penalty by a weight, or the total error by any parameter."""
        if low.kind != "parameter":
            return None
        penalised = self.is_penalised(low.id)
        if of == PENALTY:
            if not penalised:
                return None
            return self._step("local", of, low.id, self.penalty_slope(low.id))
        data = self._d(self._objectives[of], low.id)
        whole: Expr = add(data, self._d(PENALTY, low.id)) if penalised else data
        return self._step("regularised", of, low.id, whole)
