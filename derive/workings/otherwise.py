"""Other meanings of functions, for where the usual one would make a line false."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from derive.algebra.expressions import ONE, Add, Call, Div, Expr, Mul, Num, Pow, transform
from derive.workings.parts import Part

Change = Callable[[Expr], "Expr | None"]
BASES = (Num("10"), Num("2"))
"""Of a logarithm that is not the natural one."""
ROOT, CUBIC = Num("0.79788456080286535587989211986876"), Num("0.044715")
"""Of the GELU with tanh (Hendrycks and Gimpel, 2016): the root of 2/pi, the factor of the cube."""
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


def _take_tanh(node: Expr) -> Expr | None:
    """GELU as most programs compute it: x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))."""
    if not isinstance(node, Call) or node.function != "gelu":
        return None
    (arg,) = node.args
    inner = Mul((ROOT, Add((arg, Mul((CUBIC, Pow(arg, Num("3"))))))))
    return Div(Mul((arg, Add((ONE, Call("tanh", (inner,)))))), Num("2"))


CHANGES: tuple[Change, ...] = (*map(_take_base, BASES), _take_degrees, _take_tanh)


def change_part(part: Part, change: Change) -> Part:
    """A member with another meaning of some of its functions."""
    if part.member is None:
        return part
    member = msgspec.structs.replace(part.member, expr=transform(part.member.expr, change))
    return msgspec.structs.replace(part, member=member)
