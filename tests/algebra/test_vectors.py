"""Softmax and log-softmax: slopes proved, and what is left of an error signal."""

import pytest
import sympy as sp
from mpmath import mpf

import derive
from derive.algebra import cancellations, vectors
from derive.algebra.cancellations import MOST_OUTPUTS, cancel_vector_slopes
from derive.algebra.expressions import Name, substitute
from derive.algebra.grammar import to_text
from derive.algebra.symbolic import to_sympy
from derive.algebra.vectors import Units, sum_exponentials, take_slope, write_lines, write_output
from derive.errors import InternalError, SpecError
from derive.ops import VECTOR_ACTIVATIONS, VECTOR_CANCELLATIONS

ZS = ("z1", "z2", "z3")


def symbols():
    return {name: sp.Symbol(name, real=True) for name in (*ZS, "a1", "a2", "a3")}


@pytest.mark.parametrize("name", VECTOR_ACTIVATIONS)
@pytest.mark.parametrize("unit", range(3))
@pytest.mark.parametrize("by", range(3))
def test_the_taught_slope_is_that_of_sympy_for_each_pair(name, unit, by):
    total = sum_exponentials(ZS)
    known = symbols()
    formulas = {f"a{i + 1}": write_output(name, z, total) for i, z in enumerate(ZS)}
    units = Units(Name(ZS[unit]), Name(f"a{unit + 1}"), Name(ZS[by]), Name(f"a{by + 1}"), total)
    taught = substitute(take_slope(name, units), formulas)
    found = sp.diff(to_sympy(formulas[f"a{unit + 1}"], known), known[ZS[by]])
    assert sp.simplify(to_sympy(taught, known) - found) == 0


@pytest.mark.parametrize("name", VECTOR_ACTIVATIONS)
def test_the_lines_end_with_the_slope(name):
    for z, o in (("z1", "a1"), ("z2", "a2")):
        units = Units(Name("z1"), Name("a1"), Name(z), Name(o), Name("S"))
        assert write_lines(name, units)[-1].expr == take_slope(name, units)


@pytest.mark.parametrize("pair", VECTOR_CANCELLATIONS, ids="-".join)
@pytest.mark.parametrize("count", [2, 3, MOST_OUTPUTS])
def test_what_is_left_is_the_sum_once_the_targets_add_up_to_one(pair, count):
    outputs = tuple(f"o{i}" for i in range(1, count + 1))
    targets = tuple(f"t{i}" for i in range(1, count + 1))
    found = cancel_vector_slopes(*pair, outputs, targets)
    known = {name: sp.Symbol(name, positive=True) for name in (*outputs, *targets)}
    first, last = (to_sympy(line.expr, known) for line in (found[0], found[-1]))
    one = {known[targets[-1]]: 1 - sum(known[t] for t in targets[:-1])}
    assert sp.simplify((first - last).subs(one)) == 0
    assert sp.simplify(first - last) != 0


def test_nothing_is_said_of_more_outputs_than_are_proved():
    names = tuple(f"o{i}" for i in range(MOST_OUTPUTS + 1))
    assert cancel_vector_slopes("cross_entropy", "softmax", names, names) == ()
    assert cancel_vector_slopes("half_squared_error", "softmax", ("o1", "o2"), ("t1", "t2")) == ()


def test_a_wrong_line_is_not_let_through(monkeypatch):
    row = VECTOR_CANCELLATIONS["cross_entropy", "softmax"]
    wrong = type(row)(row.loss, row.vector, row.lines, row.factored, left="t-o")
    monkeypatch.setitem(cancellations.VECTOR_CANCELLATIONS, ("cross_entropy", "softmax"), wrong)
    monkeypatch.setattr(cancellations, "known_proofs", dict)
    cancellations.prove_vector_cancellation.cache_clear()
    with pytest.raises(InternalError, match="does not confirm"):
        cancel_vector_slopes("cross_entropy", "softmax", ("o1", "o2"), ("t1", "t2"))
    cancellations.prove_vector_cancellation.cache_clear()


def test_a_wrong_slope_is_not_let_through(monkeypatch):
    row = VECTOR_ACTIVATIONS["softmax"]
    wrong = type(row)(row.name, row.unit, row.other, row.other, row.shift, row.table)
    monkeypatch.setitem(vectors.VECTOR_ACTIVATIONS, "softmax", wrong)
    vectors.prove.cache_clear()
    with pytest.raises(InternalError, match="does not confirm"):
        vectors.prove("softmax")
    vectors.prove.cache_clear()


SOFTMAX = """
inputs = [0.5, -1]
targets = {targets}
loss = "cross_entropy"
learning_rate = 0.5
[[layers]]
activation = "softmax"
weights = {weights}
"""


@pytest.mark.parametrize(
    ("targets", "weights", "said"),
    [
        ("[0, 1, 1]", "[[1, 2], [3, 4], [5, 6]]", r"targets: .*add up to 1 .*here .* to 2"),
        ("[0.5, 0.4]", "[[1, 2], [3, 4]]", r"targets: .*here they add up to 0.9"),
        ("[1]", "[[1, 2]]", r"layers\[1\].activation: softmax of one unit is constant"),
        ("[2, -1]", "[[1, 2], [3, 4]]", r"targets: .*from 0 to 1"),
    ],
)
def test_what_a_softmax_does_not_take(targets, weights, said):
    with pytest.raises(SpecError, match=said):
        derive.loads(SOFTMAX.format(targets=targets, weights=weights))


def test_the_error_signal_is_output_minus_target_to_the_last_digit():
    numbers = derive.sheet("softmax").numbers
    for z, o, t in (("z3", "o1", 0), ("z4", "o2", 1), ("z5", "o3", 0)):
        signal, output = (
            mpf(numbers.answer(numbers.step(name)).value) for name in (f"dE_total/d{z}", o)
        )
        assert abs(signal - output + t) < mpf(10) ** -29


def test_large_preactivations_do_not_overflow():
    text = SOFTMAX.format(targets="[0, 1]", weights="[[2000, 1], [-2000, 1]]")
    numbers = derive.sheet(derive.loads(text)).numbers
    assert numbers.shown("o1").text == "1.00000000"
    assert numbers.shown("E_total").text.startswith("2000")


def test_the_sheet_of_a_softmax_writes_two_factors_and_every_slope():
    page = derive.page("softmax", level="full")
    assert "diagonal matrix" in page
    assert r"\frac{\partial o_2}{\partial z_3}" in page
    assert r"= o_1 - t_1 &&\text{the targets add up to 1}" in page
    step = derive.sheet("softmax").derivation.step("dE_total/dW5")
    assert to_text(step.expr) == "{dE_total/dz3}*{dz3/dW5}"
