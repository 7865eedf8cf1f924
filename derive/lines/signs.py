"""Signs that join, signs that part, and what is no sign although it looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterator

RELATION = re.compile(
    r"(?<![<>!+*/≠])(?::=|==?(?!>)|=~)|[≈≒≃≅≐＝]|~=|≔"  # noqa: RUF001  as keyboards write it
    r"|\\(?:approx|simeq|cong|doteq|fallingdotseq|equiv|coloneqq|thickapprox)(?![A-Za-z])"
)
"""What says that two things are equal, or nearly so."""
ROUNDED = re.compile(r"[≈≒≃≅≐~]|\\(?!coloneqq|equiv)")
"""In a relation: only up to the digits written."""
PARTING = re.compile(
    r"(?<!\\)[;；]|[⇒⟹→⟶⇔⟺∴∵←↦]|=+>|--?>|[\r\v\f\x85\u2028\u2029]"  # noqa: RUF001
    r"|\\(?:Rightarrow|Longrightarrow|implies|rightarrow|longrightarrow|to|iff|therefore|because"
    r"|Leftrightarrow|leftarrow|gets|mapsto)(?![A-Za-z])"
)
"""What ends one chain and begins another; also what parts lines in a PDF or a document."""
SOFT = re.compile(
    r"(?<!\\)[,，、](?=\s|[A-Za-z\\$]|$)|\\q?quad(?![A-Za-z])"  # noqa: RUF001
    r"|(?<=[\w)}\]])\.\s+(?=[A-Za-z가-힣\\$∂])|\s:\s(?=\D)|(?<=\d):\s+(?=[A-Za-z\\$∂가-힣])"
    r"|\t+(?!\s*(?:[=≈+*/×·]|\\approx))"  # noqa: RUF001
)
"""What ends one where another one follows: a comma, a full stop, a wide gap."""
BEGINS_ON = re.compile(r"\s*(?:\\(?:times|cdot)(?![A-Za-z])|[×·⋅+])")  # noqa: RUF001
ENDS_OPEN = re.compile(r"(?:[-+*/×·⋅(^]|\\(?:times|cdot|left\())\s*$")  # noqa: RUF001
CELL = "\x1d"
"""What readers of documents put between two cells of a table."""
BLANKS, TABS = re.compile(" {3,}"), re.compile("\t{2,}")
NUMBER = re.compile(r"\d")
OPENING, CLOSING = "([{", ")]}"


def narrow(text: str) -> str:
    """A text without wide gaps, which say nothing and take long to look through."""
    return TABS.sub("\t", BLANKS.sub("  ", text))


def begins_with_relation(text: str) -> bool:
    """Whether a line goes on with the chain before it."""
    return RELATION.match(text.lstrip()) is not None


def ends_open(text: str) -> bool:
    """Whether a line ends with a sign of relation or of an operation."""
    bare = text.rstrip()
    last = None
    for match in RELATION.finditer(bare, max(0, len(bare) - 20)):
        last = match
    if last is not None and last.end() == len(bare):
        return True
    return ENDS_OPEN.search(bare) is not None and NUMBER.search(bare) is not None


def find_outside(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The places of a pattern outside all brackets; of braces alone where others do not close."""
    matches = list(pattern.finditer(text))
    if not matches:
        return
    depths = _measure(text, OPENING, CLOSING) or _measure(text, "{", "}")
    for match in matches:
        if depths is None or depths[match.start()] == 0:
            yield match


def _measure(text: str, opening: str, closing: str) -> list[int] | None:
    """How deep each character stands; None if a bracket is not closed, or closes nothing."""
    depths, depth, escaped = [], 0, False
    for character in text:
        if character in closing and not (escaped and character in "{}"):
            depth -= 1
            if depth < 0:
                return None
        depths.append(depth)
        if character in opening and not (escaped and character in "{}"):
            depth += 1
        escaped = character == "\\" and not escaped
    return depths if depth == 0 else None


def split_outside(pattern: re.Pattern[str], text: str) -> list[tuple[int, str]]:
    """What stands between the places of a pattern outside brackets, and where it starts."""
    parts, start = [], 0
    for match in find_outside(pattern, text):
        parts.append((start, text[start : match.start()]))
        start = match.end()
    return [*parts, (start, text[start:])]
