"""The members of a chain in a text about no exercise, and what is no arithmetic there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from derive.answers import Member, Unreadable
from derive.audits.calls import KEPT, TextFunctions
from derive.lines import Chain
from derive.lines.prose import OTHER_ARITHMETIC
from derive.workings.names import OwnNames
from derive.workings.otherwise import CHANGES, change_part
from derive.workings.parts import Part, is_indexed, read_part

DECIMALS = 60
"""No zero at the end of a number is padding."""
CALL = re.compile(r"(?<![\w\\}])[A-Za-z]\s*\(\s*(?:-?[\d.]+|[a-z](?:\s*,\s*[a-z])*)\s*\)")
"""`f(2)`, `f(x, y)`: a function of the text, whatever number its letter was."""
TIMES = r"(?:×|x|\\times)"  # noqa: RUF001
SHAPE = rf"\(\s*\d+\s*{TIMES}\s*\d+\s*\)"
SHAPES = re.compile(rf"(?<![\d.]){SHAPE}\s*(?:{TIMES}|\*|·|\\cdot)?\s*{SHAPE}")
"""`(2 x 3)(3 x 2)`: the shapes of two matrices."""
FRAGMENT = re.compile(r"\s*(?:[+*/×·÷]|\\(?:times|cdot|div)(?![A-Za-z]))")  # noqa: RUF001
"""How a text begins that goes on with something that is not there."""
SIGMA = re.compile(r"(?:\\sigma(?![A-Za-z])|σ)\s*(?:\\left)?\(")  # noqa: RUF001
EULER = re.compile(r"(?<![A-Za-z\\])e\s*\^")
DISCOUNT = re.compile(r"\d\s*[-+]\s*[\d.]+\s*\\?%")
"""`100 - 30%`: a share of what stands before it."""
SET = re.compile(r"^\s*\\?\{[^{}]*,[^{}]*\\?\}\s*$")
HEXADECIMAL = re.compile(r"\b0x[0-9A-Fa-f]")
TORN = re.compile(r"√|\)\s*\d|[×x·*]\s*10\s*[-−]\s*\d|[A-Za-z]\s*[-−]\s*\d|^\s*\(\d+\)\s*$")  # noqa: RUF001
"""What may have been a power, or is the number of a blank."""
RAISED = {digit: re.compile(rf"(\d\.\d{{3,}}){digit}(?!\d)") for digit in "23"}
"""Numbers that end with a digit that may be an exponent."""
SIZES = re.compile(r"(?<![\d.])\d+(?:[-–]\d+){2,}(?![\d.])|\bpp?\.\s*\d")  # noqa: RUF001
"""The sizes of a network, `2-2-2`, or pages, `pp. 12-15`."""
BASE = re.compile(r"(?<![A-Za-z\d_{}])\d+_\{?\d{1,2}\}?(?!\d)")
"""A number with its base below it: `1010_2`."""
ENDLESS = re.compile(r"\d\s*(?:\.{3}|…|\\[lc]?dots)")
"""`0.999...`: digits that go on."""
FOREIGN = (CALL, DISCOUNT, HEXADECIMAL, SET, OTHER_ARITHMETIC, SIZES, BASE, ENDLESS)
"""What is no arithmetic in any text."""


class MemberReader:
    """Reads members with the names that a text has defined so far."""

    def __init__(self, names: OwnNames) -> None:
        """A sigma is the sigmoid as long as nobody says otherwise."""
        self._names = names
        self.functions = TextFunctions()
        self.sigma_is_open = False
        self.is_torn = False
        """Whether exponents and fractions have lost their places: the text of a PDF."""
        self.e_is_named = False
        """Whether a cell of a table gives `e` a value: it is not Euler's number there."""

    def read(self, chain: Chain, place: int = 0) -> list[Part]:
        """The members of a chain; what is no arithmetic is unreadable.

        Of a function that was defined several times `place` counts back from the last one.
        """
        strange = any(SHAPES.search(text) for text in chain.members)
        parts = []
        for text, sign in zip(chain.members, ("", *chain.signs), strict=True):
            called = self.functions.list_called(text, self._names)
            if place < len(called):
                parts.append(Part(text, Member("formula", called[place], None, None, 0)))
            elif strange or self._is_foreign(text):
                parts.append(Part(text, None, problem=Unreadable("syntax")))
            else:
                parts.append(read_part(text, sign, "", self._names, DECIMALS))
        return parts

    def _is_foreign(self, text: str) -> bool:
        """Whether a text would be read as something that it does not mean."""
        if any(pattern.search(text) for pattern in FOREIGN):
            return True
        if FRAGMENT.match(text):
            return True
        if self.sigma_is_open and SIGMA.search(text):
            return True
        if self.e_is_named and EULER.search(text):
            return True
        if self.is_torn and TORN.search(text):
            return True
        return is_indexed(text, self._names)

    def read_otherwise(self, chain: Chain) -> Iterator[list[Part]]:
        """Other readings of the same members: a logarithm to base 10 or 2, an angle in degrees.

        In a torn text the last digit of a long number may be its exponent.
        """
        if self.is_torn:
            for digit in "23":
                raised = tuple(RAISED[digit].sub(r"\1^" + digit, m) for m in chain.members)
                yield self.read(msgspec.structs.replace(chain, members=raised))
        parts = self.read(chain)
        for place in range(1, KEPT):
            earlier = self.read(chain, place)
            lost = any(e.problem and not p.problem for e, p in zip(earlier, parts, strict=True))
            if lost or earlier == parts:
                break
            yield earlier
        for change in CHANGES:
            changed = [change_part(part, change) for part in parts]
            if changed != parts:
                yield changed
