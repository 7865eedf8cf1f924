"""The code of a variant: eight letters that tell nothing without the secret, one of them a check.

The index is encrypted by a Feistel network of HMAC-SHA256, so that no two variants of a
batch have the same code and no table of them has to be kept.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 letters; I and 1, O and 0 are not among them."""
LENGTH = 8
VERSION = "derive-code/1"
ROUNDS = 8
BITS, HALF = 35, 18
"""Of the seven letters before the check; half of them rounded up."""
FIELD = 0b100101
"""x^5 + x^2 + 1: letters are numbers of the field with 32 elements."""
LIKE = 0.7
BETWEEN = "_.\N{MINUS SIGN}"
"""Stands between letters beside blanks and dashes of any kind."""


def make_code(secret: bytes, digest: str, index: int) -> str:
    """The code of the variant of an index, from 0 up to 2^35 - 1."""
    left, right = index >> HALF, index & ((1 << HALF) - 1)
    sizes = BITS - HALF, HALF
    for number in range(ROUNDS):
        size = sizes[number % 2]
        message = f"{VERSION}\n{digest}\n{number}\n{right}".encode()
        mixed = int.from_bytes(hmac.digest(secret, message, "sha256")[:4], "big")
        left, right = right, left ^ (mixed & ((1 << size) - 1))
    whole = (left << HALF) | right
    places = range(BITS - 5, -1, -5)
    return add_check("".join(LETTERS[(whole >> place) & 31] for place in places))


def add_check(letters: str) -> str:
    """The letters with the one behind them that makes a mistyped or swapped one show."""
    total = 0
    for letter in letters:
        total = _double(total ^ LETTERS.index(letter))
    return letters + LETTERS[total]


def _double(number: int) -> int:
    """A number of the field times x."""
    number <<= 1
    return number ^ FIELD if number & 32 else number


def read_code(text: str) -> str | None:
    """A code as people type it: small letters, dashes and blanks; None where it is none."""
    plain = unicodedata.normalize("NFKC", text[:80]).upper()
    letters = "".join(c for c in plain if not _parts(c))
    if len(letters) != LENGTH or not set(letters) <= set(LETTERS):
        return None
    return letters if add_check(letters[:-1]) == letters else None


def _parts(sign: str) -> bool:
    return sign.isspace() or sign in BETWEEN or unicodedata.category(sign) == "Pd"


def looks_like_code(text: str) -> bool:
    """Whether somebody may have meant a code: about as many letters of its alphabet."""
    plain = _list_letters(text)
    near = LENGTH - 1 <= len(plain) <= LENGTH + 1 and plain.isascii() and " " not in text.strip()
    mixed = any(c.isdigit() for c in plain) and any(c.isalpha() for c in plain)
    return near and (mixed or (len(plain) == LENGTH and text.strip().isupper()))


def _list_letters(text: str) -> str:
    """The letters and digits of a code as people type it, without a word before it."""
    bare = re.sub(r"^\s*(?:code|코드)\s*:?\s*", "", text[:80], flags=re.IGNORECASE)
    plain = unicodedata.normalize("NFKC", bare).upper()
    return "".join(c for c in plain if c.isalnum())


def find_nearest_code(text: str, codes: Iterable[str]) -> str | None:
    """The code that somebody may have meant; None where none is near."""
    plain = _list_letters(text)
    if not LENGTH - 2 <= len(plain) <= LENGTH + 2:
        return None
    near = get_close_matches(plain, list(codes), 1, LIKE)
    return near[0] if near else None
