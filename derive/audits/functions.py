"""Definitions of named functions in a text, and of their slopes, against what they are.

A function is named by its own sign (`tanh(x) = ...`), by words in the same line, or, where
its sign is a letter, by the heading above it. Formulas are compared at points.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path

import msgspec

from derive.algebra.expressions import Call, Expr, Name, Num, substitute, walk
from derive.algebra.rules import apply_row_text
from derive.answers import Unreadable, read_member
from derive.checking.verdicts import Remark
from derive.lines import Chain
from derive.lines.documents import Numbered
from derive.lines.signs import RELATION, split_outside
from derive.numbers import balls
from derive.numbers.balls import NotDefined, Value
from derive.ops import FUNCTIONS
from derive.workings.judging import Line
from derive.workings.names import OWN, Defined, NoSheet, OwnNames
from derive.workings.pen import Slip
from derive.workings.worlds import evaluate

BITS = 96
POINTS = ("-2.3", "-0.7", "0.4", "1.9")
CONSTANT = balls.exact("0.17")
"""What a constant without a number stands for."""
CONSTANTS = ("alpha", "a", "k", "lambda", "c")
JOINED = 12
"""Lines that one definition by cases may take."""
HEADING_CHARACTERS = 60
TINY = balls.exact("1e-20")
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
SIGMA = re.compile(r"\\sigma(?![A-Za-z])|σ")  # noqa: RUF001
SIGMOID = re.compile("sigmoid|logistic|시그모이드", re.IGNORECASE)
SOFTMAX = re.compile("softmax|소프트맥스", re.IGNORECASE)
CASES = re.compile(r"\\begin\{cases\}(.*?)\\end\{cases\}", re.DOTALL)
DEFINITION = re.compile(
    rf"(?<![\w\\^_]){DIFFERENTIAL}({NAME})\s*{PRIME}\s*{ARGUMENT}\s*:?=(?!=)\s*"
    r"(\\begin\{cases\}.*?\\end\{cases\}|(?:\([^()]*\)|(?!\$|\\quad|\\qquad|\\\\|\\\]|\\end|[;。]|[,.](?:\s|$)).)+)"
)
CONDITION = re.compile(
    r"([A-Za-z])\s*(>=?|<=?|≥|≤|\\geq?|\\leq?|\\gt|\\lt|≧|≦)(?:slant)?\s*0(?![.\d])|0\s*(>=?|<=?|≥|≤|\\geq?|\\leq?)\s*[A-Za-z]"
)
OTHERWISE = re.compile(r"otherwise|else|그 외|그외|나머지")
SPLIT_ROW = re.compile(
    r"(?<!\\)&|,\s*(?=\\text|if|when|[A-Za-z]\s*[<>≥≤\\])|\\text\s*\{\s*(?:if|for|when)|\bif\b|\bfor\b"
)


class Kind(msgspec.Struct, frozen=True):
    """A row of the table: its name in print, words and signs, for many values its marks."""

    title: str
    words: list[str]
    signs: list[str]
    shown: str = ""
    needs: str = ""


class Branches(msgspec.Struct, frozen=True):
    """A formula on both sides of 0 and at it; `open_at_zero` says that none is given there."""

    below: Expr
    above: Expr
    zero: Expr | None

    @property
    def open_at_zero(self) -> bool:
        """Whether the text says nothing for 0."""
        return self.zero is None


@cache
def load_kinds() -> dict[str, Kind]:
    """The table of functions."""
    text = Path(__file__).with_name("functions.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Kind])


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

    def list_found(self) -> Iterator[Line]:
        """What was found since it was last asked."""
        found, self._found = self._found, []
        yield from found

    def _judge(self, number: int, line: str, match: re.Match[str]) -> str:
        """Judge a definition; its own text where it is none of a function that is known."""
        differential, sign, prime, variable, body = match.groups()
        named, own = self._name(sign, line)
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
        return " "

    def _name(self, sign: str, line: str) -> tuple[str | None, bool]:
        """The function that a sign stands for, and whether the sign itself says so."""
        bare = re.sub(r"\\(?:text|mathrm|operatorname)\s*\{([^{}]*)\}", r"\1", sign).strip()
        key = bare.lower().replace(" ", "").replace("-", "")
        for name, kind in load_kinds().items():
            if bare in kind.signs or key in kind.signs:
                return name, True
        if len(bare) != 1:
            return None, False
        named = find_named(line)
        return (named[0] if len(named) == 1 else self._heading), False

    def _compare(  # noqa: PLR0913  a definition and what it is taken for
        self, chain: Chain, named: str, sign: str, variable: str, *, own: bool, sloped: bool
    ) -> Line | None:
        kind = load_kinds()[named]
        if kind.shown:
            return None if sloped else _compare_text(chain, named, kind)
        taken = self._letters.get(sign, named) if sloped and not own else named
        remarks: tuple[Remark, ...] = ()
        for place, text in enumerate(chain.members[1:], 1):
            formula = _read_formula(text, variable, sign)
            if formula is None:
                continue
            actual = _recognise(formula, sloped=sloped)
            if not sloped and not own and len(actual) > 0:
                self._letters[sign] = taken if taken in actual else actual[0]
            if taken in actual:
                if formula.open_at_zero and FUNCTIONS[taken].corner:
                    remarks = (Remark("audit.open", {}),)
                continue
            if place > 1 or (not actual and not own):
                continue
            return _call_false(chain, place, named, actual)
        read = any(_read_formula(text, variable, sign) for text in chain.members[1:])
        return Line(chain, "true", None, taken, remarks=remarks, compared=1) if read else None


def _holds(variable: str, text: str) -> bool:
    """Whether a formula holds the variable."""
    return re.search(rf"(?<![A-Za-z\\]){variable}(?![A-Za-z])", text) is not None


def _call_false(chain: Chain, place: int, named: str, actual: list[str]) -> Line:
    other = Remark("audit.other", {"named": named, "actual": actual[0]}) if actual else None
    remark = other or Remark("audit.wrong", {"named": named})
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


def _read_formula(text: str, variable: str, sign: str) -> Branches | None:
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


def _recognise(formula: Branches, *, sloped: bool) -> list[str]:
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
