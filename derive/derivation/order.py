"""The order of teaching: units in order, the error's end first."""

from __future__ import annotations

from collections.abc import Iterator

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
        blocks = self.graph.blocks_of(self.graph[root].sample)
        if not blocks:
            yield from self._order_definitions(root)
            return
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
