"""Make `proved.json` anew: every shape of the tables, compared with SymPy.

Run `python -m derive.algebra.proving` after a change of a rule or a row; a test fails
while the file does not hold exactly what this module makes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from derive.algebra import vectors
from derive.algebra.cancellations import MOST_OUTPUTS, cancel_slopes, prove_vector_cancellation
from derive.algebra.expressions import Call, Expr, Name, Num, add, substitute
from derive.algebra.grammar import parse, to_text
from derive.algebra.lemmas import VARIABLE, evidence, shape_of
from derive.algebra.rules import differentiate, row_text
from derive.ops import CANCELLATIONS, FUNCTIONS, LOSSES, VECTOR_ACTIVATIONS, VECTOR_CANCELLATIONS

OUTPUTS = MOST_OUTPUTS
"""Widths of the output layer for which the losses are proved ahead."""
AFFINE = (
    "v",
    "v*a",
    "a*v",
    "v*a+b",
    "b+v*a",
    "b+v*a+c",
    "a*v+b",
    "b+a*v",
    "b+a*v+c",
    "v+a",
    "a+v",
)
CIRCUITS = ("-v", "v-a", "a-v", "v/a", "a/v", "v^2", "v^3", "(v+a)*b", "1/(1+exp(-v))", "exp(-v)")

PENALTIES = ("1/2*a*v^2", "a*abs(v)", "1/2*a*v^2+b*abs(v)")
"""What a weight adds to a penalty."""

LAYERS = (
    "a*tanh(v)",
    "v*a+(1-v)*b",
    "(v*a+b)/c",
    "(a+v*b)/c",
    "(a*v+b)/c",
    "(a+b*v)/c",
    "sqrt(v+0.00001)",
    "(a-v)/b",
    "(v+a)/b",
    "(a+v)/b",
    "(a+v+b)/c",
    "a*v/b",
)
"""What gates, scores, normalisation with the usual epsilon and dropout compute of one number."""
SQUARES = (
    "(v^2+a)/n",
    "(a+v^2+b)/n",
    "(a+v^2)/n",
    "((v+a)^2+b)/n",
    "(a+(v+b)^2+c)/n",
    "(a+(v+b)^2)/n",
)
"""The mean square of n numbers, and their variance, by one of them."""
UNITS = range(2, 9)
"""How many units a layer has for which its normalisation is proved ahead."""

THREE = 3
"""Values of max and min of which the slopes are known, too; of more they are proved when asked."""


def expressions() -> Iterator[Expr]:
    """Everything that the built-in tables can ask for, as functions of `v`."""
    three = [f.take(THREE) for f in FUNCTIONS.values() if f.extreme]
    for function in (*FUNCTIONS.values(), *three):
        if function.definition is not None:
            first = function.parameters[0]
            yield substitute(row_text(function.definition), {first: Name(VARIABLE)})
        for place in range(len(function.parameters)):
            args: list[Expr] = [Name(p) for p in "abc"[: len(function.parameters)]]
            args[place] = Name(VARIABLE)
            yield Call(function.name, tuple(args))
    for text in (*AFFINE, *CIRCUITS, *PENALTIES, *LAYERS, *_list_variances()):
        yield parse(text)
    for loss in LOSSES.values():
        for outputs in range(1, OUTPUTS + 1):
            values: dict[str, Expr] = {"o": Name(VARIABLE), "n": Num(str(outputs))}
            values["d"] = Num(loss.delta or "")
            unit = substitute(row_text(loss.unit), values)
            for before, after in product((False, True), repeat=2):
                yield add(*[Name("a")] * before, unit, *[Name("b")] * after)


def _list_variances() -> Iterator[str]:
    for count in UNITS:
        yield from (text.replace("n", str(count)) for text in SQUARES)
        spread = "+".join(f"(a{number}-v)^2" for number in range(count))
        yield f"({spread})/{count}"


def prove_all() -> dict[str, list[str]]:
    """Each shape, and each product that cancels, as text with its lines; only proved ones."""
    proofs: dict[str, list[str]] = {}
    for expr in expressions():
        shape = shape_of(expr, VARIABLE).expr
        text = to_text(shape)
        if text not in proofs:
            lines = differentiate(shape, VARIABLE)
            if evidence(shape, lines) == "proved":
                proofs[text] = [to_text(line.expr) for line in lines]
    for loss, function in CANCELLATIONS:
        for outputs in range(1, OUTPUTS + 1):
            texts = [to_text(line.expr) for line in cancel_slopes(loss, function, outputs)]
            proofs[texts[0]] = texts
    for loss, vector in VECTOR_CANCELLATIONS:
        for outputs in range(2, OUTPUTS + 1):
            sums = prove_vector_cancellation(loss, vector, outputs)
            proofs[sums[0]] = list(sums)
    for vector in VECTOR_ACTIVATIONS:
        proofs |= vectors.prove(vector)
    return dict(sorted(proofs.items()))


def write(path: Path) -> None:
    """Write the file that `lemmas` reads."""
    path.write_text(json.dumps(prove_all(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(__file__).with_name("proved.json"))
