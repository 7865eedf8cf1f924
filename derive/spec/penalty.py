"""The penalty on large weights: a quantity of its own, added to the error of the data.

Biases carry none. A weight stands in one term of each sum, so the derivative by
it is that of its own terms.
"""

from __future__ import annotations

from derive.algebra.expressions import Call, Div, Expr, Mul, Name, Num, Pow, add
from derive.algebra.literals import Typed
from derive.graph import Quantity
from derive.naming import PENALTY, Place
from derive.spec.model import Regularisation

L1, L2 = "l1", "l2"
HALF = Div(Num("1"), Num("2"))


def factors(given: Regularisation | None) -> dict[str, tuple[str, Typed]]:
    """By key the id of its factor and the number: `lambda`, of two `lambda1` and `lambda2`."""
    given_factors = {key: getattr(given, key) for key in (L2, L1) if given and getattr(given, key)}
    return {
        key: ("lambda" + (key[1:] if len(given_factors) > 1 else ""), typed)
        for key, typed in given_factors.items()
    }


def penalty(given: Regularisation, weights: tuple[str, ...], *, varies: bool) -> Quantity:
    """The penalty as a quantity over all weights."""
    own = factors(given)
    expr = _written(given, weights)
    uses = (*(name for name, _ in own.values()), *weights)
    return Quantity(PENALTY, Place("penalty"), varies, expr, uses=uses)


def _written(given: Regularisation, weights: tuple[str, ...]) -> Expr:
    parts: list[Expr] = []
    for key, (name, _) in factors(given).items():
        if key == L2:
            squares = add(*(Pow(Name(w), Num("2")) for w in weights))
            parts.append(Mul((HALF, Name(name), squares)))
        else:
            sizes = add(*(Call("abs", (Name(w),)) for w in weights))
            parts.append(Mul((Name(name), sizes)))
    return add(*parts)
