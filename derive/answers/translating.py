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
from derive.answers.calls import CALL, CALL_TAIL, Bracket, Called, finish_call, has_one_slope
from derive.answers.errors import Unreadable, explain_parser
from derive.answers.numbers import CLOSING, MANTISSA, read_exponent, split_decimal
from derive.answers.patterns import Pattern
from derive.answers.spellings import Spellings
from derive.answers.values import NODES
from derive.errors import SpecError
from derive.naming import LEARNING_RATE
from derive.ops import FUNCTIONS

DEPTH = 64
"""Deepest nesting of brackets."""
NOT_NUMBERS = frozenset(("nan", "inf", "infinity", "infty", "null", "none", "undefined"))
OR = frozenset(("or", "and", "oder", "to"))
FUNCTION_NAMES = {name.lower(): name for name in FUNCTIONS} | {"sig": "sigmoid"}
TOKEN = Pattern(
    r"(?P<space>\s+|\\[,;:! ]|\\q?quad(?![A-Za-z])"
    r"|\\(?:thin|med|thick|en)space(?![A-Za-z])|\\(?:display|text)style(?![A-Za-z])"
    r"|\\(?:boxed|fbox|limits)(?![A-Za-z])|\\left(?:\.|(?![A-Za-z]))|\\right(?:\.|(?![A-Za-z]))"
    r"|\\[bB]igg?[lrm]?(?![A-Za-z])|\$|&)"
    r"|(?P<fraction>\\[dtc]?frac(?![A-Za-z]))"
    r"|(?P<operator>\*\*|[-+*/^]|\\times(?![A-Za-z])|\\cdot(?![A-Za-z])|\\ast(?![A-Za-z])"
    r"|\\div(?![A-Za-z]))"
    r"|(?P<comma>,)"
    r"|(?P<open>\\?\{|[(\[])|(?P<close>\\?\}|[)\]])"
    rf"|(?P<number>{MANTISSA}(?:[eE][+-]?\d+)?)"
    r"|(?P<word>[A-Za-zα-ωΑ-Ω]|\\[A-Za-z]+)",
    re.ASCII,
)
TEX_OPERATORS = {"\\times": "*", "\\cdot": "*", "\\ast": "*", "\\div": "/"}
TIMES = Pattern(r"[xX](?=\s*(?:[\d.(\[{]|[+-][\d.(]))", re.ASCII)
SPOKEN_NAMES = {"학습률": f" {LEARNING_RATE} "}
"""Words that stand for a name inside a formula."""
EULER = Pattern(r"(?:e|\\(?:mathrm|rm|text)\s*\{\s*e\s*\})\s*(\^|\*\*)(\s*[({\[])?", re.ASCII)
ARGUMENT = Pattern(r"\s*(?:\{|(\d))", re.ASCII)
FACTORIAL = Pattern(r"[\w)}\]]\s*!(?!=)")
COMMAND = Pattern(r"\\[A-Za-z]+")
PERCENT = Pattern(r"\s*\\?%")
BARE = Pattern(r"(\\?(?<![A-Za-z])(?:ln|log|exp|tanh|sin|cos))\s+(\d[\d.,]*)(?![\d.,]*\s*\^)")
"""A function of a number without a bracket."""
BARE_NAME = Pattern(
    r"(\\(?:ln|log|exp|tanh|sin|cos)(?![A-Za-z])\s*|(?<![A-Za-z\\])(?:ln|log)\s+)"
    r"([A-Za-z][A-Za-z0-9]*(?:_(?:\{[^{}]*\}|\w+))?)(?=\s*(?:[-+=)\]},]|$))",
    re.ASCII,
)
"""A function of one name without a bracket, and no further factor: `-\\log o_2`."""
ROOT = Pattern(r"\\sqrt\s*\[")
CODE = Pattern(r"\{\{|__|;")


def translate(text: str, asked: str, aliases: Spellings) -> Expr:
    """The tree of a member that is no plain number; raises Unreadable."""
    if FACTORIAL.search(text):
        raise Unreadable("factorial")
    if CODE.search(text):
        raise Unreadable("syntax")
    if ROOT.search(text):
        raise Unreadable("command", name="\\sqrt[...]")
    for spoken, name in SPOKEN_NAMES.items():
        text = text.replace(spoken, name)
    text = BARE_NAME.sub(r"\1(\2)", BARE.sub(r"\1(\2)", text))
    try:
        return grammar.parse(_Scanner(text, asked, aliases).run())
    except SpecError as error:
        raise explain_parser(error.problem, DEPTH) from None


class _Scanner:
    """One walk over the text; `open` holds the brackets that are not closed yet."""

    def __init__(self, text: str, asked: str, aliases: Spellings) -> None:
        self.text = text
        self.asked = asked
        self.aliases = aliases
        self.out: list[str] = []
        self.open: list[Bracket] = []
        self.position = 0
        self.calling: Called | None = None
        self.value = False
        self.leaves = 0

    def run(self) -> str:
        while self.position < len(self.text):
            match = TOKEN.match(self.text, self.position)
            if match is None:
                raise Unreadable("character", character=self.text[self.position])
            handle = HANDLERS[str(match.lastgroup)]
            handle(self, match)
        if self.open:
            raise Unreadable("brackets")
        return "".join(self.out)

    def emit(self, text: str, end: int, *, value: bool) -> None:
        self.out.append(text)
        self.position = end
        self.value = value

    def emit_leaf(self, text: str, end: int) -> None:
        """A number or a name; the tree has at least as many nodes."""
        self.leaves += 1
        if self.leaves > NODES:
            raise Unreadable("too_large", limit=str(NODES))
        self.emit(text, end, value=True)

    def take_space(self, match: re.Match[str]) -> None:
        self.out.append(" ")
        self.position = match.end()

    def take_operator(self, match: re.Match[str]) -> None:
        text = match.group()
        self.emit(TEX_OPERATORS.get(text, text), match.end(), value=False)

    def take_comma(self, match: re.Match[str]) -> None:
        if not self.open or self.open[-1].meaning != "call":
            raise Unreadable("two_numbers")
        self.emit(",", match.end(), value=False)

    def push(self, closing: str, meaning: str, call: Called | None = None) -> None:
        self.open.append(Bracket(closing, meaning, call))
        if len(self.open) > DEPTH:
            raise Unreadable("too_deep", limit=str(DEPTH))

    def open_bracket(self, match: re.Match[str]) -> None:
        self.push(CLOSING[match.group()[-1]], "call" if self.calling else "group", self.calling)
        self.calling = None
        self.emit("(", match.end(), value=False)

    def close_bracket(self, match: re.Match[str]) -> None:
        if not self.open or self.open[-1].closing != match.group()[-1]:
            raise Unreadable("brackets")
        bracket = self.open.pop()
        meaning = bracket.meaning
        if meaning == "top":
            self.emit(")/(", match.end(), value=False)
            self.open_argument("bottom")
            return
        self.emit("))" if meaning == "bottom" else ")", match.end(), value=True)
        if bracket.call is not None:
            start = bracket.call.start
            self.out[start:] = [finish_call(bracket.call, "".join(self.out[start:]))]

    def take_fraction(self, match: re.Match[str]) -> None:
        if self.take_name(match.start()):
            return
        self.emit("((", match.end(), value=False)
        self.open_argument("top")

    def open_argument(self, meaning: str) -> None:
        r"""The opening brace of a part of `\frac`; or its single digit."""
        match = ARGUMENT.match(self.text, self.position)
        if match is None:
            raise Unreadable("syntax")
        digit = match.group(1)
        if digit is None:
            self.push("}", meaning)
            self.position = match.end()
        elif meaning == "top":
            self.emit(f"{digit})/(", match.end(), value=False)
            self.open_argument("bottom")
        else:
            self.emit(f"{digit}))", match.end(), value=True)

    def take_number(self, match: re.Match[str]) -> None:
        text, end = match.group(), match.end()
        inside = self.parts_arguments()
        if inside and "," in text:
            text = text[: text.index(",")]
            end = match.start() + len(text)
        mantissa, letter, exponent = text.lower().partition("e")
        parts = split_decimal(mantissa, comma=not inside)
        if parts is None:
            raise Unreadable("two_numbers")
        read_exponent(exponent)
        whole, decimals = parts
        plain = (whole or "0") + (f".{decimals}" if decimals else "") + letter + exponent
        percent = PERCENT.match(self.text, end)
        if percent:
            plain, end = f"({plain}/100)", percent.end()
        self.emit_leaf(plain, end)

    def parts_arguments(self) -> bool:
        """Whether a comma here stands between arguments, not in a decimal."""
        call = self.open[-1].call if self.open else None
        return call is not None and FUNCTIONS[call.name].arities != (1,)

    def take_word(self, match: re.Match[str]) -> None:
        start = match.start()
        if self.value and self.take_times(start):
            return
        if self.take_name(start) or self.take_function(start) or self.take_euler(start):
            return
        text = names.cut_word(self.text, start)
        parts = self.aliases.split(text)
        if parts is not None:
            self.emit_leaf(" ".join(f"{{{part}}}" for part in parts), start + len(text))
            return
        self.refuse_word(text)

    def take_name(self, start: int) -> bool:
        """Take the known name that stands here."""
        match = names.find_name(self.text, start, self.aliases, self.asked)
        if match is None or (match.end == start + 1 and self.is_call(start)):
            return False
        self.emit_leaf(f"{{{match.id}}}", match.end)
        return True

    def is_call(self, start: int) -> bool:
        """Whether a single Greek letter is the sheet's sign of the sigmoid, not a quantity."""
        return self.text[start] == "σ" and "sigma" not in self.aliases.quantities

    def take_function(self, start: int) -> bool:
        match = CALL.match(self.text, start)
        if match is None:
            return False
        word, prime, *powers = match.groups()
        name = FUNCTION_NAMES.get(word.lower())
        if name is None and self.is_sigmoid(CALL_TAIL.sub("", match.group())):
            name = "sigmoid"
        if name is None or (prime and not has_one_slope(name)):
            return False
        power = next(filter(None, powers), "")
        self.calling = Called(name, bool(prime), power, len(self.out))
        self.emit(name, match.end(), value=False)
        return True

    def is_sigmoid(self, text: str) -> bool:
        symbol = self.aliases.symbols["sigmoid"]
        return names.make_key(text) in ("sigma", names.make_key(symbol))

    def take_euler(self, start: int) -> bool:
        r"""`e^{-z}` as `exp(-z)`; `e^-z` as a power of `exp(1)`."""
        match = EULER.match(self.text, start)
        if match is None:
            return False
        if match.group(2):
            self.emit("exp", match.end() - 1, value=False)
        else:
            self.emit("exp(1)^", match.end(), value=False)
        return True

    def take_times(self, start: int) -> bool:
        """`2 x 3`: a multiplication sign, unless a quantity is called so."""
        match = TIMES.match(self.text, start)
        if match is None or self.aliases.find_quantity("x") == "x":
            return False
        name = re.match(r"[xX]\d+", self.text[start:], re.ASCII)
        if name and self.aliases.find_quantity(name.group()):
            return False
        self.emit("*", match.end(), value=False)
        return True

    def refuse_word(self, text: str) -> None:
        """Raise the reason why a word means nothing here."""
        command = COMMAND.match(self.text, self.position) if text == "\\" else None
        plain = names.make_key(command.group() if command else text).lower()
        if plain in NOT_NUMBERS:
            raise Unreadable("not_finite")
        if plain in OR:
            raise Unreadable("two_numbers")
        if plain in FUNCTION_NAMES or plain == "sigma":
            raise Unreadable("function", name=FUNCTION_NAMES.get(plain, "sigmoid"))
        if command:
            raise Unreadable("command", name=command.group())
        raise Unreadable("unknown_name", name=text, near=self.aliases.find_nearest(text) or "")


Handler = Callable[[_Scanner, re.Match[str]], None]
HANDLERS: dict[str, Handler] = {
    "space": _Scanner.take_space,
    "fraction": _Scanner.take_fraction,
    "operator": _Scanner.take_operator,
    "comma": _Scanner.take_comma,
    "open": _Scanner.open_bracket,
    "close": _Scanner.close_bracket,
    "number": _Scanner.take_number,
    "word": _Scanner.take_word,
}
