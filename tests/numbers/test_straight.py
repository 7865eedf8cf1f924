"""Formulas by places compute what they do by names, and refuse where these do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import tries

from derive.algebra.expressions import Add, Call, Cases, Div, Mul, Name, Neg, Num, Pick, Pow
from derive.numbers.compiling import NotDefined, Program, Undecided
from derive.numbers.straight import ESTIMATES, Straight

LEAVES = st.one_of(
    st.sampled_from([Name("x"), Name("y"), Name("it's")]),
    st.sampled_from(["0", "1", "0.5", "-2", "3.25", "1e-12"]).map(Num),
)
CALLS = ("sigmoid", "tanh", "relu", "exp", "ln", "sqrt", "silu", "gelu", "abs")


def grow(inner):
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        inner.map(Neg),
        several.map(Add),
        several.map(Mul),
        st.builds(Div, inner, inner),
        st.builds(Pow, inner, st.sampled_from([Num("2"), Num("3"), Num("0.5"), Num("-1")])),
        st.builds(lambda name, arg: Call(name, (arg,)), st.sampled_from(CALLS), inner),
        st.builds(Cases, inner, inner, inner, inner),
        st.tuples(inner, inner).flatmap(
            lambda two: st.sampled_from([Pick(two, two), Pick(two, (Num("1"), Num("0")))])
        ),
    )


FORMULAS = st.recursive(LEAVES, grow, max_leaves=12)
VALUES = st.floats(-4, 4, allow_nan=False)


def attempt(compute):
    try:
        return compute()
    except Undecided:
        return Undecided
    except NotDefined:
        return NotDefined


@settings(max_examples=tries(400), deadline=None)
@given(st.lists(FORMULAS, min_size=1, max_size=3), VALUES, VALUES)
def test_both_compute_the_same(formulas, x, y):
    named = [(f"f{place}", expr) for place, expr in enumerate(formulas)]
    named.append(("y", Add((Name("f0"), Name("y")))))
    named.append(("g", Mul((Name("y"), Name("x")))))
    asked = ("g", "x", *(name for name, _ in named))
    straight = Straight(named, ("x", "y", "it's"), asked)
    values = attempt(lambda: Program(named, ESTIMATES).run({"x": x, "y": y, "it's": 0.0}))
    theirs = [values[name] for name in asked] if isinstance(values, dict) else values
    ours = attempt(lambda: list(straight.run([x, y, 0.0])))
    if isinstance(ours, list) and isinstance(theirs, list):
        assert ours == pytest.approx(theirs, rel=1e-15, abs=0, nan_ok=True)
    else:
        assert ours == theirs


def test_what_is_given_stays():
    row = [0.5, 2.0]
    straight = Straight([("x", Mul((Name("x"), Name("y"))))], ("x", "y"), ("x",))
    assert straight.run(row) == [1.0]
    assert row == [0.5, 2.0]
