"""Planted faults: a textbook run with one thing wrong, told by each check on its own.

The wrong numbers come from `oracle.py`, so that no part of derive is changed.
"""

import importlib.util
from importlib import resources

import oracle
import pytest
from mpmath import mp, mpf

import derive
from derive.second import verify

MISSING = importlib.util.find_spec("torch") is None
NAME = "shared-biases"
TEXT = (resources.files("derive") / "examples" / f"{NAME}.toml").read_text("utf-8")


def wrong_slope(patch):
    """Sigmoid with the slope of tanh."""
    right = oracle.activate

    def activate(layer, z):
        value, _ = right(layer, z)
        return value, 1 - value**2

    patch.setattr(oracle, "activate", activate)


def missing_use(patch):
    """A hidden unit that counts in one output only, so its weights lack a route."""
    right = oracle.Run.send_back

    def send_back(run, one, depth, delta):
        return right(run, one, depth, [delta[0], *(mpf(0) for _ in delta[1:])])

    patch.setattr(oracle.Run, "send_back", send_back)


def wrong_update(patch):
    """Every parameter goes up."""
    right = oracle.Run.update

    def update(run, gradient):
        right(run, {name: -slope for name, slope in gradient.items()})

    patch.setattr(oracle.Run, "update", update)


FAULTS = {"slope": wrong_slope, "use": missing_use, "update": wrong_update}
SEEN = {
    "slope": {"do1/dz3", "dE_total/dz3", "dE_total/dW5", "dE_total/dW1", "W1+", "E_total+"},
    "use": {"dE_o2/dh1", "dE_total/dh1", "dE_total/dW1", "W1+", "E_total+"},
    "update": {"W1+", "W5+", "h1+", "E_total+"},
}
RIGHT = {
    "slope": {"E_total", "dz3/dW5", "dz3/dh1", "dE_total/do1"},
    "use": {"E_total", "dE_total/dW5", "W5+", "dE_o1/dh1"},
    "update": {"E_total", "dE_total/dW1", "dE_total/dh1"},
}


@pytest.fixture(scope="module")
def judged():
    """By fault and id: the verdict of each check."""
    answers, owners = [], []
    for name, plant in FAULTS.items():
        with pytest.MonkeyPatch.context() as patch:
            plant(patch)
            values = oracle.oracle(TEXT)
        answers += [(id_, mp.nstr(value, 40), "") for id_, value in values.items()]
        owners += [name] * len(values)
    report = verify(derive.load(NAME), answers, lambda: derive.export(NAME))
    assert not report.agrees
    judged = {name: {} for name in FAULTS}
    for owner, row, (_, value, _) in zip(owners, report.rows, answers, strict=True):
        judged[owner][row.id] = row, mpf(value)
    return judged


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen_and_what_it_leaves_right_is_confirmed(judged, fault):
    rows = {name: row for name, (row, _) in judged[fault].items()}
    assert all(not rows[name].agrees for name in SEEN[fault])
    assert all(rows[name].agrees for name in RIGHT[fault])


@pytest.mark.parametrize("check", ["differences", "pytorch"])
@pytest.mark.parametrize("fault", FAULTS)
def test_each_check_contradicts_by_itself(judged, fault, check):
    if check == "pytorch" and MISSING:
        pytest.skip("PyTorch is not installed")
    wrong = {
        name
        for name, (row, value) in judged[fault].items()
        if check in row.checks and abs(mpf(row.checks[check]) - value) > 1e-8
    }
    known = {name for name in SEEN[fault] if check in judged[fault][name][0].checks}
    assert known
    assert known <= wrong
