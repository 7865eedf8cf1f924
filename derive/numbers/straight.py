"""Formulas as the text of a Python function in floats, compiled once: a first look, but faster.

It computes what `estimates` does, operation by operation, and refuses in the same places.
The text is made of our own trees alone: numbers by their value, names as quoted keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from derive.algebra.expressions import (
    Add,
    Call,
    Cases,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Pick,
    Pow,
    Value,
)
from derive.algebra.rules import full_args, row_text
from derive.numbers.compiling import Program, Undecided
from derive.numbers.estimates import NEAR, make_estimates
from derive.ops import FUNCTIONS

Run = Callable[[Mapping[str, float], Sequence[float], float], list[float]]
"""From known values, these in the order asked for, and a factor, to all in that order."""
ESTIMATES = make_estimates(lambda: None)


def _divide(top: float, bottom: float) -> float:
    if abs(bottom) < NEAR:
        raise Undecided
    return top / bottom


def _choose(operands: tuple[float, ...], values: tuple[Callable[[], float], ...]) -> float:
    """The value that belongs to the first of the largest operands."""
    place = 0
    for other in range(1, len(operands)):
        if ESTIMATES.sign(operands[other] - operands[place]) > 0:
            place = other
    return values[place]()


SCOPE: dict[str, Any] = {
    "__builtins__": {},
    "divide": _divide,
    "power": ESTIMATES.power,
    "sign": ESTIMATES.sign,
    "choose": _choose,
    **{name: partial(ESTIMATES.primitive, name) for name in ("exp", "sin", "cos", "log", "ln")},
    **{name: partial(ESTIMATES.primitive, name) for name in ("sqrt", "normal_cdf", "normal_pdf")},
}
"""What the text may call."""


def compile_straight(formulas: Iterable[tuple[str, Expr]], order: Sequence[str]) -> Run:
    """A function that computes some formulas, each after those that it uses.

    What they do not compute of the ids in `order` is taken as it is known; `unit` is a factor
    of all results. The function raises Undecided and NotDefined as `estimates` does.
    """
    formulas = list(formulas)
    try:
        return _compile_text(formulas, order)
    except (SyntaxError, RecursionError, MemoryError):  # Python nests no deeper
        return _compile_tree(formulas, order)


def _compile_tree(formulas: Sequence[tuple[str, Expr]], order: Sequence[str]) -> Run:
    """The same by closures."""
    program = Program(formulas, ESTIMATES)

    def run(known: Mapping[str, float], _: Sequence[float], unit: float) -> list[float]:
        values = program.run(known)
        return [values[name] * unit for name in order]

    return run


def _compile_text(formulas: Sequence[tuple[str, Expr]], order: Sequence[str]) -> Run:
    made: dict[str, str] = {}
    lines = []
    for name, expr in formulas:
        text = _Text(made).write(expr)
        made[name] = f"v{len(made)}"
        lines.append(f"    {made[name]} = {text}")
    cells = (
        f"{made[name]} * unit" if name in made else f"row[{i}]" for i, name in enumerate(order)
    )
    lines.append(f"    return [{', '.join(cells)}]")
    scope = dict(SCOPE)
    exec("def run(known, row, unit):\n" + "\n".join(lines), scope)  # noqa: S102  our own text
    run: Run = scope["run"]
    return run


class _Text:
    """Writes formulas; `names` are the variables of what was computed before."""

    def __init__(
        self, names: Mapping[str, str], arguments: Mapping[str, str] | None = None
    ) -> None:
        self._names = names
        self._arguments = arguments

    def write(self, expr: Expr) -> str:
        """The formula, in parentheses unless it is a name, a number or a call."""
        return WRITERS[type(expr)](self, expr)

    def number(self, expr: Num) -> str:
        """A literal."""
        value = float(expr.text)
        return repr(value) if value >= 0 else f"({value!r})"

    def sum(self, expr: Add) -> str:
        """Terms in their order."""
        return f"({' + '.join(map(self.write, expr.terms))})"

    def product(self, expr: Mul) -> str:
        """Factors in their order."""
        return f"({' * '.join(map(self.write, expr.factors))})"

    def cases(self, expr: Cases) -> str:
        """The branch of the subject's sign; no other one is computed."""
        subject, *sides = map(self.write, (expr.subject, expr.positive, expr.negative, expr.zero))
        positive, negative, zero = sides
        return (
            f"({positive} if (side := sign({subject})) > 0"
            f" else {negative} if side < 0 else {zero})"
        )

    def pick(self, expr: Pick) -> str:
        """The value of the largest operand; no other one is computed."""
        compared = ", ".join(map(self.write, expr.operands))
        chosen = ", ".join(f"lambda: {self.write(value)}" for value in expr.values)
        return f"choose(({compared},), ({chosen},))"

    def call(self, expr: Call) -> str:
        """A function by its definition, of which each argument is computed once."""
        function = FUNCTIONS[expr.function].take(len(expr.args))
        args = [self.write(arg) for arg in full_args(function, expr.args)]
        if function.computed is None:
            return f"{expr.function}({args[0]})"
        inner = {name: f"{name}_" for name in function.parameters}
        body = _Text(self._names, inner).write(row_text(function.computed))
        return f"(lambda {', '.join(inner.values())}: {body})({', '.join(args)})"

    def name(self, name: str) -> str:
        """A variable, or a look at what is known."""
        if self._arguments is not None:
            return self._arguments[name]
        return self._names.get(name) or f"known[{name!r}]"


WRITERS: dict[type, Callable[[_Text, Any], str]] = {
    Num: _Text.number,
    Name: lambda text, expr: text.name(expr.id),
    Value: lambda text, expr: text.name(expr.id),
    Neg: lambda text, expr: f"(-{text.write(expr.arg)})",
    Add: _Text.sum,
    Mul: _Text.product,
    Div: lambda text, expr: f"divide({text.write(expr.top)}, {text.write(expr.bottom)})",
    Pow: lambda text, expr: f"power({text.write(expr.base)}, {text.write(expr.exponent)})",
    Call: _Text.call,
    Cases: _Text.cases,
    Pick: _Text.pick,
}
