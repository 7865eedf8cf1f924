"""Definitions of named functions in a text, and of their slopes, against what they are.

A function is named by its own sign (`tanh(x) = ...`), by words in the same line, or, where
its sign is a letter, by the heading above it. Formulas are compared at points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial

from derive.audits.formulas import read_formula, recognise
from derive.audits.kinds import Kind, load_kinds
from derive.checking.verdicts import Remark
from derive.lines import Chain
from derive.lines.documents import Numbered
from derive.lines.signs import RELATION, split_outside
from derive.ops import FUNCTIONS
from derive.workings.line import Line
from derive.workings.pen import Slip

JOINED = 12
"""Lines that one definition by cases may take."""
HEADING_CHARACTERS = 60
HEADING = re.compile(
    r"^\s*(?:#+\s|\d{1,2}[.)]\s|\\(?:sub)*section|\\paragraph|\*\*[^*]+\*\*:?\s*$)"
)
NAME = r"(?:\\(?:text|mathrm|operatorname)\s*\{[^{}]*\}|\\?[A-Za-z]+(?:[ _-][Rr][Ee][Ll][Uu])?|σ)"  # noqa: RUF001
ARGUMENT = (
    r"(?:\\left)?\(\s*([A-Za-z])(?:_\{?[a-z]\}?)?(?:\s*,\s*[A-Za-z](?:_\{?[a-z]\}?)?)?"
    r"\s*(?:\\right)?\)(?:_\{?[a-z]\}?)?"
)
PRIME = r"('|′|\^\{?\\prime\}?)?"  # noqa: RUF001  as people type it
DIFFERENTIAL = r"(\\frac\s*\{\s*d\s*\}\s*\{\s*d\s*[a-z]\s*\}\s*|d/d[a-z]\s*)?"
BESIDE = re.compile(
    r"(?:[A-Za-z가-힣)])\s*(?:function|activation|함수|의 식|식)?\s*"
    r"(?:is|are|:|는|은|—|–|-|→|\(|\$|\\\(|\s)*$"  # noqa: RUF001
)
AGAINST = re.compile(
    r"unlike|instead|rather|\bnot\b|\bthan\b|대신|달리|아니|people|fixes|of\s*\$?\s*$",
    re.IGNORECASE,
)
"""Words that say that another function follows."""
SIGMA = re.compile(r"\\sigma(?![A-Za-z])|σ")  # noqa: RUF001
SIGMOID = re.compile("sigmoid|logistic|시그모이드", re.IGNORECASE)
SOFTMAX = re.compile("softmax|소프트맥스", re.IGNORECASE)
DEFINITION = re.compile(
    rf"(?<![\w\\^_]){DIFFERENTIAL}({NAME})\s*{PRIME}\s*{ARGUMENT}\s*:?=(?!=)\s*"
    r"(\\begin\{cases\}.*?\\end\{cases\}|(?:\([^()]*\)|(?!\$|\\quad|\\qquad|\\\\|\\\]|\\end|[;。]|[,.](?:\s|$)).)+)"
)


def find_named(text: str) -> list[str]:
    """The functions that a text names, by its longest words."""
    lowered = text.lower()
    named = []
    words = ((word, name) for name, kind in load_kinds().items() for word in kind.words)
    for word, name in sorted(words, key=lambda pair: -len(pair[0])):
        pattern = rf"(?<![a-z]){re.escape(word)}(?![a-z])"
        if re.search(pattern, lowered):
            named.append(name)
            lowered = re.sub(pattern, " ", lowered)
    return list(dict.fromkeys(named))


class FunctionReader:
    """Finds definitions in a text as it goes by."""

    def __init__(self) -> None:
        """No heading is read yet."""
        self._heading: str | None = None
        self._letters: dict[str, str] = {}
        self._found: list[Line] = []
        self._signs: list[str] = []
        self.sigma_is_open = False
        """Whether the text writes a sigma for a softmax, so that nobody can tell."""

    def take(self, lines: Iterable[Numbered]) -> Iterator[Numbered]:
        """The same lines without the definitions that are judged."""
        for number, line in _join_cases(lines):
            self._note_sigma(line)
            if HEADING.match(line) and len(line) <= HEADING_CHARACTERS:
                named = find_named(line)
                self._heading = named[0] if len(named) == 1 else None
                self._letters.clear()
            yield (
                number,
                DEFINITION.sub(partial(self._judge, number, line), line),
            )

    def _note_sigma(self, line: str) -> None:
        """What a line lets the sigma mean."""
        if SIGMOID.search(line):
            self.sigma_is_open = False
        elif SOFTMAX.search(line) and SIGMA.search(line):
            self.sigma_is_open = True

    def list_signs(self) -> Iterator[str]:
        """The signs that were given to a function that is known, since it was last asked."""
        signs, self._signs = self._signs, []
        yield from signs

    def list_found(self) -> Iterator[Line]:
        """What was found since it was last asked."""
        found, self._found = self._found, []
        yield from found

    def _judge(self, number: int, line: str, match: re.Match[str]) -> str:
        """Judge a definition; its own text where it is none of a function that is known."""
        differential, sign, prime, variable, body = match.groups()
        named, own = self._name(sign, line, match.start())
        if named is None:
            return match.group()
        parts = [part.strip() for _, part in split_outside(RELATION, body)]
        if not all(_holds(variable, part) for part in parts):
            return match.group()
        sloped = bool(prime or differential)
        head = match.group()[: match.group().index(body)].rstrip().rstrip(":=").strip()
        members = [head, *parts]
        chain = Chain(number, tuple(members), ("=",) * (len(members) - 1))
        found = self._compare(chain, named, sign, variable, own=own, sloped=sloped)
        if found is None:
            return match.group()
        self._found.append(found)
        self._signs.append(sign)
        return " "

    def _name(self, sign: str, line: str, at: int) -> tuple[str | None, bool]:
        """The function that a sign stands for, and whether the sign itself says so."""
        bare = re.sub(r"\\(?:text|mathrm|operatorname)\s*\{([^{}]*)\}", r"\1", sign).strip()
        key = bare.lower().replace(" ", "").replace("-", "")
        for name, kind in load_kinds().items():
            if bare in kind.signs or key in kind.signs:
                return name, True
        if len(bare) != 1:
            return None, False
        before = line[:at]
        named = find_named(before)
        beside = len(named) == 1 and BESIDE.search(before) and not AGAINST.search(before)
        return (named[0] if beside else None if named else self._heading), False

    def _compare(  # noqa: PLR0913  a definition and what it is taken for
        self, chain: Chain, named: str, sign: str, variable: str, *, own: bool, sloped: bool
    ) -> Line | None:
        kind = load_kinds()[named]
        if kind.shown:
            return None if sloped else _compare_text(chain, named, kind)
        taken = self._letters.get(sign, named) if sloped and not own else named
        remarks: tuple[Remark, ...] = ()
        matched = False
        for place, text in enumerate(chain.members[1:], 1):
            formula = read_formula(text, variable, sign)
            if formula is None:
                continue
            actual = recognise(formula, sloped=sloped)
            if not sloped and not own and len(actual) > 0:
                self._letters[sign] = taken if taken in actual else actual[0]
            if taken in actual:
                matched = True
                if formula.open_at_zero and FUNCTIONS[taken].corner:
                    remarks = (Remark("audit.open", {}),)
                continue
            letter = SIGMA.fullmatch(sign.strip()) is not None and bool(actual)
            if place > 1 or letter or (not actual and not own):
                continue
            return _call_false(chain, place, named, actual, "'" if sloped else "")
        return Line(chain, "true", None, taken, remarks=remarks, compared=1) if matched else None


def _holds(variable: str, text: str) -> bool:
    """Whether a formula holds the variable."""
    return re.search(rf"(?<![A-Za-z\\]){variable}(?![A-Za-z])", text) is not None


def _call_false(chain: Chain, place: int, named: str, actual: list[str], prime: str = "") -> Line:
    slots = {"named": named + prime}
    other = Remark("audit.other", slots | {"actual": actual[0] + prime}) if actual else None
    remark = other or Remark("audit.wrong", slots)
    return Line(chain, "false", place, named, Slip("function"), remarks=(remark,), compared=1)


def _compare_text(chain: Chain, named: str, kind: Kind) -> Line | None:
    """A function of many values, by what its formula holds."""
    body = chain.members[1].replace("{", "").replace("}", "")
    if re.search(kind.shown, body) is None:
        return None
    if re.search(kind.needs, body) is None:
        return _call_false(chain, 1, named, [])
    return Line(chain, "true", None, named, compared=1)


def _join_cases(lines: Iterable[Numbered]) -> Iterator[Numbered]:
    """Lines with those of one definition by cases put together."""
    joined: list[Numbered] = []
    for number, line in lines:
        joined.append((number, line))
        text = "\n".join(part for _, part in joined)
        is_open = text.count("\\begin{cases}") > text.count("\\end{cases}")
        if not is_open or len(joined) > JOINED:
            yield joined[0][0], text.replace("\n", " ")
            joined = []
    yield from joined
