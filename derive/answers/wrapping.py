"""Words and marks around an answer that say nothing about its value.

Dollar signs, boxes, bold, `약`, `정도`, `answer:`, a remark in parentheses, a
final full stop. Also what tells that a text is no single answer: a range, a
choice, an inequality.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from derive.answers.errors import Unreadable
from derive.answers.names import STEPS
from derive.answers.numbers import DECORATED
from derive.answers.patterns import Pattern
from derive.ops import FUNCTIONS

Find = Callable[[str], str | None]

LAYERS = 8
"""So many words and marks are taken off at each end."""
BLANK = Pattern(r"(?:모름|\?+|-{1,3}|n\s?/\s?a)[.!]?", re.IGNORECASE)
"""What people write who have no answer."""
DATE = Pattern(
    r"(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4})(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?"
    r"|\d{4}년 ?\d{1,2}월 ?\d{1,2}일|\d{1,2}월 ?\d{1,2}일",
    re.ASCII,
)
"""What a spreadsheet makes of 1/3."""
MARKS = Pattern(r"\\[()\[\]]|\$|`|\\(?:displaystyle|boxed|fbox)(?![A-Za-z])")
OUTER = tuple(
    Pattern(pattern) for pattern in (r"\*\*(.*)\*\*", r"__(.*)__", r'"(.*)"', r"'(.*)'", r"“(.*)”")
)
BOXED = Pattern(r"\\(?:boxed|fbox)\s*\{([^{}]*+(?:\{[^{}]*+(?:\{[^{}]*+\}[^{}]*+)*\}[^{}]*+)*+)\}")
LEADING = Pattern(
    r"(?:[≈~=:]|'(?=\s*[-+.,\d])|\\(?:approx|sim)(?![A-Za-z])|약(?=[\s\d.+-])|대략|거의"
    r"|(?:정답|답|결과|값)\s*(?:은|는|이)?(?=[\s:=≈\d.+-]))\s*"
)
SPOKEN = Pattern(
    r"(?:the\s+)?(answer|ans|result|approximately|approx\.?|about|roughly|circa|ca\.)"
    r"(?![A-Za-z0-9_])\s*(?:is\b)?\s*[:=]?\s*",
    re.IGNORECASE,
)
TRAILING = Pattern(r"\s*(?:정도|쯤|가량)?\s*(?:입니다|이다|이에요|예요|이요|요|임|다)?\s*[.?,]*$")
NAMED = Pattern(r"([^=≈:~]{1,100}?)\s*(?::(?!=)|~|은\s|는\s|\bis\s)\s*(.+)")
EQUALS = Pattern(
    r"\s*~?(?::=|=>|==|=|≈|\\(?:approx|simeq|cong|doteq|Rightarrow|therefore)(?![A-Za-z]))~?\s*"
)
UNEQUAL = Pattern(r"[<>≤≥≠≪≫≲≳]|!=|\\(?:leq?|geq?|neq?|lt|gt|ll|gg)(?:slant)?(?![A-Za-z])")
EITHER = Pattern(r"±|∓|\+/-|\+-(?=\s*[\d.]+$)|\\pm(?![A-Za-z])")
RANGE = Pattern(
    r"[\d)%.]\s*+(?:~|\\sim(?![A-Za-z])|\.\.+|to\b|부터|에서)\s*+[+-]?\s*+\.?\d"
    r"|\b(?:between|from)\b|사이|이상|이하|초과|미만|^[\d.,]+\s*+--\s*+[\d.,]+$",
    re.ASCII,
)
CHOICE = Pattern(r"\d\s*(?:;|또는|혹은|이거나|이나|아니면|하고|그리고)\s*\S|또는|혹은|아니면")
DOTS = Pattern(r"(?<=\d)\.{2,}$")
REMARK = Pattern(r"(.+?)\s*\(([^()]*)\)")
WORD = Pattern(r"[^\W\d_]+")
OR = Pattern(r"\b(?:or|oder)\b|또는|혹은|아니면", re.IGNORECASE)
INDEXED = Pattern(r"[A-Za-z]_?\d", re.ASCII)
DIGITS_KEPT = Pattern(
    r"(?:to\s+)?\d+\s*(?:d\.?\s?p|s\.?\s?f|dec|decimals?|digits?|places?|sig\.?\s?figs?|자리)\.?",
    re.IGNORECASE,
)
"""To how many digits somebody has rounded: `4 d.p.`, `3sf`."""
STOPS = Pattern(r"[^\w\s.,;:%'-]")


def unwrap(text: str, find: Find) -> str:
    """The text without what stands around it; `find` tells the exercise's own names."""
    for _ in range(LAYERS):
        before = text
        boxed = BOXED.fullmatch(text)
        text = boxed.group(1).strip() if boxed else text
        for pair in OUTER:
            inner = pair.fullmatch(text)
            text = inner.group(1).strip() if inner else text
        lead = LEADING.match(text)
        text = text[lead.end() :] if lead else text
        spoken = SPOKEN.match(text)
        if spoken and find(spoken.group(1)) is None:
            text = text[spoken.end() :]
        text = DOTS.sub("", text)
        text = TRAILING.sub("", text, count=1)
        if text == before:
            break
    return text


def drop_marks(text: str) -> str:
    """The text without signs of a mathematical mode, and a choice or range refused."""
    if text.count("$") % 2:
        raise Unreadable("syntax")
    text = BOXED.sub(r" \1 ", text) if "\\" in text else text
    return MARKS.sub(" ", text).replace("{,}", ",").strip()


def check_single(text: str) -> None:
    """Raise Unreadable for what cannot be one value: `±`, `<`, a range, a choice."""
    if EITHER.search(text):
        raise Unreadable("plus_minus")
    if UNEQUAL.search(STEPS.sub("", text).replace("=>", "=")):
        raise Unreadable("inequality")
    if RANGE.search(text):
        raise Unreadable("range")
    if CHOICE.search(text):
        raise Unreadable("two_numbers")


def drop_remark(text: str, find: Find) -> str:
    """`0.0259 (rounded)` without the remark; a known name in it makes it a factor."""
    if not text.endswith(")"):
        return text
    match = REMARK.fullmatch(text)
    if match is None or not DECORATED.fullmatch(match.group(1)):
        return text
    inside = match.group(2)
    if DIGITS_KEPT.fullmatch(inside.strip()):
        return match.group(1)
    words = WORD.findall(inside)
    if OR.search(inside) or (not words and text[match.start(2) - 2 :][:1] == " "):
        raise Unreadable("two_numbers")
    if STOPS.search(inside) or INDEXED.search(inside):
        return text
    if any(word in FUNCTIONS or find(word) for word in inside.split()):
        return text
    return match.group(1) if any(_says_something(word) for word in words) else text


def _says_something(word: str) -> bool:
    """Whether a word in parentheses is a remark rather than a misspelt factor."""
    return not word.isascii() or len(word) >= 3  # noqa: PLR2004  names are shorter
