"""The order of teaching: units in order, the error's end first."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

from derive.derivation.chain import FREE, Chain
from derive.graph import Block
from derive.naming import DIRECT, PENALTY


class TeachingOrder:
    """Which derivatives a sheet writes, one after the other."""

    def __init__(self, chain: Chain) -> None:
        """The chain knows which derivatives there are."""
        self.chain = chain
        self.graph = chain.graph

    def list_pairs(self, update: int = 1) -> Iterator[tuple[str, str]]:
        """Every pair that an update needs, such as (`h1`, `z1`), after those its formula uses."""
        batch = self.graph.batch(update)
        for root in batch.roots:
            yield from self._order_root(root)
        given = [q.id for q in self.graph.of_role("parameter")]
        if batch.data not in batch.roots:
            yield from ((batch.data, name) for name in given)
        if batch.objective != batch.data:
            yield from ((PENALTY, name) for name in given if self.chain.is_penalised(name))
            yield from ((batch.objective, name) for name in given)

    def _order_root(self, root: str) -> Iterator[tuple[str, str]]:
        if not self.graph.blocks:
            yield from self._order_definitions(root)
            return
        if not self.graph.by_units:
            yield from self._order_places(root)
            return
        blocks = self.graph.blocks_of(self.graph[root].sample)
        left = {
            p: len(self.chain.list_users(root, p)) for block in blocks for p in block.parameters
        }
        for block in reversed(blocks):
            yield from self._order_block(root, block, left)
        for x in blocks[0].inputs if self.graph.input_derivatives else ():
            yield from ((z, x) for z in self.chain.list_receivers(x))
            yield root, x

    def _order_block(
        self, root: str, block: Block, left: dict[str, int]
    ) -> Iterator[tuple[str, str]]:
        """The pairs of one layer; the sum over the uses of a parameter comes at its last use.

        `left` counts the uses of each parameter that are still to come.
        """
        vector = self.chain.is_vector(block.out[0])
        if vector:
            for a in block.out:
                yield from self._order_activation(root, a)
            for a in block.out:
                yield from ((a, z) for z in block.pre)
        for z, a in block.units:
            if not vector:
                yield from self._order_activation(root, a)
                yield a, z
            yield root, z
            for p in self.graph[z].uses:
                if self.graph[p].role == "parameter":
                    yield z, p
                    left[p] -= 1
                    if not left[p]:
                        yield root, p

    def _order_places(self, root: str) -> Iterator[tuple[str, str]]:
        """The pairs of layers with places: each quantity after all that use it, layer by layer.

        Within a layer in the order of the forward pass, as far as that is possible: the last
        step of a recurrence comes first.
        """
        chain, order = self.chain, {name: at for at, name in enumerate(self.graph.quantities)}
        inner = [q for q in self.graph.quantities.values() if chain.is_passed(root, q)]
        waiting = {q.id: len(chain.list_inner_users(root, q.id)) for q in inner}
        left: dict[str, int] = {}
        for q in inner:
            for used in q.uses:
                if self.graph[used].role == "parameter":
                    left[used] = left.get(used, 0) + 1
        ready = [(-q.place.layer, order[q.id]) for q in inner if not waiting[q.id]]
        heapify(ready)
        names = list(self.graph.quantities)
        while ready:
            name = names[heappop(ready)[1]]
            yield from ((user, name) for user in chain.list_inner_users(root, name))
            yield root, name
            yield from self._order_parameters(root, name, left)
            for used in dict.fromkeys(self.graph[name].uses):
                if used in waiting and used not in self.graph[name].held:
                    waiting[used] -= 1
                    if not waiting[used]:
                        heappush(ready, (-self.graph[used].place.layer, order[used]))
        unused = (p for p in self.graph.parameters_of(root) if p not in left)
        yield from ((root, p) for p in unused)
        yield from self._order_inputs(root)

    def _order_parameters(
        self, root: str, name: str, left: dict[str, int]
    ) -> Iterator[tuple[str, str]]:
        """The parameters that a quantity uses; the sum over all uses comes at the last one."""
        for p in self.graph[name].uses:
            if self.graph[p].role == "parameter":
                yield name, p
                use = self.chain.name_use(root, p, name)
                if use:
                    yield root, self.graph.use(p, use)
                left[p] -= 1
                if not left[p]:
                    yield root, p

    def _order_inputs(self, root: str) -> Iterator[tuple[str, str]]:
        if self.graph.input_derivatives:
            sample = self.graph[root].sample
            for x in self.graph.of_role("input"):
                if not sample or x.sample == sample:
                    yield from ((user, x.id) for user in self.chain.list_users(root, x.id))
                    yield root, x.id

    def _order_activation(self, root: str, a: str) -> Iterator[tuple[str, str]]:
        receivers = self.chain.list_receivers(a)
        yield from ((z, a) for z in receivers)
        errors = (self.chain.find_error_behind(z) for z in receivers)
        yield from ((error, a) for error in errors if error is not None)
        yield root, a

    def _order_definitions(self, root: str) -> Iterator[tuple[str, str]]:
        """The pairs of a circuit: the output, then definitions backwards, then given values."""
        yield root, root
        definitions = [q.id for q in self.graph.of_role("definition")]
        given = [q.id for q in self.graph.of_role(*FREE)]
        for name in (*reversed(definitions), *given):
            if name != root:
                through = self.chain.list_through(root, name)
                yield from ((user, name) for user in through)
                if through and name in self.graph[root].uses:
                    yield root, name + DIRECT
                yield root, name
