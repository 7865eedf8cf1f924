"""Trees into TeX, for LaTeX and for Markdown readers alike (amsmath only)."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

from derive.algebra.expressions import (
    ATOM,
    Add,
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
    Pow,
    Transposed,
    constant,
    precedence,
)
from derive.ops import FUNCTIONS
from derive.pages.document import BLANK, NARROW
from derive.render.notation import Notation

STYLES = r"\\(?:math\w+|operatorname|text|underline|boxed|hspace|hat|bar|tilde)(?=\{)"
STYLED = re.compile(rf"(?:[_^]|{STYLES})\{{([^{{}}]*)\}}")
FRACTION = re.compile(r"\\t?frac\{([^{}]*)\}\{([^{}]*)\}")
UNSEEN = re.compile(rf"\\(?:left|right)(?![a-z])|\\[,;!]|{STYLES}")
SPACING = str.maketrans("", "", "{}_^ ")
TALL = frozenset({Pow, Cases, Diff})
BROAD = frozenset({Cases, Diff})
MATRIX = re.compile(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}")
BRACKETS = 2
COMMAND = re.compile(r"\\[A-Za-z]+")


@lru_cache(maxsize=4096)
def tex_width(text: str) -> int:
    """About how many characters wide a formula is; a fraction is as wide as its longer part."""
    text = MATRIX.sub(lambda found: "x" * _matrix_width(found.group(1)), text)
    before = ""
    while "frac" in text and text != before:
        before = text
        text = STYLED.sub(r"\1", text)
        text = FRACTION.sub(lambda found: max(found.groups(), key=len), text)
    return len(COMMAND.sub("x", UNSEEN.sub("", text)).translate(SPACING))


def _matrix_width(body: str) -> int:
    """The widest entry of each column, a space between columns, and the brackets."""
    rows = [row.split("&") for row in body.split(r"\\")]
    columns = [max(map(tex_width, column)) for column in zip(*rows, strict=True)]
    return sum(columns) + len(columns) - 1 + BRACKETS


class TexPrinter:
    """Writes trees with the symbols of one notation."""

    def __init__(self, notation: Notation) -> None:
        """Keep the notation."""
        self.notation = notation
        self._writers: dict[type, Callable[..., str]] = {
            Num: self._number,
            Name: self._name,
            Neg: self._negative,
            Add: self._sum,
            Mul: self._product,
            Div: self._fraction,
            Pow: self._power,
            Call: self._call,
            Cases: self._cases,
            Diff: self._diff,
            Matrix: self._matrix,
            Transposed: self._transposed,
            Elementwise: self._elementwise,
            Broken: self._broken,
        }

    def __call__(self, expr: Expr) -> str:
        """The TeX of a tree, without math delimiters."""
        return self._writers[type(expr)](expr)

    def pieces(self, expr: Expr) -> list[str]:
        """The same, cut at factors or terms; the pieces joined are the whole."""
        if isinstance(expr, Mul):
            return self._factors(expr)
        return self._terms(expr) if isinstance(expr, Add) else [self(expr)]

    def within(self, expr: Expr, level: int) -> str:
        """The same in parentheses where it binds less tightly than `level`."""
        if type(expr) is Name:
            return self._name(expr)
        text = self._writers[type(expr)](expr)
        if type(expr) is Div:
            return text
        return _parenthesised(text) if precedence(expr) < level else text

    def _number(self, expr: Num) -> str:
        mantissa, marker, power = expr.text.partition("e")
        if not marker:
            return mantissa
        return rf"{mantissa} \times 10^{{{int(power)}}}"

    def _name(self, expr: Name) -> str:
        if expr.id.startswith(BLANK):
            return _blank(expr.id[1:])
        return self.notation.symbol(expr.id)

    def _negative(self, expr: Neg) -> str:
        return "-" + self._behind_sign(expr.arg, 3)

    def _sum(self, expr: Add) -> str:
        return "".join(self._terms(expr))

    def _terms(self, expr: Add) -> list[str]:
        """Each term with its sign."""
        parts = []
        for index, term in enumerate(expr.terms):
            if index and isinstance(term, Neg):
                parts.append(" - " + self._behind_sign(term.arg, 3))
            elif index:
                parts.append(" + " + self._behind_sign(term, 2))
            else:
                parts.append(self.within(term, 2))
        return parts

    def _behind_sign(self, expr: Expr, level: int) -> str:
        """A term behind + or -: a number that leads it with a minus gets parentheses."""
        if isinstance(expr, Mul):
            return self._product(expr, first=3)
        return self.within(expr, 3 if isinstance(expr, Num) else level)

    def _product(self, expr: Mul, first: int = 2) -> str:
        """Numbers and derivatives with a sign between, symbols side by side.

        `first` is how tightly the first factor must bind; a negative number
        that begins a formula needs no parentheses.
        """
        return "".join(self._factors(expr, first))

    def _factors(self, expr: Mul, first: int = 2) -> list[str]:
        """Each factor with what joins it to the one before."""
        head, *others = expr.factors
        texts = [self.within(head, first if type(head) is Num else 3)]
        last = head
        for factor in others:
            text = self.within(factor, 4)
            if _needs_sign(last, factor):
                texts.append(f" {self.notation.product} {text}")
            else:
                texts.append(text if text.startswith(("(", r"\left(")) else rf" \, {text}")
            last = factor
        return texts

    def _fraction(self, expr: Div) -> str:
        if isinstance(expr.top, Num) and isinstance(expr.bottom, Num):
            simple = "." not in expr.top.text + expr.bottom.text
            size = "tfrac" if simple and Fraction(expr.bottom.text) else "frac"
            return rf"\{size}{{{expr.top.text}}}{{{expr.bottom.text}}}"
        return rf"\frac{{{self(expr.top)}}}{{{self(expr.bottom)}}}"

    def _power(self, expr: Pow) -> str:
        exponent = self(expr.exponent).replace(" ", "")
        if isinstance(expr.base, Call) and expr.base.function in (
            "sin",
            "cos",
            "tanh",
            "cosh",
            "log",
        ):
            name = FUNCTIONS[expr.base.function].tex
            return rf"{name}^{{{exponent}}}{self._arguments(expr.base)}"
        base = self.within(expr.base, ATOM)
        if isinstance(expr.base, Div | Neg) or _is_scripted(base) or base.startswith("\\frac"):
            base = rf"\left({self(expr.base)}\right)"
        return f"{base}^{{{exponent}}}"

    def _call(self, expr: Call) -> str:
        if expr.function == "exp":
            return f"e^{{{self(expr.args[0])}}}"
        if expr.function == "sqrt":
            return rf"\sqrt{{{self(expr.args[0])}}}"
        if expr.function == "abs":
            return rf"\left\lvert {self(expr.args[0])} \right\rvert"
        return self._function(expr.function) + self._arguments(expr)

    def _function(self, name: str) -> str:
        """The lecturer's own name for a function, else that of its row."""
        return self.notation.symbols.get(name) or FUNCTIONS[name].tex

    def _arguments(self, expr: Call) -> str:
        inside = ", ".join(self(arg) for arg in _told(expr))
        return _parenthesised(inside)

    def _cases(self, expr: Cases) -> str:
        subject = self(expr.subject)
        rows = [(expr.positive, "> 0"), (expr.zero, "= 0"), (expr.negative, "< 0")]
        if expr.zero == expr.negative:
            rows = [(expr.positive, "> 0"), (expr.negative, r"\le 0")]
        body = r" \\ ".join(rf"{self(part)} & {subject} {test}" for part, test in rows)
        return rf"\begin{{cases}} {body} \end{{cases}}"

    def _matrix(self, expr: Matrix) -> str:
        body = r" \\ ".join(" & ".join(map(self, row)) for row in expr.rows)
        return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"

    def _transposed(self, expr: Transposed) -> str:
        text = self.within(expr.arg, ATOM)
        if _is_scripted(text) and not isinstance(expr.arg, Matrix):
            text = rf"({text})"
        return rf"{text}^{{\top}}"

    def _elementwise(self, expr: Elementwise) -> str:
        return rf"{self.within(expr.left, 3)} \odot {self.within(expr.right, 4)}"

    def _broken(self, expr: Broken) -> str:
        """Plain parentheses: a pair that grows may not end on another line."""
        inside = self(expr.terms)
        if expr.closes:
            return f"{inside})"
        last = expr.terms if isinstance(expr.terms, Add) else Add((expr.terms, expr.terms))
        whole = self._factors(Mul((*expr.factors, last)))
        joint = whole[-1].removeprefix(r"\left").partition("(")[0].removesuffix(r"\left")
        return "".join(whole[:-1]) + f"{joint}({inside}"

    def _diff(self, expr: Diff) -> str:
        of = rf"\frac{{\partial}}{{\partial {self.notation.symbol(expr.wrt)}}}"
        return rf"{of}\left[{self(expr.expr)}\right]"


def _told(expr: Call) -> tuple[Expr, ...]:
    """The values a page prints: conventions that are numbers are named elsewhere."""
    silent = FUNCTIONS[expr.function].conventions
    if silent and all(constant(arg) is not None for arg in expr.args[-silent:]):
        return expr.args[: len(FUNCTIONS[expr.function].parameters) - silent]
    return expr.args


def _blank(number: str) -> str:
    """A line to write on, of the same width for every answer, narrower in wide tables."""
    if not number:
        return r"\underline{\hspace{3em}}"
    width = 2 if number.endswith(NARROW) else 6
    line = rf"\underline{{\hspace{{{width}em}}}}"
    return rf"\underset{{({number.removesuffix(NARROW)})}}{{{line}}}"


def _parenthesised(text: str) -> str:
    """Parentheses as high as what they hold."""
    return rf"\left({text}\right)" if r"\frac" in text else f"({text})"


def _is_scripted(base: str) -> bool:
    """Whether a symbol carries a superscript already."""
    return "^" in base and not base.startswith(("(", r"\left"))


def _needs_sign(left: Expr, right: Expr) -> bool:
    """Whether a multiplication sign must stand between two factors."""
    if _is_apart(left) or _is_apart(right):
        return True
    if type(right) is Pow and type(right.base) is Num:
        return True
    kind = type(right)
    if kind is Num or kind is Neg or kind is Div:
        return type(left) is not Num or kind is not Div or _is_ratio(right)
    if type(left) is Num:
        return left.text in ("0", "1") or not left.text.isdigit()
    return type(left) in TALL or kind in BROAD


def _is_ratio(expr: Expr) -> bool:
    return type(expr) is Div and type(expr.top) is Num and type(expr.bottom) is Num


def _is_apart(expr: Expr) -> bool:
    """A blank or a derivative: always with a sign to its neighbours."""
    return type(expr) is Name and (expr.id.startswith(BLANK) or "/" in expr.id)
