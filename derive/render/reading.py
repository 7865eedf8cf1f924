r"""A symbol given as safe TeX, as boxes: `\mathcal{L}`, `net_{h1}`.

What `[symbols]` allows (`spec.symbols`) and the names of functions in `ops`; nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from derive.errors import InternalError
from derive.render.boxes import NOTHING, Box, Number, Row, Symbol, Word, Wrapped, attach, compose
from derive.spec.symbols import GREEK, SIGNS, STYLES

SIGN_OR_WORD = re.compile(r"\\[A-Za-z]+|\\.|(?<![_^])(?:\d+(?:\.\d+)?|[A-Za-z]{2,})|\S")
FUNCTIONS = frozenset({"ln", "log", "exp", "sin", "cos", "tanh", "cosh", "max", "min"})
OF_WORDS = frozenset({"mathrm", "mathit", "mathbf", "mathcal", "operatorname"})
"""Styles in which letters make a word."""


@lru_cache(maxsize=1024)
def read(text: str) -> Box:
    """The boxes of a symbol; raises InternalError for TeX that is no symbol.

    Words of two letters and more stand in italics of their own.
    """
    signs = iter(SIGN_OR_WORD.findall(text))
    return _until_end(signs, words=True)


def _until_end(signs: Iterator[str], *, words: bool) -> Box:
    """Everything up to a closing brace, which is passed over."""
    parts: list[Box] = []
    for sign in signs:
        if sign == "}":
            break
        if sign in ("_", "^"):
            base = parts.pop() if parts else NOTHING
            script = _one(next(signs), signs, words=words and sign == "^")
            below, above = (script, None) if sign == "_" else (None, script)
            parts.append(attach(base, below, above))
        else:
            parts += _parts(_one(sign, signs, words=words))
    return compose(*parts)


def _one(sign: str, signs: Iterator[str], *, words: bool) -> Box:
    """One sign, with its argument if it takes one."""
    name = sign[1:]
    if sign == "{":
        return _until_end(signs, words=words)
    if sign[0] != "\\" or not name.isalpha():
        return _plain(sign.removeprefix("\\"), words=words)
    if name in FUNCTIONS:
        return Word(name, "function")
    if name in (*STYLES, "operatorname"):
        return _styled(name, _one(next(signs), signs, words=False))
    if name in (*GREEK, *SIGNS):
        return Symbol(name)
    raise InternalError(f"TeX that is no symbol: {sign}")


def _plain(sign: str, *, words: bool) -> Box:
    if sign[0].isdigit():
        return Number(sign)
    if len(sign) > 1 and words:
        return Word(sign, "mathit")
    return compose(*map(Symbol, sign))


def _styled(style: str, inside: Box) -> Box:
    """Plain letters in a style are one word."""
    parts = _parts(inside)
    plain = all(type(p) is Number or (type(p) is Symbol and len(p.text) == 1) for p in parts)
    if style not in OF_WORDS or not plain:
        return Wrapped(style, inside)
    return Word("".join(p.text for p in parts if isinstance(p, Symbol | Number)), style)


def _parts(box: Box) -> tuple[Box, ...]:
    return box.parts if type(box) is Row else (box,)
