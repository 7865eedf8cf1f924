"""The variants of one spec: index -> code, numbers, and how many draws they took."""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from derive import limits
from derive.checking.diagnosability import RIGHT
from derive.errors import SpecError, counted
from derive.graph import Spec
from derive.spec.varying import Variation
from derive.variants.codes import make_code
from derive.variants.drawing import Stream, digest_untitled, draw_numbers
from derive.variants.goodness import Flaw, Goodness

SAID = {
    "bare": "{} is 0, 1 or a copy",
    "flat": "{} is nearly 0: the unit is saturated",
    "kink": "{} is at a corner",
    "no_value": "{}",
    "equal": "{} and {} are the same number",
    "typed": "the numbers are those of the file",
    "alike": "{} and {} lead to nearly the same answers",
}
"""What a message says of a flaw."""
HINTS = {
    "bare": "units may be saturated or off; take ranges nearer to the typed numbers",
    "flat": "take smaller numbers, so that no unit is saturated",
    "kink": "take ranges in which no unit is at a corner or off",
    "equal": "give as many different numbers to choose from as there are places",
    "no_value": "take it out of the ranges",
    "alike": "widen the ranges, or lower variants.distance",
}
"""What to do about the commonest flaw."""
CODE = re.compile(r"M\d+[a-z]?")
NAMED = 3
"""So many flaws are named."""


class Drawn(msgspec.Struct, frozen=True):
    """One variant: its index from 1, its code, its numbers; at which attempt it was good.

    `texts` stand in the places of the numbers of the `variation`, in order.

    `distance` is by how many units of the last decimal the answers of any two known
    mistakes differ where they differ most; None where there are none to compare.
    """

    index: int
    code: str
    variation: Variation
    texts: tuple[str, ...]
    attempt: int
    distance: int | None

    @property
    def spec(self) -> Spec:
        """The spec with these numbers."""
        return self.variation.put(self.texts)


class Variants:
    """Draws the variants of a spec with a secret."""

    def __init__(self, spec: Spec, secret: bytes) -> None:
        """Raises SpecError for a spec in which nothing varies."""
        self._secret = secret
        self.digest = digest_untitled(spec)
        self.variation = Variation(spec)
        if not self.variation.numbers:
            raise SpecError("variants", "no number of this exercise varies; name some")
        self.goodness = Goodness(spec, self.variation)

    def name_code(self, index: int) -> str:
        """The code of a variant."""
        return make_code(self._secret, self.digest, index)

    def draw(self, index: int) -> Drawn:
        """A variant with the first good numbers; raises SpecError where there are none."""
        flaws: Counter[Flaw] = Counter()
        for attempt in range(limits.VARIANT_DRAWS):
            stream = Stream(self._secret, self.digest, index, attempt)
            texts = draw_numbers(self.variation, stream)
            judged = self.goodness.judge(texts, attempt)
            if judged.flaw is None:
                code, distance = self.name_code(index), judged.distance
                return Drawn(index, code, self.variation, texts, attempt, distance)
            flaws[judged.flaw] += 1
        raise self._say_flaws(index, flaws)

    def _say_flaws(self, index: int, flaws: Counter[Flaw]) -> SpecError:
        draws = counted(limits.VARIANT_DRAWS, "draw")
        (commonest, _), *_ = flaws.most_common(1)
        most = "; ".join(
            f"{SAID[flaw.kind].format(*map(_call, flaw.about))} ({counted(count, 'time')})"
            for flaw, count in flaws.most_common(NAMED)
        )
        return SpecError(
            "variants",
            f"{draws} gave no good numbers for variant {index}: {most}; "
            f"{HINTS.get(commonest.kind, HINTS['alike'])}",
        )


def _call(about: str) -> str:
    """An id as it is, a mistake as one."""
    if about == RIGHT:
        return "the right answers"
    return f"mistake {about}" if CODE.fullmatch(about) else about
