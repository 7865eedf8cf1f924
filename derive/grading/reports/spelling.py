"""Ids in what the checker says, written with the symbols of the sheet."""

from __future__ import annotations

import re

from derive.derivation.derived import Derived
from derive.render import plain
from derive.render.notation import choose_notation

TOKEN = re.compile(r"[A-Za-z]\w*(?:/d[A-Za-z]\w*(?:\|local)?)?(?:@\d+|\+(?![\w(]))?", re.ASCII)
"""What may be an id; a plus sign with a name behind it adds, any other one is part of the id."""


class Speller:
    """Writes the ids in a text as the sheet of an exercise does."""

    def __init__(self, derivation: Derived) -> None:
        """Where the author has no symbols of their own an id is written as it is."""
        self._derivation = derivation
        spec = derivation.graph.spec
        self._notation = choose_notation(spec) if spec.symbols else None

    def __call__(self, text: str) -> str:
        """The same text with every id of the exercise respelt."""
        return text if self._notation is None else TOKEN.sub(self._respell, text)

    def _respell(self, found: re.Match[str]) -> str:
        name = found[0]
        assert self._notation is not None
        if self._derivation.step(name) is None:
            return name
        return plain.write(self._notation.symbol(name))
