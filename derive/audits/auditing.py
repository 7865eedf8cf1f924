"""One document, line by line: its chains, and its definitions of functions."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from derive.audits.functions import FunctionReader
from derive.audits.numbers import NumberReader
from derive.checking.marking import Marker
from derive.lines import Chain, list_chains
from derive.lines.documents import Numbered, drop_programs, is_denied
from derive.lines.signs import CELL, narrow
from derive.workings import Line, Working

SLOPE = re.compile(r"^\s*(?:\\?[A-Za-z]+|σ)\s*(?:'|\^\{?\\prime\}?)\s*\(\s*([^()]+?)\s*\)\s*$")  # noqa: RUF001
"""A slope at a value: `tanh'(z3)`."""
RANK = {"true": 0, "rounded": 1, "carried": 2, "false": 3, "unread": 4}


class Auditor:
    """Reads one document; with sheets, each chain against the one that knows its names."""

    def __init__(self, markers: Sequence[Marker] = ()) -> None:
        """Nothing is read yet."""
        self._sheets = [Working(marker) for marker in markers]
        self._numbers = NumberReader()
        self._functions = FunctionReader()
        self._denied: deque[int] = deque()

    def audit(self, lines: Iterable[Numbered], *, torn: bool = False) -> Iterator[Line]:
        """Every chain that says something about numbers, and every definition of a function.

        In a `torn` text, that of a PDF, powers and fractions have lost their places: only
        numbers that stand in one line are looked at.
        """
        self._numbers.reader.is_torn = torn
        if torn:
            lines = ((number, f"{CELL}{line}") for number, line in lines)
        text = ((number, narrow(line)) for number, line in drop_programs(lines))
        noted = self._note_denied(text)
        for chain in list_chains(self._functions.take(noted), self._is_name):
            yield from self._functions.list_found()
            for sign in self._functions.list_signs():
                self._numbers.reader.functions.forget(sign)
            if self._is_denied(chain):
                self._numbers.forget(chain)
            else:
                yield from self._judge(chain)
        yield from self._functions.list_found()

    def _note_denied(self, lines: Iterable[Numbered]) -> Iterator[Numbered]:
        """The same lines; which of them ask, or say that they are wrong, is kept."""
        for number, line in lines:
            if is_denied(line):
                self._denied.append(number)
            yield number, line

    def _is_denied(self, chain: Chain) -> bool:
        """Whether a chain is asked, or called wrong; chains come in the order of their lines."""
        while self._denied and self._denied[0] < chain.line:
            self._denied.popleft()
        return bool(self._denied) and self._denied[0] == chain.line

    def _is_name(self, text: str) -> bool:
        tables = (self._numbers.names, *(sheet.names for sheet in self._sheets))
        return any(names.is_name(text) for names in tables)

    def _judge(self, chain: Chain) -> list[Line]:
        """By the sheet that knows what a chain is about; else by the text itself."""
        if not chain.signs:
            return self._numbers.judge(chain)
        sheets = () if self._numbers.reader.is_torn else self._sheets
        judged = [sheet.judge(chain) for sheet in sheets]
        known = [lines for lines in judged if any(line.id is not None for line in lines)]
        self._numbers.reader.sigma_is_open = self._functions.sigma_is_open
        plain = self._numbers.judge(chain)
        if not known and not plain and not chain.alone:
            pairs = zip(sheets, judged, strict=True)
            known = [lines for sheet, lines in pairs if _is_about(chain, sheet)]
        best = min(known, key=_rank, default=plain)
        read = any(line.compared and line.status != "unread" for line in best)
        return best if read or not plain else plain


def _is_about(chain: Chain, sheet: Working) -> bool:
    """Whether a chain begins with a slope at a value of the sheet."""
    slope = SLOPE.match(chain.members[0])
    return slope is not None and sheet.names.sheet.find(slope.group(1)) is not None


def _rank(lines: list[Line]) -> int:
    return max(RANK[line.status] for line in lines)
