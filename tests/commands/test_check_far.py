"""Own answers that lead to values no number can hold: checked like any others."""

import flint

import derive
from derive.checking.counterfactuals import approximate
from derive.checking.spread import round_up

NET = """
inputs = [1]
targets = [0.5]
learning_rate = 0.5
[[layers]]
activation = "sigmoid"
weights = [[0.3]]
[[layers]]
activation = "sigmoid"
weights = [[0.4]]
"""


def test_a_slip_of_many_powers_of_ten_is_gone_on_with():
    answers = {"z1": "1e90", "h1": "0.5", "z2": "-1e95", "o1": "0.3", "E_total": "7", "W1+": "3"}
    answers |= {"dE_total/do1": "1e80", "do1/dz2": "-1e60", "W2+": "-1e99", "z2+": "1", "o1+": "9"}
    (marked,) = derive.check(derive.loads(NET), answers)
    assert {r.id for r in marked.results} == answers.keys()
    assert marked.right == 0


def test_a_value_too_small_or_too_large_for_digits_has_a_stand_in():
    assert approximate(flint.arb("-1e17").exp(), 24) == 0
    assert approximate(flint.arb("1e17").exp(), 24) > 10**1000
    assert round_up(flint.arb("-1e17").exp()) > 0
