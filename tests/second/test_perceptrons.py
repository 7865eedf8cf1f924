"""Every number of a perceptron by the rule written a second time."""

import pytest

import derive
from derive.second import Differences, verify
from derive.spec import load, loads, override

UNITS = ("and-gate", "or-gate", "nand-gate", "xor-gate")
OTHERS = {
    "labels -1 and 1": "inputs=[[0.5,1],[2,-1],[1,1]]\nweights=[0,0]\nbias=0\nlearning_rate=1\n"
    "targets=[-1,1,1]\nat_zero=-1",
    "no bias": "inputs=[[1,2],[2,1]]\ntargets=[0,1]\nweights=[1,1]\nlearning_rate=0.3",
    "one sample": "inputs=[1,2]\ntargets=[0]\nweights=[1,1]\nlearning_rate=0.3\nat_zero=0",
}


@pytest.mark.parametrize("name", UNITS)
@pytest.mark.parametrize("changes", [{}, {"at_zero": 0}, {"notation": "indexed"}, {"steps": 9}])
def test_the_built_in_units_agree(name, changes):
    report = derive.verify(override(load(name), changes))
    assert report.agrees
    assert all(row.checks["rule"] is not None for row in report.rows)


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS.keys())
def test_other_conventions_agree(text):
    report = derive.verify(loads(f'kind = "perceptron"\n{text}'))
    assert report.agrees
    assert all(row.checks for row in report.rows)


def test_a_wrong_number_is_seen():
    report = verify(load("and-gate"), [("W1@6", "0.5", "0.5")])
    assert not report.agrees
    assert report.rows[0].checks == {"rule": "0.4"}


@pytest.mark.parametrize("name", ["dE_total/dW1", "q", "h1", "W9", "b1_s2@"])
def test_nothing_else_has_a_number(name):
    with pytest.raises(KeyError):
        Differences(load("and-gate")).value(name)


def test_a_unit_without_bias_has_none():
    with pytest.raises(KeyError):
        Differences(loads(f'kind = "perceptron"\n{OTHERS["no bias"]}')).value("b1")


def test_pytorch_has_nothing_to_say():
    report = derive.verify("and-gate")
    assert report.skipped == {"pytorch": "a perceptron's rule takes no derivative"}
