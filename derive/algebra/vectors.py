"""Slopes of vector activations such as softmax, line by line and proved.

The proof holds for any number of units: the other exponentials of the sum do
not contain the variable, so one constant stands for them. `proved.json` holds
what SymPy has compared before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from derive.algebra.expressions import Call, Diff, Expr, Name, add, substitute
from derive.algebra.grammar import to_text
from derive.algebra.lemmas import known_proofs
from derive.algebra.rules import Line, row_text
from derive.errors import InternalError
from derive.ops import VECTOR_ACTIVATIONS, ProofLine

OWN, OTHER, SUM, OUTPUT, OTHER_OUTPUT, REST = "z", "v", "S", "y", "w", "c"
"""Names in the texts of the table, and the constant that stands for all other exponentials."""


class Units(msgspec.Struct, frozen=True):
    """Two units of a softmax layer, the first differentiated by the second's pre-activation."""

    z: Expr
    output: Expr
    other_z: Expr
    other_output: Expr
    total: Expr
    """What stands for the sum of all exponentials: the sum itself, or a name for it."""

    @property
    def alone(self) -> bool:
        """Whether both are the same unit."""
        return self.z == self.other_z

    def put(self, text: str) -> Expr:
        """A text of the table with these units in it."""
        values = {
            OWN: self.z,
            OTHER: self.other_z,
            SUM: self.total,
            OUTPUT: self.output,
            OTHER_OUTPUT: self.other_output,
        }
        return substitute(row_text(text), values)


def sum_exponentials(names: Sequence[str]) -> Expr:
    """The sum of exp over some pre-activations."""
    return add(*(Call("exp", (Name(name),)) for name in names))


def write_output(vector: str, z: str, total: Expr) -> Expr:
    """The output of the unit `z`; `total` is the sum of the exponentials of its layer.

    The own pre-activation is the first name in the formula.
    """
    return substitute(row_text(VECTOR_ACTIVATIONS[vector].unit), {OWN: Name(z), SUM: total})


def take_slope(vector: str, units: Units) -> Expr:
    """The taught slope of one unit by the pre-activation of another, or by its own."""
    return units.put(_list_taught(vector, alone=units.alone)[-1].text)


def write_lines(vector: str, units: Units) -> tuple[Line, ...]:
    """Every proved line from the question to the taught slope."""
    prove(vector)
    row = VECTOR_ACTIVATIONS[vector]
    question = Line(Diff(units.put(row.unit), _read_name(units.other_z)), ())
    taught = (Line(units.put(t.text), (t.rule,)) for t in _list_taught(vector, alone=units.alone))
    return (question, *taught)


def write_shift(vector: str) -> tuple[Line, ...]:
    """The proved lines that show: to add one number to every pre-activation changes nothing."""
    prove(vector)
    return tuple(
        Line(row_text(line.text), (line.rule,) if line.rule else ())
        for line in VECTOR_ACTIVATIONS[vector].shift
    )


@cache
def prove(vector: str) -> dict[str, list[str]]:
    """All lines of a row as text; raises InternalError where SymPy disagrees."""
    proofs = {}
    for title, question, taught in _list_claims(vector):
        texts = [to_text(expr) for expr in taught]
        if known_proofs().get(title) != texts:
            from derive.algebra import symbolic  # noqa: PLC0415  only lines that are new need SymPy

            if not symbolic.equal(question, taught, positive=(SUM,)):
                raise InternalError(f"SymPy does not confirm: {title}")
        proofs[title] = texts
    return proofs


def _list_claims(vector: str) -> Iterator[tuple[str, Expr, list[Expr]]]:
    """What has to be equal: a title, the question, its lines."""
    row = VECTOR_ACTIVATIONS[vector]
    for alone in (True, False):
        z, other = Name(OWN), Name(OWN if alone else OTHER)
        total = add(sum_exponentials([OWN] if alone else [OWN, OTHER]), Name(REST))
        output, other_output = (
            substitute(row_text(row.unit), {OWN: name, SUM: total}) for name in (z, other)
        )
        units = Units(z, output, other, other_output, total)
        taught = [units.put(line.text) for line in _list_taught(vector, alone=alone)]
        by = "its own" if alone else "another"
        yield f"{vector} by {by} pre-activation", Diff(output, other.id), taught
    question, *lines = (row_text(line.text) for line in row.shift)
    yield f"{vector} with every pre-activation shifted", question, lines


def _list_taught(vector: str, *, alone: bool) -> tuple[ProofLine, ...]:
    row = VECTOR_ACTIVATIONS[vector]
    return row.own if alone else row.other


def _read_name(expr: Expr) -> str:
    assert isinstance(expr, Name)
    return expr.id
