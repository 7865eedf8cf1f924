"""Trees into boxes: parentheses, signs, room between factors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain

from derive.algebra.expressions import (
    ATOM,
    ONE,
    Add,
    Behind,
    Broken,
    Call,
    Cases,
    Diff,
    Div,
    Elementwise,
    Expr,
    Matrix,
    Mul,
    Name,
    Neg,
    Num,
    Pick,
    Pow,
    Sliding,
    Transposed,
    precedence,
)
from derive.algebra.rules import drop_conventions
from derive.ops import FUNCTIONS
from derive.pages.document import BLANK, NARROW, REFERENCE
from derive.render import boxes
from derive.render.boxes import Box, Fenced, Operator, Row, Symbol, attach, compose
from derive.render.joining import has_power, is_count, is_raised, needs_sign
from derive.render.notation import PARTIAL, REMEMBERED, Notation
from derive.render.reading import read

RAISED = frozenset({"sin", "cos", "tanh", "cosh", "log"})
"""Functions that take an exponent at their name."""
MINUS, THIN = Symbol("minus"), Symbol("thin")
ADDED, SUBTRACTED = Operator("+"), Operator("-")
Piece = tuple[Box, ...]
"""A factor or term behind what joins it to the one before."""


@lru_cache(maxsize=16)
def choose_printer(notation: Notation) -> Printer:
    """The printer of a notation, made once for all its pages."""
    return Printer(notation)


class Printer:
    """Makes boxes of trees, with the symbols of one notation."""

    def __init__(self, notation: Notation) -> None:
        """Keep the notation, and the formulas that come again."""
        self.notation = notation
        self.times = Operator(notation.symbols["product"].removeprefix("\\"))
        self._made = lru_cache(maxsize=REMEMBERED)(self._make)
        self._makers: dict[type, Callable[..., Box]] = {
            Num: self._number,
            Name: self._name,
            Neg: self._negative,
            Add: lambda expr: Row(tuple(chain.from_iterable(self._terms(expr)))),
            Mul: self._product,
            Div: self._fraction,
            Pow: self._power,
            Call: self._call,
            Cases: self._cases,
            Pick: self._pick,
            Diff: self._diff,
            Matrix: self._matrix,
            Transposed: self._transposed,
            Elementwise: self._elementwise,
            Sliding: self._sliding,
            Behind: self._behind,
            Broken: self._broken,
        }

    def __call__(self, expr: Expr) -> Box:
        """The boxes of a tree, made once."""
        return self._number(expr) if type(expr) is Num else self._made(expr)

    def _make(self, expr: Expr) -> Box:
        return self._makers[type(expr)](expr)

    def pieces(self, expr: Expr) -> list[Box]:
        """The same, cut at factors or terms; the pieces side by side are the whole."""
        if isinstance(expr, Add):
            return [compose(*piece) for piece in self._terms(expr)]
        if isinstance(expr, Mul):
            return [compose(*piece) for piece in self._factors(expr)]
        if isinstance(expr, Behind) and isinstance(expr.terms[0], Mul) and len(expr.terms) == 1:
            return [compose(*piece) for piece in self._factors(expr.terms[0], first=3)]
        return [self(expr)]

    def breaks(self, expr: Expr) -> list[Box]:
        """The same, cut where a line may end: before the terms of a sum, before a times sign."""
        if isinstance(expr, Add):
            return self.pieces(expr)
        if not isinstance(expr, Mul):
            return [self(expr)]
        first, *others = self._factors(expr)
        pieces = [list(first)]
        for joined, factor in zip(others, expr.factors[1:], strict=True):
            if joined[0] is self.times or isinstance(factor, Matrix | Transposed):
                pieces.append([])
            pieces[-1] += joined
        return [compose(*piece) for piece in pieces]

    def within(self, expr: Expr, level: int) -> Box:
        """The same in parentheses where it binds less tightly than `level`."""
        if type(expr) is Name:
            return self._name(expr)
        box = self._make(expr)
        loose = type(expr) is not Div and precedence(expr) < level
        return Fenced(box) if loose else box

    def _number(self, expr: Num) -> Box:
        mantissa, marker, power = expr.text.partition("e")
        if not marker:
            return _signed(mantissa)
        ten = boxes.Scripted(boxes.Number("10"), above=_signed(str(int(power))))
        return Row((_signed(mantissa), Operator("times"), ten))

    def _name(self, expr: Name) -> Box:
        if expr.id[0] == BLANK:
            return _blank(expr.id[1:])
        return self.notation.symbol(expr.id)

    def _negative(self, expr: Neg) -> Box:
        return Row((MINUS, self._behind_sign(expr.arg, 3)))

    def _terms(self, expr: Add) -> list[Piece]:
        """Each term with its sign."""
        first, *others = expr.terms
        return [(self.within(first, 2),), *self._signed(others)]

    def _signed(self, terms: Iterable[Expr]) -> list[Piece]:
        """Terms, each behind its sign."""
        pieces: list[Piece] = []
        for term in terms:
            if type(term) is Neg:
                pieces.append((SUBTRACTED, self._behind_sign(term.arg, 3)))
            else:
                pieces.append((ADDED, self._behind_sign(term, 2)))
        return pieces

    def _behind_sign(self, expr: Expr, level: int) -> Box:
        """A term behind + or -: a number that leads it with a minus gets parentheses."""
        if isinstance(expr, Mul):
            return self._product(expr, first=3)
        return self.within(expr, 3 if isinstance(expr, Num) else level)

    def _product(self, expr: Mul, first: int = 2) -> Box:
        """Numbers and derivatives with a sign between, symbols side by side.

        `first` is how tightly the first factor must bind; a negative number
        that begins a formula needs no parentheses.
        """
        return Row(tuple(chain.from_iterable(self._factors(expr, first))))

    def _factors(self, expr: Mul, first: int = 2) -> list[Piece]:
        """Each factor with what joins it to the one before."""
        last, *others = expr.factors
        level = first if type(last) is Num else 4 if type(last) is Elementwise else 3
        pieces: list[Piece] = [(self.within(last, level),)]
        for factor in others:
            box = self.within(factor, 4)
            if needs_sign(last, factor):
                pieces.append((self.times, box))
            elif type(factor) is not Name and boxes.find_opening(box) == "(":
                pieces.append((box,))
            else:
                pieces.append((THIN, box))
            last = factor
        return pieces

    def _fraction(self, expr: Div) -> Box:
        small = False
        if isinstance(expr.top, Num) and isinstance(expr.bottom, Num):
            small = "." not in expr.top.text + expr.bottom.text and not expr.bottom.is_zero
        return boxes.Fraction(self._make(expr.top), self._make(expr.bottom), small)

    def _power(self, expr: Pow) -> Box:
        exponent = self._make(expr.exponent)
        called = isinstance(expr.base, Call) and expr.base.function in RAISED
        if isinstance(expr.base, Call) and called and is_count(expr.exponent):
            name = read(FUNCTIONS[expr.base.function].tex)
            raised = attach(name, above=exponent, tight=True)
            return Row((raised, self._arguments(expr.base)))
        base = self.within(expr.base, ATOM)
        composed = isinstance(expr.base, Div | Neg) or type(base) is boxes.Fraction
        if called or composed or has_power(expr.base) or is_raised(base):
            base = Fenced(self._make(expr.base), grows=not called)
        return attach(base, above=exponent, tight=True)

    def _call(self, expr: Call) -> Box:
        if expr.function == "exp" and "exp" not in self.notation.symbols:
            return boxes.Scripted(Symbol("e"), above=self._make(expr.args[0]))
        if expr.function == "sqrt":
            return boxes.Wrapped("sqrt", self._make(expr.args[0]))
        if expr.function == "abs":
            return Fenced(self._make(expr.args[0]), "|", "|")
        return Row((self._function(expr.function), self._arguments(expr)))

    def _function(self, name: str) -> Box:
        """The lecturer's own name for a function, else that of its row."""
        return read(self.notation.symbols.get(name) or FUNCTIONS[name].tex)

    def _arguments(self, expr: Call) -> Box:
        first, *others = map(self._make, drop_conventions(expr).args)
        inside = (first, *(part for arg in others for part in (Operator(","), arg)))
        return Fenced(Row(inside))

    def _cases(self, expr: Cases) -> Box:
        subject = self._make(expr.subject)
        rows = [(expr.positive, ">"), (expr.zero, "="), (expr.negative, "<")]
        if expr.zero == expr.negative:
            rows = [(expr.positive, ">"), (expr.negative, "le")]
        conditions = (Row((subject, Operator(sign), boxes.Number("0"))) for _, sign in rows)
        values = (self._make(value) for value, _ in rows)
        return boxes.Table("cases", tuple(zip(values, conditions, strict=True)))

    def _pick(self, expr: Pick) -> Box:
        """The maximum; a slope of it by its value where an operand is the largest, and else."""
        first, *others = map(self._make, expr.operands)
        listed = Row((first, *(part for arg in others for part in (Operator(","), arg))))
        largest = Row((self._function("max"), Fenced(listed)))
        if expr.values == expr.operands:
            return largest
        taken = next(part for part, v in zip(expr.operands, expr.values, strict=True) if v == ONE)
        operand = self._make(taken)
        rows = tuple(
            (boxes.Number(value), Row((operand, Operator(sign), largest)))
            for value, sign in (("1", "="), ("0", "<"))
        )
        return boxes.Table("cases", rows)

    def _matrix(self, expr: Matrix) -> Box:
        return boxes.Table("bmatrix", tuple(tuple(map(self._make, row)) for row in expr.rows))

    def _transposed(self, expr: Transposed) -> Box:
        base = self.within(expr.arg, ATOM)
        if type(base) is boxes.Fraction:
            base = Fenced(base, grows=True)
        elif is_raised(base) and not isinstance(expr.arg, Matrix):
            base = Fenced(base)
        return attach(base, above=Symbol("top"))

    def _elementwise(self, expr: Elementwise) -> Box:
        return Row((self.within(expr.left, 3), Operator("odot"), self.within(expr.right, 4)))

    def _sliding(self, expr: Sliding) -> Box:
        sign = Operator("ast" if expr.turned else "star")
        return Row((self.within(expr.left, 3), sign, self.within(expr.right, 4)))

    def _behind(self, expr: Behind) -> Box:
        first, *others = expr.terms
        return Row((self._behind_sign(first, 3), *chain.from_iterable(self._signed(others))))

    def _broken(self, expr: Broken) -> Box:
        """Plain parentheses: a pair that grows may not end on another line."""
        inside = self._make(expr.terms)
        if expr.closes:
            return Row((inside, Symbol(")")))
        if expr.negative:
            return Row((MINUS, boxes.PARENTHESIS, inside))
        last = expr.terms if isinstance(expr.terms, Add) else Add((expr.terms, expr.terms))
        *front, joined = self._factors(Mul((*expr.factors, last)))
        return Row((*chain.from_iterable(front), *joined[:-1], boxes.PARENTHESIS, inside))

    def _diff(self, expr: Diff) -> Box:
        by = Row((PARTIAL, self.notation.symbol(expr.wrt)))
        return Row(
            (boxes.Fraction(PARTIAL, by), Fenced(self._make(expr.expr), "[", "]", grows=True))
        )


def _signed(text: str) -> Box:
    return Row((MINUS, boxes.Number(text[1:]))) if text[0] == "-" else boxes.Number(text)


def _blank(number: str) -> boxes.Blank:
    """A line to write on, of the same width for every answer, narrower in wide tables."""
    if not number:
        return boxes.Blank("", 3)
    short = number.endswith((NARROW, REFERENCE))
    return boxes.Blank(number.rstrip(NARROW + REFERENCE), 2 if short else 6)
