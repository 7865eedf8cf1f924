"""What there is to say about lines of working: for a terminal, and for other programs."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from derive.algebra.expressions import Expr
from derive.checking.explaining import write_readable
from derive.errors import excerpt
from derive.grading.reports.saying import Voice
from derive.lines import Chain
from derive.numbers import balls, rounding
from derive.numbers.balls import NotDefined, Undecided, Value
from derive.workings import STATUSES, Line
from derive.workings.pen import Slip

MARKS = {"true": "✓", "rounded": "≈", "false": "✗", "carried": "→", "unread": "?"}
COLOURS = {"true": "32", "rounded": "32", "false": "31", "carried": "33", "unread": "35"}
OPERATION = re.compile(r"[-+*×·^(]|\\\\(?:times|cdot|frac|sqrt)|(?<![A-Za-z_])/|\d\s*/")  # noqa: RUF001
"""What only a formula holds; the stroke of `dE/dW5` is none."""
WIDE = 200
"""Characters of a chain that are printed."""


class LineVoice:
    """Says judged lines in the language, and with as much help, as the checker's answers."""

    def __init__(self, voice: Voice) -> None:
        """Say nothing yet."""
        self.voice = voice
        self._exercise = voice.explainer.exercise

    def sentences(self, line: Line) -> list[str]:
        """What there is to say about one chain, sentence by sentence."""
        said = [] if line.slip is None else self._tell_false(line, line.slip)
        for place, remark in line.unread:
            section, _, key = remark.key.partition(".")
            reason = self.voice.word(section, key, **remark.slots)
            said.append(self.voice.word("working", "unread", place=str(place), reason=reason))
        return said

    def _tell_false(self, line: Line, slip: Slip) -> list[str]:
        assert line.false_at is not None
        place = line.false_at
        before, behind = line.chain.members[place - 1 : place + 1]
        before = before or line.id or ""
        slots = {"place": str(place), "before": excerpt(before, 80), "behind": excerpt(behind, 80)}
        said = [self.voice.word("working", "false", **slots)]
        alone = slip.rule == "arithmetic" and self._is_alone(before, behind)
        if slip.rule and not alone:
            said.append(self.voice.word("rule", slip.rule))
        said += self._tell_place(slip)
        if slip.digits and self.voice.reveal != "none":
            said.append(self.voice.word("working", slip.digits))
        if slip.misconceptions:
            mistakes = self.voice.list_mistakes(slip.misconceptions)
            said.append(self.voice.word("working", "mistakes", mistakes=mistakes))
        return said + self._tell_right(line, slip)

    @staticmethod
    def _is_alone(before: str, behind: str) -> bool:
        """Whether a number stands by a name, and no formula that could be right."""
        return OPERATION.search(before) is None and OPERATION.search(behind.strip("-+ −")) is None  # noqa: RUF001

    def _tell_place(self, slip: Slip) -> list[str]:
        """Which part of a formula has something else in its place."""
        if slip.place is None or slip.wrong is None:
            return []
        place, wrong = write_readable(slip.place), write_readable(slip.wrong)
        if not any(c.isalpha() for c in place) and self.voice.reveal != "full":
            return []
        return [self.voice.word("working", "place", place=place, written=wrong)]

    def _tell_right(self, line: Line, slip: Slip) -> list[str]:
        """What should stand there, as much of it as is to be revealed."""
        said = []
        if self.voice.reveal != "none" and slip.formula is not None and line.id is not None:
            said.append(self._tell_formula(line.id, slip.formula))
        value = None if slip.value is None else self._show(slip.value)
        if self.voice.reveal == "full" and value is not None:
            said.append(self.voice.word("working", "value", value=value))
        return said

    def _tell_formula(self, name: str, formula: Expr) -> str:
        return self.voice.word("hint", "formula", here=name, formula=write_readable(formula))

    def _show(self, value: Value) -> str | None:
        try:
            with balls.precision(self._exercise.numbers.bits):
                return rounding.show(value, self._exercise.decimals).text
        except (NotDefined, Undecided):
            return None

    def report(self, line: Line, *, colour: bool) -> Iterator[str]:
        """A chain with a mark under its false sign, and below it what there is to say."""
        mark = MARKS[line.status]
        if colour:
            mark = f"\x1b[{COLOURS[line.status]}m{mark}\x1b[0m"
        about = f"  {line.id}" if line.id is not None else ""
        number = self.voice.word("working", "line", line=str(line.chain.line))
        status = self.voice.word("status", line.status)
        yield f"{mark} {number}{about}  {status}\n"
        if line.status in ("false", "unread"):
            text, width = draw(line.chain, line.false_at)
            yield f"    {text}\n"
            if line.false_at is not None:
                yield f"    {' ' * width}^\n"
        for sentence in self.sentences(line):
            yield f"    {sentence}\n"

    def summary(self, counts: Counter[str]) -> str:
        """How many chains there are of each status."""
        slots = {status: str(counts[status]) for status in STATUSES}
        return self.voice.word("working", "summary", count=str(counts.total()), **slots)

    def record(self, line: Line) -> dict[str, Any]:
        """A chain for other programs."""
        slip = line.slip
        return {
            "line": line.chain.line,
            "status": line.status,
            "false_at": line.false_at,
            "id": line.id,
            "rule": (slip.rule or None) if slip is not None else None,
            "misconceptions": [] if slip is None else list(slip.misconceptions),
            "message": " ".join(self.sentences(line)),
        }


def summarise(statuses: Iterable[str]) -> dict[str, int]:
    """How many chains there are, and of each status."""
    counts = Counter(statuses)
    return {"chains": counts.total(), **{status: counts[status] for status in STATUSES}}


def draw(chain: Chain, false_at: int | None) -> tuple[str, int]:
    """The text of a chain, and how many columns stand before its false sign."""
    text, width = chain.members[0], 0
    for place, (sign, member) in enumerate(zip(chain.signs, chain.members[1:], strict=True), 1):
        if place == false_at:
            width = _measure(text) + 1
        text += f" {sign} {member}"
    start = max(0, width - WIDE // 2) if len(text) > WIDE else 0
    return excerpt(text[start : start + WIDE], WIDE), width - start


def _measure(text: str) -> int:
    """Columns of a text on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
