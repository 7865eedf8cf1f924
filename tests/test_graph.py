"""The exercise as named quantities in evaluation order, before any derivative."""

from __future__ import annotations

import pytest
from random_specs import random_network

from derive.algebra.expressions import Name, names
from derive.algebra.grammar import to_text
from derive.errors import InternalError
from derive.spec import Spec, build, load, loads, override

SEEDS = range(12)
BUILTINS = ("neuron", "two-two-two", "circuit", "shared-biases")
NETWORK = """
inputs = {inputs}
targets = {targets}
learning_rate = 0.5
{more}
[[layers]]
activation = "{first}"
weights = [[0.3, 0.25], [0.4, 0.35]]
biases = [0.1, 0.2]
[[layers]]
activation = "{last}"
weights = [[0.45, 0.4]]
"""


def network(inputs="[1, 2]", targets="[3]", more="", first="sigmoid", last="identity"):
    return build(
        loads(NETWORK.format(inputs=inputs, targets=targets, more=more, first=first, last=last))
    )


def circuit(values, definitions, rest="", output="f"):
    given = "\n".join(f"{name} = {value}" for name, value in values.items())
    rows = "\n".join(f'{name} = "{text}"' for name, text in definitions.items())
    top, bracket, tables = rest.partition("[")
    return build(
        loads(
            f'kind = "circuit"\noutput = "{output}"\n{top}\n[values]\n{given}\n'
            f"[definitions]\n{rows}\n{bracket}{tables}"
        )
    )


def graphs():
    return [build(load(name)) for name in BUILTINS] + [
        build(loads(random_network(seed))) for seed in SEEDS
    ]


each_graph = pytest.mark.parametrize(
    "graph", graphs(), ids=[*BUILTINS, *(f"random {seed}" for seed in SEEDS)]
)


# --- what holds for every graph ---------------------------------------------------------------


@each_graph
def test_a_quantity_uses_only_what_stands_before_it(graph):
    seen = set()
    for quantity in graph.quantities.values():
        assert set(quantity.uses) <= seen
        seen.add(quantity.id)


@each_graph
def test_what_a_quantity_uses_are_the_names_in_its_formula(graph):
    for quantity in graph.quantities.values():
        used = () if quantity.expr is None else names(quantity.expr)
        assert sorted(quantity.uses) == sorted(used)


@each_graph
def test_a_quantity_is_typed_or_computed_never_both(graph):
    assert all((q.expr is None) is bool(q.typed) for q in graph.quantities.values())


@each_graph
def test_consumers_are_the_users_in_order(graph):
    for name in graph.quantities:
        users = [q.id for q in graph.quantities.values() if name in q.uses]
        assert list(graph.consumers.get(name, ())) == users


@each_graph
def test_a_quantity_varies_if_an_update_reaches_it(graph):
    moving = set(graph.parameters)
    for quantity in graph.quantities.values():
        if moving & set(quantity.uses):
            moving.add(quantity.id)
    assert {q.id for q in graph.quantities.values() if q.varies} == moving


@each_graph
def test_every_quantity_is_found_under_its_id(graph):
    assert all(graph[name].id == name for name in graph.quantities)
    with pytest.raises(KeyError):
        graph["nothing"]


# --- networks ---------------------------------------------------------------------------------


def formulas(graph):
    return {q.id: to_text(q.expr) for q in graph.quantities.values() if q.expr is not None}


def test_the_decks_network():
    graph = build(load("two-two-two"))
    assert " ".join(graph.quantities) == (
        "x1 x2 t1 t2 learning_rate W1 W2 W3 W4 W5 W6 W7 W8 "
        "z1 z2 h1 h2 z3 z4 o1 o2 E_o1 E_o2 E_total"
    )
    assert formulas(graph) == {
        "z1": "W1*x1+W2*x2",
        "z2": "W3*x1+W4*x2",
        "h1": "sigmoid(z1)",
        "h2": "sigmoid(z2)",
        "z3": "W5*h1+W6*h2",
        "z4": "W7*h1+W8*h2",
        "o1": "sigmoid(z3)",
        "o2": "sigmoid(z4)",
        "E_o1": "1/2*(t1-o1)^2",
        "E_o2": "1/2*(t2-o2)^2",
        "E_total": "E_o1+E_o2",
    }
    assert graph.parameters == ("W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8")
    assert (graph.total, graph.roots) == ("E_total", ("E_total",))


def test_given_numbers_keep_the_authors_text():
    graph = network(inputs="[0.50, 1e-3]")
    assert [graph[name].typed for name in ("x1", "x2", "t1", "W3")] == ["0.50", "1e-3", "3", "0.4"]


def test_a_bias_is_the_last_term_of_its_sum():
    assert formulas(network())["z2"] == "W3*x1+W4*x2+b2"


def test_without_biases_no_bias_stands():
    assert "b3" not in network().quantities
    assert formulas(network())["z3"] == "W5*h1+W6*h2"


@pytest.mark.parametrize(
    ("activation", "formula"),
    [
        ("identity", "z1"),
        ("linear", "z1"),
        ("sigmoid", "sigmoid(z1)"),
        ("tanh", "tanh(z1)"),
        ("relu", "relu(z1)"),
        ("leaky_relu", "leaky_relu(z1,0.01)"),
        ("prelu", "leaky_relu(z1,0.01)"),
        ('prelu"\nslope = 0.25 #', "leaky_relu(z1,0.25)"),
    ],
)
def test_an_activation_is_a_formula_of_its_pre_activation(activation, formula):
    assert formulas(network(first=activation))["h1"] == formula


@pytest.mark.parametrize(
    ("loss", "error"),
    [
        ("half_squared_error", "1/2*(t2-o2)^2"),
        ("squared_error", "(t2-o2)^2"),
        ("mean_squared_error", "1/2*(t2-o2)^2"),
    ],
)
def test_each_output_has_its_error_and_the_total_is_their_sum(loss, error):
    spec = override(load("two-two-two"), {"loss": loss})
    assert formulas(build(spec))["E_o2"] == error
    assert formulas(build(spec))["E_total"] == "E_o1+E_o2"


def test_the_mean_counts_the_outputs():
    spec = loads(
        "inputs = [1]\ntargets = [1, 2, 3]\nsteps = 0\n"
        'loss = "mean_squared_error"\n[[layers]]\nweights = [[1], [2], [3]]\n'
    )
    assert formulas(build(spec))["E_o3"] == "1/3*(t3-o3)^2"


def test_one_output_has_a_total_that_is_a_copy():
    assert network()["E_total"].expr == Name("E_o1")


def test_indexed_notation_says_layer_and_unit():
    graph = network(more='notation = "indexed"')
    assert formulas(graph) == {
        "z1_1": "W1_1_1*x1+W1_1_2*x2+b1_1",
        "z1_2": "W1_2_1*x1+W1_2_2*x2+b1_2",
        "a1_1": "sigmoid(z1_1)",
        "a1_2": "sigmoid(z1_2)",
        "z2_1": "W2_1_1*a1_1+W2_1_2*a1_2",
        "a2_1": "z2_1",
        "E_1": "1/2*(t1-a2_1)^2",
        "E_total": "E_1",
    }


SAMPLES = {"inputs": "[[1, 2], [3, 4]]", "targets": "[[5], [6]]"}


def test_several_samples_share_parameters_and_nothing_else():
    graph = network(**SAMPLES)
    assert formulas(graph)["z1_s2"] == "W1*x1_s2+W2*x2_s2+b1"
    assert formulas(graph)["z3_s1"] == "W5*h1_s1+W6*h2_s1"
    assert formulas(graph)["E_o1_s2"] == "1/2*(t1_s2-o1_s2)^2"
    assert formulas(graph)["E_s2"] == "E_o1_s2"
    assert graph.consumers["W5"] == ("z3_s1", "z3_s2")
    assert graph.roots == ("E_s1", "E_s2")
    assert [graph.root_of(sample) for sample in (0, 1, 2)] == ["E_total", "E_s1", "E_s2"]
    assert " ".join(q.id for q in graph.quantities.values() if q.sample == 2) == (
        "x1_s2 x2_s2 t1_s2 z1_s2 z2_s2 h1_s2 h2_s2 z3_s2 o1_s2 E_o1_s2 E_s2"
    )


@pytest.mark.parametrize(
    ("reduction", "total"), [("mean", "1/2*(E_s1+E_s2)"), ("sum", "E_s1+E_s2")]
)
def test_the_total_over_samples_is_their_mean_or_sum(reduction, total):
    graph = network(**SAMPLES, more=f'reduction = "{reduction}"')
    assert formulas(graph)["E_total"] == total


def test_one_nested_sample_is_a_single_sample():
    nested, bare = network(inputs="[[1, 2]]", targets="[[3]]"), network()
    assert nested.quantities == bare.quantities


def test_held_biases_are_constants():
    graph = network(more="update_biases = false")
    assert graph.parameters == ("W1", "W2", "W3", "W4", "W5", "W6")
    assert (graph["b1"].role, graph["b1"].varies) == ("constant", False)


def test_without_updates_nothing_varies():
    graph = network(more="steps = 0")
    assert graph.parameters == ()
    assert not any(q.varies for q in graph.quantities.values())


@pytest.mark.parametrize(
    ("of", "wrt", "is_one"),
    [
        ("z3", "W5", True),
        ("E_total", "W5", True),
        ("z3", "h1", True),
        ("E_o1", "h1", True),
        ("E_total", "h1", False),
        ("o1", "z3", False),
        ("z1", "x1", False),
        ("z3", "W9", False),
        ("z9", "W5", False),
    ],
)
def test_a_connection_is_between_a_unit_and_a_weight_or_what_it_receives(of, wrt, is_one):
    assert build(load("two-two-two")).is_connection(of, wrt) is is_one


# --- circuits ---------------------------------------------------------------------------------


def test_the_decks_circuit():
    graph = build(load("circuit"))
    assert formulas(graph) == {"q": "x+y", "f": "q*z"}
    assert list(graph.quantities) == ["x", "y", "z", "q", "f"]
    assert (graph.total, graph.roots, graph.parameters) == ("f", ("f",), ())


@pytest.mark.parametrize(
    ("definitions", "order"),
    [
        ({"f": "g", "g": "h", "h": "x"}, "h g f"),
        ({"a": "x", "f": "b", "c": "a", "b": "x"}, "a b f c"),
        ({"f": "a*b", "b": "a", "a": "x"}, "a b f"),
    ],
)
def test_definitions_come_in_any_order_and_are_put_in_theirs(definitions, order):
    graph = circuit({"x": 1}, definitions)
    assert list(formulas(graph)) == order.split()


def test_values_and_definitions_may_have_any_name():
    values = {"E": 1, "I": 2, "beta": 3, "lambda": 4, "S": 5, "N": 6, "pi": 7, "e": 8}
    graph = circuit(values, {"f": "E*I+beta*lambda-S^N/pi+e"})
    assert graph["f"].uses == ("E", "I", "beta", "lambda", "S", "N", "pi", "e")


UPDATE = "[update]\nlearning_rate = 0.1\n"


def test_by_default_an_update_moves_every_value():
    graph = circuit({"x": 1, "y": 2}, {"f": "x*y"}, UPDATE)
    assert graph.parameters == ("x", "y")
    assert (graph["learning_rate"].typed, graph["learning_rate"].role) == ("0.1", "rate")


def test_an_update_does_not_move_its_learning_rate():
    graph = circuit({"x": 1}, {"f": "x"}, UPDATE)
    assert not graph["learning_rate"].varies


def test_an_update_moves_the_parameters_it_names():
    graph = circuit({"x": 1, "y": 2}, {"q": "y+1", "f": "x*q"}, UPDATE + 'parameters = ["x"]')
    assert graph.parameters == ("x",)
    assert {name: graph[name].varies for name in "xyqf"} == {
        "x": True, "y": False, "q": False, "f": True,
    }  # fmt: skip


def test_without_steps_a_circuits_update_moves_nothing():
    graph = circuit({"x": 1}, {"f": "x"}, "steps = 0\n" + UPDATE)
    assert graph.parameters == ()
    assert not any(q.varies for q in graph.quantities.values())


def test_a_circuit_without_steps_has_no_learning_rate():
    assert "learning_rate" not in circuit({"x": 1}, {"f": "x"}, "steps = 0\n" + UPDATE).quantities


def test_five_hundred_chained_definitions_are_put_in_order():
    definitions = {f"q{i}": f"q{i + 1}+1" for i in range(1, 498)} | {"q498": "x", "f": "q1"}
    graph = circuit({"x": 1}, definitions)
    assert list(graph.quantities)[:3] == ["x", "q498", "q497"]
    assert len(graph.quantities) == 500


def test_a_kind_without_a_graph_is_our_defect():
    with pytest.raises(InternalError, match="no graph for a spec of kind other"):
        build(Spec(kind="other"))
