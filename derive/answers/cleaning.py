"""What a keyboard, a word processor or a TeX file leaves in a text, made uniform.

The result holds one kind of minus, of times and of space, scripts in braces
(`10⁻²` is `10^{-2}`, `h₁` is `h_{1}`) and no character that cannot be seen.
"""

from __future__ import annotations

import re
import unicodedata

from derive.answers.errors import Unreadable
from derive.answers.patterns import Pattern

CHARACTERS = 1_000
"""Longest answer that is looked at."""

THIN = "\u2009"
FORBIDDEN = frozenset("\0\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn what is seen into something else than what is read."""
BLANKS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Seen as nothing, though Unicode does not call them so."""
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾", "0123456789+-()")
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
RAISED = Pattern("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾]+")
LOWERED = Pattern("[₀₁₂₃₄₅₆₇₈₉]+")
ROOT = Pattern(r"√\s*([\d.]+|[A-Za-z]\w*)")
"""A root of what has no bracket around it."""
VULGAR = Pattern("[¼-¾⅐-⅞]")
RANGE_DASH = Pattern(r"[-+−]?[\d.,]+[–—―][-+−]?[\d.,]+")
GROUPED = Pattern(r"(?<=\d)(?:[\u2009\u202f]|\\,)(?=\d)")
ALIKE = str.maketrans(
    dict.fromkeys("−‐‑‒–—―", "-")
    | dict.fromkeys("×·⋅∙•∗✕✖⨯ㆍ・", "*")
    | dict.fromkeys("÷∕⁄", "/")
    | dict.fromkeys("≒≅≃≐⇒∴", "≈")
    | dict.fromkeys("∼〜", "~")
    | dict.fromkeys("′’‘", "'")
    | dict.fromkeys("→←↦", "=")
    | {"。": ".", "、": ",", "∂": "\\partial ", "√": "\\sqrt ", "∞": "\\infty "}
)
SPACES = Pattern(r"\s+")
APART = Pattern(r"\s*([_^])\s*(?=\{)|(?<=[A-Za-z}])\s*(_)\s*(?=[\w\\])")
"""A script as our Markdown pages write it, so that no reader takes `}_` for emphasis, and as
recognisers of handwriting do: `z _ { 1 }`."""
INNER = r"(?:[^{}]|\{(?:[^{}]|\{[^{}]*+\})*+\})"
OVER = Pattern(rf"\{{({INNER}*?)\\over(?![A-Za-z])({INNER}*+)\}}")
"""A fraction of plain TeX."""
UNDER = Pattern(rf"\\(?:under|over)brace\s*\{{({INNER}*+)\}}\s*[_^]\s*(?:\{{{INNER}*+\}}|\w)")
"""A part with a word below it, which is no part of the formula."""
SIGN = Pattern(r"(?<![_^])\{\s*(\\(?:cdot|times|div|ast)|[-+*/])\s*\}")
"""A sign in braces, which stand around it for its space."""


def clean(text: str) -> str:
    """The text in one spelling; empty if nothing can be seen in it.

    Raises Unreadable for a text that is too long or holds what cannot be seen.
    """
    if len(text) > CHARACTERS:
        text = text.strip()
        if len(text) > CHARACTERS:
            raise Unreadable("too_long", limit=str(CHARACTERS))
    if not (text.isascii() and text.isprintable()):
        text = _strip_invisible(text)
    if "\\," in text:
        text = GROUPED.sub(THIN, text)
    if not text.isascii():
        text = _unify(text)
    text = SPACES.sub(" ", text).strip(" ")
    return _clean_tex(text) if "{" in text or " _" in text or "_ " in text else text


def _clean_tex(text: str) -> str:
    """TeX with scripts close to their letters, and in the words that the grammar knows."""
    if " " in text:
        text = APART.sub(r"\1\2", text)
    if "\\" not in text:
        return text
    if "\\over" in text:
        text = OVER.sub(r"\\frac{\1}{\2}", text)
    if "brace" in text:
        text = UNDER.sub(r"(\1)", text)
    return SIGN.sub(r"\1 ", text)


def _strip_invisible(text: str) -> str:
    """The text without invisible ends; an invisible inside could hide anything."""
    used = set(text)
    for character in used:
        if character in FORBIDDEN or unicodedata.category(character) == "Cs":
            raise Unreadable("invisible", code=f"U+{ord(character):04X}")
    spaces = {c for c in used if c.isspace()}
    hidden = {c for c in used - spaces if c in BLANKS or unicodedata.category(c) in ("Cf", "Cc")}
    text = text.strip("".join(spaces | hidden))
    for character in sorted(hidden):
        if character in text:
            raise Unreadable("invisible", code=f"U+{ord(character):04X}")
    return text


def _unify(text: str) -> str:
    if RANGE_DASH.fullmatch(text):
        raise Unreadable("range")
    text = GROUPED.sub("_", text).replace(THIN, "_")
    text = RAISED.sub(lambda match: "^{" + match.group().translate(SUPERSCRIPTS) + "}", text)
    text = LOWERED.sub(lambda match: "_{" + match.group().translate(SUBSCRIPTS) + "}", text)
    text = ROOT.sub(r"\\sqrt{\1}", _write_fractions(text))
    for character in set(text):
        if unicodedata.category(character) in ("No", "Nl"):
            raise Unreadable("character", character=character)
    text = unicodedata.normalize("NFKC", text.translate(ALIKE)).translate(ALIKE)
    if len(text) > 2 * CHARACTERS:
        raise Unreadable("too_long", limit=str(CHARACTERS))
    return text


def _write_fractions(text: str) -> str:
    """`½` as `(1/2)`; right behind a digit it would be a mixed number."""

    def write_out(match: re.Match[str]) -> str:
        if text[: match.start()].rstrip()[-1:].isdigit():
            raise Unreadable("two_numbers")
        return "(" + unicodedata.normalize("NFKC", match.group()).translate(ALIKE) + ")"

    return VULGAR.sub(write_out, text)
