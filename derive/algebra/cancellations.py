"""What is left of an error signal where the slopes of loss and activation cancel.

The product is derived, never asserted: both slopes come from `lemmas`, and
each line after it is compared with it by SymPy, once; `proved.json` holds what
has been compared before.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import chain

from derive.algebra import vectors
from derive.algebra.expressions import Add, Call, Expr, Mul, Name, Neg, Num, add, substitute
from derive.algebra.grammar import to_text
from derive.algebra.lemmas import known_proofs, slope
from derive.algebra.rules import Line, row_text
from derive.errors import InternalError
from derive.ops import CANCELLATIONS, LOSSES, VECTOR_CANCELLATIONS, VectorCancellation

OUTPUT, TARGET, OUTPUTS, BEFORE = "o", "t", "n", "z"
"""Names in the texts of the tables, and that of the pre-activation."""
MOST_OUTPUTS = 10
"""Outputs up to which a sum over all of them is proved."""


@cache
def cancel_slopes(loss: str, function: str | None, outputs: int) -> tuple[Line, ...]:
    """The lines from the product of two slopes to what is left, in `t` and `o`.

    No line where nothing cancels. Raises InternalError where SymPy disagrees.
    """
    row = CANCELLATIONS.get((loss, function or ""))
    if row is None:
        return ()
    count: dict[str, Expr] = {OUTPUTS: Num(str(outputs))}
    unit = substitute(row_text(LOSSES[loss].unit), count)
    call = Call(row.function, (Name(BEFORE),))
    product = _product(slope(unit, OUTPUT), slope(call, BEFORE, Name(OUTPUT)))
    lines = (
        Line(product, ()),
        *(Line(substitute(row_text(line.text), count), (line.rule,)) for line in row.lines),
    )
    texts = [to_text(line.expr) for line in lines]
    if known_proofs().get(texts[0]) != texts:
        _prove(lines)
    return lines


def _product(*slopes: Expr) -> Expr:
    """The product as it is written: factors side by side, the sign in front."""
    factors: list[Expr] = []
    for part in slopes:
        bare = part.arg if isinstance(part, Neg) else part
        factors.extend(bare.factors if isinstance(bare, Mul) else (bare,))
    negative = sum(isinstance(part, Neg) for part in slopes) % 2
    return Neg(Mul(tuple(factors))) if negative else Mul(tuple(factors))


def _prove(lines: tuple[Line, ...]) -> None:
    from derive.algebra import symbolic  # noqa: PLC0415  only lines that are new need SymPy

    first, *others = (line.expr for line in lines)
    if not symbolic.equal(first, others):
        raise InternalError(f"SymPy does not confirm what is left of {to_text(first)}")


def cancel_vector_slopes(
    loss: str, vector: str, outputs: tuple[str, ...], targets: tuple[str, ...]
) -> tuple[Line, ...]:
    """The lines of the first unit's error signal, from the sum over all outputs to what is left.

    No line where nothing cancels, nor for more than MOST_OUTPUTS. The targets add
    up to 1, which the last line uses. Raises InternalError where SymPy disagrees.
    """
    row = VECTOR_CANCELLATIONS.get((loss, vector))
    if row is None or len(outputs) > MOST_OUTPUTS:
        return ()
    prove_vector_cancellation(loss, vector, len(outputs))
    return _write_vector_lines(row, outputs, targets)


@cache
def prove_vector_cancellation(loss: str, vector: str, count: int) -> tuple[str, ...]:
    """The lines for so many outputs as text, once SymPy has confirmed each."""
    row = VECTOR_CANCELLATIONS[loss, vector]
    outputs = tuple(f"o{i}" for i in range(1, count + 1))
    targets = tuple(f"t{i}" for i in range(1, count + 1))
    lines = _write_vector_lines(row, outputs, targets)
    texts = tuple(to_text(line.expr) for line in lines)
    if known_proofs().get(texts[0]) != list(texts):
        last: dict[str, Expr] = {targets[-1]: add(Num("1"), *(Neg(Name(t)) for t in targets[:-1]))}
        _prove(lines[:-1])
        _prove(tuple(Line(substitute(line.expr, last), ()) for line in (lines[0], lines[-1])))
    return texts


def _write_vector_lines(
    row: VectorCancellation, outputs: tuple[str, ...], targets: tuple[str, ...]
) -> tuple[Line, ...]:
    own: dict[str, Expr] = {"t": Name(targets[0]), "o": Name(outputs[0])}
    own["T"] = add(*map(Name, targets))
    lines = [Line(add(*_products(row, outputs, targets)), ())]
    for rule, unit, other in row.lines:
        terms = [substitute(row_text(unit), own)]
        terms += [substitute(row_text(other), own | {"u": Name(t)}) for t in targets[1:]]
        lines.append(Line(add(*chain.from_iterable(map(_terms, terms))), (rule,)))
    lines.append(Line(substitute(row_text(row.factored), own), ("factor_out",)))
    lines.append(Line(substitute(row_text(row.left), own), ("targets_sum",)))
    return tuple(lines)


def _terms(expr: Expr) -> tuple[Expr, ...]:
    return expr.terms if isinstance(expr, Add) else (expr,)


def _products(
    row: VectorCancellation, outputs: tuple[str, ...], targets: tuple[str, ...]
) -> Iterator[Expr]:
    """The slope of the loss by each output times that output's slope by the first unit."""
    unit = row_text(LOSSES[row.loss].unit)
    first = Name(outputs[0])
    for output, target in zip(map(Name, outputs), targets, strict=True):
        before = Name(BEFORE) if output == first else Name("v")
        own = vectors.Units(before, output, Name(BEFORE), first, Name(vectors.SUM))
        by_output = substitute(slope(unit, OUTPUT), {OUTPUT: output, TARGET: Name(target)})
        yield _product(by_output, vectors.take_slope(row.vector, own))
