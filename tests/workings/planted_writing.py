"""How people write a formula: from a keyboard, in TeX, in Unicode, with names or with numbers."""

# ruff: noqa: RUF001  signs that people type are what is written here

import ast
import re
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from planted_exercises import Span, id_of, measure, parse

SUM, PRODUCT, POWER, ATOM = 1, 2, 3, 4
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
QUOTIENT = re.compile(r"d(\w+)/d(\w+)")


class Look(NamedTuple):
    """One hand: how it writes names, signs and numbers."""

    script: str = "keys"
    times: str = "*"
    digits: int = 8
    result: int = 8
    cut: bool = False
    comma: bool = False
    bare: bool = False
    energy: str = "E"
    rate: str = "learning_rate"
    close: bool = False
    about: str = "="
    early: bool = False
    layout: str = "line"


class Shown(NamedTuple):
    """A piece of a formula as text, and how firmly it holds together."""

    text: str
    rank: int


Leaf = Callable[[str], Shown]


def shorten(value: Decimal, digits: int, *, cut: bool = False) -> Decimal:
    """A value rounded or cut to so many decimals."""
    way = ROUND_DOWN if cut else ROUND_HALF_UP
    return value.quantize(Decimal(1).scaleb(-digits), rounding=way)


def is_short(value: Decimal, digits: int) -> bool:
    """Whether a value has no more decimals than are written."""
    return abs(value - shorten(value, digits)) < Decimal("1e-20")


def type_number(value: Decimal, digits: int, look: Look) -> str:
    """A number as it is typed; an exact one without zeros behind it."""
    short = shorten(value, digits, cut=look.cut and not is_short(value, digits))
    text = f"{short:f}"
    if is_short(value, digits) and "." in text:
        text = text.rstrip("0").rstrip(".")
    text = "0" if text in {"-0", ""} else text
    text = re.sub(r"^(-?)0\.", r"\1.", text) if look.bare else text
    return text.replace(".", ",") if look.comma else text


def typed_span(value: Decimal, digits: int) -> Span:
    """What a typed number may stand for: itself, if exact, else all that rounds or is cut."""
    if is_short(value, digits):
        return Span(value, value)
    unit = Decimal(1).scaleb(-digits)
    return Span(value - unit, value + unit)


def name_in_tex(name: str, look: Look) -> str:
    """A quantity in TeX."""
    if name == "learning_rate":
        return {"η": r"\eta"}.get(look.rate, r"\alpha")
    if name == "E_total":
        return "E" if look.energy == "E" else "E_{total}"
    raised = "^{+}" if name.endswith("+") else ""
    letter, number = re.fullmatch(r"([A-Za-z]+?)_?(o?\d*)\+?", name).groups()
    inner = f"{{{number}}}" if len(number) > 1 else number
    return letter + (f"_{inner}" if number else "") + raised


def name_in_unicode(name: str, look: Look) -> str:
    """A quantity with lowered digits."""
    if name == "learning_rate":
        return look.rate if look.rate != "learning_rate" else "α"
    if name == "E_total":
        return look.energy
    lowered = name if name.startswith("E_") else name.translate(SUBSCRIPTS)
    return lowered.replace("+", "⁺")


def name_in_keys(name: str, look: Look) -> str:
    """A quantity as a keyboard has it."""
    return {"learning_rate": look.rate, "E_total": look.energy}.get(name, name)


NAMERS = {"tex": name_in_tex, "uni": name_in_unicode, "keys": name_in_keys}
QUOTIENTS = {"tex": r"\frac{{\partial {}}}{{\partial {}}}", "uni": "∂{}/∂{}", "keys": "d{}/d{}"}


def write_name(name: str, look: Look) -> str:
    """An id as this hand writes it."""
    namer, parts = NAMERS[look.script], QUOTIENT.fullmatch(name)
    if parts is None:
        return namer(name, look)
    return QUOTIENTS[look.script].format(*(namer(part, look) for part in parts.groups()))


def wrap(shown: Shown, rank: int, look: Look) -> str:
    """A piece in brackets, if it does not hold together firmly enough."""
    if shown.rank >= rank:
        return shown.text
    return rf"\left({shown.text}\right)" if look.script == "tex" else f"({shown.text})"


def write(node: ast.expr, look: Look, leaf: Leaf) -> Shown:
    """A tree as text; names are written as the leaf says."""
    match node:
        case ast.Name(id=name):
            return leaf(id_of(name))
        case ast.Constant(value=value):
            return Shown(str(value), ATOM)
        case ast.UnaryOp(operand=operand):
            return write_minus(write(operand, look, leaf), look)
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return write_call(name, write(argument, look, leaf).text, look)
        case ast.BinOp(left=left, op=op, right=right):
            sides = write(left, look, leaf), write(right, look, leaf)
            return BINARY[type(op)](*sides, look)
    raise AssertionError(ast.dump(node))


def write_minus(inner: Shown, look: Look) -> Shown:
    """A minus in front of a piece; two of them in a row are kept apart."""
    rank = ATOM if inner.text.startswith("-") else PRODUCT
    return Shown("-" + wrap(inner, rank, look), PRODUCT)


def write_call(name: str, argument: str, look: Look) -> Shown:
    """A function of one argument."""
    if name == "exp" and look.script != "keys":
        return Shown(f"e^{{{argument}}}" if look.script == "tex" else f"e^({argument})", POWER)
    if look.script == "tex":
        name = {"sigmoid": r"\sigma"}.get(name, f"\\{name}")
        return Shown(rf"{name}\left({argument}\right)", ATOM)
    name = "σ" if look.script == "uni" and name == "sigmoid" else name
    return Shown(f"{name}({argument})", ATOM)


def write_sum(left: Shown, right: Shown, look: Look, sign: str) -> Shown:
    """Two terms; a minus in front of the second one is put in brackets."""
    second = wrap(right, PRODUCT, look)
    if second.startswith("-"):
        second = wrap(Shown(second, 0), ATOM, look)
    return Shown(f"{left.text} {sign} {second}", SUM)


def choose_sign(left: str, right: str, look: Look) -> str:
    """What stands between two factors."""
    if look.close and right.startswith(("(", r"\left(")):
        return ""
    if look.close and look.script == "tex" and right[0].isalpha():
        return " "
    if look.times == " x " and re.search(r"[A-Za-z]", left + right):
        return " * "
    return look.times


def write_product(left: Shown, right: Shown, look: Look) -> Shown:
    """Two factors; a negative second one is put in brackets."""
    first, second = wrap(left, PRODUCT, look), wrap(right, POWER, look)
    return Shown(first + choose_sign(first, second, look) + second, PRODUCT)


def write_quotient(left: Shown, right: Shown, look: Look) -> Shown:
    """One number over another; a half has its own sign."""
    if look.script == "tex":
        return Shown(rf"\frac{{{left.text}}}{{{right.text}}}", ATOM)
    if look.script == "uni" and (left.text, right.text) == ("1", "2"):
        return Shown("½", ATOM)
    return Shown(f"{wrap(left, PRODUCT, look)}/{wrap(right, POWER, look)}", PRODUCT)


def write_power(left: Shown, right: Shown, look: Look) -> Shown:
    """A square or a cube."""
    raised = {"2": "²", "3": "³"}[right.text] if look.script == "uni" else f"^{right.text}"
    return Shown(wrap(left, ATOM, look) + raised, POWER)


BINARY: dict[type, Callable[[Shown, Shown, Look], Shown]] = {
    ast.Add: lambda left, right, look: write_sum(left, right, look, "+"),
    ast.Sub: lambda left, right, look: write_sum(left, right, look, "-"),
    ast.Mult: write_product,
    ast.Div: write_quotient,
    ast.Pow: write_power,
}


class Piece(NamedTuple):
    """What stands on one side of a sign, and what it may be worth."""

    text: str
    span: Span
    typed: bool = False
    early: Decimal = Decimal(0)


def in_names(formula: str, look: Look, env: dict[str, Decimal]) -> Piece:
    """A formula in names."""
    shown = write(parse(formula), look, lambda name: Shown(write_name(name, look), ATOM))
    return Piece(shown.text, measure(parse(formula), lambda name: Span(env[name], env[name])))


def number_leaf(look: Look, env: dict[str, Decimal]) -> Leaf:
    """Names written as their numbers."""

    def leaf(name: str) -> Shown:
        text = type_number(env[name], look.digits, look)
        return Shown(text, PRODUCT if text.startswith("-") else ATOM)

    return leaf


def in_numbers(formula: str, look: Look, env: dict[str, Decimal]) -> Piece:
    """A formula with numbers put in for its names."""
    tree = parse(formula)
    shown = write(tree, look, number_leaf(look, env))

    def typed(name: str) -> Span:
        short = shorten(env[name], look.digits, cut=look.cut)
        return Span(short, short)

    spans = measure(tree, lambda name: typed_span(env[name], look.digits))
    return Piece(shown.text, spans, typed=True, early=measure(tree, typed).low)


def in_both(formula: str, look: Look, env: dict[str, Decimal], kept: set[str]) -> Piece:
    """A formula with numbers for some names only."""
    numbers = number_leaf(look, env)

    def leaf(name: str) -> Shown:
        return Shown(write_name(name, look), ATOM) if name in kept else numbers(name)

    shown = write(parse(formula), look, leaf)

    def span(name: str) -> Span:
        return Span(env[name], env[name]) if name in kept else typed_span(env[name], look.digits)

    shown = write(parse(formula), look, leaf)
    return Piece(shown.text, measure(parse(formula), span), typed=True)


def as_result(value: Decimal, look: Look) -> Piece:
    """One number."""
    return Piece(type_number(value, look.result, look), typed_span(value, look.result), typed=True)
