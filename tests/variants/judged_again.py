"""Whether numbers are good, decided again from SECURITY.md over certified keys.

Takes spec and answers from keys, the catalogue from `AnswerTable`; nothing of derive.variants.
"""

import json
from collections import Counter
from fractions import Fraction
from itertools import combinations

import written_again

import derive
from derive.checking.diagnosability import AnswerTable
from derive.spec import from_plain

PROBES, TRIES, TOLD = 8, 64, 20
RIGHT = (-1, "right")
FIELDS = ("id", "asked", "value", "exact", "depends_on", "note", "formula")
"""All but one or two: a whole key would also compare all mistakes."""


def put(plain, drawn):
    """The spec with drawn numbers in their places, without `variants`."""
    plain = json.loads(json.dumps({k: v for k, v in plain.items() if k != "variants"}))
    for path, text in drawn.items():
        written_again.at(plain, path[:-1])[path[-1]] = text
    return plain


def is_slope(name):
    """Whether an id is the slope of a unit by its own z: do1/dz3, dh2/dz2."""
    above, _, below = name.partition("/d")
    return above.startswith("d") and above[1] in "ho" and below.startswith("z")


def find_facts(plain):
    """What is wrong with the numbers of a spec: kind and id."""
    key = derive.key(from_plain(plain), fields=FIELDS)
    answers = {answer["id"]: answer for answer in key["answers"]}
    for name, answer in answers.items():
        if not answer["asked"]:
            continue
        size = abs(Fraction(answer["value"]))
        copies = (answers[used]["value"] == answer["value"] for used in answer["depends_on"])
        nothing = size < Fraction(1, 10 ** (key["decimals"] + 2))
        if nothing or answer.get("exact") == "1" or any(copies):
            yield "bare", name
        if is_slope(name) and size < Fraction(1, 200):
            yield "flat", name
        if answer.get("note") == "kink":
            yield "kink", name


def tabulate(plain):
    """The answers of all mistakes and the right ones, rounded to the sheet's last decimal."""
    numbers = derive.sheet(from_plain(plain)).numbers
    table = AnswerTable(numbers)
    scale = 10 ** (table.places - numbers.decimals)
    rows = {RIGHT: table.right}
    rows |= {(n, name): row for n, (name, row) in zip(table.rows, table.wrong, strict=True)}
    return {world: [units // scale for units in row] for world, row in rows.items()}


def measure(table, one, other):
    ours, theirs = (table.get(world, table[RIGHT]) for world in (one, other))
    return max(abs(a - b) for a, b in zip(ours, theirs, strict=True))


class Judge:
    """Judges the draws of one spec: without flaws, and any two mistakes apart."""

    def __init__(self, plain):
        self.distance = plain.get("variants", {}).get("distance", TOLD)
        free = {key: value for key, value in plain.items() if key != "variants"}
        probes = [put(free, draw_probe(free, attempt)) for attempt in range(TRIES)]
        self.structure = set.intersection(*(set(find_facts(probe)) for probe in probes[:PROBES]))
        good = (probe for probe in probes if not self.find_flaws(probe))
        tables = [tabulate(probe) for _, probe in zip(range(PROBES), good, strict=False)]
        told = Counter(
            pair
            for table in tables
            for pair in combinations(sorted(table), 2)
            if pair[0][1] != pair[1][1]
            and measure(table, *pair) >= max(1, min(self.distance, TOLD))
        )
        self.pairs = [pair for pair, count in told.items() if count >= 2]

    def find_flaws(self, plain):
        return set(find_facts(plain)) - self.structure

    def find_least(self, plain):
        table = tabulate(plain)
        return min(measure(table, *pair) for pair in self.pairs)

    def is_good(self, plain):
        return not self.find_flaws(plain) and self.find_least(plain) >= self.distance


def draw_probe(plain, attempt):
    """Numbers of a stream with an empty key, an empty digest and i = 0."""
    return written_again.draw(plain, b"", 0, attempt, named="")
