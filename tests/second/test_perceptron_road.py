"""Every number of a perceptron by the rule written a second time."""

import pytest

import derive
from derive.second.perceptrons import Rule
from derive.second.wiring import SkippedError
from derive.spec import load, loads, overridden

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
    rows = derive.verify(overridden(load(name), changes))
    assert all(row.agrees and row.roads["rule"] is not None for row in rows)


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS.keys())
def test_other_conventions_agree(text):
    rows = derive.verify(loads(f'kind = "perceptron"\n{text}'))
    assert all(row.agrees and row.roads for row in rows)


def test_a_wrong_number_is_seen():
    from derive.second import verify

    (row,) = verify(load("and-gate"), [("W1@6", "0.5", "0.5")])
    assert not row.agrees
    assert row.roads == {"rule": "0.4"}


@pytest.mark.parametrize("name", ["dE_total/dW1", "q", "h1", "W9", "b1_s2@"])
def test_the_road_leads_nowhere_else(name):
    with pytest.raises((KeyError, IndexError, ValueError)):
        Rule(load("and-gate")).value(name)


def test_a_unit_without_bias_has_none():
    with pytest.raises(KeyError):
        Rule(loads(f'kind = "perceptron"\n{OTHERS["no bias"]}')).value("b1")


def test_other_kinds_have_no_rule():
    with pytest.raises(SkippedError, match="network has no perceptron rule"):
        Rule(load("neuron"))
