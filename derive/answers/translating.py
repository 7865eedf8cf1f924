r"""What people and TeX write, turned into a text of derive's own grammar.

A scanner, no parser: it replaces names by `{id}`, `\frac{a}{b}` by
`((a)/(b))`, brackets of every shape by parentheses, and leaves precedence to
`derive.algebra.grammar`. What it does not know is unreadable.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from derive.algebra import grammar
from derive.algebra.expressions import Expr
from derive.answers import names
from derive.answers.aliases import Aliases
from derive.answers.errors import Unreadable, from_parser
from derive.answers.numbers import CLOSING, MANTISSA, exponent_of, split_decimal
from derive.answers.patterns import Pattern
from derive.answers.values import NODES
from derive.errors import SpecError
from derive.ops import FUNCTIONS

DEPTH = 64
"""Deepest nesting of brackets."""
NOT_NUMBERS = frozenset(("nan", "inf", "infinity", "infty", "null", "none", "undefined"))
OR = frozenset(("or", "and", "oder", "to"))
FUNCTION_NAMES = {name.lower(): name for name in FUNCTIONS}
TOKEN = Pattern(
    r"(?P<space>\s+|\\[,;:! ]|\\q?quad(?![A-Za-z])"
    r"|\\(?:thin|med|thick|en)space(?![A-Za-z])|\\(?:display|text)style(?![A-Za-z])"
    r"|\\(?:boxed|fbox|limits)(?![A-Za-z])|\\left(?:\.|(?![A-Za-z]))|\\right(?:\.|(?![A-Za-z]))"
    r"|\\[bB]igg?[lrm]?(?![A-Za-z])|\$|&)"
    r"|(?P<fraction>\\[dt]?frac(?![A-Za-z]))"
    r"|(?P<operator>\*\*|[-+*/^]|\\times(?![A-Za-z])|\\cdot(?![A-Za-z])|\\ast(?![A-Za-z])"
    r"|\\div(?![A-Za-z]))"
    r"|(?P<comma>,)"
    r"|(?P<open>\\?\{|[(\[])|(?P<close>\\?\}|[)\]])"
    rf"|(?P<number>{MANTISSA}(?:[eE][+-]?\d+)?)"
    r"|(?P<word>[A-Za-zα-ωΑ-Ω]|\\[A-Za-z]+)",
    re.ASCII,
)
TEX_OPERATORS = {"\\times": "*", "\\cdot": "*", "\\ast": "*", "\\div": "/"}
TIMES = Pattern(r"[xX](?=\s*[\d.(\[{+-])", re.ASCII)
EULER = Pattern(r"(?:e|\\(?:mathrm|rm|text)\s*\{\s*e\s*\})\s*(\^|\*\*)(\s*[({\[])?", re.ASCII)
CALL = Pattern(
    r"\\?(?:(?:mathrm|operatorname|text)\{)?([A-Za-z_]+|σ)\}?(?=\s*(?:\\left|\\[bB]igg?l?)?\s*[({\[])"
)
ARGUMENT = Pattern(r"\s*(?:\{|(\d))", re.ASCII)
FACTORIAL = Pattern(r"[\w)}\]]\s*!(?!=)")
COMMAND = Pattern(r"\\[A-Za-z]+")
PERCENT = Pattern(r"\s*\\?%")
CODE = Pattern(r"\{\{|__|;")


def translate(text: str, asked: str, aliases: Aliases) -> Expr:
    """The tree of a member that is no plain number; raises Unreadable."""
    if FACTORIAL.search(text):
        raise Unreadable("factorial")
    if CODE.search(text):
        raise Unreadable("syntax")
    try:
        return grammar.parse(_Scanner(text, asked, aliases).run())
    except SpecError as error:
        raise from_parser(error.problem, DEPTH) from None


class _Scanner:
    """One walk over the text; `open` holds what each bracket closes with, and means."""

    def __init__(self, text: str, asked: str, aliases: Aliases) -> None:
        self.text = text
        self.asked = asked
        self.aliases = aliases
        self.out: list[str] = []
        self.open: list[tuple[str, str]] = []
        self.position = 0
        self.calling = False
        self.value = False
        self.leaves = 0

    def run(self) -> str:
        while self.position < len(self.text):
            found = TOKEN.match(self.text, self.position)
            if found is None:
                raise Unreadable("character", character=self.text[self.position])
            handle = HANDLERS[str(found.lastgroup)]
            handle(self, found)
        if self.open:
            raise Unreadable("brackets")
        return "".join(self.out)

    def emit(self, text: str, end: int, *, value: bool) -> None:
        self.out.append(text)
        self.position = end
        self.value = value

    def leaf(self, text: str, end: int) -> None:
        """A number or a name; the tree has at least as many nodes."""
        self.leaves += 1
        if self.leaves > NODES:
            raise Unreadable("too_large", limit=str(NODES))
        self.emit(text, end, value=True)

    def space(self, found: re.Match[str]) -> None:
        self.out.append(" ")
        self.position = found.end()

    def operator(self, found: re.Match[str]) -> None:
        text = found.group()
        self.emit(TEX_OPERATORS.get(text, text), found.end(), value=False)

    def comma(self, found: re.Match[str]) -> None:
        if not self.open or self.open[-1][1] != "call":
            raise Unreadable("two_numbers")
        self.emit(",", found.end(), value=False)

    def push(self, closing: str, meaning: str) -> None:
        self.open.append((closing, meaning))
        if len(self.open) > DEPTH:
            raise Unreadable("too_deep", limit=str(DEPTH))

    def opening(self, found: re.Match[str]) -> None:
        self.push(CLOSING[found.group()[-1]], "call" if self.calling else "group")
        self.calling = False
        self.emit("(", found.end(), value=False)

    def closing(self, found: re.Match[str]) -> None:
        if not self.open or self.open[-1][0] != found.group()[-1]:
            raise Unreadable("brackets")
        meaning = self.open.pop()[1]
        if meaning == "top":
            self.emit(")/(", found.end(), value=False)
            self.argument("bottom")
            return
        self.emit("))" if meaning == "bottom" else ")", found.end(), value=True)

    def fraction(self, found: re.Match[str]) -> None:
        if self.name(found.start()):
            return
        self.emit("((", found.end(), value=False)
        self.argument("top")

    def argument(self, meaning: str) -> None:
        r"""The opening brace of a part of `\frac`; or its single digit."""
        found = ARGUMENT.match(self.text, self.position)
        if found is None:
            raise Unreadable("syntax")
        digit = found.group(1)
        if digit is None:
            self.push("}", meaning)
            self.position = found.end()
        elif meaning == "top":
            self.emit(f"{digit})/(", found.end(), value=False)
            self.argument("bottom")
        else:
            self.emit(f"{digit}))", found.end(), value=True)

    def number(self, found: re.Match[str]) -> None:
        text, end = found.group(), found.end()
        inside = bool(self.open) and self.open[-1][1] == "call"
        if inside and "," in text:
            text = text[: text.index(",")]
            end = found.start() + len(text)
        mantissa, letter, exponent = text.lower().partition("e")
        parts = split_decimal(mantissa, comma=not inside)
        if parts is None:
            raise Unreadable("two_numbers")
        exponent_of(exponent)
        whole, decimals = parts
        plain = (whole or "0") + (f".{decimals}" if decimals else "") + letter + exponent
        percent = PERCENT.match(self.text, end)
        if percent:
            plain, end = f"({plain}/100)", percent.end()
        self.leaf(plain, end)

    def word(self, found: re.Match[str]) -> None:
        start = found.start()
        if self.value and self.times(start):
            return
        if self.name(start) or self.function(start) or self.euler(start):
            return
        text = names.written(self.text, start)
        parts = self.aliases.split(text)
        if parts is not None:
            self.leaf(" ".join(f"{{{part}}}" for part in parts), start + len(text))
            return
        self.unknown(text)

    def name(self, start: int) -> bool:
        """Take the known name that stands here."""
        found = names.match(self.text, start, self.aliases, self.asked)
        if found is None or (found.end == start + 1 and self.is_call(start)):
            return False
        self.leaf(f"{{{found.id}}}", found.end)
        return True

    def is_call(self, start: int) -> bool:
        """Whether a single Greek letter is the sheet's sign of the sigmoid, not a quantity."""
        return self.text[start] == "σ" and "sigma" not in self.aliases.quantities

    def function(self, start: int) -> bool:
        found = CALL.match(self.text, start)
        if found is None:
            return False
        word = found.group(1)
        name = FUNCTION_NAMES.get(word.lower())
        if name is None and self.is_sigmoid(found.group()):
            name = "sigmoid"
        if name is None:
            return False
        self.calling = True
        self.emit(name, found.end(), value=False)
        return True

    def is_sigmoid(self, text: str) -> bool:
        symbol = self.aliases.notation.symbols["sigmoid"]
        return names.key(text) in ("sigma", names.key(symbol))

    def euler(self, start: int) -> bool:
        r"""`e^{-z}` as `exp(-z)`; `e^-z` as a power of `exp(1)`."""
        found = EULER.match(self.text, start)
        if found is None:
            return False
        if found.group(2):
            self.emit("exp", found.end() - 1, value=False)
        else:
            self.emit("exp(1)^", found.end(), value=False)
        return True

    def times(self, start: int) -> bool:
        """`2 x 3`: a multiplication sign, unless a quantity is called so."""
        found = TIMES.match(self.text, start)
        if found is None or self.aliases.quantity("x") == "x":
            return False
        name = re.match(r"[xX]\d+", self.text[start:], re.ASCII)
        if name and self.aliases.quantity(name.group()):
            return False
        self.emit("*", found.end(), value=False)
        return True

    def unknown(self, text: str) -> None:
        """Raise the reason why a word means nothing here."""
        command = COMMAND.match(self.text, self.position) if text == "\\" else None
        plain = names.key(command.group() if command else text).lower()
        if plain in NOT_NUMBERS:
            raise Unreadable("not_finite")
        if plain in OR:
            raise Unreadable("two_numbers")
        if plain in FUNCTION_NAMES or plain == "sigma":
            raise Unreadable("function", name=FUNCTION_NAMES.get(plain, "sigmoid"))
        if command:
            raise Unreadable("command", name=command.group())
        raise Unreadable("unknown_name", name=text, near=self.aliases.nearest(text) or "")


Handler = Callable[[_Scanner, re.Match[str]], None]
HANDLERS: dict[str, Handler] = {
    "space": _Scanner.space,
    "fraction": _Scanner.fraction,
    "operator": _Scanner.operator,
    "comma": _Scanner.comma,
    "open": _Scanner.opening,
    "close": _Scanner.closing,
    "number": _Scanner.number,
    "word": _Scanner.word,
}
