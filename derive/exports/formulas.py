"""A tree of ours as a Python expression of PyTorch tensors; no text of a file is copied."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterable, Mapping

from derive.algebra.expressions import (
    ATOM,
    Add,
    Call,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Pow,
    names,
    precedence,
    transform,
)
from derive.errors import InternalError
from derive.exports.writing import short, write_float
from derive.ops import FUNCTIONS

TAKEN = frozenset(
    "torch nn show print zip range len max after count optimizer computed expected isclose "  # noqa: SIM905  a list of words reads best as words
    "value values name ids wrong corner near apart missing map ImportError".split()
)
"""Names that a script uses itself, builtins among them."""


def choose_identifiers(ids: Iterable[str], taken: Collection[str] = TAKEN) -> dict[str, str]:
    """Each id as a Python name of its own, not one of `taken`: `lambda` becomes `lambda_`.

    Ids are names of our grammar, so they are ASCII letters, digits and `_`.
    """
    wanted = list(ids)

    def is_taken(name: str) -> bool:
        return keyword.iskeyword(name) or name in taken

    used = {name for name in wanted if not is_taken(name)}
    names_by_id: dict[str, str] = {}
    for name in wanted:
        own = name
        if is_taken(name):
            while is_taken(own) or own in used:
                own += "_"
            used.add(own)
        names_by_id[name] = own
    return names_by_id


class Formula:
    """Writes trees with the Python names of their ids."""

    def __init__(self, own: Mapping[str, str]) -> None:
        """Keep which id has which Python name."""
        self.own = own

    def write_definition(self, expr: Expr) -> str:
        """The right side of an assignment; always a tensor with a gradient of its own.

        A copy is cloned: under one tensor two names would share one gradient.
        """
        if isinstance(expr, Name):
            return f"{self.own[expr.id]}.clone()"
        if not names(expr):
            return f"torch.as_tensor({self.write(_write_floats(expr))}).requires_grad_()"
        return self.write(expr)

    def write(self, expr: Expr, level: int = 0) -> str:
        """An expression, in parentheses where its surroundings bind tighter."""
        written = self._write_plain(expr)
        return f"({written})" if precedence(expr) < level else written

    def _write_plain(self, expr: Expr) -> str:
        if isinstance(expr, Num):
            return short(expr.text)
        if isinstance(expr, Name):
            return self.own[expr.id]
        if isinstance(expr, Neg):
            return "-" + self.write(expr.arg, 3)
        if isinstance(expr, Add):
            return self._write_sum(expr)
        if isinstance(expr, Mul):
            first, *others = expr.factors
            rest = (self.write(factor, 4) for factor in others)
            return " * ".join((self.write(first, 4 if isinstance(first, Mul) else 3), *rest))
        if isinstance(expr, Div):
            return f"{self.write(expr.top, 3)} / {self.write(expr.bottom, 4)}"
        if isinstance(expr, Pow):
            return f"{self.write_tensor(expr.base, ATOM)} ** {self.write(expr.exponent, ATOM)}"
        if isinstance(expr, Call):
            return self._write_call(expr)
        raise InternalError(f"a definition holds a {type(expr).__name__}")

    def _write_sum(self, expr: Add) -> str:
        pieces = [self.write(expr.terms[0], 2)]
        for term in expr.terms[1:]:
            if isinstance(term, Neg):
                pieces.append("- " + self.write(term.arg, 3))
            else:
                pieces.append("+ " + self.write(term, 3))
        return " ".join(pieces)

    def _write_call(self, expr: Call) -> str:
        row = FUNCTIONS[expr.function].take(len(expr.args))
        if not row.torch:
            raise InternalError(f"ops/functions.py: {row.name} has no text for PyTorch")
        args = [self.write_tensor(arg) for arg in expr.args]
        missing = len(row.parameters) - len(args)
        defaults = row.defaults[len(row.defaults) - missing :]
        return row.torch.format(
            *args, *(f"torch.tensor({write_float(text)})" for text in defaults)
        )

    def write_tensor(self, expr: Expr, level: int = 0) -> str:
        """An expression that is a tensor; Python would take a constant for a number.

        Then `9 ** 9 ** 9` would be computed to its last digit, and `exp` of a
        number refused.
        """
        if names(expr):
            return self.write(expr, level)
        if isinstance(expr, Num):
            return f"torch.tensor({write_float(expr.text)})"
        return f"torch.as_tensor({self.write(_write_floats(expr))})"


def _write_floats(expr: Expr) -> Expr:
    """A constant with no whole number in it: a tensor of those would be one of integers."""
    return transform(expr, lambda e: Num(write_float(e.text)) if isinstance(e, Num) else None)
