"""The way back through a layer in lines of matrices, and one entry of a line by ids.

What the lines hold is derived before, entry by entry; a layer says only how it reads at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from derive import naming
from derive.algebra.expressions import (
    ONE,
    Add,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Transposed,
    add,
    mul,
)
from derive.graph import Quantity

Back = Callable[[str], Name]
"""The derivative of the error by a quantity."""
ONES = Name("[1]")
"""A column of ones."""
IDENTITY = Name("[I]")
"""1 on the diagonal, 0 elsewhere."""
TAKES, GIVES = Name("[X]"), Name("[H]")
"""All that the layer takes, and all that it gives."""


class Line(msgspec.Struct, frozen=True):
    """`left` = `right` in matrices.

    `says` are keys of the wording, sentences on how the line is to be read. `of` is what
    one entry of `left` is a derivative by, and `entry` how the right side reads there;
    without it, the sum of error signals times last factors. An empty `of` checks nothing.
    """

    left: Expr
    right: Expr
    says: tuple[str, ...] = ()
    of: str = ""
    entry: Callable[[Back], Expr] | None = None


class Letters(msgspec.Struct, frozen=True):
    """How a page calls the matrices of a layer, and what the layer computes for one sample.

    `hands_on` says that what it takes has a derivative, and that through this layer alone.
    """

    root: str
    parameters: tuple[Quantity, ...]
    quantities: tuple[Quantity, ...]
    hands_on: bool

    def back(self, matrix: Name) -> Name:
        """The derivatives of the error by all entries of a matrix."""
        return Name(naming.derivative_id(self.root, matrix.id))

    def first(self, letter: str) -> str:
        """The first parameter of a letter."""
        return next((q.id for q in self.parameters if q.place.letter == letter), "")

    def all(self, letter: str) -> list[Quantity]:
        """What the layer computes under a letter."""
        return [q for q in self.quantities if q.place.letter == letter]


def write_weights(letters: Letters, says: str, weights: str = "W") -> Line:
    """The gradient of weights that are used at every step: a column for each.

    `weights` is the letter of those of which one number is checked.
    """
    left, signals = letters.back(Name("[W]")), letters.back(Name("[Z]"))
    return Line(left, Mul((signals, Transposed(TAKES))), (says,), letters.first(weights))


def combine_routes(
    letters: Letters, deviation: str, *, centred: bool, less: int = 0
) -> Iterator[Line]:
    """The routes of a norm in one line; `less` is what the variance divides by less than n.

    Ioffe and Szegedy (2015) print the three routes; the line is their sum.
    """
    deviations = letters.all(deviation)
    if not deviations or not letters.hands_on:
        return
    first, *others = deviations
    rows = [q for q in letters.all("n") if first.id in q.uses]
    share, own_share = (_write_share(len(rows) - n) for n in (0, less))
    over = Div(ONE, Name(first.id))
    normalised = Name("[n]")

    def combine(diagonal: Expr | None, ones: Sequence[Expr], own: Sequence[Expr]) -> Expr:
        through_mean = [Neg(mul(*share, *ones) if share or ones else ONE)] * centred
        through_deviation = Neg(mul(*own_share, *own))
        terms = [diagonal] if diagonal else []
        return add(*terms, *through_mean, through_deviation)

    def entry(back: Back) -> Expr:
        parts: list[Expr] = []
        for q in rows:
            diagonal = None if parts else ONE
            own = (Name(rows[0].id), Name(q.id))
            parts.append(Mul((over, back(q.id), combine(diagonal, (), own))))
        return Add(tuple(parts))

    ones, own = (ONES, Transposed(ONES)), (normalised, Transposed(normalised))
    whole = combine(IDENTITY, ones, own)
    right = Mul((over, whole, letters.back(normalised)))
    says = ("norm", *["norm_ones"] * centred, *["norm_first"] * bool(others))
    yield Line(letters.back(TAKES), right, says, rows[0].uses[0], entry)


def _write_share(count: int) -> tuple[Expr, ...]:
    """One over a number as a factor; nothing where that is 1."""
    return (Div(ONE, Num(str(count))),) if count > 1 else ()
