"""Right sides of definitions, also by cases, compared at points with functions that are known."""

from __future__ import annotations

import re

import msgspec

from derive.algebra.expressions import Call, Expr, Name, Num, substitute, walk
from derive.algebra.rules import apply_row_text
from derive.answers import Unreadable, read_member
from derive.audits.kinds import load_kinds
from derive.numbers import balls
from derive.numbers.balls import NotDefined, Value
from derive.ops import FUNCTIONS
from derive.workings.names import OWN, Defined, NoSheet, OwnNames
from derive.workings.worlds import evaluate

BITS = 96
POINTS = ("-2.3", "-0.7", "0.4", "1.9")
CONSTANT = balls.exact("0.17")
"""What a constant without a number stands for."""
CONSTANTS = ("alpha", "a", "k", "lambda", "c")
TINY = balls.exact("1e-20")
CASES = re.compile(r"\\begin\{cases\}(.*?)\\end\{cases\}", re.DOTALL)
CONDITION = re.compile(
    r"([A-Za-z])\s*(>=?|<=?|≥|≤|\\geq?|\\leq?|\\gt|\\lt|≧|≦)(?:slant)?\s*0(?![.\d])|0\s*(>=?|<=?|≥|≤|\\geq?|\\leq?)\s*[A-Za-z]"
)
OTHERWISE = re.compile(r"otherwise|else|그 외|그외|나머지")
SPLIT_ROW = re.compile(
    r"(?<!\\)&|,\s*(?=\\text|if|when|[A-Za-z]\s*[<>≥≤\\])|\\text\s*\{\s*(?:if|for|when)|\bif\b|\bfor\b"
)


class Branches(msgspec.Struct, frozen=True):
    """A formula on both sides of 0 and at it; `open_at_zero` says that none is given there."""

    below: Expr
    above: Expr
    zero: Expr | None

    @property
    def open_at_zero(self) -> bool:
        """Whether the text says nothing for 0."""
        return self.zero is None


def read_formula(text: str, variable: str, sign: str) -> Branches | None:
    """A right side, also by cases; None where it cannot be read."""
    cases = CASES.search(text)
    if cases is None:
        expr = _read(text, variable, sign)
        return None if expr is None else Branches(expr, expr, expr)
    below = above = zero = None
    rest: Expr | None = None
    for row in re.split(r"\\\\", cases.group(1)):
        pieces = SPLIT_ROW.split(row, 1)
        if len(pieces) != 2:  # noqa: PLR2004  a formula and when it holds
            continue
        expr = _read(pieces[0].strip().rstrip(","), variable, sign)
        side = _read_condition(pieces[1])
        if expr is None:
            return None
        if side == "rest":
            rest = expr
        above = expr if side[:1] == ">" else above
        below = expr if side[:1] == "<" else below
        zero = expr if side.endswith("=") else zero
    below, above, zero = below or rest, above or rest, zero or rest
    return Branches(below, above, zero) if below is not None and above is not None else None


def _read_condition(text: str) -> str:
    """`>`, `>=`, `<`, `<=` between the variable and 0; `rest` for all else; empty for none."""
    match = CONDITION.search(text)
    if match is None:
        return "rest" if OTHERWISE.search(text) else ""
    turned = match.group(2) is None
    sign = (match.group(2) or match.group(3)).replace("\\", "")
    size = ">" if sign[0] in ">≥≧g" else "<"
    equal = "=" if sign in (">=", "<=", "≥", "≤", "≧", "≦", "ge", "geq", "le", "leq") else ""
    return ({">": "<", "<": ">"}[size] if turned else size) + equal


def _read(text: str, variable: str, sign: str) -> Expr | None:
    """A formula in `z`, the function's own value `y` and constants."""
    names = OwnNames(NoSheet())
    for name in (variable, "yout", *CONSTANTS):
        spelt = names.spell_own(name)
        if spelt is not None:
            names.defined[spelt] = Defined(None)
    called = re.compile(rf"{re.escape(sign)}\s*(?:\\left)?\(\s*{variable}\s*(?:\\right)?\)")
    try:
        expr = read_member(called.sub(" yout ", text), "", names, 60).expr
    except Unreadable:
        return None
    given = {OWN + variable: Name("z"), OWN + "yout": Name("y")}
    return substitute(expr, given)


def recognise(formula: Branches, *, sloped: bool) -> list[str]:
    """The functions that a formula, or a slope, is that of."""
    typed = {
        balls.exact(node.text)
        for expr in (formula.below, formula.above)
        for node in walk(expr)
        if isinstance(node, Num) and 0 < node.value < 1
    }
    kinds = (name for name, kind in load_kinds().items() if not kind.shown)
    return [
        name
        for name in kinds
        if any(_agrees(formula, name, a, sloped=sloped) for a in (CONSTANT, *sorted(typed)))
    ]


def _agrees(formula: Branches, name: str, constant: Value, *, sloped: bool) -> bool:
    """Whether a formula has the values of a function at all points."""
    for text in POINTS:
        point = balls.exact(text)
        output = _compute(name, point, constant, sloped=False)
        wanted = _compute(name, point, constant, sloped=sloped)
        side = formula.below if point < 0 else formula.above
        table = {"z": point, "y": output}

        def operand(spelt: str, table: dict[str, Value | None] = table) -> Value:
            value = table.get(spelt, CONSTANT)
            if value is None:
                raise NotDefined(spelt)
            return value

        given = evaluate(side, operand, BITS)
        if given is None or wanted is None or not abs(given - wanted) < TINY:
            return False
    return True


def _compute(name: str, point: Value, constant: Value, *, sloped: bool) -> Value | None:
    """The value, or the slope, of a function at a point."""
    if name == "identity":
        return balls.ONE if sloped else point
    row = FUNCTIONS[name]
    arguments = tuple(Name(f"p{place}") for place in range(len(row.parameters)))
    table = {"p0": point, "p1": constant}
    value = evaluate(Call(name, arguments), table.__getitem__, BITS)
    if not sloped or value is None:
        return value
    slope = apply_row_text(row, arguments, row.slopes[0], Name("y"))
    return evaluate(slope, (table | {"y": value}).__getitem__, BITS)
