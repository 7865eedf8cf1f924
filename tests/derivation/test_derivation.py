"""Every step of an exercise: which ids there are, in which order, by which formula."""

from __future__ import annotations

from collections import Counter

import pytest
from oracle import oracle
from random_specs import random_network

from derive.algebra.expressions import Cases, Name, has_node
from derive.algebra.grammar import parse, to_text
from derive.derivation.derivation import Derivation
from derive.spec import build, load, loads, override

SEEDS = range(12)
NETWORKS = ("neuron", "two-two-two", "shared-biases")


def derivation(spec, **changes):
    return Derivation(build(override(load(spec), changes)))


def ids(found, *stages):
    return " ".join(step.id for step in (found.steps(stages) if stages else found.steps()))


def formula(found, name):
    return to_text(found.step(name).expr)


def circuit(values, definitions, rest=""):
    """A circuit with output f; `rest` holds the keys and tables after it."""
    given = "\n".join(f"{name} = {value}" for name, value in values.items())
    rows = "\n".join(f'{name} = "{text}"' for name, text in definitions.items())
    top, bracket, tables = rest.partition("[")
    return Derivation(
        build(
            loads(
                f'kind = "circuit"\noutput = "f"\n{top}\n[values]\n{given}\n'
                f"[definitions]\n{rows}\n{bracket}{tables}"
            )
        )
    )


def layers(*rows, samples=1, more=""):
    """A network of ones: `rows` are (units, activation, with biases) of each layer."""
    width = 2
    text = f"inputs = {[[1] * width] * samples}\nlearning_rate = 1\n{more}\n"
    text += f"targets = {[[1] * rows[-1][0]] * samples}\n"
    for units, activation, biased in rows:
        text += f'[[layers]]\nactivation = "{activation}"\nweights = {[[1] * width] * units}\n'
        text += f"biases = {[1] * units}\n" if biased else ""
        width = units
    return Derivation(build(loads(text)))


UPDATE = "[update]\nlearning_rate = 0.1\n"
CIRCUITS = {
    "diamond": ({"x": 2, "y": 3}, {"a": "x*y", "b": "x+a", "f": "a*b+x^2"},
                "steps = 3\n" + UPDATE),
    "kinks": ({"x": 2, "y": 3}, {"a": "max(x,y)", "f": "relu(a)-abs(x)"}, UPDATE),
    "idle": ({"x": 2, "y": 3}, {"a": "y^2", "f": "x+1"}, UPDATE + 'parameters = ["y"]'),
    "constant": ({"x": 2}, {"f": "7"}, "steps = 2\n" + UPDATE),
    "deep": ({"x": 2}, {f"q{i}": f"q{i - 1}^2" for i in range(2, 30)} | {"q1": "x", "f": "q29"},
             "steps = 2\n" + UPDATE),
}  # fmt: skip


def all_derivations():
    found = {name: derivation(name) for name in (*NETWORKS, "circuit")}
    found |= {f"two updates of {n}": derivation(n, steps=2) for n in ("neuron", "two-two-two")}
    found |= {f"no update of {name}": derivation(name, steps=0) for name in NETWORKS}
    found["indexed"] = derivation("two-two-two", notation="indexed", steps=2)
    found |= {name: circuit(*parts) for name, parts in CIRCUITS.items()}
    found |= {f"random {s}": Derivation(build(loads(random_network(s)))) for s in SEEDS}
    return found


ALL = all_derivations()
each = pytest.mark.parametrize("found", ALL.values(), ids=ALL.keys())


# --- what holds for every exercise ------------------------------------------------------------


@each
def test_a_step_uses_only_ids_that_stand_before_it(found):
    seen = set()
    for step in found.steps():
        assert set(step.uses) <= seen
        seen.add(step.id)


@each
def test_no_id_stands_twice(found):
    assert max(Counter(step.id for step in found.steps()).values()) == 1


@each
def test_any_step_by_its_id_is_the_streamed_step(found):
    alone = Derivation(found.graph)
    for step in found.steps():
        assert alone.step(step.id) == step


@each
def test_a_fragment_needs_no_other_step(found):
    for step in list(found.steps())[::7]:
        assert Derivation(found.graph).step(step.id) == step


@each
def test_given_steps_alone_have_no_formula(found):
    assert all((step.expr is None) is (step.stage == "given") for step in found.steps())


@each
def test_a_formula_is_text_of_the_grammar(found):
    for step in found.steps():
        if step.expr is not None and not has_node(step.expr, Cases):
            assert parse(to_text(step.expr)) == step.expr


@each
def test_stages_may_be_asked_for_alone(found):
    whole = [step for step in found.steps() if step.stage in {"backward", "check"}]
    assert list(found.steps(("backward", "check"))) == whole


@each
def test_what_no_update_touches_keeps_its_id(found):
    for step in found.steps():
        if step.updates and step.kind != "update":
            assert any(found.step(used).updates for used in step.uses)


@pytest.mark.parametrize("seed", range(25))
def test_the_ids_are_those_of_the_contract_and_no_others(seed):
    text = random_network(seed)
    assert {step.id for step in Derivation(build(loads(text))).steps()} == set(oracle(text, 20))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradient_of_a_parameter_is_always_three_factors(seed):
    found = Derivation(build(loads(random_network(seed))))
    gradients = [step for step in found.steps(("backward",)) if step.kind == "gradient"]
    assert gradients
    for step in gradients:
        root, a, z = (part.id for part in step.expr.factors)
        assert root.startswith(f"d{step.of}/d")
        assert a.partition("/")[0] == "d" + root.partition("/d")[2].rstrip("+")
        assert z.partition("+")[0].endswith(f"/d{step.wrt}")


# --- the deck's network -----------------------------------------------------------------------

GIVEN = "x1 x2 t1 t2 learning_rate W1 W2 W3 W4 W5 W6 W7 W8"
FORWARD = "z1 z2 h1 h2 z3 z4 o1 o2 E_o1 E_o2 E_total"
OUTPUT_LAYER = (
    "dE_total/do1 do1/dz3 dE_total/dz3 dz3/dW5 dE_total/dW5 dz3/dW6 dE_total/dW6 "
    "dE_total/do2 do2/dz4 dE_total/dz4 dz4/dW7 dE_total/dW7 dz4/dW8 dE_total/dW8"
)
HIDDEN_LAYER = (
    "dz3/dh1 dz4/dh1 dE_o1/dh1 dE_o2/dh1 dE_total/dh1 dh1/dz1 dE_total/dz1 "
    "dz1/dW1 dE_total/dW1 dz1/dW2 dE_total/dW2 "
    "dz3/dh2 dz4/dh2 dE_o1/dh2 dE_o2/dh2 dE_total/dh2 dh2/dz2 dE_total/dz2 "
    "dz2/dW3 dE_total/dW3 dz2/dW4 dE_total/dW4"
)
NEW = "W1+ W2+ W3+ W4+ W5+ W6+ W7+ W8+"
CHECK = "z1+ z2+ h1+ h2+ z3+ z4+ o1+ o2+ E_o1+ E_o2+ E_total+"


def test_the_decks_network_stage_by_stage():
    found = derivation("two-two-two")
    assert ids(found, "given") == GIVEN
    assert ids(found, "forward") == FORWARD
    assert ids(found, "backward") == f"{OUTPUT_LAYER} {HIDDEN_LAYER}"
    assert ids(found, "update") == NEW
    assert ids(found, "check") == CHECK
    assert ids(found) == f"{GIVEN} {FORWARD} {OUTPUT_LAYER} {HIDDEN_LAYER} {NEW} {CHECK}"


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("dE_total/do1", "local", "-(t1-o1)"),
        ("do1/dz3", "local", "o1*(1-o1)"),
        ("dE_total/dz3", "signal", "{dE_total/do1}*{do1/dz3}"),
        ("dz3/dW5", "local", "h1"),
        ("dE_total/dW5", "gradient", "{dE_total/do1}*{do1/dz3}*{dz3/dW5}"),
        ("dz4/dh1", "local", "W7"),
        ("dE_o2/dh1", "route", "{dE_total/dz4}*{dz4/dh1}"),
        ("dE_total/dh1", "routes", "{dE_o1/dh1}+{dE_o2/dh1}"),
        ("dh1/dz1", "local", "h1*(1-h1)"),
        ("dE_total/dW1", "gradient", "{dE_total/dh1}*{dh1/dz1}*{dz1/dW1}"),
        ("W5+", "update", "W5-learning_rate*{dE_total/dW5}"),
        ("z3+", "value", "{W5+}*{h1+}+{W6+}*{h2+}"),
        ("E_total+", "value", "{E_o1+}+{E_o2+}"),
    ],
)
def test_the_decks_formulas(name, kind, text):
    step = derivation("two-two-two").step(name)
    assert (step.kind, to_text(step.expr)) == (kind, text)


@pytest.mark.parametrize(
    ("name", "stage", "of", "wrt", "updates"),
    [
        ("x1", "given", "", "", 0),
        ("h1", "forward", "", "", 0),
        ("dE_total/dW5", "backward", "E_total", "W5", 0),
        ("W5+", "update", "", "W5", 1),
        ("h1+", "check", "", "", 1),
    ],
)
def test_a_step_says_where_it_stands(name, stage, of, wrt, updates):
    step = derivation("two-two-two").step(name)
    assert (step.stage, step.of, step.wrt, step.updates) == (stage, of, wrt, updates)


def test_a_bias_has_its_three_factors_too():
    found = derivation("neuron")
    assert formula(found, "dz1/db1") == "1"
    assert formula(found, "dE_total/db1") == "{dE_total/do1}*{do1/dz1}*{dz1/db1}"
    assert formula(found, "b1+") == "b1-learning_rate*{dE_total/db1}"


def test_held_biases_have_no_derivative_and_no_update():
    found = derivation("shared-biases")
    assert "b1" in ids(found).split()
    assert not [name for name in ids(found).split() if "db" in name or name.startswith("b1+")]
    assert found.step("dz1/db1") is None
    assert formula(found, "z1+") == "{W1+}*x1+{W2+}*x2+b1"


def test_indexed_ids_of_the_decks_network():
    found = derivation("two-two-two", notation="indexed")
    assert ids(found, "forward") == "z1_1 z1_2 a1_1 a1_2 z2_1 z2_2 a2_1 a2_2 E_1 E_2 E_total"
    assert ids(found, "backward") == (
        "dE_total/da2_1 da2_1/dz2_1 dE_total/dz2_1 dz2_1/dW2_1_1 dE_total/dW2_1_1 "
        "dz2_1/dW2_1_2 dE_total/dW2_1_2 "
        "dE_total/da2_2 da2_2/dz2_2 dE_total/dz2_2 dz2_2/dW2_2_1 dE_total/dW2_2_1 "
        "dz2_2/dW2_2_2 dE_total/dW2_2_2 "
        "dz2_1/da1_1 dz2_2/da1_1 dE_1/da1_1 dE_2/da1_1 dE_total/da1_1 da1_1/dz1_1 "
        "dE_total/dz1_1 dz1_1/dW1_1_1 dE_total/dW1_1_1 dz1_1/dW1_1_2 dE_total/dW1_1_2 "
        "dz2_1/da1_2 dz2_2/da1_2 dE_1/da1_2 dE_2/da1_2 dE_total/da1_2 da1_2/dz1_2 "
        "dE_total/dz1_2 dz1_2/dW1_2_1 dE_total/dW1_2_1 dz1_2/dW1_2_2 dE_total/dW1_2_2"
    )


def test_only_the_steps_of_single_connections_are_derived_again():
    found = derivation("two-two-two")
    again = [step.id for step in found.steps(("backward",)) if found.step(step.id) is not step]
    assert " ".join(sorted(again)) == (
        "dE_o1/dh1 dE_o1/dh2 dE_o2/dh1 dE_o2/dh2 dE_total/dW1 dE_total/dW2 dE_total/dW3 "
        "dE_total/dW4 dE_total/dW5 dE_total/dW6 dE_total/dW7 dE_total/dW8 "
        "dz1/dW1 dz1/dW2 dz2/dW3 dz2/dW4 dz3/dW5 dz3/dW6 dz3/dh1 dz3/dh2 "
        "dz4/dW7 dz4/dW8 dz4/dh1 dz4/dh2"
    )


# --- other networks ---------------------------------------------------------------------------


def test_in_earlier_layers_the_error_comes_through_the_next_pre_activations():
    found = layers((1, "sigmoid", False), (2, "sigmoid", False), (2, "identity", False))
    assert formula(found, "dE_total/dh1") == "{dE_total/dz2}*{dz2/dh1}+{dE_total/dz3}*{dz3/dh1}"
    assert formula(found, "dE_total/dh2") == "{dE_o1/dh2}+{dE_o2/dh2}"
    assert found.step("dE_o1/dh1") is None


def test_a_single_route_is_a_copy():
    found = layers((1, "sigmoid", False), (1, "identity", False))
    assert found.step("dE_total/dh1").expr == Name("dE_o1/dh1")


@pytest.mark.parametrize(
    ("activation", "slope"),
    [("identity", "1"), ("sigmoid", "o1*(1-o1)"), ("tanh", "1-o1^2"),
     ("relu", "[1 if z1 > 0, 0 if z1 <= 0]"), ("leaky_relu", "[1 if z1 > 0, 0.01 if z1 <= 0]")],
)  # fmt: skip
def test_the_slope_of_an_activation_is_in_terms_of_its_output(activation, slope):
    assert formula(layers((1, activation, False)), "do1/dz1") == slope


@pytest.mark.parametrize(
    ("loss", "slope"),
    [("half_squared_error", "-(t1-o1)"), ("squared_error", "-2*(t1-o1)"),
     ("mean_squared_error", "-(t1-o1)"),
     ("binary_cross_entropy", "-(t1/o1-(1-t1)/(1-o1))"), ("log_cosh", "tanh(o1-t1)"),
     ("hinge", "[-t1 if 1-t1*o1 > 0, 0 if 1-t1*o1 <= 0]")],
)  # fmt: skip
def test_the_slope_of_a_loss(loss, slope):
    found = layers((2, "identity", False), more=f'loss = "{loss}"')
    assert formula(found, "dE_total/do1") == slope


def test_without_updates_there_is_one_pass_forward_and_one_back():
    found = derivation("two-two-two", steps=0)
    assert ids(found) == f"{GIVEN} {FORWARD} {OUTPUT_LAYER} {HIDDEN_LAYER}"


# --- several samples --------------------------------------------------------------------------


def test_several_samples_stand_one_after_the_other_and_are_reduced_last():
    found = layers((1, "sigmoid", True), samples=2)
    assert ids(found) == (
        "x1_s1 x2_s1 x1_s2 x2_s2 t1_s1 t1_s2 learning_rate W1 W2 b1 "
        "z1_s1 o1_s1 E_o1_s1 E_s1 z1_s2 o1_s2 E_o1_s2 E_s2 E_total "
        "dE_s1/do1_s1 do1_s1/dz1_s1 dE_s1/dz1_s1 "
        "dz1_s1/dW1 dE_s1/dW1 dz1_s1/dW2 dE_s1/dW2 dz1_s1/db1 dE_s1/db1 "
        "dE_s2/do1_s2 do1_s2/dz1_s2 dE_s2/dz1_s2 "
        "dz1_s2/dW1 dE_s2/dW1 dz1_s2/dW2 dE_s2/dW2 dz1_s2/db1 dE_s2/db1 "
        "dE_total/dW1 dE_total/dW2 dE_total/db1 "
        "W1+ W2+ b1+ "
        "z1_s1+ o1_s1+ E_o1_s1+ E_s1+ z1_s2+ o1_s2+ E_o1_s2+ E_s2+ E_total+"
    )


@pytest.mark.parametrize(
    ("reduction", "text"),
    [("mean", "1/3*({dE_s1/dW1}+{dE_s2/dW1}+{dE_s3/dW1})"),
     ("sum", "{dE_s1/dW1}+{dE_s2/dW1}+{dE_s3/dW1}")],
)  # fmt: skip
def test_the_gradient_over_samples_is_the_reduction_of_theirs(reduction, text):
    found = layers((1, "sigmoid", False), samples=3, more=f'reduction = "{reduction}"')
    assert (found.step("dE_total/dW1").kind, formula(found, "dE_total/dW1")) == ("reduction", text)


def test_the_routes_of_a_sample_stay_in_it():
    found = layers((1, "sigmoid", False), (2, "identity", False), samples=2)
    assert formula(found, "dE_s2/dh1_s2") == "{dE_o1_s2/dh1_s2}+{dE_o2_s2/dh1_s2}"
    assert formula(found, "dE_o1_s2/dh1_s2") == "{dE_s2/dz2_s2}*{dz2_s2/dh1_s2}"


@pytest.mark.parametrize(
    "name", ["dE_total/do1_s1", "dE_total/dz1_s1", "dE_s1/do1_s2", "dE_s1/dz1_s2", "z1", "o1",
             "do1_s1/dz1_s2", "E_o1", "dE_s3/dW1", "dE_o1_s1/do1_s1"],
)  # fmt: skip
def test_samples_do_not_mix(name):
    assert layers((1, "sigmoid", False), samples=2).step(name) is None


# --- several updates --------------------------------------------------------------------------


def test_two_updates_of_one_neuron():
    assert ids(layers((1, "sigmoid", False), more="steps = 2")) == (
        "x1 x2 t1 learning_rate W1 W2 z1 o1 E_o1 E_total "
        "dE_total/do1 do1/dz1 dE_total/dz1 dz1/dW1 dE_total/dW1 dz1/dW2 dE_total/dW2 W1+ W2+ "
        "z1+ o1+ E_o1+ E_total+ "
        "dE_total/do1+ do1/dz1+ dE_total/dz1+ dE_total/dW1+ dE_total/dW2+ W1@2 W2@2 "
        "z1@2 o1@2 E_o1@2 E_total@2"
    )


@pytest.mark.parametrize(
    ("name", "stage", "text"),
    [
        ("W5+", "update", "W5-learning_rate*{dE_total/dW5}"),
        ("z3+", "forward", "{W5+}*{h1+}+{W6+}*{h2+}"),
        ("dz3/dW5+", "backward", "{h1+}"),
        ("dz3/dh1+", "backward", "{W5+}"),
        ("dE_total/dW5+", "backward", "{dE_total/do1+}*{do1/dz3+}*{dz3/dW5+}"),
        ("dE_total/dW1+", "backward", "{dE_total/dh1+}*{dh1/dz1+}*{dz1/dW1}"),
        ("W5@2", "update", "{W5+}-learning_rate*{dE_total/dW5+}"),
        ("z3@2", "check", "{W5@2}*{h1@2}+{W6@2}*{h2@2}"),
        ("E_o1@2", "check", "1/2*(t1-{o1@2})^2"),
    ],
)
def test_after_an_update_the_same_steps_come_back(name, stage, text):
    step = derivation("two-two-two", steps=2).step(name)
    assert (step.stage, to_text(step.expr)) == (stage, text)


def test_a_third_update_starts_from_the_second():
    found = derivation("neuron", steps=3)
    assert formula(found, "W1@3") == "{W1@2}-learning_rate*{dE_total/dW1@2}"


def test_in_a_linear_network_constant_slopes_are_not_derived_again():
    found = layers((1, "identity", True), (1, "identity", True), more="steps = 2")
    again = [name for name in ids(found).split() if name.endswith("+") and "/" in name]
    assert " ".join(again) == (
        "dE_total/do1+ dE_total/dz2+ dz2/dW3+ dE_total/dW3+ dE_total/db2+ "
        "dz2/dh1+ dE_o1/dh1+ dE_total/dh1+ dE_total/dz1+ dE_total/dW1+ dE_total/dW2+ dE_total/db1+"
    )


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("z1@1", "z1+"),
        ("W5@1", "W5+"),
        ("dE_total/dW5@1", "dE_total/dW5+"),
        ("z1@0", "z1"),
        ("W5@0", "W5"),
        ("x1@0", "x1"),
        ("dE_total/dW5@0", "dE_total/dW5"),
        ("z1@02", "z1@2"),
    ],
)
def test_at_one_and_at_zero_are_aliases(alias, name):
    found = derivation("two-two-two", steps=2)
    assert found.step(alias) == found.step(name)
    assert found.step(alias).id == name


# --- ids that do not exist --------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["", "+", "nothing", "x3", "t3", "W9", "b1", "z5", "h3", "o3", "E_o3", "W5++", "W5@", "w5",
     "dE_total", "dE_total/", "dE_total/dW9", "dE_total/dx1", "dE_total/dt1", "dz1/dx1",
     "dE_total/dE_o1", "dE_o1/do1", "dE_total/dlearning_rate", "dh1/dW1", "dz3/dW7", "dz3/dz1",
     "do1/do1", "dE_o1/dz3", "dE_o1/dW5", "do1/dz4", "dW5/dW5", "W5@2", "E_total@2", "z1@999999",
     "dE_total/dW5+", "df/dx"],
)  # fmt: skip
def test_an_unknown_id_has_no_step(name):
    assert derivation("two-two-two").step(name) is None


@pytest.mark.parametrize("name", ["x1+", "t1+", "learning_rate+", "x1@2", "dz1/dW1+", "dz1/dW1@7"])
def test_a_constant_takes_no_suffix(name):
    assert derivation("two-two-two", steps=2).step(name) is None


@pytest.mark.parametrize("name", ["W1+", "z1+", "E_total+", "dE_total/dW1+"])
def test_without_updates_no_id_has_a_suffix(name):
    assert derivation("two-two-two", steps=0).step(name) is None


# --- circuits ---------------------------------------------------------------------------------


def test_the_decks_circuit():
    found = derivation("circuit")
    assert ids(found) == "x y z q f df/df df/dq dq/dx df/dx dq/dy df/dy df/dz"
    assert [formula(found, name) for name in ids(found, "backward").split()] == [
        "1", "z", "1", "{df/dq}*{dq/dx}", "1", "{df/dq}*{dq/dy}", "q",
    ]  # fmt: skip


def test_the_output_by_itself_is_one():
    step = derivation("circuit").step("df/df")
    assert (step.kind, to_text(step.expr)) == ("unit", "1")


def test_without_a_route_the_derivative_is_zero():
    found = circuit({"x": 1, "y": 2}, {"a": "y^2", "f": "x+1"})
    assert [found.step(f"df/d{name}").kind for name in ("y", "a", "x")] == [
        "none",
        "none",
        "local",
    ]
    assert formula(found, "df/dy") == "0"


def test_the_output_has_its_total_derivative_by_every_value_and_definition():
    found = circuit({"x": 1, "y": 2}, {"a": "x*y", "b": "a+x", "f": "a*b"})
    asked = [name for name in ids(found, "backward").split() if name.startswith("df/")]
    assert {name.removesuffix("|local") for name in asked} == {
        "df/df", "df/da", "df/db", "df/dx", "df/dy",
    }  # fmt: skip


def test_several_routes_are_added():
    found = circuit({"x": 1}, {"a": "2*x", "b": "x^2", "f": "a*b"})
    assert found.step("df/dx").kind == "routes"
    assert formula(found, "df/dx") == "{df/da}*{da/dx}+{df/db}*{db/dx}"
    assert formula(found, "db/dx") == "2*x"


def test_a_direct_use_beside_another_route_has_its_own_id():
    found = circuit({"x": 1}, {"a": "x^2", "f": "a*x"})
    assert ids(found, "backward") == "df/df df/da da/dx df/dx|local df/dx"
    assert formula(found, "df/dx|local") == "a"
    assert formula(found, "df/dx") == "{df/da}*{da/dx}+{df/dx|local}"


def test_a_definition_used_directly_and_through_another_has_both():
    found = circuit({"x": 1}, {"a": "x^2", "b": "3*a", "f": "a*b"})
    assert formula(found, "df/da") == "{df/db}*{db/da}+{df/da|local}"
    assert found.step("df/dx").kind == "signal"


@pytest.mark.parametrize("name", ["df/dx|local", "df/db|local", "da/dx|local", "df/df|local"])
def test_a_direct_partial_is_named_only_where_two_routes_meet(name):
    assert circuit({"x": 1}, {"a": "x^2", "b": "a", "f": "b"}).step(name) is None


def test_only_the_output_has_a_direct_partial_of_its_own():
    assert circuit({"x": 1}, {"a": "x^2", "f": "a*x"}).step("da/dx|local") is None


def test_a_circuit_is_not_differentiated_by_its_learning_rate():
    assert circuit({"x": 1}, {"f": "x"}, UPDATE).step("df/dlearning_rate") is None


def test_a_use_that_does_not_reach_the_output_is_no_route():
    found = circuit({"x": 1}, {"a": "x^2", "f": "x+1"})
    assert ids(found, "backward") == "df/df df/da df/dx"
    assert formula(found, "df/dx") == "1"


def test_a_local_partial_names_its_own_quantity():
    found = circuit({"x": 1}, {"a": "sigmoid(x)", "f": "exp(a)"})
    assert formula(found, "da/dx") == "a*(1-a)"
    assert formula(found, "df/da") == "f"


def test_a_squared_use_is_one_local_partial():
    assert formula(circuit({"x": 1}, {"f": "x*x"}), "df/dx") == "2*x"


def test_a_name_in_two_terms_of_a_sum_has_the_slope_of_both():
    assert formula(circuit({"x": 1, "y": 2}, {"f": "x+y+x^2"}), "df/dx") == "1+2*x"


@pytest.mark.parametrize(
    ("text", "by", "partial"),
    [
        ("1/(1+exp(-x))", "x", "f*(1-f)"),
        ("1/(1+exp(-x*s))", "x", "f*(1-f)*s"),
        ("1/(1+exp(-(x+s)))", "s", "f*(1-f)"),
        ("(exp(x)-exp(-x))/(exp(x)+exp(-x))", "x", "1-f^2"),
    ],
)
def test_a_written_out_activation_is_in_terms_of_its_own_quantity(text, by, partial):
    found = circuit({"x": 1, "s": 2}, {"f": text})
    assert formula(found, f"df/d{by}") == partial


@pytest.mark.parametrize("text", ["1/(1+exp(-x))+s", "s-1/(1+exp(-x))", "s*s+1/(1+exp(-2*x))"])
def test_a_written_out_activation_in_a_sum_is_not_the_whole_sum(text):
    found = circuit({"x": 1, "s": 2}, {"f": text})
    assert found.step("df/dx").uses == ("x",)


def test_the_value_s_is_not_taken_for_the_output_of_a_sigmoid():
    found = circuit({"x": 1, "s": 5}, {"a": "1/(1+exp(-x))", "f": "a*s"})
    assert "s" not in found.step("da/dx").uses


@pytest.mark.parametrize(
    "name", ["dq/dz", "dx/dx", "dq/dq", "dx/dq", "dq/df", "df/dw", "dw/dx", "dq", "q+", "f+",
             "df/dq+"],
)  # fmt: skip
def test_a_circuit_has_no_other_ids(name):
    assert derivation("circuit").step(name) is None


def test_descent_subtracts_and_ascent_adds():
    values, definitions = {"x": 1}, {"f": "x^2"}
    down = circuit(values, definitions, UPDATE)
    up = circuit(values, definitions, UPDATE + 'direction = "ascent"')
    assert formula(down, "x+") == "x-learning_rate*{df/dx}"
    assert formula(up, "x+") == "x+learning_rate*{df/dx}"


def test_only_the_named_parameters_are_updated():
    found = circuit({"x": 1, "y": 2}, {"f": "x*y"}, UPDATE + 'parameters = ["x"]')
    assert ids(found, "update", "check") == "x+ f+"
    assert formula(found, "f+") == "{x+}*y"
    assert ids(found, "backward") == "df/df df/dx df/dy"


def test_updates_of_a_circuit_go_on_from_each_other():
    found = circuit({"x": 1, "y": 2}, {"q": "x+y", "f": "q*y"}, "steps = 2\n" + UPDATE)
    assert ids(found).partition("df/dy ")[2] == (
        "x+ y+ q+ f+ df/dq+ df/dx+ df/dy|local+ df/dy+ x@2 y@2 q@2 f@2"
    )
    assert formula(found, "y@2") == "{y+}-learning_rate*{df/dy+}"


def test_a_slope_that_is_a_number_is_not_derived_again():
    found = circuit({"x": 1}, {"f": "3*x"}, "steps = 2\n" + UPDATE)
    assert ids(found) == "x learning_rate f df/df df/dx x+ f+ x@2 f@2"
    assert formula(found, "x@2") == "{x+}-learning_rate*{df/dx}"


def test_one_late_step_of_a_long_circuit_is_found_at_once():
    definitions = {f"q{i}": f"q{i - 1}*2" for i in range(2, 480)} | {"q1": "x^2", "f": "q479^2"}
    found = circuit({"x": 1}, definitions, "steps = 2\n" + UPDATE)
    assert formula(found, "df/dx+") == "{df/dq1+}*{dq1/dx+}"
