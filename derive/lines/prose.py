"""Words around mathematics: `따라서`, `so that`, `where`, a remark in parentheses."""

from __future__ import annotations

import re
from collections.abc import Callable

from derive.lines.signs import find_outside

GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda sigma omega "  # noqa: SIM905
    "upsilon omicron sin cos tan exp log sqrt".split()
)
IsName = Callable[[str], bool]

CONNECTIVES = frozenset(
    """
    so then thus hence therefore and where with we get gives give have has is are was since because
    for that now first second next finally step answer as if when which let be set put using use
    yields means namely also likewise similarly the an or but our
    given rounded approximately about compute computing calculate calculated find call define
    applying evaluates equals become becomes obtain obtained same check note i.e e.g ie eg ok okay
    after this these before again afterwards later still update updated
    choose chosen pick suppose assume consider take say what about
    """.split()  # noqa: SIM905  a list of words reads best as words
)
"""English words that join sentences: a quantity may stand beside one. So may any Korean word."""
HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
WORD = re.compile(
    r"(?<![A-Za-z0-9_])\\?[A-Za-z](?:[A-Za-z.]*[A-Za-z])?(?![A-Za-z0-9_^{])|[가-힣ㄱ-ㅎㅏ-ㅣ]+"
)
"""A word that is no part of a name with digits, `an1`, or of a command with braces."""
TEXT = re.compile(r"\\(?:text|mathrm|textrm|mbox|textbf|textit)\s*\{([^{}]*)\}")
REMARK = re.compile(r"\s*\(([^()=]*)\)")
OTHER_ARITHMETIC = re.compile(
    r"binary|integer|modul|\bmod\b|hexa|\bbase\b|floor|이진|정수", re.IGNORECASE
)
"""In a remark: the numbers are not computed with as usual."""
OPERATION = re.compile(r"[_^\\*/{}+×·]|\s-\s")  # noqa: RUF001  as keyboards write it
EDGE = re.compile(
    r"^[\s:,.!?'\"]+(?![\d])|(?:\\[,;:!]|[\s:,?]|(?<![\d)])!)+$|(?:\s\.+|(?<!\.)\.)$"
)
SMILES = re.compile("[~\u2600-\u27bf\u2b50-\u2b55\U0001f000-\U0001faff\ufe0f\u200d]")
"""What people set behind a line in a chat: a tick, a smile, `~`."""
SHOUTED = re.compile(r"\.\d+!$")
NEW = re.compile(r"^\s*(?:new|updated|old|새|새로운|갱신|이전|기존)")
"""A remark that tells which value of a name is meant."""
PUNCTUATION = re.compile(r"(?:(?<![\\\d\s])[:,!?]|(?<=[^\W\d])\.)\s+(?=\S)")
"""A colon, comma or full stop behind a word."""
COMMA = re.compile(r"(?<=\S)(?<!\\)[,:]\s(?!\s*[-+]?[\d.])")
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
DAY = re.compile(
    rf"^\s*pp?\.\s*\d|^\s*(?:\d{{1,2}}(?:st|nd|rd|th)?\.?\s+{MONTH}|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?)(?:,?\s+\d{{4}})?\s*[.,;]?\s*$"
)
"""A day, or a page, which is no number: `4 March`, `pp. 12-15`."""
CHOICE = re.compile(r"\d\s*(?:or|또는|혹은|이거나)\s*[-+]?\d")
"""Two numbers of which nobody says which one it is."""
UNIT = re.compile(r"(?<=[\d)}%])\s+([A-Za-z°/]{3,}(?:\s+[A-Za-z°/]{2,})*)\s*$")
"""Words behind a number: `3 apples`."""
LETTERS = re.compile(r"[A-Za-z]{2,}")


def open_texts(text: str) -> str:
    r"""A text with words out of `\text{...}`, which may be names and functions, too."""

    def write(match: re.Match[str]) -> str:
        inside = match.group(1)
        words = HANGUL.search(inside) or " " in inside or inside in CONNECTIVES
        return f" {inside} " if words else match.group()

    return TEXT.sub(write, text) if "\\" in text else text


def drop_remarks(text: str, is_name: IsName) -> str:
    """A text without parentheses that hold words alone: `0.08 (rounded)`."""

    def write(match: re.Match[str]) -> str:
        inside = match.group(1)
        if NEW.match(inside) or OPERATION.search(inside) or OTHER_ARITHMETIC.search(inside):
            return match.group()
        words = [word for word in WORD.findall(inside) if _is_word(word, is_name)]
        return "" if words else match.group()

    return REMARK.sub(write, text) if "(" in text else text


def _is_word(word: str, is_name: IsName) -> bool:
    """Whether a word of a remark is none of mathematics."""
    if word.startswith("\\") or is_name(word):
        return False
    return HANGUL.search(word) is not None or len(word) >= 3 or word.lower() in CONNECTIVES  # noqa: PLR2004


def is_prose(word: str, is_name: IsName) -> bool:
    """Whether a word joins sentences, or is Korean and no name."""
    if word.startswith("\\") or is_name(word):
        return False
    return word.lower().rstrip(".") in CONNECTIVES or HANGUL.search(word) is not None


def is_label(text: str, is_name: IsName) -> bool:
    """Whether a text is words throughout: no number, no sign, no name that is known."""
    bare = text.strip()
    if re.search(r"[\d+*/^=(){}\\]", bare) or any(is_name(w) for w in (bare, *bare.split())):
        return False
    return HANGUL.search(bare) is not None or LETTERS.search(bare) is not None


def trim(text: str, is_name: IsName, *, first: bool, last: bool) -> str:
    """The member of a chain without the words before its first one and behind its last."""
    if DAY.match(text) or CHOICE.search(text):
        return text.strip()
    text = EDGE.sub("", text.strip()).strip()
    if first:
        text = _drop_before(text, is_name)
    if last:
        text = _drop_behind(_drop_tail(text), is_name)
    return EDGE.sub("", text).strip()


def _drop_tail(text: str) -> str:
    """A text without smiles, `!!` and `^^` behind it; one `!` is that of a factorial."""
    bare = text.rstrip()
    while bare and (SMILES.match(bare[-1]) or bare.endswith(("!!", "^^"))):
        bare = bare[:-1].rstrip() if SMILES.match(bare[-1]) else bare.rstrip(bare[-1]).rstrip()
    return bare[:-1] if SHOUTED.search(bare[-12:]) else bare


def _drop_before(text: str, is_name: IsName) -> str:
    end = 0
    for match in WORD.finditer(text):
        if is_prose(match.group(), is_name):
            end = match.end()
    rest = text[end:].strip()
    if not rest:
        return text
    ends = [match.end() for match in find_outside(PUNCTUATION, rest)]
    return rest[ends[-1] :] if ends and ends[-1] < len(rest) else rest


def _drop_behind(text: str, is_name: IsName) -> str:
    for match in WORD.finditer(text):
        if is_prose(match.group(), is_name) and text[: match.start()].strip():
            return text[: match.start()].strip()
    comma = next(find_outside(COMMA, text), None)
    text = text[: comma.start()] if comma else text
    unit = UNIT.search(text)
    words = WORD.findall(unit.group(1)) if unit else []
    named = any(is_name(word) or word in GREEK for word in words)
    return text[: unit.start()] if unit and not named else text


def part(text: str, is_name: IsName) -> tuple[str, str] | None:
    """What stands before and behind the words inside a member; None where there are none.

    `0.08 이고 z2` ends one chain and begins another.
    """
    found = [m for m in WORD.finditer(text) if is_prose(m.group(), is_name)]
    if not found:
        return None
    before, behind = text[: found[0].start()].strip(), text[found[-1].end() :].strip()
    return (before, behind) if before and behind else None
