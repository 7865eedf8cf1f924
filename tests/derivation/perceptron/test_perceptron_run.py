"""Which sample when, and how a run ends."""

from fractions import Fraction

import pytest

from derive.spec import load
from derive.spec.presenting import run_of

GATE = [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_a_run_from_a_textbook(unit):
    """AND from zero weights with rate 1: the known end is w = (2, 1), b = -3."""
    run = run_of(unit(GATE, [0, 0, 0, 1]))
    assert run.ending == "clean"
    assert run.last == (2, 1, -3)
    assert run.epoch == 6
    assert len(run.presentations) == 24


def test_samples_come_in_order_epoch_after_epoch(unit):
    run = run_of(unit([[1], [-1]], [1, 0]))
    assert [(p.number, p.epoch, p.sample) for p in run.presentations] == [
        (0, 1, 1),
        (1, 1, 2),
        (2, 2, 1),
        (3, 2, 2),
    ]
    assert [p.wrong for p in run.presentations] == [False, True, False, False]


def test_the_first_epoch_without_a_mistake_ends_it(unit):
    run = run_of(unit([[1], [-1]], [1, 0], weights=[1]))
    assert run.ending == "clean"
    assert run.epoch == 1
    assert run.last == (1, 0)


@pytest.mark.parametrize("name", ["and-gate", "or-gate", "nand-gate"])
def test_the_built_in_gates_end_clean_and_meet_zero(name):
    spec = load(name)
    run = run_of(spec)
    assert run.ending == "clean"
    assert run.presentations[0].wrong
    assert not any(p.wrong for p in run.presentations[-4:])


def test_xor_begins_an_epoch_with_weights_it_had_before():
    run = run_of(load("xor-gate"))
    assert (run.ending, run.epoch, run.again) == ("cycle", 2, 8)
    assert run.last == (Fraction(-1, 2), Fraction(-1, 5), Fraction(1, 10))


def test_too_few_epochs_leave_it_unfinished(unit):
    run = run_of(unit(GATE, [0, 0, 0, 1], epochs=2))
    assert run.ending == "unfinished"
    assert len(run.presentations) == 8


@pytest.mark.parametrize("steps", [1, 5, 24, 30])
def test_steps_ask_for_exactly_so_many_presentations(unit, steps):
    run = run_of(unit(GATE, [0, 0, 0, 1], steps=steps))
    assert len(run.presentations) == steps
    assert (run.ending == "clean") == (steps >= 24)


def test_the_convention_at_zero_decides(unit):
    upper, lower = (run_of(unit([[1]], [1], at_zero=at)) for at in (1, 0))
    assert not upper.presentations[0].wrong
    assert lower.presentations[0].wrong


def test_labels_of_minus_one_move_twice_as_far(unit):
    assert run_of(unit([[1], [2]], [-1, -1], steps=1)).last == (-2, -2)
    assert run_of(unit([[1], [2]], [0, 0], steps=1)).last == (-1, -1)
