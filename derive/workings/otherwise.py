"""Other meanings of functions, for where the usual one would make a line false."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from derive.algebra.expressions import Call, Div, Expr, Mul, Num, transform
from derive.workings.parts import Part

Change = Callable[[Expr], "Expr | None"]
BASES = (Num("10"), Num("2"))
"""Of a logarithm that is not the natural one."""
DEGREE = Num("0.017453292519943295769236907684886")


def _take_base(base: Num) -> Change:
    """A logarithm to another base."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Call) and node.function == "log":
            return Div(Call("ln", node.args), Call("ln", (base,)))
        return None

    return change


def _take_degrees(node: Expr) -> Expr | None:
    """An angle in degrees."""
    if isinstance(node, Call) and node.function in ("sin", "cos", "tan"):
        return Call(node.function, (Mul((*node.args, DEGREE)),))
    return None


CHANGES: tuple[Change, ...] = (*map(_take_base, BASES), _take_degrees)


def change_part(part: Part, change: Change) -> Part:
    """A member with another meaning of some of its functions."""
    if part.member is None:
        return part
    member = msgspec.structs.replace(part.member, expr=transform(part.member.expr, change))
    return msgspec.structs.replace(part, member=member)
