"""Every number of the key against a textbook backpropagation that shares no code with it.

`oracle.py` computes from the TOML text, `print_rule.py` prints by section 5 of
the contract: a digit that both roads agree on was found twice.
"""

from __future__ import annotations

import tomllib
from fractions import Fraction
from importlib import resources

import pytest
from grid import GRID, ONCE, network
from mpmath import mp
from oracle import name_layers, oracle
from print_rule import (
    at_a_decimal,
    decimal,
    digits_in,
    fixed,
    last_place,
    near,
    printed_road,
    units,
)
from random_specs import random_network
from sampling import few

from derive.derivation.derivation import Derivation
from derive.numbers import Numbers
from derive.ops import ACTIVATIONS, LOSSES
from derive.render.key import records
from derive.second import verify
from derive.spec import build, load, loads

DEFAULT_SEEDS = range(60)
SLOW_SEEDS = range(1_000)
DIGITS = 60
FINE_DIGITS = 2_000
"""Digits of the oracle's second look: a unit that is saturated is not exactly 1."""
DOUBT = 15
"""Digits of the oracle that a text need not have to be called the same number."""


def key(spec):
    fields = ("id", "stage", "value", "shown", "exact")
    return {row["id"]: row for row in records(Numbers(Derivation(build(spec))), fields=fields)}


def builtin(name):
    return (resources.files("derive") / "examples" / f"{name}.toml").read_text("utf-8")


def samples(spec, name):
    rows = spec[name]
    return rows if isinstance(rows[0], list) else [rows]


def typed_texts(text):
    """Every id that prints as the author typed it: the given ones and their copies."""
    spec = tomllib.loads(text, parse_float=str)
    names = name_layers(spec)
    found = {"learning_rate": spec["learning_rate"]}
    several = len(samples(spec, "inputs")) > 1
    tags = [f"_s{i}" if several else "" for i in range(1, len(samples(spec, "inputs")) + 1)]
    goal = "upstream" if "upstream" in spec else "targets"
    for letter, key_ in (("x", "inputs"), (goal[0], goal)):
        for tag, row in zip(tags, samples(spec, key_), strict=True):
            found |= {f"{letter}{i}{tag}": typed for i, typed in enumerate(row, 1)}
    for depth, (layer, ids) in enumerate(zip(spec["layers"], names, strict=True)):
        found |= dict(zip(ids.b, layer.get("biases", []), strict=False))
        for z, w, row in zip(ids.z, ids.w, layer["weights"], strict=True):
            found |= dict(zip(w, row, strict=True))
            for tag in tags:
                for i, (name, typed) in enumerate(zip(w, row, strict=True), 1):
                    if depth:
                        found[f"d{z}{tag}/d{names[depth - 1].a[i - 1]}{tag}"] = typed
                    else:
                        found[f"d{z}{tag}/d{name}"] = found[f"x{i}{tag}"]
    return {name: str(typed) for name, typed in found.items()}


class Comparison:
    """The key of a spec beside the oracle's values, right to so many digits."""

    def __init__(self, text, rows, digits):
        spec = loads(text)
        self.rows, self.decimals, self.certain = rows, spec.decimals, digits - DOUBT
        self.values = oracle(text, digits)
        self.typed = typed_texts(text)
        z = (abs(v) for name, v in self.values.items() if name.startswith("z"))
        self.is_far = digits == FINE_DIGITS and max(z) > self.certain

    def wrong(self):
        """The ids on which the two roads differ, with what each of them says."""
        return [
            (name, self.rows[name], self.shown(name), mp.nstr(value, 40))
            for name, value in self.values.items()
            if not self.is_shown_right(name) or not self.is_value_right(name)
        ]

    def shown(self, name):
        typed = self.typed.get(name)
        return typed or printed_road(self.values[name], self.decimals, self.certain)

    def is_shown_right(self, name):
        """A unit far out, tanh(20000), is not exactly 1 though no digit of ours tells."""
        text = self.rows[name]["shown"]
        if text == self.shown(name):
            return True
        return self.is_far and text == fixed(self.values[name], self.decimals)

    def is_value_right(self, name):
        """Whether a key's `value` and `exact` are the oracle's, to their last digit."""
        row, value = self.rows[name], self.values[name]
        text = row["value"]
        if "exact" in row and not near(value, Fraction(row["exact"]), self.certain):
            return False
        if near(value, Fraction(text), self.certain):
            return True
        place = last_place(text)
        exact = at_a_decimal(value, place - 1, self.certain)
        right = Fraction(text) == decimal(units(exact, place), place)
        return right and digits_in(text) >= max(30, self.decimals + 10)


def compare(text):
    """The ids on which the two roads differ, and how many numbers were compared."""
    rows = key(loads(text))
    first = Comparison(text, rows, max(DIGITS, 2 * loads(text).decimals + 30))
    assert rows.keys() == first.values.keys()
    return first.wrong() and Comparison(text, rows, FINE_DIGITS).wrong(), len(rows)


@pytest.mark.parametrize("seed", few(DEFAULT_SEEDS, 8))
def test_a_random_network_by_two_roads(seed):
    wrong, compared = compare(random_network(seed))
    assert not wrong
    assert compared


def test_the_grid_holds_every_activation_and_every_loss():
    assert {activation.split()[0] for activation, _ in GRID} == set(ACTIVATIONS)
    assert {loss.split()[0] for _, loss in GRID} == set(LOSSES)


@pytest.mark.parametrize("pair", ONCE, ids="-".join)
def test_each_activation_and_each_loss_by_two_roads(pair):
    wrong, _ = compare(network(*pair, samples=1, steps=1))
    assert not wrong


@pytest.mark.slow
@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("pair", GRID, ids="-".join)
def test_each_activation_with_each_loss_by_two_roads(pair, samples):
    wrong, _ = compare(network(*pair, samples=samples))
    assert not wrong


@pytest.mark.slow
@pytest.mark.parametrize("pair", ONCE, ids="-".join)
def test_each_activation_and_each_loss_by_independent_checks(pair):
    spec = loads(network(*pair, samples=1, steps=1))
    answers = [(i, row["value"], row["shown"]) for i, row in key(spec).items()]
    report = verify(spec, answers)
    assert not report.skipped
    assert report.agrees


@pytest.mark.slow
def test_a_thousand_random_networks_by_two_roads(capsys):
    total = 0
    for seed in SLOW_SEEDS:
        wrong, compared = compare(random_network(seed))
        assert not wrong, f"seed {seed}: {wrong[:3]}"
        total += compared
    with capsys.disabled():
        print(f"\n{len(SLOW_SEEDS)} networks, {total} numbers compared: every digit agrees")  # noqa: T201
    assert total > 300_000


@pytest.mark.parametrize("name", ["neuron", "two-two-two", "shared-biases"])
def test_a_built_in_network_by_two_roads(name):
    wrong, compared = compare(builtin(name))
    assert not wrong
    assert compared > 20


@pytest.mark.parametrize("name", ["two-two-two", "shared-biases"])
@pytest.mark.parametrize("changes", ["decimals = 1", "decimals = 50", "steps = 3"])
def test_another_setting_by_two_roads(name, changes):
    kept = [line for line in builtin(name).splitlines() if not line.startswith("decimals")]
    wrong, _ = compare("\n".join([changes, *kept]))
    assert not wrong


DECK = {
    "z1": "0.08", "z2": "0.11", "h1": "0.51998934", "h2": "0.52747230",
    "z3": "0.44498412", "z4": "0.68047592", "o1": "0.60944600", "o2": "0.66384491",
    "E_o1": "0.02193381", "E_o2": "0.00203809", "E_total": "0.02397190",
    "dE_total/do1": "0.20944600", "do1/dz3": "0.23802157", "dz3/dW5": "0.51998934",
    "dE_total/dW5": "0.02592286",
    "W1+": "0.29959556", "W2+": "0.24919112", "W3+": "0.39964496", "W4+": "0.34928991",
    "W5+": "0.43703857", "W6+": "0.38685205", "W7+": "0.69629578", "W8+": "0.59624247",
    "E_total+": "0.02323634",
}  # fmt: skip
"""What the deck prints for its 2-2-2 network, and what follows from it."""


@pytest.mark.parametrize(("name", "shown"), DECK.items())
def test_the_deck_prints_this(name, shown):
    assert key(load("two-two-two"))[name]["shown"] == shown


SHARED_BIASES = {
    "E_total": "0.298371109", "W1+": "0.149780716", "W2+": "0.199561432",
    "W3+": "0.249751144", "W4+": "0.299502287", "W5+": "0.358916480", "W6+": "0.408666186",
    "W7+": "0.511301270", "W8+": "0.561370121", "E_total+": "0.291027774",
}  # fmt: skip
"""The often copied example with biases; its published 0.291027924 is wrong."""


@pytest.mark.parametrize(("name", "shown"), SHARED_BIASES.items())
def test_shared_biases_print_this(name, shown):
    assert key(load("shared-biases"))[name]["shown"] == shown


CIRCUIT = {
    "x": "-2", "y": "5", "z": "-4", "q": "3", "f": "-12", "df/df": "1", "df/dq": "-4",
    "df/dz": "3", "dq/dx": "1", "dq/dy": "1", "df/dx": "-4", "df/dy": "-4",
}  # fmt: skip


def test_the_deck_s_circuit_prints_this():
    assert {name: row["shown"] for name, row in key(load("circuit")).items()} == CIRCUIT
