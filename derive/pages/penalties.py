"""The penalty on large weights: the error with it, the gradients, what it does to an update."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from derive.algebra.expressions import Add, Mul, Name, Neg, Num
from derive.graph import Quantity
from derive.naming import DATA, LEARNING_RATE, PENALTY, TOTAL
from derive.numbers import balls, rounding
from derive.pages.document import Block, Lines, Part, Row
from derive.pages.writing import write_number

if TYPE_CHECKING:
    from derive.pages.network import NetworkSheet

L1, L2 = "l1", "l2"
Factors = Mapping[str, Quantity]
"""The factor of each part of a penalty."""
KINDS = {(L2,): "penalty_l2", (L1,): "penalty_l1", (L2, L1): "penalty_both"}
"""The sentence that says what is added, by what is given."""


def penalty_blocks(sheet: NetworkSheet, factors: Factors) -> Iterator[Block]:
    """The penalty and the total error."""
    yield sheet.heading("penalty")
    yield sheet.say(KINDS[tuple(factors)])
    if not sheet.in_batches:
        yield sheet.say("penalty_apart", data=Name(DATA), penalty=Name(PENALTY), total=Name(TOTAL))
    yield from sheet.first_worked(sheet.steps(PENALTY, TOTAL))


def gradient_blocks(sheet: NetworkSheet) -> Iterator[Block]:
    """The penalty by each weight, then the total error by each parameter."""
    objective = sheet.graph.batch(1).objective
    parameters = [q.id for q in sheet.graph.of_role("parameter")]
    weights = [p for p in parameters if sheet.chain.is_penalised(p)]
    yield sheet.heading("penalised")
    yield sheet.say("penalty_slope", penalty=Name(PENALTY), weight=Name(weights[0]))
    yield from sheet.leveled(sheet.steps(*(sheet.graph.derivative(PENALTY, w) for w in weights)))
    yield sheet.say("penalty_sum")
    yield from sheet.leveled(
        sheet.steps(*(sheet.graph.derivative(objective, p) for p in parameters))
    )


def decay_blocks(sheet: NetworkSheet, factors: Factors) -> Iterator[Block]:
    """That a step of plain descent shrinks a weight, where the penalty is one of squares."""
    if tuple(factors) != (L2,) or sheet.graph.method is not None:
        return
    name, typed = factors[L2].id, factors[L2].typed
    weight = next(p for p in sheet.graph.parameters if sheet.chain.is_penalised(p))
    rate, factor, old = Name(LEARNING_RATE), Name(name), Name(weight)
    data = Name(sheet.graph.derivative(sheet.graph.batch(1).data, weight))
    share = Add((Num("1"), Neg(Mul((rate, factor)))))
    whole = Add((old, Neg(Mul((rate, Add((data, Mul((factor, old)))))))))
    apart = Add((Mul((share, old)), Neg(Mul((rate, data)))))
    exact = 1 - balls.exact(sheet.graph[LEARNING_RATE].typed) * balls.exact(typed)
    shown = rounding.show(exact, sheet.spec.decimals)
    yield sheet.say("decay", weight=old)
    yield Lines((Row(Name(sheet.graph.after(weight, 1)), (Part("=", whole), Part("=", apart))),))
    yield Lines((Row(share, (write_number(shown),)),))
