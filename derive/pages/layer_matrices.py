"""The quantities of a layer as matrices: their letters, and their entries by id.

A row for each unit, a column for each sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from derive.algebra.expressions import Expr, Matrix, Name

if TYPE_CHECKING:
    from derive.pages.network import NetworkSheet


class LayerMatrices:
    """The matrices of a network's sheet, in letters and entry by entry."""

    def __init__(self, sheet: NetworkSheet) -> None:
        """Read the shapes and the names of the units."""
        self.sheet, self.graph = sheet, sheet.graph
        self.samples = sheet.layers
        self.many = len(self.samples) > 1
        self.widths = (
            len(sheet.graph.blocks[0].inputs),
            *(len(units) for units in self.samples[0]),
        )
        self.depth = len(self.widths) - 1

    def letter(self, lower: str, layer: int = 0) -> Name:
        """The name of a column, or of a matrix with a column for each sample."""
        upper = {"delta": "Delta"}.get(lower, lower.upper())
        return Name(self.graph.matrix(upper if self.many else lower, layer))

    def weight(self, layer: int) -> Name:
        """The weights of a layer: a row for each unit, a column for each source."""
        return Name(self.graph.matrix("W", layer))

    def bias(self, layer: int) -> Name:
        """The biases of a layer as a column."""
        return Name(self.graph.matrix("b", layer))

    def received(self, layer: int) -> Name:
        """What enters a layer."""
        return self.letter("x") if layer == 1 else self.letter("a", layer - 1)

    def has_bias(self, layer: int) -> bool:
        """Whether the units of a layer have biases."""
        own = self.graph.blocks[layer - 1].parameters
        return any(self.graph[name].place.letter == "b" for name in own)

    def learns_bias(self, layer: int) -> bool:
        """Whether updates move the biases of a layer."""
        own = self.graph.blocks[layer - 1].parameters
        return self.graph[own[-1]].role == "parameter"

    def units(self, layer: int, which: int) -> Matrix:
        """Pre-activations (0) or activations (1) of every unit and sample."""
        columns = [[unit[which] for unit in sample[layer - 1]] for sample in self.samples]
        return _matrix(zip(*columns, strict=True))

    def inputs(self, layer: int) -> Matrix:
        """What enters a layer, entry by entry."""
        if layer > 1:
            return self.units(layer - 1, 1)
        quantities = list(self.graph.of_role("input"))
        size = len(quantities) // len(self.samples)
        columns = [
            [q.id for q in quantities[i : i + size]] for i in range(0, len(quantities), size)
        ]
        return _matrix(zip(*columns, strict=True))

    def weights(self, layer: int) -> Matrix:
        """The weights of a layer, entry by entry."""
        zs = [z for z, _ in self.samples[0][layer - 1]]
        graph = self.graph
        rows = [
            [u for u in graph[z].uses if graph[u].typed and graph[u].role != "input"] for z in zs
        ]
        return _matrix(row[: self.widths[layer - 1]] for row in rows)

    def biases(self, layer: int) -> Matrix:
        """The biases of a layer as a column, entry by entry."""
        zs = [z for z, _ in self.samples[0][layer - 1]]
        return _matrix([self.graph[z].uses[-1]] for z in zs)

    def by(self, root: str, matrix: Matrix) -> Matrix:
        """The derivatives of the error by every entry."""
        return Matrix(
            tuple(
                tuple(Name(self.graph.derivative(root, id_of(e))) for e in row)
                for row in matrix.rows
            )
        )

    def errors_by(self, matrix: Matrix) -> Matrix:
        """The same by entries of which each column belongs to a sample of its own."""
        roots = self.graph.roots
        return Matrix(
            tuple(
                tuple(
                    Name(self.graph.derivative(root, id_of(e)))
                    for root, e in zip(roots, row, strict=True)
                )
                for row in matrix.rows
            )
        )

    def slopes(self, layer: int) -> Matrix:
        """The slope of each activation by its own pre-activation."""
        zs, outputs = self.units(layer, 0), self.units(layer, 1)
        pairs = zip(outputs.rows, zs.rows, strict=True)
        return Matrix(
            tuple(
                tuple(
                    Name(self.graph.derivative(id_of(a), id_of(z)))
                    for a, z in zip(above, below, strict=True)
                )
                for above, below in pairs
            )
        )


def _matrix(rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> Matrix:
    return Matrix(tuple(tuple(map(Name, row)) for row in rows))


def id_of(entry: Expr) -> str:
    """The id of an entry, which is a name."""
    assert isinstance(entry, Name)
    return entry.id
