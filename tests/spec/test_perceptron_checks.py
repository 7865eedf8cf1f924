"""What a perceptron's spec may not say, and where the message points."""

import pytest

from derive.errors import SpecError
from derive.spec import digest, from_plain, load, loads, override, to_plain

GOOD = {
    "inputs": "[[0, 0], [0, 1], [1, 0], [1, 1]]",
    "targets": "[0, 0, 0, 1]",
    "weights": "[0.1, 0.2]",
    "learning_rate": "0.1",
}


def text(**changes):
    keys = {**GOOD, **changes}
    return 'kind = "perceptron"\n' + "\n".join(
        f"{key} = {value}" for key, value in keys.items() if value is not None
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"targets": "[0, 1, 1, 0.5]"}, "targets[4]: expected one of the labels 0 and 1, or -1"),
        ({"targets": "[-1, 1, 0, 1]"}, "targets[3]: expected one of the labels -1 and 1"),
        ({"targets": "[0, 1]"}, "targets: expected 4 numbers, one per sample in inputs, got 2"),
        ({"targets": "[[0], [0, 1], [0], [1]]"}, "targets[2]: expected 1 number"),
        ({"targets": '[0, 1, "a", 1]'}, "targets[3]: expected a number, got a string"),
        ({"targets": '[[0], [1], ["a"], [1]]'}, "targets[3][1]: expected a number, got a string"),
        ({"targets": "3"}, "targets: expected a list, got a whole number"),
        ({"inputs": "[[0, 0], [0]]"}, "inputs[2]: expected 2 numbers as in inputs[1], got 1"),
        ({"inputs": "[]"}, "inputs"),
        ({"inputs": str([[0] * 13] * 4)}, "inputs[1]: expected 1 to 12 numbers, got 13"),
        ({"inputs": str([[0, 0]] * 1001)}, "inputs: 1001 entries; at most 1000"),
        ({"weights": "[1]"}, "weights: expected 2 numbers, one per input, got 1"),
        ({"weights": None}, "weights: is missing"),
        ({"learning_rate": "0"}, "learning_rate: expected a number above 0, got 0"),
        ({"learning_rate": "-0.1"}, "learning_rate: expected a number above 0, got -0.1"),
        ({"at_zero": "2"}, "at_zero: expected one of the two labels"),
        ({"at_zero": "-1", "targets": "[0, 0, 0, 1]"}, "targets[1]: expected one of"),
        ({"at_zero": "0", "targets": "[-1, 1, 1, 1]"}, "at_zero: expected one of the labels -1"),
        ({"at_zero": '"mistake"'}, 'at_zero: "mistake" is for the labels -1 and 1; give these'),
        ({"rule": '"label"'}, 'rule: "label" is for the labels -1 and 1; give these'),
        ({"at_zero": '"mistak"'}, "at_zero: invalid value 'mistak'; did you mean mistake?"),
        ({"rule": '"labels"'}, "rule: invalid value 'labels'; did you mean label?"),
        ({"rule": "1"}, "rule: expected a string, got a whole number; known: difference, label"),
        ({"epochs": "0"}, "epochs: expected a whole number from 1 to 1000, got 0"),
        ({"epochs": "1000"}, "epochs: 1000 epochs of 4 samples are up to 24000 numbers"),
        ({"steps": "9999"}, "steps: 9999 presentations are up to 59994 numbers"),
        ({"rounding": '"stepwise"', "decimals": "1", "inputs": "[[0.5, 0]]", "targets": "[1]"},
         "rounding: this run has numbers of 3 decimals"),
        ({"loss": '"hinge"'}, "loss: unknown key"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_its_place(changes, message):
    with pytest.raises(SpecError) as raised:
        loads(text(**changes))
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"targets": "[[0], [0], [0], [1]]"},
        {"bias": "0.5"},
        {"rounding": '"stepwise"'},
        {"steps": "7"},
        {"targets": "[-1, -1, -1, 1]", "at_zero": "-1"},
        {"inputs": "[3, 4]", "targets": "[1]"},
        {"learning_rate": "1e-3"},
    ],
)
def test_the_spec_in_a_key_is_the_same_again(changes):
    spec = loads(text(**changes))
    assert from_plain(to_plain(spec)) == spec
    assert digest(from_plain(to_plain(spec))) == digest(spec)


def test_a_run_decides_its_length_unless_steps_are_counted():
    assert "steps" not in to_plain(load("and-gate"))
    assert to_plain(override(load("and-gate"), {"steps": 3}))["steps"] == 3


def test_labels_below_are_those_of_the_targets():
    assert loads(text()).low == 0
    assert loads(text(targets="[-1, 1, 1, 1]")).low == -1
    assert loads(text(targets="[1, 1, 1, 1]", at_zero="-1")).low == -1


def test_a_circuit_may_not_learn_through_a_step():
    with pytest.raises(SpecError, match=r"definitions\.f: step jumps at 0 .* kind = .perceptron"):
        loads('kind = "circuit"\noutput = "f"\n[values]\nx = 1\n[definitions]\nf = "step(x)"')


def test_a_value_named_step_is_told_that_the_name_is_taken():
    with pytest.raises(SpecError, match=r"values\.step: .*function"):
        loads('kind = "circuit"\noutput = "f"\n[values]\nstep = 1\n[definitions]\nf = "2*step"')
