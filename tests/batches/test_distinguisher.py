"""Who has sheets but not the secret learns nothing from a code, a size or a place in a list.

The distinguisher is naive Bayes: it learns on one half of the sheets which features go with a
bit of an answer, and is asked about the other half.
"""

import json
import math
import re
from collections import Counter

import pytest
from sampling import slow

from derive.batches import Sheet
from derive.batches.making import Maker
from derive.spec import load

SECRET = bytes(range(32))
NUMBER = re.compile(r"-?\d+\.\d+(?: \\times 10\^\{-\d+\})?|\(-?\d+\.\d+\)")
BITS = 12
"""So many bits of answers are guessed."""
SIGMAS = 5
HIDDEN = re.compile(r"derive [^\n]*spec [0-9a-f]+|[0-9A-Z]{8}")


def list_bits(key):
    """The sign and the parity of the last digit of some answers."""
    shown = {a["id"]: a["shown"] for a in json.loads(key)["answers"]}
    for name in ("dE_total/dW5", "dE_total/dW1", "W5+", "o1+", "E_total+", "dE_total/dh1"):
        yield shown[name].startswith("-")
        yield int(re.sub(r"\D", "", shown[name].partition("e")[0])[-1]) % 2 == 1


def list_features(made, place, count):
    """What a folder shows besides its pages: letters of the code, sizes, where it stands."""
    yield from enumerate(made.code)
    yield "place", 16 * place // count
    for name in ("answers.toml", "answers.csv"):
        yield name, len(made.member[name])


def guess(learned, total, features):
    """The likelier value of a bit."""
    odds = math.log((total[True] + 1) / (total[False] + 1))
    for feature in features:
        yes, no = learned[True][feature], learned[False][feature]
        odds += math.log((yes + 1) / (total[True] + 32) * (total[False] + 32) / (no + 1))
    return odds > 0


def measure(sheets, bit):
    """How often a bit is guessed in the second half, against always saying the commoner one."""
    half = len(sheets) // 2
    learned, total = {True: Counter(), False: Counter()}, Counter()
    for features, bits in sheets[:half]:
        learned[bits[bit]].update(features)
        total[bits[bit]] += 1
    asked = sheets[half:]
    right = sum(guess(learned, total, features) == bits[bit] for features, bits in asked)
    common = Counter(bits[bit] for _, bits in asked).most_common(1)[0][1]
    return right / len(asked), common / len(asked)


def make(count):
    maker = Maker(load("two-two-two"), SECRET, Sheet(("md",), "blank"))
    made = [maker.make(index) for index in range(1, count + 1)]
    order = {code: place for place, code in enumerate(sorted(one.code for one in made))}
    sheets = []
    for one in made:
        features = tuple(list_features(one, order[one.code], count))
        key = one.leader[f"keys/{one.code}.json"]
        sheets.append((features, tuple(list_bits(key))))
    return made, sheets


@pytest.mark.parametrize("count", [200, slow(10_000)])
def test_a_distinguisher_does_no_better_than_chance(count):
    made, sheets = make(count)
    for bit in range(BITS):
        right, common = measure(sheets, bit)
        assert right <= common + SIGMAS * math.sqrt(0.25 / (count - count // 2))
    assert len({len(one.member["answers.toml"]) for one in made}) == 1
    assert len({HIDDEN.sub("", one.member["answers.csv"]) for one in made}) == 1


def test_a_distinguisher_finds_what_there_is_to_find():
    _, sheets = make(200)
    told = [((*features, ("leak", bits[1])), bits) for features, bits in sheets]
    right, common = measure(told, 1)
    assert right > common + SIGMAS * math.sqrt(0.25 / 100)


@pytest.mark.parametrize("count", [60, slow(2_000)])
def test_a_blank_page_without_its_given_numbers_is_the_same_for_all(count):
    """What stands between the numbers that are printed hangs on no answer."""
    made, _ = make(count)
    texts = {NUMBER.sub("#", HIDDEN.sub("", one.member["worksheet.md"])) for one in made}
    assert len(texts) == 1
