"""Lines of a text into chains: `a = b = c`, also over several lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec

from derive.lines import prose
from derive.lines.prose import IsName
from derive.lines.signs import (
    BEGINS_ON,
    CELL,
    PARTING,
    RELATION,
    SOFT,
    begins_with_relation,
    ends_open,
    find_outside,
    narrow,
    split_outside,
)

LONGEST = 20_000
"""Characters of a statement; what goes on behind them is another one."""
MOST = 64
"""Members of a chain that are told apart; the last one holds the rest."""
BULLET = re.compile(
    r"^\s*(?:>\s*)*(?:[*•▪‣◦]\s+|\d{1,2}[.)]\s+(?=\S)|\(\d{1,2}\)\s+(?=[A-Za-z\\∂$가-힣])"
    r"|\(?[a-z]\)\s+|(?:[Ss]tep|[Pp]art|[Qq](?:uestion)?|문제|단계)\s*\d+\s*[.:)]\s*|[①-⑳]\s*"
    r"|#+\s+(?:\d{1,2}[.)]\s+)?)?"
)
STAMP = re.compile(
    r"^\s*(?:\[[^\]=]{1,40}\]\s*)*"
    r"(?:\d{4}([-./])\d{1,2}\1\d{1,2}\.?(?:[ T,]+\d{1,2}:\d\d(?::\d\d)?)?"
    r"|(?:오전|오후|[AaPp][Mm])?\s*\d{1,2}:\d\d(?::\d\d)?(?:\s*[AaPp]\.?[Mm]\.?)?)"
    r"[\s,:-]+(?=[A-Za-z\\∂$가-힣])|^\s*(?:\[[^\]=]{1,40}\]\s*){2}(?=[A-Za-z\\∂$가-힣])"
)
"""When a line was written, and by whom, as chats put it before it."""
DASH = re.compile(r"^\s*(?:>\s*)*([-–+])\s+(?=\S)")  # noqa: RUF001
"""A bullet, or a sign of a formula that goes on."""
RULE = re.compile(r"^\s*(?:[-=*_~#]\s*){3,}$")
"""A line across the page."""
NAMED = re.compile(r"[A-Za-z\\∂$가-힣]")
BOLD = re.compile(r"(?<![\w)])(\*\*|__)(?=\S)(.+?)(?<=\S)\1(?![\w(])")
DOUBLED = re.compile(r"\\\\(?=[A-Za-z])")
"""A backslash that a program's string has twice."""
BREAK = re.compile(r"\\\\(?:\[[^\]]*\])?|\\(?:newline|cr)(?![A-Za-z])")
FRAME = re.compile(
    r"\\(?:begin|end)\s*\{(?:aligned|alignedat|align|equation|split|gathered|gather|eqnarray"
    r"|displaymath|math|array|multline)\*?\}(?:\{[^{}]*\}|\[[^\]]*\])?"
    r"|\\(?:nonumber|notag|displaystyle|textstyle|centering)(?![A-Za-z])"
    r"|\\(?=\s)|\\(?:label|tag\*?)\s*\{[^{}]*\}|(?<!\\)&|```\w*|<br\s*/?>"
)
ANNOTATION = re.compile(r"&&?\s*(?:\\q?quad\s*)?\\(?:text|mbox|textbf|textit)\s*\{.*$|&&.*$")
"""What stands beside a formula in a column of its own."""
GAP = re.compile(
    r"^(?:\\(?:q?quad|enspace|hspace\*?\{[^{}]*\}|phantom\{[^{}]*\})|\\[,;:! ]|\s|\{\})+"
)
BOLDED = re.compile(
    r"\\(?:mathbf|boldsymbol|bm|textbf|mathrm|underline|bf)\s*\{\s*([-+−]?[\d.,]+%?)\s*\}"  # noqa: RUF001
)
"""A number in bold."""
CONDITION = re.compile(r"&|[<>≥≤≠]|\\(?:geq?|leq?|neq?|text)|if|otherwise")
CASES = re.compile(r"\\begin\{[dr]?cases\*?\}(.*?)\\end\{[dr]?cases\*?\}")
CASES_BEGIN = re.compile(r"\\begin\{[dr]?cases\*?\}.*$")
FOOTNOTE = re.compile(r"(?:\\enspace\s*)?(?:\{\}\s*)?\^\s*\{?\s*(?:\\d?dagger|[†‡])\s*\}?|\s*[†‡]")
UPDATED = re.compile(r"((?<![A-Za-z])[A-Za-z∂\\][^\s=+]{0,40}\+\}?)=(?!=)")
"""A name with a plus, written close to the sign."""
CHANGED = re.compile(r"((?<![A-Za-z])[A-Za-z∂\\][^\s=+,;]{0,40})\s+([-+])=\s*([^=≈;,]+)")
"""A new value as programs write it: `W5 -= 0.01`."""
CALLED = re.compile(r"시그모이드\s*\(")
"""The one function that people call in Korean; the word alone is prose."""
ASSIGNED = re.compile(
    r"^[\s$]*([A-Za-z\\∂][\w{}^\\+]{0,40})\s*"
    r"(?:[←→]|->|\\(?:leftarrow|gets|to|rightarrow)(?![A-Za-z]))\s*(?=\S)"
)
"""A name, and an arrow to or from its new value."""
MATH = re.compile(r"\$\$?|\\[\[\]()]")


class Chain(msgspec.Struct, frozen=True):
    """Members of one text joined by signs of relation.

    `line` is where it begins, from 1; `members` are one more than `signs`. What has no
    text, in front of a first sign, is empty. One in a cell of a table stands `alone`;
    `dash` is a bullet in front of it that may be a sign, `target` a name before an arrow
    that it is a new value for: such a chain may have no sign at all.
    """

    line: int
    members: tuple[str, ...]
    signs: tuple[str, ...]
    alone: bool = False
    dash: str = ""
    target: str = ""

    @property
    def text(self) -> str:
        """The chain in one line."""
        parts = [self.members[0]]
        for sign, member in zip(self.signs, self.members[1:], strict=True):
            parts += [sign, member]
        return " ".join(part for part in parts if part)


class _Statement:
    """A piece of text that is not ended yet, with the lines that its places stand in."""

    def __init__(self) -> None:
        self.text = ""
        self.lines: list[tuple[int, int]] = []
        self.alone = False
        self.dash = self.target = ""

    def add(self, text: str, line: int) -> None:
        """Go on with a text that stands in a line."""
        self.text += " " if self.text else ""
        self.lines.append((len(self.text), line))
        self.text += text

    def line_at(self, position: int) -> int:
        """The line in which a place of the text stands."""
        return max((pair for pair in self.lines if pair[0] <= position), default=(0, 1))[1]


class _Piece(msgspec.Struct, frozen=True):
    """A text without a sign that parts, and the line it stands in.

    It is `aligned` where it stands under the one before it in a formula of several lines,
    `alone` as a cell of a table; `dash` is the sign, or the bullet, that stands before it.
    """

    line: int
    text: str
    aligned: bool = False
    alone: bool = False
    dash: str = ""
    target: str = ""

    @property
    def signed(self) -> str:
        """The text with its dash as a sign."""
        return f"{self.dash} {self.text}" if self.dash else self.text

    def goes_on(self, last: _Piece | None) -> bool:
        """Whether it goes on with the piece before it.

        A dash is a sign below a formula in the line before, if that has none.
        """
        if self.alone or last is None:
            return False
        if self.dash:
            below = self.line == last.line + 1 and not last.dash
            list_item = self.dash != "+" and NAMED.match(self.text) is not None
            return below and RELATION.search(last.text) is not None and not list_item
        if self.aligned and self.text[:1] in ("+", "-"):
            return True
        return begins_with_relation(self.text) or BEGINS_ON.match(self.text) is not None


def list_chains(lines: Iterable[tuple[int, str]], is_name: IsName) -> Iterator[Chain]:
    """The chains of numbered lines; `is_name` tells words that name a quantity."""
    statement = _Statement()
    last: _Piece | None = None
    apart = ((number, _write_apart(line, is_name)) for number, line in lines)
    for piece in _list_pieces(apart):
        room = len(statement.text) + len(piece.text) < LONGEST
        goes_on = piece.goes_on(last)
        joins = goes_on or (ends_open(statement.text) and not piece.alone)
        if not (statement.text and room and joins) or (last is not None and last.alone):
            yield from _split(statement, is_name)
            statement = _Statement()
            statement.dash, statement.target = piece.dash, piece.target
        statement.add((piece.signed if goes_on else piece.text)[:LONGEST], piece.line)
        statement.alone = piece.alone
        last = piece
    yield from _split(statement, is_name)


def _write_apart(line: str, is_name: IsName) -> str:
    """A line in which the plus of an updated name stands by itself: `W5+ =` for `W5+=`.

    `W5 -= x` is `W5 := W5 - (x)`, and a function with a Korean name has its English one.
    """

    def write(match: re.Match[str]) -> str:
        return f"{match.group(1)} =" if is_name(match.group(1)) else match.group()

    def write_out(match: re.Match[str]) -> str:
        name, sign, change = match.groups()
        return f"{name} := {name} {sign} ({change.strip()}) " if is_name(name) else match.group()

    line = narrow(line)
    if "=" in line and ("+ " in line or "-=" in line or "+=" in line):
        line = CHANGED.sub(write_out, line)
    return CALLED.sub("sigmoid(", UPDATED.sub(write, line)) if "=" in line else line


def _list_pieces(lines: Iterable[tuple[int, str]]) -> Iterator[_Piece]:
    """What stands between two signs that part."""
    before = ""
    for number, line in _drop_cases(lines):
        if not line.strip() or RULE.match(line):
            continue
        whole = DOUBLED.sub(r"\\", line.rstrip("\r\n"))
        if CELL in whole:
            yield from _list_cells(number, whole)
            continue
        for part in BREAK.split(whole):
            aligned = part.lstrip().startswith("&") or ends_open(before)
            for piece in _cut_pieces(number, part, aligned=aligned):
                before = piece.text
                yield piece


def _drop_cases(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines without what holds in one case only; a sign of it stays, which nobody reads."""
    inside = False
    for number, line in lines:
        bare = CASES.sub(_drop_conditions, line) if "{cases" in line else line
        if inside:
            _, end, rest = bare.partition("\\end{cases}")
            inside = not end
            bare = rest
        elif CASES_BEGIN.search(bare):
            bare, inside = CASES_BEGIN.sub(r"\\cases ", bare), True
        yield number, bare


def _drop_conditions(cases: re.Match[str]) -> str:
    """Cases with conditions as a sign that nobody reads; several equations as they stand."""
    return "\\cases " if CONDITION.search(cases.group(1)) else f" {cases.group(1)} "


def _list_cells(number: int, line: str) -> Iterator[_Piece]:
    """The cells of a row, each by itself; what a sign at its beginning joins it to is unknown."""
    for cell in line.split(CELL):
        for piece in _cut_pieces(number, cell, aligned=False):
            sign = RELATION.match(piece.text)
            text = piece.text[sign.end() :] if sign else piece.text
            yield _Piece(number, text.strip(), alone=True)


def _cut_pieces(number: int, text: str, *, aligned: bool) -> Iterator[_Piece]:
    text = text if aligned else STAMP.sub("", text, count=1)
    dash = None if aligned else DASH.match(text)
    sign = dash.group(1).replace("–", "-") if dash else ""  # noqa: RUF001
    text = text[dash.end() :] if dash else text
    bare = ANNOTATION.sub("", text if aligned else BULLET.sub("", text, count=1))
    bare = BOLDED.sub(r"\1", BOLD.sub(r"\2", FRAME.sub(" ", FOOTNOTE.sub(" ", bare))))
    for region in _split_math(prose.open_texts(bare)):
        assigned = ASSIGNED.match(region)
        target = assigned[1] if assigned else ""
        value = region[assigned.end() :] if assigned else region
        for _, piece in split_outside(PARTING, value):
            text = GAP.sub("", piece.strip())
            if text.strip(" \t.,"):
                yield _Piece(number, text, aligned=aligned, dash=sign, target=target)
                sign = target = ""


def _split_math(text: str) -> list[str]:
    """A line cut around formulas between dollars that are chains of their own."""
    marks = list(MATH.finditer(text))
    if len(marks) < 2:  # noqa: PLR2004  one alone opens nothing
        return [MATH.sub(" ", text)]
    parts = [text[: marks[0].start()]]
    parts += [text[one.end() : other.start()] for one, other in pairwise(marks)]
    parts.append(text[marks[-1].end() :])
    regions = [""]
    for index, part in enumerate(parts):
        inside = index % 2 == 1
        apart = inside and RELATION.search(part) is not None
        if apart and regions[-1].strip() and not ends_open(regions[-1]):
            regions.append("")
        regions[-1] += f" {part} "
        following = parts[index + 1] if index + 1 < len(parts) else ""
        if apart and not begins_with_relation(following):
            regions.append("")
    return [region for region in regions if region.strip()]


def _split(statement: _Statement, is_name: IsName) -> Iterator[Chain]:
    """The chains of one statement: a comma ends one where another one follows."""
    if RELATION.search(statement.text) is None:
        if statement.target:
            bare = prose.trim(statement.text, is_name, first=False, last=True)
            yield Chain(statement.line_at(0), (bare,), (), target=statement.target)
        return
    parts = split_outside(SOFT, statement.text)
    joined: list[tuple[int, str]] = []
    for start, part in parts:
        if joined and not (_has_relation(part) and _has_relation(joined[-1][1])):
            before, text = joined[-1]
            joined[-1] = before, text + statement.text[before + len(text) : start] + part
        else:
            joined.append((start, part))
    for start, part in joined:
        line = statement.line_at(start + len(part) - len(part.lstrip()))
        dash, target = (statement.dash, statement.target) if start == 0 else ("", "")
        for chain in _cut(line, part, is_name):
            yield msgspec.structs.replace(chain, alone=statement.alone, dash=dash, target=target)
            dash = target = ""


def _has_relation(text: str) -> bool:
    return next(find_outside(RELATION, text), None) is not None


def _cut(line: int, text: str, is_name: IsName) -> Iterator[Chain]:
    """A text at its signs of relation; words inside a member part two chains."""
    text = prose.drop_remarks(text, is_name)
    signs = [match.group() for match in find_outside(RELATION, text)][: MOST - 1]
    if not signs:
        return
    parts = [part.strip() for _, part in split_outside(RELATION, text)]
    members = [*parts[: MOST - 1], " = ".join(parts[MOST - 1 :])] if len(parts) > MOST else parts
    start = 0
    for index in range(1, len(members) - 1):
        parted = prose.part(members[index], is_name)
        if parted is not None:
            kept = (*members[start:index], parted[0])
            yield _trim(line, kept, signs[start:index], is_name)
            members[index], start = parted[1], index
    yield _trim(line, tuple(members[start:]), signs[start:], is_name)


def _trim(line: int, members: tuple[str, ...], signs: list[str], is_name: IsName) -> Chain:
    """A chain without words before and behind it."""
    last = len(members) - 1
    bare = tuple(
        prose.trim(text, is_name, first=i == 0, last=i == last) for i, text in enumerate(members)
    )
    return Chain(line, bare, tuple(signs))
