"""What is left of an error signal where the slopes of loss and activation cancel.

The product is derived, never asserted: both slopes come from `lemmas`, and
each line after it is compared with it by SymPy, once; `proved.json` holds what
has been compared before.
"""

from __future__ import annotations

from functools import cache

from derive.calculus import Line, row_text
from derive.errors import InternalError
from derive.expressions import Call, Expr, Mul, Name, Neg, Num, substitute
from derive.grammar import to_text
from derive.lemmas import known_proofs, slope
from derive.ops import CANCELLATIONS, LOSSES

OUTPUT, TARGET, OUTPUTS, BEFORE = "o", "t", "n", "z"
"""Names in the texts of the tables, and that of the pre-activation."""


@cache
def cancellation(loss: str, function: str | None, outputs: int) -> tuple[Line, ...]:
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
    from derive import symbolic  # noqa: PLC0415  only lines that are new need SymPy

    first, *others = (line.expr for line in lines)
    if not symbolic.equal(first, others):
        raise InternalError(f"SymPy does not confirm what is left of {to_text(first)}")
