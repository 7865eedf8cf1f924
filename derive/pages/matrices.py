"""The same pass in matrices: shapes, then letters, then numbers.

Samples are columns: with one sample every quantity of a layer is a column, with
several a matrix with a column for each. Domain of the course, units 10 to 12.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.algebra.expressions import (
    Add,
    Div,
    Elementwise,
    Expr,
    Matrix,
    Mul,
    Name,
    Neg,
    Num,
    Transposed,
    walk,
)
from derive.naming import LEARNING_RATE
from derive.pages.document import Block, Grid, Lines, Part, Row, Words, cell
from derive.pages.layer_matrices import LayerMatrices, id_of
from derive.pages.transposing import ONES, show_rows_convention
from derive.pages.writing import with_values

MOST_COLUMNS, MOST_ROWS = 4, 6
"""Up to which a matrix is written out."""
MOST_CHARACTERS = 68
"""Of all matrices on one line."""


class Matrices(LayerMatrices):
    """The blocks of a network's sheet in matrices."""

    @property
    def asked(self) -> bool:
        """Whether the sheet asks for matrices: it is to be filled in, and all of them fit."""
        narrow = max(len(self.samples), *self.widths[:-1]) <= MOST_COLUMNS
        return self.sheet.level == "guided" and narrow and max(self.widths[1:]) <= MOST_ROWS

    def shapes(self) -> Iterator[Block]:
        """The dimension table and the convention."""
        yield self.sheet.under("shapes")
        if self.many:
            yield self.sheet.say("columns_many", error=Name("E"))
        else:
            yield self.sheet.say("columns_one")
        count = len(self.samples)
        rows = [self._shape(self.letter("x"), self.widths[0], count, "inputs_of")]
        for layer in range(1, self.depth + 1):
            units, sources = self.widths[layer], self.widths[layer - 1]
            rows.append(self._shape(self.weight(layer), units, sources, "weights_of"))
            if self.has_bias(layer):
                rows.append(self._shape(self.bias(layer), units, 1, "biases_of"))
            rows += [
                self._shape(self.letter("z", layer), units, count, "preactivations_of"),
                self._shape(self.letter("a", layer), units, count, "activations_of"),
                self._shape(self.letter("delta", layer), units, count, "signals_of"),
            ]
        columns = (Words("column.matrix"), Words("column.shape"), Words("column.holds"))
        yield Grid(columns, tuple(rows))
        yield self.sheet.say("gradient_shape")

    def _shape(self, name: Name, rows: int, columns: int, what: str) -> tuple[Row | Words, ...]:
        shape = Words("term.shape", {"rows": str(rows), "columns": str(columns)})
        return cell(name), shape, Words(f"term.{what}")

    def forward(self) -> Iterator[Block]:
        """Layer by layer, all units and samples at once."""
        yield self.sheet.under("in_matrices")
        for layer in range(1, self.depth + 1):
            yield from self.preactivations(layer)
            yield from self.activations(layer)
        if self.many:
            yield self.sheet.say("ones")

    def preactivations(self, layer: int) -> Iterator[Block]:
        """Weights times what the layer receives, and the biases."""
        units, sources, count = self.widths[layer], self.widths[layer - 1], len(self.samples)
        product: Expr = Mul((self.weight(layer), self.received(layer)))
        entries: Expr = Mul((self.weights(layer), self.inputs(layer)))
        shape = f"{units}×{count} = ({units}×{sources})({sources}×{count})"  # noqa: RUF001
        if self.has_bias(layer):
            column: Expr = self.biases(layer)
            shape += f" + {units}×1"  # noqa: RUF001
            if self.many:
                column = Matrix(tuple(row * count for row in self.biases(layer).rows))
            product = Add((product, self.repeated(self.bias(layer))))
            entries = Add((entries, column))
        yield self.sheet.say("shape_of", shape=shape)
        yield self.lines(self.letter("z", layer), product, self.units(layer, 0), entries)

    def repeated(self, bias: Expr) -> Expr:
        """The column of biases, under every sample where there are several."""
        return Mul((bias, Transposed(ONES))) if self.many else bias

    def activations(self, layer: int) -> Iterator[Block]:
        """The activations, entry by entry."""
        words = Words(f"activation.{self.graph.blocks[layer - 1].activation}")
        z, a = self.letter("z", layer), self.letter("a", layer)
        yield self.sheet.say("entry_by_entry", activation=words, z=z, a=a)
        yield self.lines(a, None, self.units(layer, 1))

    def pass_again(self) -> Iterator[Block]:
        """The pre-activations and activations with the new parameters, to be filled in."""
        for layer in range(1, self.depth + 1):
            received = self.received(layer) if layer == 1 else self.new(self.received(layer))
            product: Expr = Mul((self.new(self.weight(layer)), received))
            if self.has_bias(layer):
                bias = self.bias(layer)
                moved = self.new(bias) if self.learns_bias(layer) else bias
                product = Add((product, self.repeated(moved)))
            for which, right in ((0, product), (1, None)):
                left = self.new(self.letter("za"[which], layer))
                rows = self.units(layer, which).rows
                result = Matrix(tuple(tuple(self.new(e) for e in row) for row in rows))
                yield self.lines(left, right, result, worked=False)

    def new(self, name: Expr) -> Name:
        """A quantity after the last update."""
        return Name(self.graph.after(id_of(name), self.sheet.derivation.updates))

    def backward(self) -> Iterator[Block]:
        """The error signals from the last layer back, then every gradient."""
        yield self.sheet.under("in_matrices")
        for layer in range(self.depth, 0, -1):
            yield from self.signal(layer)
            yield from self.gradients(layer)
        if self.depth > 1:
            yield self.sheet.say("induction")
        yield from show_rows_convention(self.sheet)

    def signal(self, layer: int) -> Iterator[Block]:
        """The error signals of a layer."""
        delta = self.letter("delta", layer)
        result = self.errors_by(self.units(layer, 0))
        outer = self.errors_by(self.units(layer, 1))
        last = layer == self.depth
        vector = self.sheet.chain.is_vector(self.samples[0][layer - 1][0][1])
        error = "E" if self.many else "E_total"
        before: Expr = Name(self.graph.derivative(error, self.letter("a", layer).id))
        if not last:
            above = self.letter("delta", layer + 1)
            before = Mul((Transposed(self.weight(layer + 1)), above))
            yield self.sheet.say("routes_in_matrices", product=before, layer=str(layer))
            weights = self.weights(layer + 1)
            signals = self.errors_by(self.units(layer + 1, 0))
            yield from self.first_entry(layer, weights, signals)
            entries: Expr = Mul((Transposed(weights), signals))
        else:
            entries = outer
            if not vector:
                yield self.sheet.say("signal_of_outputs")
        if vector:
            yield self.sheet.say("coupled_in_matrices")
            yield self.lines(delta, None, result)
            return
        slope = Name(self.graph.matrix("Slopes" if self.many else "slopes", layer))
        symbols = Elementwise(before, slope)
        yield self.lines(delta, symbols, result, Elementwise(entries, self.slopes(layer)))

    def first_entry(self, layer: int, weights: Matrix, signals: Matrix) -> Iterator[Block]:
        """Entry (1, 1) of the product is the sum over the routes of the first unit."""
        terms = tuple(
            Mul((row[0], signal[0]))
            for row, signal in zip(weights.rows, signals.rows, strict=True)
        )
        unit = self.units(layer, 1).rows[0][0]
        whole = Name(self.graph.derivative(self.graph.roots[0], id_of(unit)))
        right: Expr = terms[0] if len(terms) == 1 else Add(terms)
        yield Lines((Row(whole, (Part("=", right),)),))

    def gradients(self, layer: int) -> Iterator[Block]:
        """The gradients of the weights and biases of a layer."""
        delta, received = self.letter("delta", layer), self.received(layer)
        weights = self.by("E_total", self.weights(layer))
        signals, inputs = self.errors_by(self.units(layer, 0)), self.inputs(layer)
        units, sources, count = self.widths[layer], self.widths[layer - 1], len(self.samples)
        yield self.sheet.say(
            "outer_product",
            shape=f"{units}×{sources} = ({units}×{count})({count}×{sources})",  # noqa: RUF001
        )
        yield self.lines(
            Name(self.graph.derivative("E_total", self.graph.matrix("W", layer))),
            self.shared(Mul((delta, Transposed(received)))),
            weights,
            self.shared(Mul((signals, Transposed(inputs)))),
        )
        if not self.has_bias(layer) or not self.learns_bias(layer):
            return
        right = self.shared(Mul((delta, ONES))) if self.many else delta
        biases = self.by("E_total", self.biases(layer))
        yield self.lines(
            Name(self.graph.derivative("E_total", self.graph.matrix("b", layer))),
            right,
            biases,
            worked=False,
        )

    def shared(self, product: Mul) -> Expr:
        """A sum over the samples, or their mean."""
        if not self.many or self.sheet.spec.reduction == "sum":
            return product
        share = Div(Num("1"), Num(str(len(self.samples))))
        return Mul((share, *product.factors))

    def update(self) -> Iterator[Block]:
        """The new weights of each layer at once."""
        for layer in range(1, self.depth + 1):
            pairs = [("W", self.weights(layer))]
            if self.has_bias(layer) and self.learns_bias(layer):
                pairs.append(("b", self.biases(layer)))
            for letter, old in pairs:
                name = self.graph.matrix(letter, layer)
                gradient = self.graph.derivative("E_total", name)
                new = Matrix(
                    tuple(tuple(Name(self.graph.after(id_of(e), 1)) for e in r) for r in old.rows)
                )
                step = Neg(Mul((Name(LEARNING_RATE), Name(gradient))))
                entries = Neg(Mul((Name(LEARNING_RATE), self.by("E_total", old))))
                yield self.lines(
                    Name(self.graph.after(name, 1)),
                    Add((Name(name), step)),
                    new,
                    Add((old, entries)),
                    worked=letter == "W" and layer == 1,
                )

    def lines(
        self,
        left: Expr,
        right: Expr | None,
        result: Matrix,
        entries: Expr | None = None,
        *,
        worked: bool = True,
    ) -> Lines:
        """Letters, then entries; on a page with answers the numbers, too.

        Where matrices are asked, `worked` says that the first entry stands above.
        """
        parts = [] if right is None else [Part("=", right)]
        if self.asked:
            parts.append(self._ask(result, worked=worked))
        elif self.sheet.level != "full":
            if _fits(result):
                parts.append(Part("=", result))
        else:
            if entries is not None and self._has_room(entries):
                parts.append(Part("=", with_values(entries)))
            if _fits(result):
                parts.append(Part("is", with_values(result)))
        if len(parts) <= 2:  # noqa: PLR2004  letters and one matrix stand on one line
            return Lines((Row(left, tuple(parts)),))
        first, *others = parts
        return Lines((Row(left, (first,)), *(Row(None, (part,)) for part in others)))

    def _ask(self, result: Matrix, *, worked: bool) -> Part:
        """A blank for each entry; the first one is printed if it was worked."""
        (first, *others), *below = result.rows
        head = with_values(first) if worked else self._blank(first)
        rows = [(head, *map(self._blank, others)), *(tuple(map(self._blank, r)) for r in below)]
        exact = all(self.sheet.numbers.is_exact(id_of(e)) for row in result.rows for e in row)
        return Part("=" if exact else "≈", Matrix(tuple(rows)))

    def _blank(self, entry: Expr) -> Expr:
        return self.sheet.write.blank(id_of(entry))

    def _has_room(self, entries: Expr) -> bool:
        """Whether all matrices of a line of numbers fit side by side."""
        matrices = [node for node in walk(entries) if isinstance(node, Matrix)]
        return all(map(_fits, matrices)) and sum(map(self._width, matrices)) <= MOST_CHARACTERS

    def _width(self, entries: Matrix) -> int:
        """The longest number of each column, and a space behind it."""
        count = self.sheet.numbers.count_characters
        columns = zip(*entries.rows, strict=True)
        return sum(max(count(e.id) for e in c if isinstance(e, Name)) + 1 for c in columns)


def _fits(matrix: Matrix) -> bool:
    return len(matrix.rows) <= MOST_ROWS and len(matrix.rows[0]) <= MOST_COLUMNS
