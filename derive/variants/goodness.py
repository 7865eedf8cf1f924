"""Whether drawn numbers teach: nothing saturated, no answer for nothing, mistakes told apart.

What no numbers can avoid is no fault of a draw. Whether that is so is asked of probes: draws
by a stream that is no secret, of all numbers, whatever the author's ranges are. Floats look
first; where their answer is not certain, fractions and balls decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from functools import cached_property
from itertools import islice

import msgspec
from msgspec.structs import replace

from derive import limits
from derive.checking.exercise import Exercise
from derive.derivation.derived import derive_graph
from derive.errors import SpecError
from derive.graph import Spec
from derive.graph import Variants as Ranges
from derive.numbers import Numbers
from derive.numbers.balls import NotDefined, Undecided
from derive.spec import build
from derive.spec.varying import Variation
from derive.variants.distances import Least, Nearest, Pair, Table, estimate, tabulate
from derive.variants.drawing import Stream, draw_numbers
from derive.variants.estimates import Estimates, Floats, Right
from derive.variants.facts import Asked, Certain, Fact, Facts, Quick, list_asked

PROBES, TRIES = 8, 64
"""So many probes are looked at, of so many draws at most."""
SEEN = 2
"""In so many probes two mistakes are apart that can be told apart."""
STRICT = 200
"""After so many draws as much may be wrong as with the numbers as typed: a dead unit, say.

Where no probe is good, that holds from the first draw on.
"""
PUBLIC = b""
"""The key of the probes' stream."""


class Flaw(msgspec.Struct, frozen=True):
    """Why numbers are not handed out: a word, and the id or the two mistakes it is about."""

    kind: str
    about: tuple[str, ...] = ()


class Allowance(msgspec.Struct, frozen=True):
    """How many ids may be at a corner, and with how many others something may be wrong."""

    corners: int = 0
    others: int = 0

    def covers(self, facts: Collection[Fact]) -> bool:
        """Whether no more is wrong."""
        corners = sum(kind == "kink" for kind, _ in facts)
        return corners <= self.corners and len(facts) - corners <= self.others


NONE = Allowance()


class Judgement(msgspec.Struct, frozen=True):
    """What some numbers are worth: a flaw, or by how many units mistakes are apart at least.

    `distance` is None where there are no two mistakes to tell apart.
    """

    flaw: Flaw | None = None
    distance: int | None = None


NO_VALUE = "some id has no value"


class Goodness:
    """Judges draws of the numbers of one spec."""

    def __init__(self, spec: Spec, variation: Variation) -> None:
        """`variation` are the numbers that differ, in the author's ranges."""
        self.variation = variation
        self.distance = (spec.variants or Ranges()).distance
        self._decimals = spec.decimals
        self._told = max(1, min(self.distance, Ranges().distance))

    def judge(self, texts: tuple[str, ...], attempt: int) -> Judgement:
        """Whether these numbers can be handed out, if none of the attempts before were."""
        allowed = NONE if attempt < STRICT and self._good_probes else self._most
        if texts == self.variation.typed:
            return Judgement(Flaw("typed"))
        equal = self.variation.find_equal(texts) if attempt < STRICT else None
        if equal is not None:
            return Judgement(Flaw("equal", equal))
        try:
            right = self._look(self.variation, texts)
            facts = self._find_facts(self.variation, texts, allowed, right)
            if not allowed.covers(facts):
                return _name_fact(facts)
            return self._judge_distances(texts, right) if self._pairs else Judgement()
        except (SpecError, NotDefined) as error:
            told = str(error) if isinstance(error, SpecError) else NO_VALUE
            return Judgement(Flaw("no_value", (told,)))

    def _look(self, variation: Variation, texts: tuple[str, ...]) -> Right | None:
        """The right answers in floats, where those can be had."""
        if self._quick is None:
            return None
        return self._quick.compute(give_floats(variation, texts))

    def _find_facts(
        self,
        variation: Variation,
        texts: tuple[str, ...],
        allowed: Allowance,
        right: Right | None,
    ) -> AbstractSet[Fact]:
        """What is wrong beside what is structural; maybe not all, if more than is allowed."""
        if right is not None:
            corners = {("kink", name) for name in right.corners} - self._structural
            facts = Facts(right.read, Quick(self._decimals), self._structural)
            if not allowed.covers(corners):
                return corners
            with suppress(Undecided):
                return corners | facts.find(self._asked, allowed.others)
        return find_facts(number_spec(variation.put(texts))) - self._structural

    def _judge_distances(self, texts: tuple[str, ...], right: Right | None) -> Judgement:
        """By the nearest two mistakes: in floats, where these are certain."""
        try:
            if self._quick is not None and right is not None:
                return self._compare(estimate(self._quick, right, self._decimals))
        except (Undecided, NotDefined):
            pass
        table = tabulate(number_spec(self.variation.put(texts)))
        return Judgement() if table is None else self._compare(table)

    def _compare(self, table: Table) -> Judgement:
        """By the nearest pair; raises Undecided where it is near the limit."""
        least = self._nearest.find(table)
        if least is None:
            return Judgement()
        gap = least.distance - self.distance
        if abs(gap) < table.margin:
            raise Undecided
        return _judge_least(least, good=gap >= 0)

    @cached_property
    def _exercise(self) -> Exercise:
        """An exercise of this structure: with the numbers as typed."""
        return Exercise(number_spec(self.variation.spec))

    @cached_property
    def _asked(self) -> tuple[Asked, ...]:
        return list_asked(self._exercise)

    @cached_property
    def _quick(self) -> Estimates | None:
        """The answers in floats; None where steps depend on numbers, or are rounded each."""
        ruled = self._exercise.graph.presented is not None
        return None if ruled or self._exercise.numbers.stepwise else Estimates(self._exercise)

    @cached_property
    def _free(self) -> Variation:
        """All numbers of the spec, in no author's ranges."""
        return Variation(replace(self.variation.spec, variants=None))

    def _draw_probe(self, attempt: int) -> tuple[str, ...]:
        return draw_numbers(self._free, Stream(PUBLIC, "", 0, attempt))

    @cached_property
    def _structural(self) -> frozenset[Fact]:
        """What is wrong with every probe that has all its values."""
        facts = list(islice(self._list_facts(), PROBES))
        return frozenset.intersection(*facts) if facts else frozenset()

    def _list_facts(self) -> Iterator[frozenset[Fact]]:
        for attempt in range(TRIES):
            with suppress(SpecError):
                yield find_facts(number_spec(self._free.put(self._draw_probe(attempt))))

    @cached_property
    def _pairs(self) -> tuple[Pair, ...]:
        """The mistakes that can be told apart: in some good probes their answers differ."""
        seen: Counter[Pair] = Counter()
        for table in islice(self._list_tables(), PROBES):
            pairs = table.list_pairs()
            seen.update(pair for pair in pairs if table.measure(pair) >= self._told)
        return tuple(pair for pair, count in seen.items() if count >= SEEN)

    @cached_property
    def _nearest(self) -> Nearest:
        return Nearest(self._pairs)

    def _list_tables(self) -> Iterator[Table]:
        """The answers of good probes; none of an exercise with too many steps."""
        if self._exercise.derivation.hold(limits.DIAGNOSED_STEPS):
            for texts in self._good_probes or self._fair_probes:
                with suppress(SpecError, NotDefined):
                    table = tabulate(number_spec(self._free.put(texts)))
                    if table is not None:
                        yield table

    @cached_property
    def _good_probes(self) -> tuple[tuple[str, ...], ...]:
        """Numbers of the first probes with which nothing is wrong."""
        return tuple(islice(self._list_probes(NONE), PROBES))

    @cached_property
    def _fair_probes(self) -> tuple[tuple[str, ...], ...]:
        """The same where as much is wrong as in the typed numbers, or less."""
        return tuple(islice(self._list_probes(self._most), PROBES))

    def _list_probes(self, allowed: Allowance) -> Iterator[tuple[str, ...]]:
        for attempt in range(TRIES):
            texts = self._draw_probe(attempt)
            with suppress(SpecError, NotDefined):
                right = self._look(self._free, texts)
                if allowed.covers(self._find_facts(self._free, texts, allowed, right)):
                    yield texts

    @cached_property
    def _most(self) -> Allowance:
        """How much is wrong with the numbers as typed; nothing, where these have no value."""
        try:
            facts = find_facts(self._exercise.numbers) - self._structural
        except SpecError:
            return NONE
        corners = sum(kind == "kink" for kind, _ in facts)
        return Allowance(corners, len(facts) - corners)


def number_spec(spec: Spec) -> Numbers:
    """The numbers of a spec."""
    return Numbers(derive_graph(build(spec)))


def give_floats(variation: Variation, texts: tuple[str, ...]) -> Floats:
    """Every given number by its id, as a float."""
    return {name: float(text) for name, text in variation.give(texts).items()}


def find_facts(numbers: Numbers) -> frozenset[Fact]:
    """What is wrong with certified numbers; raises SpecError where there is no value."""
    asked = list_asked(Exercise(numbers))
    kinks = {("kink", one.step.id) for one in asked if numbers.settle_cases(one.step).kink}
    return frozenset(kinks | Facts(numbers.value, Certain(numbers.decimals)).find(asked))


def _name_fact(facts: AbstractSet[Fact]) -> Judgement:
    kind, name = min(facts)
    return Judgement(Flaw(kind, (name,)))


def _judge_least(least: Least, *, good: bool) -> Judgement:
    mistakes = tuple(name for _, name in least.pair)
    return Judgement(None if good else Flaw("alike", mistakes), int(least.distance))
