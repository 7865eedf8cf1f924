"""What cancels in an error signal is derived from both slopes and proved by SymPy."""

import pytest
import sympy as sp

from derive.algebra import cancellations
from derive.algebra.cancellations import cancel_slopes
from derive.algebra.expressions import Name, Num, substitute
from derive.algebra.grammar import parse, to_text
from derive.algebra.rules import row_text
from derive.algebra.symbolic import equal, to_sympy, write_out
from derive.errors import InternalError
from derive.ops import CANCELLATIONS, FUNCTIONS, LOSSES, Cancellation, ProofLine

each = pytest.mark.parametrize("pair", CANCELLATIONS, ids="-".join)


@each
def test_a_row_names_a_loss_and_a_function(pair):
    assert pair[0] in LOSSES
    assert pair[1] in FUNCTIONS
    assert cancel_slopes(*pair, 2)


@each
@pytest.mark.parametrize("outputs", [1, 3])
def test_every_line_is_the_derivative_of_the_loss_behind_the_activation(pair, outputs):
    z, t = sp.symbols("z t", real=True)
    activation = to_sympy(write_out(parse(f"{pair[1]}(z)")), {"z": z})
    unit = substitute(row_text(LOSSES[pair[0]].unit), {"n": Num(str(outputs))})
    derived = sp.diff(to_sympy(write_out(unit), {"t": t, "o": activation}), z)
    for line in cancel_slopes(*pair, outputs):
        assert sp.simplify(to_sympy(line.expr, {"t": t, "o": activation}) - derived) == 0


def test_binary_cross_entropy_with_sigmoid_leaves_output_minus_target():
    lines = cancel_slopes("binary_cross_entropy", "sigmoid", 1)
    assert [to_text(line.expr) for line in lines] == [
        "-(t/o-(1-t)/(1-o))*o*(1-o)",
        "-(t*(1-o)-(1-t)*o)",
        "-(t-t*o-o+t*o)",
        "o-t",
    ]


@pytest.mark.parametrize(
    ("loss", "function"),
    [("binary_cross_entropy", "tanh"), ("squared_error", "sigmoid"), ("squared_error", None)],
)
def test_any_other_pair_has_no_lines(loss, function):
    assert cancel_slopes(loss, function, 1) == ()


@pytest.mark.parametrize(("last", "holds"), [("o-t", True), ("t-o", False), ("(o-t)/2", False)])
def test_a_line_that_is_new_is_sent_to_sympy(last, holds, monkeypatch):
    pair = ("binary_cross_entropy", "sigmoid")
    row = Cancellation(*pair, (ProofLine("cancel", last),))
    monkeypatch.setitem(cancellations.CANCELLATIONS, pair, row)
    cancel_slopes.cache_clear()
    if holds:
        assert to_text(cancel_slopes(*pair, 1)[-1].expr) == last
    else:
        with pytest.raises(InternalError, match="SymPy does not confirm what is left"):
            cancel_slopes(*pair, 1)
    cancel_slopes.cache_clear()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("(a+b)^2", "a^2+2*a*b+b^2", True), ("sigmoid(a)", "1/(1+exp(-a))", True), ("a", "b", False)],
)
def test_two_formulas_are_equal_if_sympy_proves_it(one, other, same):
    assert equal(parse(one), [parse(other)]) is same


def test_nothing_else_is_equal_to_a_name():
    assert not equal(Name("a"), [Name("a"), Name("b")])
