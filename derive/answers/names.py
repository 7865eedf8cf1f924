r"""Where a name of a quantity stands in a text, and how far it reaches.

People write `W5`, `W_5`, `W_{5}`, `W_5^{+}`, `W^{(1)}_{21}`, `dE/do1`,
`\frac{\partial E_{total}}{\partial o_1}`. A name is looked up by its `key`: letters and
digits alone, `_` only between digits. Sizes are bounded and every pattern is
tried once per place, so time is linear.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol

from derive.answers.patterns import Pattern
from derive.naming import DIRECT, USE
from derive.spec.symbols import GREEK

LETTERS = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma "  # noqa: SIM905  a list of words reads best as words
        "tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi "
        "Omega".split(),
        strict=True,
    )
)
STYLES = "mathrm|mathit|mathbf|mathcal|mathsf|operatorname|textit|textrm|text|rm|it"
ACCENTS = "hat|bar|tilde"
INSIDE = rf"A-Za-z0-9{''.join(LETTERS)}\s_\\,'"
"""What a script in braces may hold; any other sign would be lost in the look-up."""
BRACED = rf"\{{(?:[{INSIDE}]|\{{[{INSIDE}]*+\}})*+\}}"
HEAD = (
    rf"(?:[A-Za-z][A-Za-z0-9]*+|[{''.join(LETTERS)}][0-9]*+"
    rf"|\\(?:{STYLES}|{ACCENTS})\s*+{BRACED}[0-9]*+"
    rf"|\\(?:{'|'.join(GREEK)}|ell)(?![A-Za-z])[0-9]*+)"
)
STEP = r"(?:<|⟨|\\langle)\s*+\d++\s*+(?:>|⟩|\\rangle)"
"""A step of a sequence: `<2>`."""
LAYERED = r"(?:2\s*+)?+(?:\(\d++\)\s*+)?+"
"""A square that is part of a symbol, and the number of a layer: `2(1)`."""
TIMED = rf"\^\s*+\{{?\s*+{LAYERED}{STEP}\s*+\}}?"
"""The step in a superscript: `^{<2>}`, `^{(1)<2>}`."""
RAISED = (
    rf"\^\{{\s*+{LAYERED}(?:{STEP}\s*+)?+(?:(?:\+|\[\d++\])\s*+)?+\}}"
    r"|\^\{?\\?(?:star|prime|ast)\b\}?|\^2(?!\d)"
)
PART = (
    rf"(?:_(?:{BRACED}|\\(?:{STYLES})\s*+{BRACED}|\d++|[A-Za-z][A-Za-z0-9]*+)"
    rf"|{RAISED}|{TIMED}|\^\(\d++\)|'++|_)"
)
PARTS = Pattern(PART, re.ASCII)
CHUNK = Pattern(rf"{HEAD}(?:{PART})*+", re.ASCII)
EXACT = Pattern(r"[A-Za-z][A-Za-z0-9_]*+", re.ASCII)
SIGN = r"(?:\\partial(?![A-Za-z])|\\(?:mathrm|rm|text)\s*+\{\s*d\s*\}|d)\s*+"
NESTED = rf"{HEAD}(?:{PART})*+"
SLASH = Pattern(rf"{SIGN}({NESTED})(\+|@\d+)?\s*+/\s*+{SIGN}({NESTED})", re.ASCII)
FRACTION = Pattern(
    rf"\\[dtc]?frac\s*+\{{\s*+{SIGN}({NESTED})(\+|@\d+)?\s*+\}}"
    rf"\s*+\{{\s*+{SIGN}({NESTED})(\+|@\d+)?\s*+\}}",
    re.ASCII,
)
BAR = r"\s*+(?:\\right)?\s*+(?:\||\\vert(?![A-Za-z]))\s*+_?\s*+"
LOCAL_WORD = r"(?:local|\\(?:mathrm|text)\s*+\{\s*+local\s*+\})"
LOCAL = Pattern(rf"{BAR}(?:{LOCAL_WORD}|\{{\s*+{LOCAL_WORD}\s*+\}})")
PLACE = rf"(?:\d++(?:[_,]\d++)*+)?+(?:[_,]?(?:[ts]\d++|{STEP})){{0,2}}"
USED = Pattern(rf"{BAR}(?:\{{\s*+({PLACE})\s*+\}}|({PLACE}))")
"""One use of a parameter: `|t2`, `|2_1`, and as it is printed: `|_{<2>}`, `|_{21}`."""
STEPS = Pattern(TIMED, re.ASCII)
STEP_ALONE = Pattern(STEP, re.ASCII)
SQUARED = Pattern(r"\^\s*\{?\s*2(?!\d)", re.ASCII)
UPDATES = Pattern(rf"\^\{{\s*({LAYERED}(?:{STEP})?)\s*(?:(\+)|\[(\d{{1,6}})\])\s*\}}", re.ASCII)
BEHIND = Pattern(
    r"@(\d{1,6})|\^?\+(?=\s*(?:$|[*/)\]}^,=|]|\\(?:times|cdot|right|div|ast)(?![A-Za-z])))"
    r"|\^\+(?!\s*[\w(.\\{\[+-])|\^?\+(?=\s*[+-])",
    re.ASCII,
)
"""What ends an updated id; a bare `+` only where no sum can go on behind it."""
APART = Pattern(r"\s+[+-]\s")
"""A sign that stands by itself; one written close to the name before it belongs to the name."""
LAYER = Pattern(r"(_(?:\{[^{}]*+\}|\d++))(\^\{?\(\d++\))", re.ASCII)
"""A subscript before the number of the layer; the sheet has it behind."""
STYLE = Pattern(rf"\\(?:{STYLES})(?![A-Za-z])")
PIECE = Pattern(rf"[A-Za-z]+|\d+|[{''.join(LETTERS)}]|'", re.ASCII)


class Table(Protocol):
    """What is known of an exercise's names."""

    def find_quantity(self, text: str) -> str | None:
        """The id, before any update, of a quantity's name in any spelling."""

    def find_updated(self, base: str, updates: int) -> str | None:
        """The id after so many updates, if the exercise has it."""

    def find_derivative(self, of: str, wrt: str) -> str | None:
        """The id of a derivative of two quantities in any spelling."""

    def precedes(self, name: str, asked: str) -> bool:
        """Whether a formula for what is asked may use the id."""


class NameMatch(NamedTuple):
    """An id and where its text ends."""

    id: str
    end: int


def make_key(text: str) -> str:
    """Letters and digits of a name; `_` only between digits that stood apart."""
    out = ""
    if "^" in text:
        square = "sq" if SQUARED.search(text) else ""
        step = STEP_ALONE.search(text)
        number = re.search(r"\d+", step[0], re.ASCII) if step else None
        text = LAYER.sub(r"\2\1", SQUARED.sub("^", STEP_ALONE.sub("", text)))
        text += square + (f"_t{number[0]}" if number else "")
    for piece in PIECE.findall(STYLE.sub(" ", text)):
        if piece.isdigit() and out[-1:].isdigit():
            out += "_"
        out += LETTERS.get(piece, piece)
    return out


def find_name(text: str, position: int, table: Table, asked: str = "") -> NameMatch | None:
    """The known name that starts here, longest reading first; None if there is none."""
    return _match_derivative(text, position, table, asked) or _match_quantity(
        text, position, table, asked
    )


def _match_quantity(text: str, position: int, table: Table, asked: str) -> NameMatch | None:
    exact = EXACT.match(text, position)
    if exact is not None and table.find_updated(exact.group(), 0):
        return _match_updates(text, exact.end(), exact.group(), 0, table, asked)
    chunk = CHUNK.match(text, position)
    if chunk is None:
        return None
    for end in _list_ends(chunk.group()):
        bare, updates = _drop_updates(chunk.group()[:end])
        base = table.find_quantity(bare)
        if base is not None:
            return _match_updates(text, position + end, base, updates, table, asked)
    return None


def _list_ends(chunk: str) -> list[int]:
    """Where a name may end: behind all its scripts, or behind fewer."""
    head = re.match(HEAD, chunk, re.ASCII)
    assert head is not None
    ends = [head.end()]
    while len(ends) < 6 and (part := PARTS.match(chunk, ends[-1])):  # noqa: PLR2004  nobody writes more
        ends.append(part.end())
    return ends[::-1]


def _drop_updates(chunk: str) -> tuple[str, int]:
    """The name without the count of updates in its superscript; no name if there are two."""
    raised = UPDATES.search(chunk)
    if raised is None:
        return chunk, 0
    layer, plus, count = raised.groups()
    kept = f"^{{{layer}}}" if layer else ""
    bare = chunk[: raised.start()] + kept + chunk[raised.end() :]
    return "" if UPDATES.search(bare) else bare, 1 if plus else int(count)


def _match_updates(  # noqa: PLR0913, PLR0917  the match, and where to look on
    text: str, end: int, base: str, updates: int, table: Table, asked: str
) -> NameMatch | None:
    """The id with what stands behind the name: `+`, `^+`, `^{+}`, `@2`."""
    raised = UPDATES.match(text, end)
    if raised and not updates and not raised.group(1):
        _, updates = _drop_updates(raised.group())
        end = raised.end()
    if updates:
        name = table.find_updated(base, updates)
        return NameMatch(name, end) if name else None
    behind = BEHIND.match(text, end)
    if behind:
        count = behind.group(1)
        name = table.find_updated(base, int(count or 1))
        rest = text[behind.end() :]
        alone = rest.lstrip()[:1] not in ("+", "-") or count or APART.match(rest)
        if name and (alone or table.precedes(name, asked)):
            return NameMatch(name, behind.end())
        if count:
            return None
    return NameMatch(base, end) if table.find_updated(base, 0) else None


def _match_derivative(text: str, position: int, table: Table, asked: str) -> NameMatch | None:
    slash = SLASH.match(text, position)
    quotient = slash or FRACTION.match(text, position)
    if quotient is None:
        return None
    of, over = _drop_updates(quotient.group(1))
    if over and quotient.group(2):
        return None
    over = over or _count_updates(quotient.group(2))
    wrt = quotient.group(3)
    whole = slash is None
    for cut in [len(wrt)] if whole else _list_ends(wrt):
        below, under = _drop_updates(wrt[:cut])
        under = under or (_count_updates(quotient.group(4)) if whole else 0)
        end = quotient.end() if whole else quotient.start(3) + cut
        behind = LOCAL.match(text, end) or USED.match(text, end)
        uses = _read_uses(behind) if behind else [""]
        found = (table.find_derivative(of, below + use) for use in uses)
        base = next((name for name in found if name is not None), None)
        if base is None:
            continue
        if over and under and over != under:
            return None
        return _match_updates(
            text, behind.end() if behind else end, base, over or under, table, asked
        )
    return None


def _read_uses(behind: re.Match[str]) -> list[str]:
    """What a derivative is taken in: `|local`, or the place of one use; `21` may be `2_1`."""
    place = "".join(group or "" for group in behind.groups())
    if not place:
        return [DIRECT]
    place = STEP_ALONE.sub(lambda step: "_t" + re.findall(r"\d+", step[0], re.ASCII)[0], place)
    parts = re.findall(r"[ts]?\d+", place, re.ASCII)
    apart = [digit for part in parts for digit in (part if part.isdigit() else [part])]
    return [USE + "_".join(one) for one in (parts, apart)]


def _count_updates(suffix: str | None) -> int:
    """How many updates `+` or `@2` behind a name says."""
    if not suffix:
        return 0
    return 1 if suffix == "+" else int(suffix[1:])


def cut_word(text: str, position: int) -> str:
    """The piece of text that stands where a known name was expected."""
    piece = (
        SLASH.match(text, position)
        or FRACTION.match(text, position)
        or CHUNK.match(text, position)
        or EXACT.match(text, position)
    )
    return piece.group() if piece else text[position : position + 1]
