"""How a number prints, and what a line of the key gives: contract section 5, a second time.

Written from the contract alone, with fractions and mpmath: shares no code with
derive, not one import. A value is a `Fraction` where it is rational, else an
`mpf` of `WORK` digits.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from math import isqrt

from mpmath import mp, mpf

WORK = 200
"""Working digits for what is not rational."""

Number = Fraction | mpf


@cache
def ten(power: int) -> int:
    """A power of ten."""
    return 10**power


def ratio(value: Number) -> tuple[int, int]:
    """Numerator and denominator of the size of a number, an mpf taken as it is."""
    if isinstance(value, Fraction):
        return abs(value.numerator), value.denominator
    mantissa, exponent = value.man_exp
    size, shift = abs(int(mantissa)), int(exponent)
    return (size << shift, 1) if shift >= 0 else (size, 1 << -shift)


def units(value: Number, place: int) -> int:
    """How many 10^place there are in a number: the nearest count, a half away from zero."""
    top, bottom = ratio(value)
    if place < 0:
        top *= ten(-place)
    else:
        bottom *= ten(place)
    size = (2 * top + bottom) // (2 * bottom)
    return -size if value < 0 else size


def order(value: Number) -> int:
    """The e with 10^e <= |value| < 10^(e + 1)."""
    top, bottom = ratio(value)
    e = (top.bit_length() - bottom.bit_length()) * 30103 // 100000
    while top * ten(max(-e, 0)) < bottom * ten(max(e, 0)):
        e -= 1
    while top * ten(max(-e - 1, 0)) >= bottom * ten(max(e + 1, 0)):
        e += 1
    return e


def decimal(n: int, place: int) -> Fraction:
    """The number n x 10^place."""
    return Fraction(n * ten(place)) if place >= 0 else Fraction(n, ten(-place))


def leading(value: Number, digits: int) -> tuple[int, int]:
    """The value as `n x 10^e` with `digits` digits, rounded."""
    e = order(value) - digits + 1
    n = units(value, e)
    if abs(n) < ten(digits):
        return n, e
    return (ten(digits - 1) if n > 0 else -ten(digits - 1)), e + 1


def near(value: Number, other: Number, certain: int) -> bool:
    """Whether two numbers agree to so many digits."""
    (a, b), (c, d) = ratio(value), ratio(other)
    if (value < 0) != (other < 0):
        return a == c == 0
    return abs(a * d - c * b) * ten(certain) <= a * d


def at_a_decimal(value: Number, place: int, certain: int) -> Number:
    """The value; where `certain` digits of it are those of a multiple of 10^place, that one."""
    close = decimal(units(value, place), place)
    return close if near(value, close, certain) else value


def fixed(value: Number, decimals: int) -> str:
    """All decimals."""
    n = units(value, -decimals)
    digits = f"{abs(n):0{decimals + 1}d}"
    whole, places = digits[:-decimals], digits[-decimals:]
    return f"{'-' if n < 0 else ''}{whole}.{places}"


def scientific(value: Number) -> str:
    """Four significant digits and a power of ten."""
    n, e = leading(value, 4)
    digits = str(abs(n))
    power = f"e{e + 3}" if e + 3 else ""
    return f"{'-' if n < 0 else ''}{digits[0]}.{digits[1:]}{power}"


def ends(value: Number, decimals: int) -> bool:
    """Whether the value is a fraction that ends within so many decimals."""
    return isinstance(value, Fraction) and ten(decimals) % value.denominator == 0


def rounded(value: Number, decimals: int) -> str:
    """All decimals, or an exponent where fewer than three digits would be seen."""
    return scientific(value) if abs(units(value, -decimals)) < 100 else fixed(value, decimals)


def printed(value: Number, decimals: int) -> str:
    """A computed number as section 5 prints it; a fraction counts as known to be exact."""
    if ends(value, decimals):
        return fixed(value, decimals).rstrip("0").rstrip(".")
    return rounded(value, decimals)


def printed_road(value: mpf, decimals: int, certain: int) -> str:
    """The same for a number of another road, which cannot know whether it is exact."""
    if not value:
        return "0"
    exact = at_a_decimal(value, -decimals, certain)
    if exact is not value:
        return printed(exact, decimals)
    return rounded(at_a_decimal(value, min(-decimals, order(value) - 3) - 1, certain), decimals)


def digits_in(text: str) -> int:
    """How many significant digits a text has."""
    return len(text.partition("e")[0].replace(".", "").replace("-", "").lstrip("0"))


def last_place(text: str) -> int:
    """The power of ten of a text's last digit."""
    mantissa, _, exponent = text.partition("e")
    return int(exponent or 0) - len(mantissa.partition(".")[2])


TOKEN = re.compile(
    r"\{(?P<id>[^{}]*)\}|(?P<number>(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|(?P<name>[A-Za-z]\w*)"
)


def names_in(formula: str) -> list[str]:
    """The ids in a formula's text, each once, in reading order."""
    found = [m.group("id") or m.group("name") for m in TOKEN.finditer(formula)]
    return list(dict.fromkeys(name for name in found if name and name not in FUNCTIONS))


def result(formula: str, values: Mapping[str, Number]) -> Number:
    """What a formula gives; raises ZeroDivisionError or ValueError where nothing.

    Python's own parser reads it: its precedence of + - * / ** and signs is that
    of the contract's grammar.
    """
    leaves: list[Number] = []

    def leaf(found: re.Match[str]) -> str:
        if found.group("name") in FUNCTIONS:
            return found.group("name")
        name = found.group("id") or found.group("name")
        leaves.append(values[name] if name else Fraction(found.group("number")))
        return f"leaf{len(leaves) - 1}"

    text = TOKEN.sub(leaf, formula).replace("^", "**")
    with mp.workdps(WORK):
        return _value(ast.parse(text, mode="eval").body, leaves)


def _value(node: ast.expr, leaves: list[Number]) -> Number:
    if isinstance(node, ast.Name):
        return leaves[int(node.id.removeprefix("leaf"))]
    if isinstance(node, ast.UnaryOp):
        inner = _value(node.operand, leaves)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](_value(node.left, leaves), _value(node.right, leaves))
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    return FUNCTIONS[node.func.id](*(_value(arg, leaves) for arg in node.args))


def real(value: Number) -> mpf:
    """The value with all working digits."""
    return mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else value


def _both(exact: Callable[[Fraction, Fraction], Fraction]) -> Callable[[Number, Number], Number]:
    def operator(one: Number, other: Number) -> Number:
        if isinstance(one, Fraction) and isinstance(other, Fraction):
            return exact(one, other)
        return exact(real(one), real(other))

    return operator


def _product(one: Number, other: Number) -> Number:
    if Fraction(0) in (one, other) and isinstance(one if not one else other, Fraction):
        return Fraction(0)
    return _both(lambda a, b: a * b)(one, other)


def power(base: Number, exponent: Number) -> Number:
    """A real power."""
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        return base ** int(exponent)
    if isinstance(exponent, Fraction) and exponent.denominator == 2:
        return power(root(base), 2 * exponent)
    if base <= 0:
        raise ValueError("no real power")
    return real(base) ** real(exponent)


def root(value: Number) -> Number:
    """The square root, exact for the square of a fraction."""
    if value < 0:
        raise ValueError("no real root")
    if isinstance(value, Fraction):
        top, bottom = isqrt(value.numerator), isqrt(value.denominator)
        if Fraction(top, bottom) ** 2 == value:
            return Fraction(top, bottom)
    return mp.sqrt(real(value))


def _logarithm(value: Number) -> Number:
    if value <= 0:
        raise ValueError("no real logarithm")
    return Fraction(0) if value == Fraction(1) else mp.log(real(value))


def _smooth(function: Callable[[mpf], mpf], at_zero: Fraction | None) -> Callable[..., Number]:
    def smooth(value: Number) -> Number:
        if at_zero is not None and isinstance(value, Fraction) and value == 0:
            return at_zero
        return function(real(value))

    return smooth


OPERATORS: dict[type, Callable[[Number, Number], Number]] = {
    ast.Add: _both(lambda a, b: a + b),
    ast.Sub: _both(lambda a, b: a - b),
    ast.Mult: _product,
    ast.Div: _both(lambda a, b: a / b),
    ast.Pow: power,
}
FUNCTIONS: dict[str, Callable[..., Number]] = {
    "exp": _smooth(mp.exp, Fraction(1)),
    "log": _logarithm,
    "ln": _logarithm,
    "sqrt": root,
    "sin": _smooth(mp.sin, Fraction(0)),
    "cos": _smooth(mp.cos, Fraction(1)),
    "tanh": _smooth(mp.tanh, Fraction(0)),
    "sigmoid": _smooth(lambda z: 1 / (1 + mp.exp(-z)), Fraction(1, 2)),
    "softplus": _smooth(lambda z: mp.log1p(mp.exp(z)), None),
    "abs": abs,
    "max": lambda *values: max(values, key=real),
    "min": lambda *values: min(values, key=real),
    "relu": lambda z: z if z > 0 else Fraction(0),
    "leaky_relu": lambda z, a=Fraction(1, 100): z if z > 0 else _product(a, z),
}
"""Every function of the grammar; exact where the contract's examples are."""
