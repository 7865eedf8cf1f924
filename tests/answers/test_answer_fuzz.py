"""Verdicts on a hundred thousand broken answers: no crash, none right that is not, none dear."""

import re
import tracemalloc
from fractions import Fraction
from functools import cache
from math import isclose
from random import Random

import pytest
from exercises import exercise
from independent import Names, decimals, meanings, members
from mutations import Answers
from sampling import few
from test_answer_hostile import HOSTILE
from working import calls

import derive
from derive.checking.marking import Given
from derive.checking.varying import move
from derive.checking.verdicts import RIGHT
from derive.derivation.derived import derive_graph
from derive.grading.assessment import open_marker
from derive.numbers import Numbers

EXERCISES = ("two-two-two", "own", "deep", "samples")
CALLS, BYTES = 300_000, 50_000_000
"""What one answer may cost; the first formula for an id takes most calls, about 50 ms."""
TINY = Fraction(1, 10**28)


class Bench:
    """One exercise with its marker, and what the second reader needs to know of it."""

    def __init__(self, name):
        self.sheet, _ = exercise(name)
        self.marker = open_marker(self.sheet.numbers)
        self.rows = {row["id"]: row for row in derive.key(self.sheet)["answers"]}
        random = Random(5)  # noqa: S311  the same numbers each time
        other = Numbers(derive_graph(move(self.sheet.graph, random, 60)))
        self.points = [
            {name: float(numbers.answer(numbers.step(name)).value) for name in self.rows}
            for numbers in (self.sheet.numbers, other)
        ]
        self.names = Names(self.rows)

    def mark(self, name, text):
        (result,) = self.marker.mark(None, [Given(None, name, text)]).results
        return result

    def unit(self, name):
        """The unit of the last place to which an expression is rounded."""
        mantissa, _, exponent = self.rows[name]["shown"].partition("e")
        finer = len(mantissa.partition(".")[2]) - int(exponent) if exponent else 0
        return Fraction(1, 10 ** max(self.sheet.spec.decimals, finer))

    def without_padding(self, answer, unit, name):
        """The unit of the last digit; zeros beyond the places of the sheet are none."""
        while unit < self.unit(name) and (answer / (10 * unit)).denominator == 1:
            unit *= 10
        return unit

    def is_sound(self, name, text, verdict):
        """Whether some honest reading of a text is what its verdict says."""
        value, shown = (Fraction(self.rows[name][field]) for field in ("value", "shown"))
        spread = self.marker.judge.targets[name].spread
        spread = Fraction(int(spread.p), int(spread.q)) if verdict == "rounded" else Fraction(0)
        for part in members(text):
            for answer, written in decimals(part):
                unit = self.without_padding(answer, written, name)
                allowed = unit / 2 if verdict == "correct" else max(unit, unit / 2 + spread)
                if answer == shown or abs(answer - value) <= allowed + TINY:
                    return True
        slack = self.unit(name) * (1 if verdict == "correct" else 2) + spread
        typed = re.search(r"[.,%]\s*\d|\d\s*[.,%]", text) or verdict == "rounded"
        return any(
            abs(here - float(value)) <= 1.001 * float(slack) + 1e-9 * abs(float(value))
            if typed or here == there
            else isclose(here, self.points[0][name], rel_tol=1e-9, abs_tol=1e-15)
            and isclose(there, self.points[1][name], rel_tol=1e-9, abs_tol=1e-15)
            for here, there in meanings(text, self.names, self.points)
        )


@cache
def bench(name):
    return Bench(name)


def unsound(name, seed, count):
    """Answers called right though no reading of them is."""
    place = bench(name)
    answers = Answers(place.sheet, seed)
    for _ in range(count):
        asked, text = answers.one()
        result = place.mark(asked, text)
        if result.verdict in RIGHT and not place.is_sound(asked, text, result.verdict):
            yield asked, text, result.verdict


@pytest.mark.parametrize("count", few([100, 450], 1))
@pytest.mark.parametrize("name", few(EXERCISES, 2))
def test_a_right_verdict_is_one_by_a_second_reader(name, count):
    assert list(unsound(name, 1, count)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", EXERCISES)
def test_of_a_hundred_thousand_answers_none_is_called_right_that_is_not(name):
    assert list(unsound(name, 2, 25_000)) == []


@pytest.mark.parametrize("name", few(EXERCISES, 2))
def test_a_hostile_text_is_never_right(name):
    place = bench(name)
    asked = list(place.marker.exercise.order)
    for text in HOSTILE:
        verdict = place.mark(asked[len(text) % len(asked)], text).verdict
        assert verdict in ("unreadable", "wrong"), text[:80]


def test_the_second_reader_refuses_a_wrong_number():
    place = bench("two-two-two")
    for text in ("0.43703858", "0.438", "W5-learning_rate*{dE_total/dW6}", "0.4 or 0.5", "x"):
        assert not place.is_sound("W5+", text, "correct"), text
    for text in (
        "0.43703857",
        "W5-lr*{dE_total/dW5}",
        "약 43.7039 % 정도입니다",
        "\\frac{1}{2}-0.06296143",
    ):
        assert place.is_sound("W5+", text, "correct"), text


@pytest.mark.slow
@pytest.mark.parametrize("name", EXERCISES)
def test_no_answer_costs_more_than_its_share_of_work_and_memory(name):
    place = bench(name)
    answers = Answers(place.sheet, 3)
    for row in answers.rows:
        for text in ("0.123456789", row["formula"] or "1", "o1*h1"):
            place.mark(row["id"], text)
    texts = [answers.one() for _ in range(3_000)]
    texts += [(answers.draw.choice(answers.rows)["id"], text) for text in HOSTILE]
    spent = []
    for asked, text in texts:
        work = calls(lambda asked=asked, text=text: place.mark(asked, text))
        if work >= CALLS:  # what the sheet prepares once, by another convention, is no answer's
            work = calls(lambda asked=asked, text=text: place.mark(asked, text))
        spent.append((work, asked, text))
    spent.sort(reverse=True)
    assert spent[0][0] < CALLS, spent[0]
    tracemalloc.start()
    try:
        for _, asked, text in spent[:150]:
            tracemalloc.reset_peak()
            before, _ = tracemalloc.get_traced_memory()
            place.mark(asked, text)
            assert tracemalloc.get_traced_memory()[1] - before < BYTES, text
    finally:
        tracemalloc.stop()
