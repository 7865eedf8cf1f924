"""Help shows the words that an option takes; what exists is there for programs, too."""

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest

import derive
from derive.cli import cli
from derive.commands import completion
from derive.commands.options import OneOf
from derive.ops import ACTIVATIONS, LOSSES
from derive.render.formats import FORMATS

EXAMPLES = sorted((Path(derive.__file__).parent / "examples").glob("*.toml"))
CHOICES = [
    (name, option)
    for name, command in cli.commands.items()
    for option in command.params
    if isinstance(option, OneOf)
]


def help_of(run, name):
    code, out, err = run(name, "--help")
    assert (code, err) == (0, "")
    return re.sub(r"\s+", " ", out)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("worksheet", "--lang en|ko "),
        ("worksheet", "--level full|guided|blank "),
        ("worksheet", "--format md,tex,html,ipynb,typ,pdf "),
        ("worksheet", "--notation flat|indexed|matrix "),
        ("worksheet", "--rounding exact|stepwise "),
        ("key", "--only given,forward,backward,update,check "),
        ("draw", "--show names|given|forward|values|updated "),
        ("plot", "--format svg|pdf|png "),
        ("check", "--reveal none|hint|full "),
        ("check", "--level full|guided|blank "),
        ("export", "--to torch "),
        ("new", "--kind network|circuit|perceptron "),
    ],
)
def test_help_shows_the_words(run, name, told):
    assert told in help_of(run, name)


def test_no_option_of_a_few_words_has_a_bare_metavar(run):
    bare = r" (LANG|LEVEL|STYLE|RULE|GRADE|KIND|TOOL|LIST|STAGES) "
    for name in cli.commands:
        assert not re.search(bare, help_of(run, name))


ARGUMENTS = {
    "audit": ["a.json"],
    "batch": ["circuit", "--count", "2"],
    "check": ["circuit", "a.json"],
    "diff": ["x^2", "--wrt", "x"],
    "fragment": ["circuit", "f"],
    "new": ["mine"],
    "plot": ["circuit", "x"],
    "schema": [],
    "train": ["bowl"],
    "working": ["circuit", "a.json"],
}
WORDLESS = [("fragment", "language"), ("train", "language"), ("verify", "language")]
"""What writes no sentence here, and so asks for no words of a language."""


@pytest.mark.parametrize(
    ("name", "option"), CHOICES, ids=lambda value: getattr(value, "name", value)
)
def test_help_shows_what_the_program_knows(run, folder, name, option):
    if (name, option.name) in WORDLESS:
        return
    Path("a.json").write_text("{}")
    data = ["--format", "json"] if option.name in {"only", "fields"} else []
    code, _, err = run(name, *ARGUMENTS.get(name, ["circuit"]), option.opts[0], "zzz", *data)
    assert code == 2
    words = re.split("[|,]", option.make_metavar())
    known = re.search("known: (.*)|expected (.*), got", err)
    if option.name not in {"form", "formats"} and known:
        assert all(word in known[0] for word in words), err
    else:
        assert "zzz" in err


def test_words_of_a_format_are_its_rows():
    assert list(completion.page_formats()) == [n for n, row in FORMATS.items() if not row.single]


# --- for programs -----------------------------------------------------------------------------


def test_list_is_data_too(run):
    code, out, _ = run("list", "--json")
    there = json.loads(out)
    assert code == 0
    assert there == derive.available()
    assert [row["name"] for row in there["exercises"]] == list(derive.examples())
    deck = next(row for row in there["exercises"] if row["name"] == "two-two-two")
    assert deck == {
        "name": "two-two-two", "title": "A 2-2-2 network by hand",
        "unit": "A network by hand", "kind": "network",
    }  # fmt: skip
    assert there["losses"] == list(LOSSES)
    assert there["languages"] == ["en", "ko"]
    text = run("list")[1]
    assert all(
        word in text for row in there["exercises"] for word in row.values() if word != row["kind"]
    )


def test_verify_is_data_too(run):
    code, out, _ = run("verify", "circuit", "--json")
    report = json.loads(out)
    assert code == 0
    assert report["agrees"] is True
    assert [row["id"] for row in report["rows"] if row["checks"]][:2] == ["x", "y"]
    row = next(row for row in report["rows"] if row["id"] == "df/dz")
    assert (row["shown"], row["agrees"]) == ("3", True)
    assert report["checks"] == ["differences"]
    assert report["diagnosability"]["possible"] == ["M62"]


def test_verify_as_data_tells_what_differs_by_its_exit_code(run, monkeypatch):
    from derive.second import Report, Row

    wrong = Report((Row("q", "3", {"differences": "4"}, agrees=False),), ("differences",), {})
    monkeypatch.setattr("derive.api.verify", lambda _: wrong)
    code, out, _ = run("verify", "circuit", "--json")
    assert (code, json.loads(out)["agrees"]) == (1, False)


# --- the schema of a spec ---------------------------------------------------------------------


@pytest.fixture
def fits(run):
    """Whether the schema that the command prints lets a spec through."""
    schema = json.loads(run("schema")[1])
    assert schema == derive.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema)
    return lambda text: not list(checker.iter_errors(tomllib.loads(text)))


def test_every_built_in_spec_fits_the_schema(fits):
    for path in EXAMPLES:
        assert fits(path.read_text("utf-8")), path.name


NET = """
inputs = [0.1, 0.2]
targets = [0.4]
learning_rate = 0.5
[[layers]]
activation = "sigmoid"
weights = [[0.3, 0.25]]
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.5", "0.50"),
        ("[0.1, 0.2]", "[[0.1, 0.2]]"),
        ("\n[[layers]]", "\n[regularization]\nl2 = 0.01\n[[layers]]"),
        ("\n[[layers]]", '\n[optimizer]\nname = "adam"\nbeta1 = 0.8\n[[layers]]'),
        ("\n[[layers]]", '\n[symbols]\ntarget = "y"\n[[layers]]'),
        ("0.25]]\n", '0.25]]\n[[layers]]\ntype = "activation"\nactivation = "tanh"\n'),
    ],
)
def test_what_a_spec_may_hold_fits(fits, old, new):
    text = NET.replace(old, new)
    derive.loads(text)
    assert fits(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.5", '"0.5"'),
        ("targets", "target"),
        ("sigmoid", "sigmod"),
        ("learning_rate", "learning_rat"),
        ("\n[[layers]]", '\n[optimizer]\nname = "adan"\n[[layers]]'),
        ("\n[[layers]]", '\nnotation = "flatt"\n[[layers]]'),
        ("\n[[layers]]", "\ndecimals = 51\n[[layers]]"),
        ("\n[[layers]]", '\n[symbols]\ntargt = "y"\n[[layers]]'),
        ("inputs =", 'kind = "circuit"\ninputs ='),
        ("0.25]]\n", '0.25]]\n[[layers]]\ntype = "activatio"\n'),
        ("0.25]]\n", '0.25]]\n[[layers]]\nactivation = "softmax"\n'),
    ],
)
def test_what_a_spec_may_not_hold_does_not_fit(fits, old, new):
    text = NET.replace(old, new, 1)
    with pytest.raises(derive.SpecError):
        derive.loads(text)
    assert not fits(text)


def test_the_schema_knows_every_row(fits):
    for activation in ACTIVATIONS:
        assert fits(NET.replace("sigmoid", activation))
    for loss in LOSSES:
        assert fits(f'loss = "{loss}"\n{NET}')


def test_the_schema_takes_an_activation_that_the_spec_defines(fits):
    own = '[functions]\nbipolar = "2/(1+exp(-x))-1"\n[[layers]]'
    assert fits(NET.replace("[[layers]]", own).replace("sigmoid", "bipolar"))
    assert not fits(NET.replace("sigmoid", "bipolar"))
