"""The table in a practice page: what the Python checker says of every number that fits.

The page parses what is typed and looks it up, unless answers before it matter (`graph`).
Sentences and verdicts stand once and are named by their index.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from derive.checking.explaining import HINTS
from derive.checking.judging import Judge
from derive.checking.lookup import Lookup, Stretch
from derive.checking.verdicts import RIGHT, WRONG, Judgement, Result
from derive.grading.reports.saying import Voice

COARSEST = 3
"""Power of ten of the coarsest last digit that is looked up, as in `1e3`."""
FINER = 2
"""Decimals looked up beyond those of the key; more are rounded before."""


class Ruling(msgspec.Struct, frozen=True):
    """A verdict: its word of the checker, whether it counts as right, indices of what is said.

    `cut` says that digits were cut off instead of rounded. `otherwise` is the ruling where
    other answers rule out the known mistakes, -1 where that is this one.
    """

    verdict: str
    right: bool
    said: tuple[int, ...]
    cut: bool = False
    otherwise: int = -1


class Column(msgspec.Struct, frozen=True):
    """One id: hints as indices of sentences, and the stretches for each last digit.

    `stretches[i]` is about counts of 10^(COARSEST - i): triples of the gap to
    the stretch before, its length less one and its ruling, separated by spaces.
    """

    id: str
    hints: tuple[int, ...]
    stretches: tuple[str, ...]


class Table(msgspec.Struct, frozen=True):
    """Everything a page looks up. `rulings[0]` is that of a number in no stretch.

    `decimals` are those of the sheet: zeros behind them are no digits. `finer`
    decimals beyond those of the key are looked up.
    """

    decimals: int
    coarsest: int
    finer: int
    sentences: tuple[str, ...]
    rulings: tuple[Ruling, ...]
    columns: tuple[Column, ...]


class Writer:
    """Writes the columns of one table; each sentence and each ruling once."""

    def __init__(self, judge: Judge, voice: Voice) -> None:
        """Nothing is written yet, but what is said of a number in no stretch."""
        self._judge = judge
        self._voice = voice
        self._sentences: dict[str, int] = {}
        self._rulings: dict[Ruling, int] = {}
        self._ruling("", WRONG, WRONG)

    def columns(self, names: Sequence[str]) -> tuple[Column, ...]:
        """The columns of some asked ids."""
        return tuple(self._column(name) for name in names)

    def table(self, columns: tuple[Column, ...]) -> Table:
        """The table with some columns, and all that was said up to now."""
        decimals = self._judge.exercise.decimals
        sentences, rulings = tuple(self._sentences), tuple(self._rulings)
        return Table(decimals, COARSEST, FINER, sentences, rulings, columns)

    def _column(self, name: str) -> Column:
        lookup = Lookup(self._judge, name)
        finest = self._judge.targets[name].places + FINER
        powers = range(COARSEST, -finest - 1, -1)
        rulings = tuple(self._packed(name, lookup.list_stretches(power)) for power in powers)
        return Column(name, tuple(map(self.say, self._hints(name))), rulings)

    def _packed(self, name: str, stretches: list[Stretch]) -> str:
        """The triples of some stretches as text."""
        end = 0
        parts: list[int] = []
        for stretch in stretches:
            ruling = self._ruling(name, stretch.judgement, stretch.unexplained)
            parts += (stretch.low - end, stretch.high - stretch.low, ruling)
            end = stretch.high
        return " ".join(map(str, parts))

    def _ruling(self, name: str, judgement: Judgement, unexplained: Judgement) -> int:
        """The index of a judgement as it is said; verdict first, then its remarks."""
        verdict = self._voice.verdict(Result(None, name, "", judgement))
        said = (verdict, *self._voice.explain(judgement))
        same = unexplained == judgement
        ruling = Ruling(
            judgement.verdict,
            judgement.verdict in RIGHT,
            tuple(map(self.say, said)),
            any(remark.key == "cut" for remark in judgement.remarks),
            -1 if same else self._ruling(name, unexplained, unexplained),
        )
        return self._rulings.setdefault(ruling, len(self._rulings))

    def _hints(self, name: str) -> list[str]:
        """Growing help: what the step needs, its formula, the numbers in it, its value.

        Without the third where there is nothing to put numbers for.
        """
        alone = not self._judge.targets[name].step.uses
        levels = range(1, HINTS + 1 - alone)
        return [
            *(self._voice.give_hint(name, level) for level in levels),
            self._voice.solution(name),
        ]

    def say(self, text: str) -> int:
        """The index of a sentence."""
        return self._sentences.setdefault(text, len(self._sentences))
