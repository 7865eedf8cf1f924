"""Every printed digit of a class, once more by 50 digits that know nothing of derive."""

import json
from decimal import ROUND_HALF_UP, Decimal

import mpmath
import pytest

import derive
from derive.batches import Sheet
from derive.batches.making import Maker

pytestmark = pytest.mark.slow
COUNT, OF = 1000, 100_000
DIGITS = 50


def compute(spec):
    """Forward, gradients, new parameters and the new pass of a 2-2-2 network of sigmoids."""
    number = mpmath.mpf
    x, t = ([number(v) for v in row[0]] for row in (spec["inputs"], spec["targets"]))
    rate = number(spec["learning_rate"])
    first, last = (
        [[number(v) for v in row] for row in layer["weights"]] for layer in spec["layers"]
    )
    values = run(x, t, first, last, "")
    h, o = ([values[f"{letter}{k}"] for k in (1, 2)] for letter in "ho")
    signal = [(o[k] - t[k]) * o[k] * (1 - o[k]) for k in range(2)]
    back = [sum(signal[k] * last[k][j] for k in range(2)) * h[j] * (1 - h[j]) for j in range(2)]
    moved = []
    for layer, (matrix, signals, sent) in enumerate(((first, back, x), (last, signal, h))):
        rows = []
        for k, row in enumerate(matrix):
            for j, weight in enumerate(row):
                name = f"W{4 * layer + 2 * k + j + 1}"
                values[f"dE_total/d{name}"] = signals[k] * sent[j]
                values[f"{name}+"] = weight - rate * signals[k] * sent[j]
            rows.append([values[f"W{4 * layer + 2 * k + j + 1}+"] for j in range(2)])
        moved.append(rows)
    return values | run(x, t, *moved, "+")


def run(x, t, first, last, end):
    values = {}
    z = [sum(w * v for w, v in zip(row, x, strict=True)) for row in first]
    h = [1 / (1 + mpmath.exp(-v)) for v in z]
    y = [sum(w * v for w, v in zip(row, h, strict=True)) for row in last]
    o = [1 / (1 + mpmath.exp(-v)) for v in y]
    errors = [(a - b) ** 2 / 2 for a, b in zip(t, o, strict=True)]
    for k in range(2):
        values |= {f"z{k + 1}{end}": z[k], f"h{k + 1}{end}": h[k], f"z{k + 3}{end}": y[k]}
        values |= {f"o{k + 1}{end}": o[k], f"E_o{k + 1}{end}": errors[k]}
    return values | {f"E_total{end}": sum(errors)}


def test_a_thousand_of_a_hundred_thousand_variants_have_these_digits():
    maker = Maker(derive.load("two-two-two"), bytes(range(32)), Sheet(("md",)))
    unit = Decimal("1e-8")
    with mpmath.workdps(DIGITS):
        for index in range(17, OF, OF // COUNT):
            made = maker.make(index)
            key = json.loads(made.leader[f"keys/{made.code}.json"])
            shown = {row["id"]: row for row in key["answers"]}
            values = compute(key["spec"])
            assert len(values) == 38
            for name, value in values.items():
                told = Decimal(mpmath.nstr(value, 40))
                assert abs(Decimal(shown[name]["value"]) - told) < Decimal("1e-29"), (index, name)
                if "e" not in shown[name]["shown"]:
                    printed = Decimal(shown[name]["shown"])
                    assert told.quantize(unit, ROUND_HALF_UP) == printed, (index, name)
