"""The way back through attention in lines of matrices: a row for each token, head by head."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derive.algebra.expressions import Add, Div, Elementwise, Expr, Mul, Name, Neg, Transposed
from derive.graph import Quantity
from derive.layers.base import has_activation
from derive.layers.compact import GIVES, ONES, Back, Letters, Line
from derive.layers.site import Layer


def write_compact(layer: Layer, letters: Letters) -> Iterator[Line]:
    """To values and shares, through the softmax of each row, to queries and keys.

    What nothing projects is the input itself, whose signal has other routes too.
    """
    if has_activation(layer):
        return
    shares, scores, queries, keys, values = (Name(f"[{letter}]") for letter in "PSQKV")
    signals = letters.back(GIVES)
    if letters.all("v"):
        yield Line(letters.back(values), Mul((Transposed(shares), signals)))
    yield Line(letters.back(shares), Mul((signals, Transposed(values))), ("attention",))
    yield _through_softmax(letters, shares, scores)
    formula = letters.all("s")[0].expr
    root = formula.bottom if isinstance(formula, Div) else None
    back = letters.back(scores)
    ways = (("q", queries, Mul((back, keys))), ("k", keys, Mul((Transposed(back), queries))))
    for letter, left, right in ways:
        if letters.all(letter):
            yield Line(letters.back(left), Div(right, root) if root else right)


def _through_softmax(letters: Letters, shares: Name, scores: Name) -> Line:
    """Each share times what its signal is above the mean of its row, weighted by the shares."""
    signals = letters.back(shares)
    means = Mul((Elementwise(shares, signals), ONES, Transposed(ONES)))
    right = Elementwise(shares, Add((signals, Neg(means))))
    rows = ((s.id, _list_row(letters, s.id)) for s in letters.all("s"))
    score, row = next(((score, row) for score, row in rows if len(row) > 1), ("", []))
    return Line(letters.back(scores), right, of=score, entry=partial(_write_score, row))


def _list_row(letters: Letters, score: str) -> list[Quantity]:
    """The shares that depend on a score, its own first."""
    row = [p for p in letters.all("p") if score in p.uses]
    return sorted(row, key=lambda p: p.uses[0] != score)


def _write_score(row: list[Quantity], back: Back) -> Expr:
    own = row[0].id
    less = (Neg(Mul((Name(own), Name(p.id), back(p.id)))) for p in row)
    return Add((Mul((Name(own), back(own))), *less))
