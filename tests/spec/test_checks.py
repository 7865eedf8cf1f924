"""What a well-typed spec must still satisfy, and the exact place where it does not."""

from __future__ import annotations

import time
from importlib import resources

import pytest

from derive.errors import SpecError
from derive.ops import ACTIVATIONS, LOSSES
from derive.spec import from_plain, load, loads, to_plain
from derive.spec.symbols import GREEK, ROLES, SIGNS, STYLES, check_symbols

NET = (resources.files("derive") / "examples" / "two-two-two.toml").read_text("utf-8")
HEAD = NET.partition("[[layers]]")[0]


def net(old, new):
    """The deck's network with one piece of its text replaced."""
    assert NET.count(old) >= 1
    return NET.replace(old, new, 1)


def samples(inputs, targets):
    return net("[0.1, 0.2]", inputs).replace("[0.4, 0.6]", targets)


def circuit(definitions, values="x = 2", rest="", output="f"):
    return (
        f'kind = "circuit"\noutput = "{output}"\n[values]\n{values}\n'
        f"[definitions]\n{definitions}\n{rest}"
    )


def fault(text):
    """The message of a text that must be refused."""
    with pytest.raises(SpecError) as caught:
        loads(text)
    assert str(caught.value).isprintable()
    return str(caught.value)


# --- numbers of the whole exercise ------------------------------------------------------------


@pytest.mark.parametrize(("key", "value"), [("decimals", 1), ("decimals", 50), ("steps", 0),
                                            ("steps", 10_000)])  # fmt: skip
def test_a_whole_number_at_its_limit_is_fine(key, value):
    assert getattr(loads(f"{key} = {value}\n{NET}"), key) == value


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("decimals", 0, "expected a whole number from 1 to 50, got 0"),
        ("decimals", 51, "expected a whole number from 1 to 50, got 51"),
        ("decimals", -1, "expected a whole number from 1 to 50, got -1"),
        ("decimals", 10**9, "expected a whole number from 1 to 50, got 1000000000"),
        ("steps", -1, "expected a whole number from 0 to 10000, got -1"),
        ("steps", 10_001, "expected a whole number from 0 to 10000, got 10001"),
    ],
)
def test_a_whole_number_past_its_limit_is_refused(key, value, message):
    assert fault(f"{key} = {value}\n{NET}") == f"{key}: {message}"


def test_a_title_is_at_most_one_line_of_200_characters():
    title = "A 2-2-2 network by hand"
    assert loads(net(title, "x" * 200)).title == "x" * 200
    assert fault(net(title, "x" * 201)) == "title: longer than 200 characters"


@pytest.mark.parametrize("rate", ["0", "0.0", "-0.0", "0e5"])
def test_a_learning_rate_of_zero_is_refused(rate):
    expected = "0 updates nothing; give a number such as 0.5, or say steps = 0"
    text = net("learning_rate = 0.5", f"learning_rate = {rate}")
    assert fault(text) == f"learning_rate: {expected}"
    update = f"[update]\nlearning_rate = {rate}"
    assert fault(circuit('f = "x"', rest=update)) == f"update.learning_rate: {expected}"


def test_a_learning_rate_is_needed_where_something_is_updated():
    without = net("learning_rate = 0.5", "")
    expected = "learning_rate: is missing; needed for an update, or say steps = 0"
    assert fault(without) == expected
    assert loads("steps = 0\n" + without).learning_rate is None


@pytest.mark.parametrize("rate", ["0", "0.5"])
def test_without_updates_any_learning_rate_will_do(rate):
    text = "steps = 0\n" + net("learning_rate = 0.5", f"learning_rate = {rate}")
    assert loads(text).learning_rate == rate


@pytest.mark.parametrize("rate", ["-0.5", "1e-60", "1e60", "0.10"])
def test_other_learning_rates_are_the_authors_choice(rate):
    assert loads(net("learning_rate = 0.5", f"learning_rate = {rate}")).learning_rate == rate


# --- shapes -----------------------------------------------------------------------------------

FIRST, SECOND = "[[0.3, 0.25], [0.4, 0.35]]", "[[0.45, 0.4], [0.7, 0.6]]"
AXES = "rows are units, columns are inputs"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            net(SECOND, "[[1, 2, 3], [4, 5, 6]]"),
            f"layers[2].weights: expected 2 x 2, got 2 x 3; {AXES}",
        ),
        (
            net(FIRST, "[[1], [2], [3]]"),
            f"layers[1].weights: expected 3 x 2, got 3 x 1; {AXES}",
        ),
        (
            net(FIRST, "[[1, 2], [3]]"),
            f"layers[1].weights: expected 2 x 2, got rows of 2, 1 numbers; {AXES}",
        ),
        (
            net(FIRST, str([[1] * (1 + i % 2) for i in range(20)])),
            "layers[1].weights: expected 20 x 2, got rows of 1, 2, 1, 2, 1, 2, 1, 2, ... numbers; "
            + AXES,
        ),
        (
            net(FIRST, "[[1, 2], [3, 4], [5, 6]]"),
            f"layers[2].weights: expected 2 x 3, got 2 x 2; {AXES}",
        ),
        (net(FIRST, "[[]]"), f"layers[1].weights: expected 1 x 2, got 1 x 0; {AXES}"),
        (net(FIRST, "[]"), "layers[1].weights: an empty list; one row of weights per unit"),
        (NET + "biases = [1]", "layers[2].biases: expected 2 numbers, one per unit, got 1"),
        (NET + "biases = []", "layers[2].biases: expected 2 numbers, one per unit, got 0"),
        (HEAD + "layers = []", "layers: an empty list; expected at least one entry"),
    ],
)
def test_weights_and_biases_fit_their_layer(text, message):
    assert fault(text) == message


@pytest.mark.parametrize(
    ("inputs", "targets", "message"),
    [
        ("[]", "[0.4, 0.6]", "inputs: an empty list; a sample has at least one number"),
        ("[[]]", "[0.4, 0.6]", "inputs: an empty list; a sample has at least one number"),
        ("[[1, 2], []]", "[[1, 2], [3, 4]]", ("inputs[2]: an empty list; a sample has at least "
                                             "one number")),
        ("[[1, 2], [3]]", "[[1, 2], [3, 4]]", ("inputs[2]: expected 2 numbers as in inputs[1], "
                                              "got 1")),
        ("[1, 2]", "[]", "targets: expected 2 numbers, one per output unit, got 0"),
        ("[1, 2]", "[1]", "targets: expected 2 numbers, one per output unit, got 1"),
        ("[1, 2]", "[1, 2, 3]", "targets: expected 2 numbers, one per output unit, got 3"),
        ("[[1, 2], [3, 4]]", "[[1, 2], [3]]", ("targets[2]: expected 2 numbers, one per output "
                                              "unit, got 1")),
        ("[[1, 2], [3, 4]]", "[1, 2]", ("targets: expected 2 rows, as many as samples in inputs, "
                                       "got 1")),
        ("[1, 2]", "[[1, 2], [3, 4]]", ("targets: expected 1 row, as many as samples in inputs, "
                                       "got 2")),
        ("[1, 2, 3]", "[1, 2]", f"layers[1].weights: expected 2 x 3, got 2 x 2; {AXES}"),
    ],
)  # fmt: skip
def test_samples_fit_the_network(inputs, targets, message):
    assert fault(samples(inputs, targets)) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + "[[layers]]\nweights = [[1, 1], [1, 1]]\n" * 65, "layers: 65 entries; at most 64"),
        (
            samples(str([[1, 2]] * 1001), str([[1, 2]] * 1001)),
            "inputs: 1001 entries; at most 1000",
        ),
        (
            "steps = 9999\n" + samples(str([[1, 2]] * 100), str([[1, 2]] * 100)),
            (
                "steps: 8 weights x 100 samples x 10000 passes are more than 5000000 products; "
                "take fewer steps, samples or units"
            ),
        ),
    ],
    ids=["layers", "samples", "work"],
)
def test_work_is_refused_before_it_is_begun(text, message):
    assert fault(text) == message


# --- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_of_the_table_is_known(activation):
    spec = loads(net('activation = "sigmoid"', f'activation = "{activation}"'))
    assert spec.layers[0].activation == activation


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_of_the_table_is_known(loss):
    targets = {"binary_cross_entropy": "[0, 1]", "hinge": "[-1, 1.0]"}.get(loss, "[0.4, 0.6]")
    text = net('"half_squared_error"', f'"{loss}"').replace("[0.4, 0.6]", targets)
    assert loads(text.replace("targets", LOSSES[loss].given)).loss == loss


@pytest.mark.parametrize(
    ("loss", "targets", "message"),
    [
        ("binary_cross_entropy", "[[1, 0], [0.5, 1.0]]", None),
        ("binary_cross_entropy", "[[1, 0], [1.01, 0]]",
         "targets[2]: binary_cross_entropy takes targets from 0 to 1, got 1.01"),
        ("hinge", "[[1, -1], [-1.00, 1]]", None),
        ("hinge", "[[1, -1], [0, 1]]", "targets[2]: hinge takes targets -1 and 1, got 0"),
        ("binary_cross_entropy", "[[-1, 0], [1, 0]]",
         "targets[1]: binary_cross_entropy takes targets from 0 to 1, got -1"),
    ],
)  # fmt: skip
def test_a_loss_says_which_targets_it_takes(loss, targets, message):
    text = samples("[[0.1, 0.2], [0.3, 0.4]]", targets).replace("half_squared_error", loss)
    if message is None:
        assert loads(text).loss == loss
    else:
        assert fault(text) == message


def test_a_single_sample_is_named_without_its_number():
    text = net('"half_squared_error"', '"binary_cross_entropy"').replace("0.6]", "2]")
    assert fault(text) == "targets: binary_cross_entropy takes targets from 0 to 1, got 2"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (net('"sigmoid"', '"sigmiod"'),
         "layers[1].activation: unknown activation sigmiod; did you mean sigmoid?"),
        (net('"sigmoid"', '"zzz"'),
         "layers[1].activation: unknown activation zzz; known: identity, linear, sigmoid, tanh"),
        (net('"half_squared_error"', '"half_sqared_error"'),
         "loss: unknown loss half_sqared_error; did you mean half_squared_error?"),
        (net('"half_squared_error"', '"\\u001b[2J"'), "loss: unknown loss ?[2J; known: half_"),
        (net("[[layers]]", '[[layers]]\ntype = "dens"'),
         "layers[1].type: unknown type dens; did you mean dense?"),
        (net("[[layers]]", "[[layers]]\nslope = 0.1"),
         "layers[1].slope: sigmoid has no slope; these have: leaky_relu, prelu"),
        (net("[[layers]]", "[[layers]]\nalpha = 0.1"),
         "layers[1].alpha: sigmoid has no alpha; these have: elu"),
        (net('"sigmoid"', '"elu"\nslope = 0.1'),
         "layers[1].slope: elu has no slope; these have: leaky_relu, prelu"),
        (net('"network"', '"netwrok"'), "kind: unknown kind netwrok; did you mean network?"),
    ],
)  # fmt: skip
def test_an_unknown_word_suggests_the_nearest(text, start):
    assert fault(text).startswith(start)


@pytest.mark.parametrize("activation", ["leaky_relu", "prelu"])
def test_a_slope_is_taken_where_the_activation_has_one(activation):
    spec = loads(net('"sigmoid"', f'"{activation}"\nslope = 0.20'))
    assert spec.layers[0].slope == "0.20"


def test_a_key_that_came_later_changes_no_digest_of_before():
    spec = loads(net('"sigmoid"', '"elu"\nalpha = 0.20'))
    layers = to_plain(spec)["layers"]
    assert [layer.get("alpha") for layer in layers] == ["0.20", None]
    assert ["alpha" in layer for layer in layers] == [True, False]
    assert from_plain(to_plain(spec)) == spec


@pytest.mark.parametrize(
    ("loss", "delta", "message"),
    [
        ("huber", "0.50", None),
        ("huber", "0.0", "delta: expected a number above 0, got 0.0"),
        ("huber", "-1", "delta: expected a number above 0, got -1"),
        ("squared_error", "1", "delta: squared_error has no delta; these have: huber"),
        ("huber", '"1"', "delta: expected a number, got a string; write it without quotes"),
    ],
)
def test_delta_is_taken_where_the_loss_has_one(loss, delta, message):
    text = net('"half_squared_error"', f'"{loss}"\ndelta = {delta}')
    if message is None:
        assert loads(text).delta == delta
        assert to_plain(loads(text))["delta"] == delta
    else:
        assert fault(text) == message


# --- circuits ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (circuit('f = "g"\ng = "h+x"\nh = "f"'),
         "definitions.f: a cycle: f needs g needs h needs f; break it"),
        (circuit('f = "x"\na = "b"\nb = "a"'),
         "definitions.a: a cycle: a needs b needs a; break it"),
        (circuit('f = "f+x"'), "definitions.f: a cycle: f needs f; break it"),
        (circuit('f = "y*x"'), "definitions.f: y is not defined; known: x, f"),
        (circuit('f = "velocty*x"', "velocity = 2\nx = 1"),
         "definitions.f: velocty is not defined; did you mean velocity?"),
        (circuit('f = "x"\ng = "{y+}"'), "definitions.g: y+ is not defined; known: x, f, g"),
        (circuit('f = "x"\nx = "f"'),
         "definitions.x: stands in values too; a name has one meaning"),
        (circuit('f = "x"', output="g"), "output: g is not among definitions; known: f"),
        (circuit('f = "x"', output="x"), "output: x is not among definitions; known: f"),
        (circuit('total = "x"', output="totl"),
         "output: totl is not among definitions; did you mean total?"),
        (circuit(""), "definitions: an empty table; define at least the output"),
        (circuit('"f g" = "x"\nf = "x"'),
         "definitions.f g: 'f g' is not a name; a letter, then letters, digits, _"),
        (circuit('f = "x"', '"1x" = 1'),
         "values.1x: '1x' is not a name; a letter, then letters, digits, _"),
        (circuit('f = "x"', '"x\\u001b[2J" = 1'),
         "values.x?[2J: 'x?[2J' is not a name; a letter, then letters, digits, _"),
        (circuit('f = "x"', "exp = 1"), "values.exp: exp is a function; choose another name"),
        (circuit('f = "x"\nmax = "x"'), "definitions.max: max is a function; choose another name"),
        (circuit('f = "x +"'), ("definitions.f: column 4: something is missing after this; "
                               "expected a number or name")),
        (circuit('f = ""'), "definitions.f: an empty expression; write a formula such as x + y"),
        (circuit("\n".join(f'd{i} = "x"' for i in range(499)) + '\nf = "x"'),
         "definitions: 501 names; at most 500"),
    ],
)  # fmt: skip
def test_definitions_hold_together(text, message):
    assert fault(text) == message


def test_definitions_may_stand_in_any_order():
    assert loads(circuit('f = "g*h"\nh = "x"\ng = "h+1"')).definitions["f"] == "g*h"


def test_five_hundred_names_are_allowed_even_in_a_chain():
    rows = "\n".join(f'd{i} = "d{i + 1}+1"' for i in range(497))
    assert len(loads(circuit(f'f = "d0"\n{rows}\nd497 = "x"')).definitions) == 499


def test_a_cycle_through_all_definitions_is_found_and_told_shortly():
    rows = "\n".join(f'd{i} = "d{i + 1}"' for i in range(497))
    message = fault(circuit(f'f = "d0"\n{rows}\nd497 = "f"'))
    assert message.startswith("definitions.f: a cycle: f needs d0 needs d1 needs")
    assert len(message) < 120


@pytest.mark.parametrize("name", ["E", "I", "S", "N", "O", "Q", "pi", "beta", "gamma", "lambda",
                                  "e", "oo", "nan", "None", "if", "learning_rate"])  # fmt: skip
def test_any_other_word_is_a_name(name):
    spec = loads(circuit(f'f = "2*{name}"', f"{name} = 3"))
    assert spec.values == {name: "3"}


@pytest.mark.parametrize(
    "code",
    ["__import__('os').system('touch pwned')", "x.__class__", "(lambda: 1)()", "f'{x}'",
     "`touch pwned`", "open('pwned', 'w')", "$(touch pwned)", "x; import os", "{{7*7}}",
     "\\\\input{x}", "x\\u0000", "\\u001b[2J", "\\uff58", "\\u0445", "x\\u00b2"],
)  # fmt: skip
def test_code_in_a_definition_is_refused_and_not_run(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    message = fault(circuit(f'f = "{code}"'))
    assert message.startswith("definitions.f: column ")
    assert "is not part of an expression" in message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "shown"),
    [("{__import__('os')}", "__import__('os')"), ("{% x %}", "% x %"), ("{\\u001b[2J}", "?[2J")],
)
def test_code_in_braces_is_an_unknown_name(code, shown):
    assert fault(circuit(f'f = "{code}"')).startswith(f"definitions.f: {shown} is not defined")


@pytest.mark.parametrize(
    "formula",
    ["(" * 10_000, "-" * 10_000 + "x", "x+" * 500_000 + "x", "9^" * 100_000 + "9", "x" * 10**6],
    ids=["parentheses", "signs", "1 MB", "powers", "a long name"],
)
def test_a_huge_definition_is_refused_at_once(formula):
    start = time.process_time()
    assert "characters; at most 4000" in fault(circuit(f'f = "{formula}"'))
    assert time.process_time() - start < 5


UPDATE = "[update]\nlearning_rate = 0.1\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (circuit('f = "x"', rest=UPDATE + 'parameters = ["y"]'),
         "update.parameters: y is not a value; known: x"),
        (circuit('f = "x"', rest=UPDATE + 'parameters = ["f"]'),
         "update.parameters: f is not a value; known: x"),
        (circuit('f = "rate1"', "rate1 = 1", UPDATE + 'parameters = ["rate"]'),
         "update.parameters: rate is not a value; did you mean rate1?"),
        (circuit('f = "x"', rest=UPDATE + 'parameters = ["x", "x"]'),
         "update.parameters: a name stands twice"),
        (circuit('f = "x"', "x = 1\nlearning_rate = 2", UPDATE),
         "values.learning_rate: is the id of the update's rate; rename it"),
        (circuit('f = "x"\nlearning_rate = "x"', rest=UPDATE),
         "definitions.learning_rate: is the id of the update's rate; rename it"),
    ],
)  # fmt: skip
def test_an_update_names_values_once_and_keeps_its_own_id(text, message):
    assert fault(text) == message


# --- symbols ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_every_role_takes_its_own_default(role):
    check_symbols({role: ROLES[role]})


@pytest.mark.parametrize(
    "value",
    ["\\alpha", "\\eta", "target_{#}", "output_{o#}", "net_{@}", "out_{@}", "E", "L", "J",
     "\\mathrm{net}", "\\hat{y}", "y_{#}", "x^{(#)}", "E_{\\mathrm{total}}", "a'", "\\ell",
     "z^{*}".replace("*", "\\star"), "chat_{#}", "what", "bartender", "x" * 60],
)  # fmt: skip
def test_safe_tex_is_taken_as_it_is(value):
    spec = loads(NET + f"[symbols]\noutput = '''{value}'''")
    assert spec.symbols == {"output": value}


HOSTILE = {
    "input": ("\\input{/etc/passwd}", "\\input is not allowed"),
    "include": ("\\include{x}", "\\include is not allowed"),
    "write": ("\\write18{touch pwned}", "\\write is not allowed"),
    "immediate": ("\\immediate\\write18{x}", "\\immediate is not allowed"),
    "openout": ("\\openout1=x", "\\openout is not allowed"),
    "def": ("\\def\\x{\\x}\\x", "\\def is not allowed"),
    "csname": ("\\csname input\\endcsname", "\\csname is not allowed"),
    "catcode": ("\\catcode`\\%=0", "\\catcode is not allowed"),
    "loop": ("\\loop\\repeat", "\\loop is not allowed"),
    "href": ("\\href{javascript:x}{y}", "\\href is not allowed"),
    "typo": ("\\alhpa", "\\alhpa is not allowed; did you mean alpha?"),
    "glued": ("\\alphax", "\\alphax is not allowed; did you mean alpha?"),
    "single characters": ("\\\\", "'\\\\\\\\' is not allowed"),
    "end of formula": ("x$y", "'$y' is not allowed"),
    "end of formula too": ("\\)x", "'\\\\)x' is not allowed"),
    "comment": ("x%", "'%' is not allowed"),
    "column": ("x&y", "'&y' is not allowed"),
    "tie": ("x~y", "'~y' is not allowed"),
    "caret notation": ("^^5cinput", "a _ , ^ or command without its argument"),
    "html": ("<script>", "'<script>' is not allowed"),
    "quote": ('x"y', "'\"y' is not allowed"),
    "template": ("{{ x | y }}", "'| y }}' is not allowed"),
    "new line": ("x\ny", "'?y' is not allowed"),
    "NUL": ("x\0", "'?' is not allowed"),
    "terminal": ("\x1b[2J", "'?[2J' is not allowed"),
    "look-alike": ("\uff58", "is not allowed; use letters"),
    "opened": ("\\mathrm{x", "a { is never closed"),
    "closed": ("x}", "a } closes nothing"),
    "crossed": ("}{", "a } closes nothing"),
    "no index": ("x_", "a _ , ^ or command without its argument"),
    "no index inside": ("{x_}", "a _ , ^ or command without its argument"),
    "bare style": ("\\mathrm x", "a _ , ^ or command without its argument"),
    "two indices": ("x_a_b", "two superscripts or two subscripts in a row"),
    "two exponents": ("x^a^b", "two superscripts or two subscripts in a row"),
    "two indices in braces": ("x_{a}_{b}", "two superscripts or two subscripts in a row"),
    "two indices, one nested": ("x_{a_{b}}_{c}", "two superscripts or two subscripts in a row"),
    "exponent and prime": ("x^2'", "two superscripts or two subscripts in a row"),
    "empty": ("", "expected 1 to 60 characters of TeX"),
    "long": ("x" * 61, "expected 1 to 60 characters of TeX"),
}


@pytest.mark.parametrize(("value", "problem"), HOSTILE.values(), ids=HOSTILE.keys())
def test_other_tex_is_refused(value, problem):
    with pytest.raises(SpecError) as caught:
        check_symbols({"error": value})
    assert caught.value.place == "symbols.error"
    assert problem in caught.value.problem
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("command", [*GREEK, *STYLES, *SIGNS])
def test_no_command_that_is_allowed_reads_or_writes(command):
    assert command not in {"input", "include", "write", "read", "openin", "openout", "def", "let",
                           "catcode", "special", "csname", "href", "url", "verb"}  # fmt: skip
    check_symbols({"error": f"\\{command}{{x}}" if command in STYLES else f"\\{command}"})


def test_an_unknown_role_suggests_the_nearest():
    message = fault(NET + '[symbols]\nerrr = "E"')
    assert message == "symbols.errr: unknown role; did you mean error?"


@pytest.mark.parametrize("value", ["\\times", "\\cdot"])
def test_a_product_has_one_of_two_signs(value):
    check_symbols({"product": value})


@pytest.mark.parametrize("value", ["x", "\\alpha", "\\star"])
def test_a_product_has_no_other_sign(value):
    with pytest.raises(SpecError, match=r"symbols.product: expected \\times or \\cdot"):
        check_symbols({"product": value})


# --- the examples -----------------------------------------------------------------------------


def test_the_decks_network_says_what_the_deck_says():
    spec = load("two-two-two")
    assert spec.inputs == (("0.1", "0.2"),)
    assert spec.targets == (("0.4", "0.6"),)
    assert spec.learning_rate == "0.5"
    assert [layer.weights for layer in spec.layers] == [
        (("0.3", "0.25"), ("0.4", "0.35")),
        (("0.45", "0.4"), ("0.7", "0.6")),
    ]
    assert [(layer.activation, layer.biases) for layer in spec.layers] == [("sigmoid", None)] * 2


def test_the_decks_circuit_says_what_the_deck_says():
    spec = load("circuit")
    assert (spec.output, spec.values) == ("f", {"x": "-2", "y": "5", "z": "-4"})
