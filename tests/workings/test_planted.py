"""The labels of the planted workings, judged from the texts alone."""

# ruff: noqa: RUF001  signs that people type are what is read here

import re
from collections import Counter
from itertools import pairwise

import planted
import pytest

TRUE, FALSE = planted.make_true(), planted.make_false()
SIGN = re.compile(r"&?\s*(?::=|=(?!>)|≈|\\approx)\s*")
PARTED = re.compile(r";|⇒|=>|\\Rightarrow")
RULES = {
    "sign", "factor", "route", "product", "slope", "number", "name", "term", "power", "arithmetic",
}  # fmt: skip
SENTENCE = re.compile(
    r"^(?:so|Then|Hence|we get|therefore|That gives|Next,|and now|let|[가-힣]+,?|-|\d\.(?= ))\s+"
    r"|\s+(?:이다|입니다|가 된다|가 나온다)\.$|\.$|\*\*|^\*\*|\$|\\[()\[\]]"
    r"|\\(?:begin|end)\{aligned\}"
)


def clean(part):
    before = ""
    part = part.strip()
    while before != part:
        before, part = part, SENTENCE.sub("", part).strip()
    return part


def split(text):
    """Every chain of a text: the line it begins on, and its pieces."""
    chains, goes_on = [], False
    for number, line in enumerate(text.splitlines(), 1):
        for part in re.split(r"\\\\", line):
            for place, one in enumerate(PARTED.split(part)):
                said = clean(one)
                more = goes_on or SIGN.match(said)
                if not SIGN.search(said) and not goes_on:
                    continue
                if more and place == 0 and chains:
                    chains[-1][1].append(said)
                else:
                    chains.append((number, [said]))
                goes_on = bool(re.search(r"(=|≈)$", said))
    return [(line, SIGN.split(" ".join(parts))) for line, parts in chains]


def number_of(piece):
    """What a piece without names is worth; None if it has some."""
    plain = piece.replace("×", "*").replace("·", "*").replace(",", ".")
    plain = re.sub(r"(?<=[\d)]) x (?=[\d(.])", "*", plain)
    plain = re.sub(r"\\times|\\cdot", "*", plain).replace(r"\left(", "(").replace(r"\right)", ")")
    plain = plain.replace("²", "**2").replace("³", "**3").replace("^", "**").replace("½", ".5")
    plain = re.sub(r"(?<=[\d)])\s*\(", "*(", plain)
    if not re.fullmatch(r"[\d.\s+\-*/()]+", plain):
        return None
    return float(eval(plain, {"__builtins__": {}}))  # noqa: S307  digits and signs only


def unit_of(piece):
    """One unit of the last digit of a number; of a formula's numbers none has fewer than four."""
    number = re.fullmatch(r"-?\d*[.,](\d+)", piece.strip())
    return 10.0 ** -(len(number[1]) if number else 4)


def numeric_pairs(working):
    """Neighbours without names: the chain's label, the place of the sign, both numbers."""
    for label, (_, pieces) in zip(working.chains, split(working.text), strict=True):
        for place, (left, right) in enumerate(pairwise(pieces), 1):
            values = number_of(left), number_of(right)
            if None not in values:
                yield label, place, values, unit_of(right)


def test_there_are_enough():
    assert len(TRUE) >= 180
    assert len(FALSE) >= 320
    assert len({working.kind for working in FALSE}) >= 16
    assert min(Counter(working.kind for working in FALSE).values()) >= 10
    names = [working.name for working in (*TRUE, *FALSE)]
    assert len(set(names)) == len(names)


def test_the_same_twice():
    assert planted.make_true() == TRUE
    assert planted.make_false() == FALSE


@pytest.mark.parametrize("workings", [TRUE, FALSE], ids=["true", "false"])
def test_chains_begin_where_the_labels_say(workings):
    for working in workings:
        lines = [line for line, _ in split(working.text)]
        assert lines == [chain.line for chain in working.chains], working


def test_nothing_is_false_in_true_workings():
    for working in TRUE:
        assert {chain.status for chain in working.chains} <= {"true", "ok"}
        assert all(chain.false_at is None and not chain.rules for chain in working.chains)


def test_one_chain_is_false_in_false_workings():
    for working in FALSE:
        false = [chain for chain in working.chains if chain.status == "false"]
        assert len(false) == 1, working
        assert 1 <= len(false[0].rules) <= 3
        assert false[0].rules <= RULES
        after = working.chains[working.chains.index(false[0]) + 1 :]
        assert {chain.status for chain in after} <= {"carried", "ok"}
        before = working.chains[: working.chains.index(false[0])]
        assert {chain.status for chain in before} <= {"true", "ok"}


def test_false_signs_are_there():
    for working in FALSE:
        for label, (_, pieces) in zip(working.chains, split(working.text), strict=True):
            assert label.false_at is None or 1 <= label.false_at < len(pieces), working


def test_numbers_agree_but_for_the_slip():
    seen = Counter()
    for working in (*TRUE, *FALSE):
        for label, place, (left, right), unit in numeric_pairs(working):
            apart = abs(left - right)
            if place == label.false_at:
                assert apart > max(0.004 * abs(left), 2 * unit), working
            else:
                assert apart < max(0.003 * abs(left), 1.01 * unit), (working, left, right)
            seen[label.status] += 1
    assert min(seen[status] for status in ("true", "ok", "false", "carried")) > 40


def test_many_places_and_ids():
    false = [chain for working in FALSE for chain in working.chains if chain.status == "false"]
    assert {1, 2, 3, 4} <= {chain.false_at for chain in false}
    assert len({chain.id for chain in false}) > 50
    assert sum(chain.status == "carried" for w in FALSE for chain in w.chains) > 100
