"""From a file or a text to frozen values: what is read, and how a fault is placed."""

from __future__ import annotations

import hashlib
import json
import time
from fractions import Fraction
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_specs import random_network
from sampling import tries

from derive import limits
from derive.errors import SpecError
from derive.spec import (
    Circuit,
    Network,
    Spec,
    Typed,
    builtin_names,
    digest,
    from_plain,
    load,
    loads,
    override,
    template,
    to_plain,
)


def builtin(name):
    return (resources.files("derive") / "examples" / f"{name}.toml").read_text("utf-8")


NET = builtin("two-two-two")
CIRCUIT = """
kind = "circuit"
output = "f"
[values]
x = 2
[definitions]
f = "x^2"
[update]
learning_rate = 0.1
"""


def net(old, new):
    """The deck's network with one piece of its text replaced."""
    assert NET.count(old) >= 1
    return NET.replace(old, new, 1)


def circuit(old, new):
    assert CIRCUIT.count(old) == 1
    return CIRCUIT.replace(old, new)


def fault(text):
    """The message of a text that must be refused."""
    with pytest.raises(SpecError) as caught:
        loads(text)
    assert str(caught.value).isprintable()
    return str(caught.value)


# --- files ------------------------------------------------------------------------------------


def test_the_built_in_specs_have_names():
    assert builtin_names()[:2] == ("circuit", "shopping")
    assert {"neuron", "two-two-two", "circuit", "shared-biases"} <= set(builtin_names())


@pytest.mark.parametrize("name", builtin_names())
def test_a_built_in_spec_is_loaded_by_its_name(name):
    assert load(name) == loads(builtin(name))


def test_a_built_in_name_wins_and_a_path_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("neuron").write_text(CIRCUIT, encoding="utf-8")
    assert isinstance(load("neuron"), Network)
    assert isinstance(load("./neuron"), Circuit)
    assert isinstance(load(Path("neuron")), Circuit)


@pytest.mark.parametrize("kind", ["network", "circuit", "perceptron"])
def test_the_spec_to_start_from_is_a_spec(kind):
    assert loads(template(kind)).kind == kind


def test_a_spec_to_start_from_must_be_of_a_known_kind():
    with pytest.raises(SpecError, match="unknown kind netwrk; did you mean network"):
        template("netwrk")


@pytest.mark.parametrize(
    "data",
    [
        NET.encode(),
        b"\xef\xbb\xbf" + NET.encode(),
        NET.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + NET.replace("\n", "\r\n").encode(),
    ],
    ids=["plain", "byte order mark", "CRLF", "both"],
)
def test_a_utf8_file_is_read(data, tmp_path):
    (tmp_path / "net.toml").write_bytes(data)
    assert load(tmp_path / "net.toml") == load("two-two-two")
    assert load(str(tmp_path / "net.toml")) == load("two-two-two")


def test_a_byte_order_mark_in_a_text_is_fine():
    assert loads("\ufeff" + NET) == load("two-two-two")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (bytes(range(128, 256)), "byte 1 is not UTF-8; save it as UTF-8"),
        (b'title = "\xe9"', "byte 10 is not UTF-8; save it as UTF-8"),
        (NET.encode("utf-16"), "byte 1 is not UTF-8; save it as UTF-8"),
        (NET.encode("utf-16-le"), "holds NUL characters; save it as UTF-8 text"),
        (b'title = "\xed\xa0\x80"', "byte 10 is not UTF-8; save it as UTF-8"),
        (b"\x7fELF\0\0", "holds NUL characters; save it as UTF-8 text"),
        (b"#" * (limits.FILE_BYTES + 1), "larger than 2097152 bytes; a spec is a small file"),
        (b"", "inputs: is missing; see: derive new NAME"),
    ],
    ids=["binary", "latin-1", "UTF-16", "UTF-16 without mark", "half a pair", "NUL", "huge",
         "empty"],
)  # fmt: skip
def test_another_file_is_refused(data, message, tmp_path):
    (tmp_path / "net.toml").write_bytes(data)
    with pytest.raises(SpecError) as caught:
        load(tmp_path / "net.toml")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "none.toml",
            (
                f"no such file; known: {', '.join(builtin_names()[:20])} "
                f"and {len(builtin_names()) - 20} more (see: derive list)"
            ),
        ),
        ("two-two-tw", "no such file; did you mean two-two-two? (see: derive list)"),
        ("folder", "this is a folder; name the TOML file in it"),
        ("", "this is a folder; name the TOML file in it"),
        ("file/net.toml", "cannot be read (Not a directory)"),
        ("a\0b", "cannot be read (not a path)"),
        ("a" * 5000, "cannot be read (File name too long)"),
    ],
    ids=["missing", "nearly built in", "folder", "nothing", "under a file", "NUL", "too long"],
)
def test_a_path_that_is_no_file_is_refused(path, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").touch()
    with pytest.raises(SpecError) as caught:
        load(path)
    assert str(caught.value) == message


# --- TOML -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (net("[0.1, 0.2]", "[0.1, 0.2"), "Unclosed array (at line 5, column 1)"),
        (net("learning_rate = 0.5", "learning_rate ="), "Invalid value (at line 7, column 16)"),
        (net('"half_squared_error"', '"half'), "Illegal character '\\n' (at line 6, column 13)"),
        (
            net("loss", "loss loss"),
            ("Expected '=' after a key in a key/value pair (at line 6, column 6)"),
        ),
        (net("loss", "title"), "Cannot overwrite a value (at line 6, column 29)"),
        (
            "[[layers]\n",
            ("Expected ']]' at the end of an array declaration (at line 1, column 9)"),
        ),
        (
            circuit('f = "x^2"', 'f = "x^2"\nf = "x"'),
            ("Cannot overwrite a value (at line 8, column 8)"),
        ),
        ("x = 1\ny = [1,\n", "(at the end, line 3)"),
    ],
    ids=["array", "value", "string", "key", "doubled key", "header", "doubled definition", "end"],
)
def test_broken_toml_is_placed_by_line_and_column(text, message):
    assert fault(text).startswith("not valid TOML: ")
    assert fault(text).endswith(message)


PARTS = "a key of more than 32 parts; no spec has one"
MANY = 3_000
"""Enough to be refused, few enough to pass quickly where they are not."""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = " + "[" * 100_000, "brackets nested too deeply; no spec needs that"),
        ("a = " + "{a=" * 100_000, "brackets nested too deeply; no spec needs that"),
        ("a" + ".a" * 20_000 + " = 1", PARTS),
        ("[a" + ".a" * 20_000 + "]", PARTS),
        ("a" + " . a" * 20_000 + " = 1", PARTS),
        ('"a"' + '."a"' * 20_000 + " = 1", PARTS),
        ('"$"' + '."$"' * MANY + " = 1", PARTS),
        ('"a b"' + '."a b"' * MANY + " = 1", PARTS),
        ("'.'" + ".'.'" * MANY + " = 1", PARTS),
        (r'"\""' + r'."\""' * MANY + " = 1", PARTS),
        ("x = {a" + ".a" * 20_000 + " = 1}", PARTS),
        (net("0.35", "1" * 5_000), "a number that is too long"),
        ("#" * (limits.FILE_BYTES + 1), "larger than 2097152 bytes; a spec is a small text"),
    ],
    ids=["brackets", "braces", "dots", "header", "spaced dots", "quotes", "signs", "spaces",
         "dots in quotes", "quotes in quotes", "inline", "digits", "text"],
)  # fmt: skip
def test_a_text_that_would_cost_much_is_refused_at_once(text, message):
    start = time.process_time()
    assert fault(text).startswith(message)
    assert time.process_time() - start < 5


@pytest.mark.parametrize("key", ["decimals", "steps", "kind", "title"])
def test_a_hexadecimal_number_of_any_length_is_refused_by_its_key(key):
    text = net('title = "A 2-2-2 network by hand"', "").replace('kind = "network"', "")
    assert fault(f"{key} = 0x{'F' * 5_000}\n{text}").startswith(f"{key}: ")


def test_a_title_with_many_dots_is_no_long_key():
    assert loads(net("A 2-2-2 network by hand", "1.2.3.4.5")).title == "1.2.3.4.5"


def test_half_a_character_pair_in_a_text_is_refused():
    assert fault("title = '\ud800'")


# --- keys -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (net("loss =", "lose ="), "lose: unknown key; did you mean loss?"),
        (
            net("learning_rate", "learnig_rate"),
            ("learnig_rate: unknown key; did you mean learning_rate?"),
        ),
        (net("weights =", "wieghts ="), "layers[1].wieghts: unknown key; did you mean weights?"),
        (NET + "bias = [1, 1]", "layers[2].bias: unknown key; did you mean biases?"),
        (
            net("title =", "output ="),
            (
                "output: unknown key; known: kind, title, decimals, notation,"
                " rounding, steps, reduction, language, symbols, inputs,"
                " targets, loss, learning_rate, update_biases, layers"
            ),
        ),
        (
            circuit("learning_rate", "learning_rat"),
            ("update.learning_rat: unknown key; did you mean learning_rate?"),
        ),
        (
            CIRCUIT + "rate = 1",
            ("update.rate: unknown key; known: parameters, learning_rate, direction"),
        ),
        (
            "learning_rate = 1" + CIRCUIT,
            (
                "learning_rate: unknown key; known: kind, title, decimals,"
                " notation, rounding, steps, reduction, language, symbols,"
                " output, values, definitions, update"
            ),
        ),
        (net("inputs", "input"), "inputs: is missing; did you mean input?"),
        (net("targets", "labels"), "targets: is missing; see: derive new NAME"),
        (NET.split("[[layers]]")[0], "layers: is missing; see: derive new NAME"),
        (circuit('output = "f"', ""), "output: is missing; see: derive new NAME"),
        (circuit("[values]", "[value]"), "values: is missing; did you mean value?"),
        (circuit("learning_rate = 0.1", ""), "update: missing key `learning_rate`"),
        (NET.replace("weights", "#weights"), "layers[1]: missing key `weights`"),
        ('"\\u001b[2J" = 1\n' + NET, "?[2J: unknown key; known: "),
        ('"inputs\\u001b" = [1]', "inputs: is missing; did you mean inputs?"),
    ],
)
def test_an_unknown_or_missing_key_is_named_with_the_nearest(text, message):
    assert fault(text).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('decimals = "8"\n' + NET, "decimals: expected a whole number, got a string"),
        ("decimals = true\n" + NET, "decimals: expected a whole number, got true or false"),
        ("decimals = 8.0\n" + NET, "decimals: expected a whole number, got a decimal"),
        ("steps = [1]\n" + NET, "steps: expected a whole number, got a list"),
        ("update_biases = 1\n" + NET, "update_biases: expected true or false, got a whole number"),
        ("symbols = 3\n" + NET, "symbols: expected a table, got a whole number"),
        (net('"A 2-2-2 network by hand"', "3"), "title: expected a string, got a whole number"),
        (net('"A 2-2-2 network by hand"', "3.5"), "title: expected a string, got a decimal"),
        (net('"sigmoid"', "1"), "layers[1].activation: expected a string, got a whole number"),
        (net("[0.1, 0.2]", "3"), "inputs: expected a list, got a whole number"),
        (net("[0.1, 0.2]", "{a = 1}"), "inputs: expected a list, got a table"),
        (net("[0.1, 0.2]", "[[1, 2], 3]"), "inputs[2]: expected a list, got a whole number"),
        (
            net("[[0.3, 0.25], [0.4, 0.35]]", "[1, 2]"),
            ("layers[1].weights[1]: expected a list, got a whole number"),
        ),
        (NET.split("[[layers]]")[0] + "layers = 3", "layers: expected a list, got a whole number"),
        (circuit("[values]\nx = 2", "values = [1]"), "values: expected a table, got a list"),
        (circuit('"x^2"', "3"), "definitions.f: expected a string, got a whole number"),
        (circuit('"x^2"', "3.5"), "definitions.f: expected a string, got a decimal"),
        (
            circuit("x = 2", 'a = 1\nx = "2"'),
            "values.x: expected a number, got a string; write it without quotes",
        ),
        (NET + "[symbols]\nerror = 3", "symbols.error: expected a string, got a whole number"),
        (
            "notation = 3\n" + NET,
            ("notation: expected a string, got a whole number; known: flat, indexed, matrix"),
        ),
        ('notation = "index"\n' + NET, "notation: invalid value 'index'; did you mean indexed?"),
        ('rounding = "step"\n' + NET, "rounding: invalid value 'step'; did you mean stepwise?"),
        ('reduction = "average"\n' + NET, "reduction: invalid value 'average'; known: mean, sum"),
        (
            CIRCUIT + 'direction = "up"',
            ("update.direction: invalid value 'up'; known: descent, ascent"),
        ),
        (net('"network"', '"netwrok"'), "kind: unknown kind netwrok; did you mean network?"),
        (net('"network"', "3"), "kind: unknown kind 3; known: network, circuit, perceptron"),
    ],
)
def test_a_value_of_another_type_is_placed(text, message):
    assert fault(text) == message


# --- numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("nan", "not a finite decimal number; write for example 0.45"),
        ("inf", "not a finite decimal number; write for example 0.45"),
        ("-inf", "not a finite decimal number; write for example 0.45"),
        ("0." + "3" * 400, "a number of 401 digits; at most 60"),
        ("1" * 61, "a number of 61 digits; at most 60"),
        ("1e400", "outside 1e-60 to 1e60; rescale the exercise"),
        ("-1e-400", "outside 1e-60 to 1e60; rescale the exercise"),
        ('"0.35"', "expected a number, got a string; write it without quotes"),
        ("true", "expected a number, got true or false"),
        ("[0.35]", "expected a number, got a list"),
        ("{a = 1}", "expected a number, got a table"),
        ("1979-05-27", "expected a number, got a date or another value"),
    ],
)
def test_what_is_no_number_is_refused(typed, problem):
    assert fault(net("0.35", typed)) == f"layers[1].weights[2][2]: {problem}"


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("layers[1].weights[2][2]", net("0.35", "nan")),
        ("layers[2].biases[1]", NET + "biases = [nan, 1]"),
        ("layers[1].slope", net('"sigmoid"', '"prelu"\nslope = nan')),
        ("learning_rate", net("learning_rate = 0.5", "learning_rate = nan")),
        ("inputs[2]", net("[0.1, 0.2]", "[0.1, nan]")),
        ("targets[1]", net("[0.4, 0.6]", "[nan, 0.6]")),
        ("inputs[1][2]", net("[0.1, 0.2]", "[[0.1, nan]]")),
        ("inputs[2][1]", net("[0.1, 0.2]", "[[0.1, 0.2], [nan, 1]]")),
        ("values.x", circuit("x = 2", "x = nan")),
        ("values.y", circuit("x = 2", "x = 2\ny = nan\nz = inf")),
        ("update.learning_rate", circuit("0.1", "nan")),
    ],
    ids=lambda part: part if "=" not in part else "",
)
def test_a_bad_number_is_placed_where_the_author_wrote_it(place, text):
    assert fault(text) == f"{place}: not a finite decimal number; write for example 0.45"


@pytest.mark.parametrize(
    ("typed", "kept", "exact"),
    [
        ("0.50", "0.50", Fraction(1, 2)),
        ("1", "1", Fraction(1)),
        ("-2", "-2", Fraction(-2)),
        ("+3.0", "3.0", Fraction(3)),
        ("1_000.5", "1000.5", Fraction(2001, 2)),
        ("1e-3", "1e-3", Fraction(1, 1000)),
        ("1E+2", "1e2", Fraction(100)),
        ("-0.0", "0.0", Fraction(0)),
        ("0x10", "16", Fraction(16)),
        ("0." + "3" * 59, "0." + "3" * 59, Fraction(int("3" * 59), 10**59)),
    ],
)
def test_a_number_is_kept_as_typed_and_is_exact(typed, kept, exact):
    number = loads(net("0.35", typed)).layers[0].weights[1][1]
    assert (number, number.exact) == (kept, exact)
    assert isinstance(number, Typed)


def test_one_sample_is_a_list_of_one():
    assert loads(net("[0.1, 0.2]", "[[0.1, 0.2]]")) == loads(NET)
    assert loads(NET).inputs == (("0.1", "0.2"),)


def test_several_samples_are_rows():
    text = net("[0.1, 0.2]", "[[1, 2], [3, 4]]").replace("[0.4, 0.6]", "[[5, 6], [7, 8]]")
    assert loads(text).inputs == (("1", "2"), ("3", "4"))
    assert loads(text).targets == (("5", "6"), ("7", "8"))


# --- defaults ---------------------------------------------------------------------------------


def test_the_defaults_of_every_kind():
    spec = loads("inputs = [1]\ntargets = [1]\nsteps = 0\n[[layers]]\nweights = [[1]]\n")
    assert (spec.kind, spec.title, spec.decimals, spec.notation) == ("network", "", 8, "flat")
    assert (spec.rounding, spec.reduction, spec.language) == ("exact", "mean", "en")
    assert spec.symbols == {}


def test_the_defaults_of_a_network():
    spec = loads("inputs=[1]\ntargets=[1]\nlearning_rate=1\n[[layers]]\nweights = [[1]]\n")
    assert (spec.steps, spec.loss, spec.update_biases) == (1, "half_squared_error", True)
    (layer,) = spec.layers
    assert (layer.type, layer.activation, layer.slope, layer.biases) == (
        "dense", "identity", None, None,
    )  # fmt: skip


def test_the_defaults_of_a_circuit():
    spec = loads(CIRCUIT)
    assert (spec.steps, spec.update.parameters, spec.update.direction) == (1, (), "descent")
    assert loads(CIRCUIT.partition("[update]")[0]).update is None


def test_a_network_reads_all_its_keys():
    spec = loads(
        'title = "T"\nkind = "network"\ninputs = [1]\ntargets = [2]\nloss = "squared_error"\n'
        'learning_rate = 0.1\ndecimals = 4\nnotation = "indexed"\nrounding = "stepwise"\n'
        'steps = 3\nreduction = "sum"\nlanguage = "ko"\nupdate_biases = false\n'
        '[symbols]\nerror = "L"\n'
        '[[layers]]\ntype = "dense"\nactivation = "prelu"\nslope = 0.2\nweights = [[1]]\n'
        "biases = [0]\n"
    )
    assert to_plain(spec) == {
        "title": "T", "kind": "network", "inputs": (("1",),), "targets": (("2",),),
        "loss": "squared_error", "learning_rate": "0.1", "decimals": 4, "notation": "indexed",
        "rounding": "stepwise", "steps": 3, "reduction": "sum", "language": "ko",
        "update_biases": False, "symbols": {"error": "L"},
        "layers": ({"type": "dense", "activation": "prelu", "slope": "0.2",
                    "weights": (("1",),), "biases": ("0",)},),
    }  # fmt: skip


def test_a_spec_is_frozen():
    with pytest.raises(AttributeError):
        load("neuron").decimals = 3


# --- overrides --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "key", "value"),
    [
        ({"decimals": 4}, "decimals", 4),
        ({"notation": "indexed"}, "notation", "indexed"),
        ({"steps": 0}, "steps", 0),
        ({"learning_rate": "0.250"}, "learning_rate", "0.250"),
        ({"language": "ko", "decimals": None}, "language", "ko"),
        ({"rounding": "stepwise"}, "rounding", "stepwise"),
    ],
)
def test_a_key_may_be_overridden(changes, key, value):
    spec = load("two-two-two")
    changed = override(spec, changes)
    assert getattr(changed, key) == value
    assert override(changed, {key: getattr(spec, key)}) == spec


@pytest.mark.parametrize("changes", [{}, {"decimals": None}, {"decimals": None, "steps": None}])
def test_nothing_given_overrides_nothing(changes):
    spec = load("two-two-two")
    assert override(spec, changes) is spec


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"decimls": 4}, "decimls: unknown key; did you mean decimals?"),
        ({"decimals": 99}, "decimals: expected a whole number from 1 to 50, got 99"),
        ({"learning_rate": "fast"}, "learning_rate: not a finite decimal number"),
        ({"notation": "index"}, "notation: invalid value 'index'; did you mean indexed?"),
        ({"kind": "circuit"}, "output: is missing"),
    ],
)
def test_an_override_is_checked_like_the_file(changes, message):
    with pytest.raises(SpecError) as caught:
        override(load("two-two-two"), changes)
    assert str(caught.value).startswith(message)


# --- as plain data ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", builtin_names())
def test_a_built_in_spec_comes_back_from_its_plain_data(name):
    spec = load(name)
    assert from_plain(to_plain(spec)) == spec
    assert from_plain(json.loads(json.dumps(to_plain(spec)))) == spec


@settings(derandomize=True, deadline=None, max_examples=tries(80))
@given(st.integers(0, 10**6))
def test_any_spec_comes_back_from_its_plain_data(seed):
    spec = loads(random_network(seed))
    back = from_plain(json.loads(json.dumps(to_plain(spec))))
    assert back == spec
    assert digest(back) == digest(spec)


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        (3, "spec: expected a table"),
        ([], "spec: expected a table"),
        (None, "spec: expected a table"),
        ({}, "inputs: is missing; see: derive new NAME"),
        ({"kind": ["network"]}, "kind: unknown kind ['network']; did you mean network?"),
        (to_plain(load("neuron")) | {"inputs": [["0.6", "x"]]},
         "inputs[1][2]: not a finite decimal number; write for example 0.45"),
        (to_plain(load("neuron")) | {"targets": [[0.5]]},
         "targets[1][1]: expected a number, got "),
        (to_plain(load("neuron")) | {"title": "\ud800"},
         "title: holds half of a character pair; type it again"),
        (to_plain(load("neuron")) | {"extra": 1}, "extra: unknown key; "),
    ],
)  # fmt: skip
def test_plain_data_is_checked_like_a_file(plain, message):
    with pytest.raises(SpecError) as caught:
        from_plain(plain)
    assert str(caught.value).startswith(message)


def test_the_digest_is_that_of_the_contract():
    spec = override(load("circuit"), {"title": '기울기 "f"'})
    text = json.dumps(to_plain(spec), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert digest(spec) == hashlib.sha256(text.encode()).hexdigest()


def test_the_digest_of_a_built_in_spec_never_changes():
    assert digest(load("circuit")) == (
        "443da531b874b22a5b3ff9790a98f69965bc4d253cc4228e0560ab0715fb0353"
    )


def test_the_digest_does_not_depend_on_the_order_of_keys():
    first, *rest = NET.partition("[[layers]]")
    turned = "\n".join(reversed(first.splitlines())) + "\n" + "".join(rest)
    assert turned != NET
    assert digest(loads(turned)) == digest(loads(NET))
    backwards = dict(reversed(to_plain(loads(NET)).items()))
    assert digest(from_plain(backwards)) == digest(loads(NET))


@pytest.mark.parametrize(
    "changes", [{"decimals": 7}, {"title": "x"}, {"learning_rate": "0.50"}, {"steps": 2}]
)
def test_the_digest_tells_specs_apart(changes):
    spec = load("two-two-two")
    assert digest(override(spec, changes)) != digest(spec)


def test_the_digest_does_not_depend_on_comments_and_spaces():
    assert digest(loads(NET.replace(" = ", "=") + "# end\n")) == digest(loads(NET))


# --- any text ---------------------------------------------------------------------------------

PIECES = ["", "\n", "[", "]", "{", "}", '"', "=", ".", ",", "0", "-", "1e999", "nan", "\0", "\x1b",
          "[[layers]]", "kind", '"circuit"', "[0.1]", "true", "x = 1\n", "é", "#", "\\", "'''",
          "9" * 70, "weights", "1979-05-27", "0x1F"]  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=tries(300))
@given(
    st.sampled_from([builtin(name) for name in builtin_names()]),
    st.integers(0, 700),
    st.integers(0, 40),
    st.one_of(st.sampled_from(PIECES), st.text(max_size=5)),
)
def test_a_spec_with_one_piece_changed_is_read_or_refused_in_one_line(text, start, length, piece):
    changed = text[:start] + piece + text[start + length :]
    try:
        found = loads(changed)
    except SpecError as error:
        found = error
    assert isinstance(found, Spec) or str(found).isprintable()


plain_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(derandomize=True, deadline=None, max_examples=tries(200))
@given(st.sampled_from(builtin_names()), st.data())
def test_plain_data_with_one_value_changed_is_read_or_refused_in_one_line(name, data):
    plain = to_plain(load(name))
    key = data.draw(st.sampled_from(sorted(plain)))
    try:
        found = from_plain(plain | {key: data.draw(plain_values)})
    except SpecError as error:
        found = error
    assert isinstance(found, Spec) or str(found).isprintable()
