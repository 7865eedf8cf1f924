"""The frozen tree: it holds what was written, walks it and puts parts in."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derive.algebra import expressions as ex
from derive.algebra.expressions import (
    ONE,
    ZERO,
    Add,
    Call,
    Cases,
    Diff,
    Div,
    Mul,
    Name,
    Neg,
    Num,
    Pow,
)

X, Y, Z, TWO = Name("x"), Name("y"), Name("z"), Num("2")
NODES = {
    "Num": (Num("0.50"), ()),
    "Name": (X, ()),
    "Neg": (Neg(X), (X,)),
    "Add": (Add((X, Y, Z)), (X, Y, Z)),
    "Mul": (Mul((X, Y)), (X, Y)),
    "Div": (Div(X, Y), (X, Y)),
    "Pow": (Pow(X, TWO), (X, TWO)),
    "Call": (Call("max", (X, Y)), (X, Y)),
    "Cases": (Cases(X, Y, ZERO, Z), (X, Y, ZERO, Z)),
    "kink": (Cases(X, Y, ZERO, Z, kink=True), (X, Y, ZERO, Z)),
    "Diff": (Diff(Pow(X, TWO), "x"), (Pow(X, TWO),)),
}
each_node = pytest.mark.parametrize(("node", "parts"), NODES.values(), ids=NODES.keys())


@each_node
def test_children_are_the_parts_in_reading_order(node, parts):
    assert ex.children(node) == parts


@each_node
def test_rebuild_undoes_children(node, parts):
    assert ex.rebuild(node, parts) == node


@each_node
def test_rebuild_puts_other_parts_in(node, parts):
    others = tuple(Name(f"p{i}") for i in range(len(parts)))
    changed = ex.rebuild(node, others)
    assert type(changed) is type(node)
    assert ex.children(changed) == others


@each_node
def test_equal_nodes_are_one_key(node, parts):
    assert {node: 1}[ex.rebuild(node, parts)] == 1


@pytest.mark.parametrize("node", [n for n, _ in NODES.values()], ids=NODES.keys())
def test_nodes_are_frozen(node):
    with pytest.raises(AttributeError):
        setattr(node, node.__struct_fields__[0], X)


def test_a_kink_is_not_the_same_as_plain_cases():
    assert NODES["Cases"][0] != NODES["kink"][0]


def test_construction_simplifies_nothing():
    half = Add((Mul((TWO, Div(ONE, TWO), Pow(X, Add((TWO, Neg(ONE)))), Neg(ONE))), ZERO))
    assert [type(n).__name__ for n in ex.walk(half)] == [
        "Add", "Mul", "Num", "Div", "Num", "Num", "Pow", "Name", "Add", "Num", "Neg", "Num",
        "Neg", "Num", "Num",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.50", Fraction(1, 2)), ("-12", Fraction(-12)), ("8.089e-4", Fraction(8089, 10**7))],
)
def test_a_number_has_the_exact_value_of_its_text(text, value):
    assert Num(text).value == value


def test_names_stand_once_each_in_reading_order():
    expr = Add((Mul((Z, X)), Neg(Y), Call("exp", (X,)), Cases(Name("a"), Y, Z, Name("b"))))
    assert ex.names(expr) == ("z", "x", "y", "a", "b")


def test_walk_gives_parents_before_children_left_to_right():
    expr = Div(Neg(X), Mul((Y, TWO)))
    assert list(ex.walk(expr)) == [expr, Neg(X), X, Mul((Y, TWO)), Y, TWO]


def test_walk_needs_no_recursion():
    deep = X
    for _ in range(5_000):
        deep = Neg(deep)
    assert sum(1 for _ in ex.walk(deep)) == 5_001


@pytest.mark.parametrize(
    ("expr", "found"), [(Pow(X, Y), True), (Call("exp", (Neg(X),)), True), (Name("x1"), False)]
)
def test_depends_on_looks_for_the_whole_name(expr, found):
    assert ex.depends_on(expr, "x") is found


def test_has_node_finds_a_kind_at_any_depth():
    expr = Add((X, Neg(Diff(Y, "y"))))
    assert ex.has_node(expr, Diff)
    assert not ex.has_node(expr, Pow)


def test_transform_works_from_the_top_and_leaves_what_it_put_in():
    grown = ex.transform(Neg(X), lambda e: Neg(e) if isinstance(e, Name) else None)
    assert grown == Neg(Neg(X))


def test_substitute_fills_all_names_at_once():
    swapped = ex.substitute(Div(X, Y), {"x": Y, "y": X})
    assert swapped == Div(Y, X)


def test_substitute_leaves_other_names():
    assert ex.substitute(Add((X, Z)), {"x": TWO}) == Add((TWO, Z))


def test_rename_reaches_the_name_of_a_derivative():
    renamed = ex.rename(Diff(Mul((X, Y)), "x"), lambda name: name + "+")
    assert renamed == Diff(Mul((Name("x+"), Name("y+"))), "x+")


@pytest.mark.parametrize(
    ("value", "tree"),
    [
        (3, Num("3")),
        (-3, Neg(Num("3"))),
        (0, Num("0")),
        (Fraction(1, 2), Div(Num("1"), Num("2"))),
        (Fraction(-2, 3), Neg(Div(Num("2"), Num("3")))),
    ],
)
def test_an_exact_number_is_a_whole_one_or_a_fraction_of_two(value, tree):
    assert ex.number(value) == tree


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (Num("0.50"), Fraction(1, 2)),
        (Neg(Neg(Num("2"))), Fraction(2)),
        (Div(Num("1"), Neg(Num("4"))), Fraction(-1, 4)),
        (Div(Num("1"), Num("0")), None),
        (Div(X, TWO), None),
        (Neg(X), None),
        (X, None),
        (Add((ONE, ONE)), None),
        (Pow(TWO, TWO), None),
    ],
)
def test_constant_reads_literals_signs_and_fractions_only(expr, value):
    assert ex.constant(expr) == value


def test_sums_and_products_of_one_part_are_that_part():
    assert ex.add(X) == ex.mul(X) == X
    assert ex.add(X, Y) == Add((X, Y))
    assert ex.mul(X, Y) == Mul((X, Y))


def test_binding_from_loose_to_tight():
    order = [Add((X, Y)), Neg(X), Mul((X, Y)), Pow(X, Y), X]
    assert [ex.precedence(e) for e in order] == sorted({ex.precedence(e) for e in order})
    assert ex.precedence(Div(X, Y)) == ex.precedence(Mul((X, Y)))


def test_a_negative_number_binds_like_a_sign():
    assert ex.precedence(Num("-2")) == ex.precedence(Neg(TWO))
    assert ex.precedence(Num("2")) == ex.precedence(Call("exp", (X,))) == ex.ATOM
