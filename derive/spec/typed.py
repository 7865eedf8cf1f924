"""A number of a spec out of plain data, as its author typed it."""

from __future__ import annotations

from derive.algebra import literals
from derive.algebra.literals import Typed
from derive.errors import spell


def read_typed(value: object, *, numbers_as_text: bool) -> Typed:
    """The number; raises ValueError with a sentence for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"expected a number, got {_kind_of(value)}")  # noqa: TRY004  msgspec passes it on
    if isinstance(value, str) and not isinstance(value, Typed) and not numbers_as_text:
        raise ValueError("expected a number, got a string; write it without quotes")
    text = spell(value)
    problem = literals.problem_with(text)
    if problem:
        raise ValueError(problem)
    return Typed(literals.normalise(text))


def _kind_of(value: object) -> str:
    names = {bool: "true or false", dict: "a table", list: "a list", str: "a string"}
    return names.get(type(value), "a date or another value")
