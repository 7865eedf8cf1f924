"""The sheet of a network: its parts in order, what each level leaves to do, its routes."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest
from random_specs import random_network
from sampling import few
from sheets import asked, copied, network, page, read_off, sheet_of

import derive
from derive.spec import override

SAMPLES = network(
    ("[[0.3, -0.2], [0.1, 0.4]]", 'activation = "sigmoid"\nbiases = [0.1, 0.2]'),
    "[[0.5, 0.6]]",
    inputs="[[0.5, 0.25], [1, -1], [0, 2]]",
    targets="[[1], [0], [0.5]]",
)
"""Three samples through a 2-2-1 network with biases in the hidden layer."""
ROUTES = network(
    ("[[0.2, 0.3]]", 'activation = "sigmoid"'),
    ("[[0.4], [0.5]]", 'activation = "tanh"'),
    ("[[0.6, 0.7], [0.8, 0.9]]", 'activation = "sigmoid"'),
    targets="[0, 1]",
)
"""2-1-2-2: h1 feeds two hidden units, h2 and h3 feed two outputs."""
CHAIN = network(
    ("[[0.2, 0.3]]", 'activation = "sigmoid"'), ("[[0.4]]", 'activation = "sigmoid"'), "[[0.5]]"
)
"""2-1-1-1: one route all the way."""
EXERCISES = {name: name for name in ("neuron", "two-two-two", "shared-biases")} | {
    "samples": SAMPLES,
    "routes": ROUTES,
    "chain": CHAIN,
    "two updates": SAMPLES.replace("learning", "steps = 2\nlearning", 1),
    "no update": SAMPLES.replace("learning", "steps = 0\nlearning", 1),
    "indexed": SAMPLES.replace("learning", 'notation = "indexed"\nlearning', 1),
    **{f"random {seed}": random_network(seed) for seed in range(12)},
}
each = pytest.mark.parametrize("source", few(EXERCISES.values(), 13), ids=EXERCISES.keys())
"""Four random networks in every run."""


def keys(headings):
    return [h if isinstance(h, str) else h[0] for h in headings]


def sentence(part, key):
    """What stands in the slots of a sentence that is said once."""
    (slots,) = [s[1] for s in part.sentences() if s[0] == f"say.{key}"]
    return slots


# --- blanks and the key -----------------------------------------------------------------------


@each
def test_the_blank_sheet_asks_every_id_once_in_the_order_of_the_key(source):
    numbers = [number for number, _ in page(source, "blank").blanks()]
    assert numbers == list(range(1, len(asked(source)) + 1))


@each
def test_the_full_sheet_has_no_blank(source):
    assert page(source, "full").blanks() == []


@each
def test_guided_no_number_is_asked_twice_and_the_key_is_read_downwards(source):
    numbers = [number for number, _ in page(source).blanks()]
    assert numbers
    assert len(numbers) == len(set(numbers))
    if len(sheet_of(source).graph.roots) == 1:
        assert numbers == sorted(numbers)


@each
@pytest.mark.parametrize("level", ["guided", "blank"])
def test_a_blank_has_the_number_of_its_id_in_the_key(source, level):
    names = asked(source)
    for number, pattern in page(source, level).blanks():
        assert fnmatchcase(names[number - 1], pattern)


@each
def test_guided_every_id_is_either_worked_or_asked(source):
    blanks = {asked(source)[number - 1] for number, _ in page(source).blanks()}
    ids = set(asked(source))
    printed = page(source).worked() & ids | copied(source) | read_off(source)
    assert printed == ids - blanks


# --- the deck's network, guided ---------------------------------------------------------------

WORKED = (
    "z1 h1 z3 o1 E_o1 "
    "dE_total/do1 do1/dz3 dE_total/dz3 dz3/dW5 dE_total/dW5 "
    "dz3/dh1 dz4/dh1 dE_o1/dh1 dE_o2/dh1 dE_total/dh1 dh1/dz1 dE_total/dz1 "
    "dz1/dW1 dE_total/dW1 W1+"
)
"""The first of each kind, and the first weight of each layer with all it needs."""


def test_the_first_weight_of_each_layer_is_worked_and_the_rest_is_to_fill_in():
    names = asked("two-two-two")
    blanks = [names[number - 1] for number, _ in page("two-two-two").blanks()]
    given = {*WORKED.split(), *copied("two-two-two")}
    assert blanks == [name for name in names if name not in given]


def test_of_the_last_weight_of_a_layer_nothing_but_its_name_stands():
    tables = page("two-two-two").part("backward").grids()
    bare = [row for table in tables for row in table if row[1] == "{?}"]
    assert bare == [["W8", "{?}", "{?}", "{?25}"], ["W4", "{?}", "{?}", "{?47}"]]


def test_a_weight_that_is_alone_in_its_unit_keeps_its_symbols():
    text = network("[[0.5], [0.25]]", inputs="[1]", targets="[1, 0]")
    (table,) = page(text).part("into_output").grids()
    assert table == [["W2", "{dE_total/dz2}", "{dz2/dW2} = x1 = 1", "{?17}"]]


def test_the_other_weights_have_their_symbols_and_a_blank():
    """What the last factor is a copy of is given, or the blank that holds it."""
    tables = page("two-two-two").part("backward").grids()
    assert [row for table in tables for row in table if row[1] != "{?}"] == [
        ["W6", "{dE_total/dz3}", "{dz3/dW6} = h2 = {?4#}", "{?18}"],
        ["W7", "{dE_total/dz4}", "{dz4/dW7} = h1 ≈ 0.51998934", "{?23}"],
        ["W2", "{dE_total/dz1}", "{dz1/dW2} = x2 = 0.2", "{?36}"],
        ["W3", "{dE_total/dz2}", "{dz2/dW3} = x1 = 0.1", "{?45}"],
    ]


def test_the_next_unit_has_the_symbols_without_the_story():
    into_output = page("two-two-two").part("into_output")
    assert into_output.sentences()[-1] == ("say.next_unit", {"unit": "o2"})
    assert into_output.lines()[-3:] == [
        "{dE_total/do2} = -(t2-o2) ≈ {?19}",
        "{do2/dz4} = o2*(1-o2) ≈ {?20}",
        "{dE_total/dz4} = {dE_total/do2}*{do2/dz4} = {?}*{?} ≈ {?21}",
    ]


def test_blank_the_backward_pass_is_ids_and_blanks_and_nothing_else():
    backward = page("two-two-two", "blank").part("backward")
    assert (backward.sentences(), backward.grids(), backward.headings()) == ([], [], [])
    assert backward.lines()[:2] == ["{dE_total/do1} ≈ {?12}", "{do1/dz3} ≈ {?13}"]
    assert "{dz3/dh1} = {?26}" in backward.lines()


CHAIN_OF_W5 = "{dE_total/dW5} = {dE_total/do1}*{do1/dz3}*{dz3/dW5}"


# --- the deck's network, full -----------------------------------------------------------------


def test_the_parts_stand_in_the_order_of_the_contract():
    assert keys(page("two-two-two", "full").headings()) == [
        "heading.given", "heading.forward", "heading.error", "heading.backward",
        "heading.into_output", "heading.into_hidden", "heading.update", "heading.check",
        "heading.proofs", "heading.proof",
    ]  # fmt: skip


def test_a_weight_into_an_output_is_a_chain_three_factors_and_a_product():
    lines = page("two-two-two", "full").part("into_output").lines()
    assert lines[:9] == [
        CHAIN_OF_W5,
        "E_total = 1/2*(t1-o1)^2+1/2*(t2-o2)^2",
        "{dE_total/do1} = 2*(1/2)*(t1-o1)^(2-1)*(-1)+0",
        "= -(t1-o1)",
        "= -(0.4-0.60944600) ≈ 0.20944600",
        "{do1/dz3} = o1*(1-o1) = 0.60944600*(1-0.60944600) ≈ 0.23802157",
        "{dE_total/dz3} = {dE_total/do1}*{do1/dz3} = 0.20944600*0.23802157 ≈ [0.04985267]",
        "{dz3/dW5} = h1 ≈ 0.51998934",
        f"{CHAIN_OF_W5} = 0.20944600*0.23802157*0.51998934 ≈ 0.02592286 †",
    ]


def test_a_weight_behind_a_hidden_unit_has_a_line_per_route_and_their_sum():
    hidden = page("two-two-two", "full").part("into_hidden")
    assert hidden.of("dE_o1/dh1") + hidden.of("dE_o2/dh1") + hidden.of("dE_total/dh1") == [
        "{dE_o1/dh1} = {dE_total/dz3}*{dz3/dh1} = 0.04985267*0.45 ≈ 0.02243370",
        "{dE_o2/dh1} = {dE_total/dz4}*{dz4/dh1} = 0.01424730*0.7 ≈ 0.00997311",
        "{dE_total/dh1} = {dE_o1/dh1}+{dE_o2/dh1} = 0.02243370+0.00997311 ≈ 0.03240681",
    ]
    assert hidden.of("dE_total/dW1")[-1].endswith("0.03240681*0.24960043*0.1 ≈ 0.00080888")


def test_a_chain_is_first_a_sentence():
    whole = page("two-two-two", "full")
    into_output = sentence(whole.part("into_output"), "chain_output")
    into_hidden = sentence(whole.part("into_hidden"), "chain_routes")
    assert into_output == {"weight": "W5", "z": "z3", "a": "o1", "error": "E_total"}
    assert into_hidden == {"weight": "W1", "z": "z1", "a": "h1", "error": "E_total", "count": "2"}


def test_each_reason_is_said_once_in_a_layer():
    for part in ("into_output", "into_hidden"):
        said = keys(page("two-two-two", "full").part(part).sentences())
        assert len(said) == len(set(said))


# --- what is given ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "sizes"), [("neuron", "2-1"), (ROUTES, "2-1-2-2"), (SAMPLES, "2-2-1")]
)
def test_the_sizes_count_the_inputs_and_then_the_units_of_each_layer(source, sizes):
    assert sentence(page(source).part("given"), "network") == {"sizes": sizes}


def test_given_numbers_stand_by_what_they_are_and_weights_by_their_unit():
    table, _ = page("neuron").part("given").grids()
    assert table == [
        ["given.input", "x1 = 0.6 , x2 = -0.4"],
        ["given.target", "t1 = 1"],
        ["given.rate", "learning_rate = 0.3"],
        [("given.into_with_bias", {"unit": "o1"}), "W1 = 0.8 , W2 = 0.5 , b1 = 0.1"],
    ]


def test_without_a_learning_rate_none_is_given():
    text = network("[[1, 1]]").replace("learning_rate = 0.5", "steps = 0")
    table, _ = page(text).part("given").grids()
    assert "given.rate" not in [what for what, _ in table]


def test_a_row_per_layer_says_its_units_and_its_activation():
    _, structure = page(ROUTES).part("given").grids()
    assert structure == [
        [("layer.hidden", {"number": "1"}), "h1", "activation.sigmoid"],
        [("layer.hidden", {"number": "2"}), "h2 , h3", "activation.tanh"],
        [("layer.output", {"number": "3"}), "o1 , o2", "activation.sigmoid"],
    ]


@pytest.mark.parametrize("notation", ["flat", "indexed"])
def test_the_legend_is_that_of_the_notation(notation):
    assert f"say.legend_{notation}" in page("two-two-two", notation=notation).sentences()


# --- routes -----------------------------------------------------------------------------------


def test_in_earlier_layers_a_route_goes_over_the_next_error_signal():
    (line,) = page(ROUTES).of("dE_total/dh1")
    assert line.startswith("{dE_total/dh1} = {dE_total/dz2}*{dz2/dh1}+{dE_total/dz3}*{dz3/dh1} = ")
    assert not page(ROUTES).of("dE_o1/dh1")


def test_one_route_needs_no_sum():
    for number in (1, 2):
        hidden = [p for p in _hidden_layers(page(CHAIN)) if p.of(f"dE_total/dh{number}")]
        (said,) = (keys(p.sentences()) for p in hidden)
        assert {"say.chain_route", "say.route"} <= set(said)
        assert not {"say.chain_routes", "say.routes", "say.sum_of_routes"} & set(said)


def _hidden_layers(whole):
    """The parts of the hidden layers, the last layer first."""
    blocks = whole.blocks
    starts = [
        i
        for i, b in enumerate(blocks)
        if getattr(getattr(b, "words", None), "key", "") == "heading.into_hidden"
    ]
    return [type(whole)(blocks[i:]).part("into_hidden") for i in starts]


def test_layers_are_told_from_the_output_back():
    headings = [h for h in page(ROUTES).headings() if "into" in str(h)]
    assert headings == [
        ("heading.into_output", {"number": "3"}),
        ("heading.into_hidden", {"number": "2"}),
        ("heading.into_hidden", {"number": "1"}),
    ]


@pytest.mark.parametrize(
    ("targets", "weights", "key"),
    [("[1]", "[[1, 1]]", "alone"), ("[1, 0]", "[[1, 1], [1, 1]]", "others")],
)
def test_that_other_errors_vanish_is_said_where_there_are_others(targets, weights, key):
    said = keys(page(network(weights, targets=targets)).part("into_output").sentences())
    assert ("say.first_factor_alone" in said) is (key == "alone")
    assert ("say.first_factor" in said) is (key == "others")


@pytest.mark.parametrize(("activation", "told"), [("identity", False), ("tanh", True)])
def test_the_slope_of_an_identity_needs_no_reason(activation, told):
    text = network(("[[1, 1]]", f'activation = "{activation}"'))
    assert ("say.second_factor" in page(text).sentences()) is told


# --- biases -----------------------------------------------------------------------------------


def test_a_bias_is_a_row_below_the_weights_of_its_unit():
    (table,) = page("neuron", "full").part("into_output").grids()
    assert [row[0] for row in table] == ["W2", "b1"]
    assert table[1][2] == "{dz1/db1} = 1"


def test_guided_the_bias_of_the_last_unit_is_the_row_without_symbols():
    (table,) = page("neuron").part("into_output").grids()
    assert [(row[0], row[1]) for row in table] == [("W2", "{dE_total/dz1}"), ("b1", "{?}")]


def test_held_biases_are_given_and_neither_derived_nor_updated():
    whole = page("shared-biases", "full")
    given = whole.part("given").grids()[0]
    assert [("given.into_with_bias", {"unit": "o2"}), "W7 = 0.50 , W8 = 0.55 , b4 = 0.60"] in given
    assert whole.of("z1")[0].startswith("z1 = W1*x1+W2*x2+b1 = 0.15*0.05+0.20*0.10+0.35 = ")
    rows = [row[0] for table in whole.part("backward").grids() for row in table]
    assert rows == ["W6", "W7", "W8", "W2", "W3", "W4"]
    assert not whole.of("b1+")


# --- several samples --------------------------------------------------------------------------


def sample(key, number):
    return (f"heading.{key}_of", {"sample": ("term.sample", {"number": str(number)})})


def test_samples_go_forward_one_by_one_then_back_one_by_one():
    headings = [h for h in page(SAMPLES, "blank").headings() if isinstance(h, tuple)]
    assert headings == [
        sample("forward", 1), sample("error", 1), sample("forward", 2), sample("error", 2),
        sample("forward", 3), sample("error", 3),
        sample("backward", 1), sample("backward", 2), sample("backward", 3),
    ]  # fmt: skip


def test_one_sample_is_not_called_a_sample():
    one = SAMPLES.replace(", [1, -1], [0, 2]", "").replace(", [0], [0.5]", "")
    assert "term.sample" not in str(page(one).headings())


@pytest.mark.parametrize(("reduction", "factor"), [("mean", "1/3*({})"), ("sum", "{}")])
def test_the_errors_of_the_samples_are_put_together(reduction, factor):
    total = page(SAMPLES, "full", reduction=reduction).part("total")
    assert total.sentences() == [f"say.reduction_{reduction}"]
    assert total.lines()[0].startswith(f"E_total = {factor.format('E_s1+E_s2+E_s3')} = ")


@pytest.mark.parametrize(("reduction", "factor"), [("mean", "1/3*({})"), ("sum", "{}")])
def test_the_gradients_of_the_samples_are_put_together(reduction, factor):
    part = page(SAMPLES, "full", reduction=reduction).part("reductions")
    inside = factor.format("{dE_s1/dW1}+{dE_s2/dW1}+{dE_s3/dW1}")
    assert part.sentences() == [f"say.reduction_{reduction}"]
    assert part.lines()[0].startswith(f"{{dE_total/dW1}} = {inside} = ")
    assert len(part.lines()) == 8


WORKED_OF_THE_SAMPLES = (
    "z1_s1 h1_s1 z3_s1 o1_s1 E_o1_s1 "
    "dE_s1/do1_s1 do1_s1/dz3_s1 dE_s1/dz3_s1 dz3_s1/dW5 dE_s1/dW5 "
    "dz3_s1/dh1_s1 dE_o1_s1/dh1_s1 dE_s1/dh1_s1 dh1_s1/dz1_s1 dE_s1/dz1_s1 "
    "dz1_s1/dW1 dE_s1/dW1 dE_total/dW1 W1+"
)


def test_guided_only_the_first_sample_is_worked():
    names = asked(SAMPLES)
    blanks = [names[number - 1] for number, _ in page(SAMPLES).blanks()]
    given = {*WORKED_OF_THE_SAMPLES.split(), *copied(SAMPLES), *read_off(SAMPLES)}
    assert sorted(blanks) == sorted(name for name in names if name not in given)


def test_the_story_is_told_for_the_first_sample():
    said = keys(page(SAMPLES, "full").sentences())
    for key in ("say.definitions", "say.chain_output", "say.chain_route", "say.product"):
        assert said.count(key) == {"say.product": 2}.get(key, 1)


def test_what_all_samples_share_is_named_without_a_sample():
    table, structure = page(SAMPLES).part("given").grids()
    assert [row[1] for row in structure] == ["h1 , h2", "o1"]
    units = [what[1].get("unit") for what, _ in table if isinstance(what, tuple)]
    assert list(filter(None, units)) == ["h1", "h2", "o1"]


def test_the_given_numbers_of_a_sample_have_a_row_of_their_own():
    (table, _) = page(SAMPLES).part("given").grids()
    assert table[1] == [("term.sample", {"number": "2"}), "x1_s2 = 1 , x2_s2 = -1 , t1_s2 = 0"]


def test_one_nested_sample_is_a_single_sample():
    nested = network("[[0.3, -0.2]]", inputs="[[0.5, 0.25]]", targets="[[1]]")
    flat = network("[[0.3, -0.2]]", inputs="[0.5, 0.25]", targets="[1]")
    assert page(nested, "full") == page(flat, "full")


CROSS_ENTROPY = SAMPLES.replace("learning", 'loss = "binary_cross_entropy"\nlearning', 1).replace(
    "[[0.5, 0.6]]", '[[0.5, 0.6]]\nactivation = "sigmoid"'
)


@pytest.mark.parametrize("level", ["full", "guided"])
def test_where_two_slopes_cancel_the_sheet_shows_it_once(level):
    lines = [line.replace("{", "").replace("}", "") for line in page(CROSS_ENTROPY, level).lines()]
    at = lines.index("dE_s1/dz3_s1 = -(t1_s1/o1_s1-(1-t1_s1)/(1-o1_s1))*o1_s1*(1-o1_s1)")
    assert lines[at + 1 : at + 4] == [
        "= -(t1_s1*(1-o1_s1)-(1-t1_s1)*o1_s1)",
        "= -(t1_s1-t1_s1*o1_s1-o1_s1+t1_s1*o1_s1)",
        "= o1_s1-t1_s1",
    ]
    assert "= o1_s2-t1_s2" not in lines
    sentences = page(CROSS_ENTROPY, level).sentences()
    assert sentences.count(("say.cancels", {"result": "o1_s1-t1_s1"})) == 1


def test_the_gradient_stays_the_product_of_three_factors():
    lines = page(CROSS_ENTROPY, "full").of("dE_s1/dW5")
    assert lines[0] == "{dE_s1/dW5} = {dE_s1/do1_s1}*{do1_s1/dz3_s1}*{dz3_s1/dW5}"


def test_silu_brings_the_sigmoid_into_the_appendix():
    source = network(("[[0.2, 0.3]]", 'activation = "silu"'))
    found = page(source, "full")
    assert [heading for heading in found.headings() if "proof" in str(heading)] == [
        "heading.proofs",
        ("heading.proof", {"function": "silu(z)"}),
        ("heading.proof", {"function": "sigmoid(z)"}),
    ]
    assert "silu(z) = z*sigmoid(z)" in found.lines()
    assert "say.second_factor_plain" in found.sentences()
    assert "say.second_factor" not in found.sentences()


def test_elu_is_led_to_its_output_and_names_its_corner():
    found = page(network(("[[0.2, 0.3]]", 'activation = "elu"\nalpha = 2')), "full")
    lines = found.lines()
    assert "= [1 if z > 0, a if z = 0, a*(exp(z)-1)+a if z < 0]" in lines
    assert "= [1 if z > 0, a if z = 0, s+a if z < 0]" in lines
    assert "say.kink_elu" in found.sentences()
    assert "say.second_factor" in found.sentences()


def test_tanh_is_also_written_with_the_sigmoid():
    found = page(network(("[[0.2, 0.3]]", 'activation = "tanh"')), "full")
    assert "= 2*sigmoid(2*z)-1" in found.lines()
    assert ("say.identity", {"function": "tanh(z)"}) in found.sentences()


def test_gelu_says_what_its_primitives_are():
    found = page(network(("[[0.2, 0.3]]", 'activation = "gelu"')), "full")
    assert "= normal_cdf(z)+z*normal_pdf(z)" in found.lines()
    told = {sentence[0]: sentence[1]["function"] for sentence in found.sentences()
            if sentence[0] in {"say.normal_cdf", "say.normal_pdf"}}  # fmt: skip
    assert told == {"say.normal_cdf": "normal_cdf(z)", "say.normal_pdf": "normal_pdf(z)"}


@pytest.mark.parametrize(
    ("loss", "targets", "line"),
    [
        ("hinge", "[1]", "[-t1 if 1-t1*o1 > 0, 0 if 1-t1*o1 <= 0] = -t1 = -1"),
        ("log_cosh", "[1]", "= tanh(o1-t1)"),
        ("huber", "[1]", "= -(t1-o1) = -(1-0.55) = -0.45"),
        ("huber", "[9]", "= -1"),
    ],
)
def test_the_slope_of_each_loss_is_led_to_its_shortest_form(loss, targets, line):
    source = network("[[0.6, 1]]", targets=targets, more=f'loss = "{loss}"')
    assert any(told.endswith(line) for told in page(source, "full").of("dE_total/do1"))


def test_the_functions_of_a_loss_are_no_activations_but_stand_in_the_appendix():
    found = page(network("[[0.6, 1]]", more='loss = "log_cosh"'), "full")
    assert "say.definitions" not in found.sentences()
    assert ("heading.proof", {"function": "cosh(z)"}) in found.headings()


@pytest.mark.parametrize("name", ["neuron", "two-two-two", "batch", "matrices", "weight-decay"])
def test_the_id_that_shows_how_ids_are_written_is_one_of_the_sheet(name):
    (slots,) = (s[1] for s in page(name).sentences() if s[0] == "say.derivative_sign")
    assert slots["id"] in asked(name)


OWN = network(
    ("[[0.3], [0.1]]", 'activation = "sigmoid"'),
    "[[0.5, 0.6]]",
    inputs="[0.5]",
    more='[symbols]\nweight = "\\\\omega"\npreactivation = "net_{@}"\noutput = "y"\n',
)


def test_symbols_of_ones_own_are_told_by_their_ids_once():
    (slots,) = (s[1] for s in page(OWN).sentences() if s[0] == "say.own_symbols")
    told = str(slots["pairs"])
    for name in ("W1", "z1", "z3", "o1"):
        assert told.count(f"{{'symbol': '{name}', 'id': '{name}'}}") == 1
    assert "say.own_symbols" not in keys(page("two-two-two").sentences())


@pytest.mark.parametrize("language", ["en", "ko"])
def test_with_symbols_of_ones_own_no_sentence_speaks_of_an_id_alone(language):
    """An id stands in a sentence only beside the symbol that the sheet has for it."""
    text = derive.page(override(derive.loads(OWN), {"language": language}), "html")
    sentences = [re.sub("<math.*?</math>", "", s) for s in re.findall(r"<p>(.*?)</p>", text)]
    beside = " is " if language == "en" else "→"
    speaking = [s for s in sentences if re.search(r"(d?[Wzo]\d|dE)", s) and "tanh" not in s]
    assert len(speaking) == 2
    assert all(beside in sentence for sentence in speaking)


@pytest.mark.parametrize("level", ["full", "guided"])
def test_it_is_told_once_why_a_route_starts_from_the_error_signal(level):
    found = [s[1] for s in page("two-two-two", level).sentences() if s[0] == "say.route_starts"]
    assert found == [{"part": "E_o1", "z": "z3", "equation": "{dE_o1/dz3} = {dE_total/dz3}"}]
