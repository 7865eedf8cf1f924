"""Bad input: exit 2, one message that names the place, nothing written, nothing run."""

import sys
from pathlib import Path

import pytest
from sampling import few

import derive
from derive import limits

NET = (Path(derive.__file__).parent / "examples" / "two-two-two.toml").read_text("utf-8")
CIRCUIT = (Path(derive.__file__).parent / "examples" / "circuit.toml").read_text("utf-8")


def net(old, new):
    assert old in NET
    return NET.replace(old, new, 1)


def circuit(formula, values="x = -2\ny = 5\nz = -4"):
    return f'kind = "circuit"\noutput = "f"\n[values]\n{values}\n[definitions]\n{formula}\n'


PLACES = [
    ("an open string", NET + 'title = "a', "not valid TOML: ", "(at the end, line 16)"),
    ("an open bracket", net("[0.4, 0.6]", "[0.4, 0.6"), "not valid TOML: ", "at line 6"),
    ("an unknown key", net("loss", "lss"), "lss: unknown key; did you mean loss?", ""),
    ("an unknown key of a layer", net("weights", "wieghts"), "layers[1].wieghts: unknown key", ""),
    ("an unknown loss", net('"half_sq', '"hlf_sq'), "loss: ", "did you mean half_squared_error?"),
    (
        "an unknown activation",
        net('"sigmoid"', '"sigmod"'),
        "layers[1].activation: ",
        "did you mean sigmoid?",
    ),
    ("an unknown kind", net('"network"', '"netwrk"'), "kind: ", "did you mean network?"),
    (
        "a ragged matrix",
        net("[0.4, 0.35]]", "[0.4]]"),
        "layers[1].weights: expected 2 x 2",
        "rows are units, columns are inputs",
    ),
    (
        "a mis-shaped matrix",
        net("[[0.45, 0.4], [0.7, 0.6]]", "[[0.45, 0.4, 1], [0.7, 0.6, 1]]"),
        "layers[2].weights: expected 2 x 2, got 2 x 3",
        "",
    ),
    ("not a number", net("0.45", "nan"), "layers[2].weights[1][1]: ", "not a finite"),
    ("infinite", net("0.45", "-inf"), "layers[2].weights[1][1]: ", "not a finite"),
    ("400 digits", net("0.45", "0." + "3" * 400), "layers[2].weights[1][1]: ", "401 digits"),
    ("1e400", net("0.45", "1e400"), "layers[2].weights[1][1]: ", "outside 1e-60 to 1e60"),
    ("5000 digits", net("0.45", "3" * 5000), "", "too long"),
    ("no inputs", net("inputs = [0.1, 0.2]", "inputs = []"), "inputs: ", "empty"),
    ("no layers", NET.split("[[layers]]")[0] + "layers = []", "layers: ", "empty"),
    ("no weights", net("[[0.45, 0.4], [0.7, 0.6]]", "[]"), "layers[2].weights: ", "empty"),
    ("no learning", net("learning_rate = 0.5", "learning_rate = 0.0"), "learning_rate: ", "0"),
    ("decimals", "decimals = 1000000000\n" + NET, "decimals: ", "1 to 50"),
    ("steps", "steps = -1\n" + NET, "steps: ", "0 to"),
    ("too much work", "steps = 10000\n" + net("[0.1, 0.2]", str([[0.1, 0.2]] * 99)), "", ""),
    ("an unsafe symbol", NET + '[symbols]\nerror = "\\\\input{x}"', "symbols.error: ", "allowed"),
    ("an unknown role", NET + '[symbols]\nerorr = "E"', "symbols.erorr: ", "did you mean error?"),
    ("100,000 brackets", "a = " + "[" * 100_000, "", "nested"),
    ("a key of 20,000 parts", "a" + ".a" * 20_000 + " = 1", "", "parts"),
    ("a cycle", circuit('f = "q*x"\nq = "f+1"'), "definitions.f: ", "a cycle: f needs q needs f"),
    ("itself", circuit('f = "f"'), "definitions.f: ", "a cycle: f needs f"),
    ("undefined", circuit('f = "x*zz"'), "definitions.f: zz is not defined", "did you mean z?"),
    ("doubled in a table", circuit('f = "x"\nf = "y"'), "not valid TOML: ", "line 9"),
    ("doubled across", circuit('f = "x"\nx = "y"'), "definitions.x: ", "values too"),
    ("a function's name", circuit('f = "x"\nexp = "y"'), "definitions.exp: ", "a function"),
    ("no output", circuit('g = "x"'), "output: ", "not among definitions"),
    (
        "a call of the system",
        circuit("f = \"__import__('os').system('touch pwned')\""),
        "definitions.f: column 1",
        "not part of an expression",
    ),
    ("an attribute", circuit('f = "x.__class__"'), "definitions.f: column 2", ""),
    ("a lambda", circuit('f = "lambda: 1"'), "definitions.f: column 7", ""),
    ("9**9**9", circuit('f = "x*9**9**9"'), "", "rescale"),
    ("nested powers", circuit('f = "((9**9)**9999)**9999"'), "", ""),
    ("10,000 parentheses", circuit('f = "' + "(" * 10_000 + '"'), "definitions.f: ", "at most"),
    ("100 parentheses", circuit('f = "' + "(" * 100 + '"'), "definitions.f: ", "deep"),
    ("a 1 MB expression", circuit('f = "' + "x+" * 500_000 + 'x"'), "definitions.f: ", "at most"),
    ("a division by zero", circuit('f = "x/(y-5)"'), "definitions.f: ", "division by zero"),
    ("a logarithm", circuit('f = "log(x)"'), "definitions.f: ", "logarithm"),
    ("a square root", circuit('f = "sqrt(x)"'), "definitions.f: ", "square root"),
    (
        "an output outside a loss",
        net('"half_squared_error"', '"binary_cross_entropy"')
        .replace("[0.4, 0.6]", "[1, 1]")
        .replace("sigmoid", "identity")
        .replace("0.45", "45"),
        "E_o1: a logarithm of a number that is not positive",
        "binary_cross_entropy takes outputs between 0 and 1, such as those of sigmoid",
    ),
    ("a power", circuit('f = "x^0.5"'), "definitions.f: ", "negative number"),
    ("exp(10000)", circuit('f = "x*exp(10000)"'), "", "rescale"),
    ("exp of exp", circuit('f = "exp(exp(exp(exp(y))))"'), "", ""),
    (
        "an undecidable zero",
        circuit('f = "1/(sin(2*y)-2*sin(y)*cos(y))"'),
        "definitions.f: ",
        "decided",
    ),
    ("a broken character", b"title = '\xff\xfe'\n" + NET.encode(), "byte 10 is not UTF-8", ""),
    ("UTF-16", NET.encode("utf-16"), "byte 1 is not UTF-8", "UTF-8"),
    ("binary", bytes(range(256)) * 40, "byte 129 is not UTF-8", ""),
    ("NUL", b"\0" * 100, "holds NUL", "UTF-8"),
    ("too large", b"#" * (limits.FILE_BYTES + 1), "larger than", ""),
]
"""Known faults: refused, but not with their place."""


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [pytest.param(*row, id=name) for name, *row in PLACES],
)
def test_a_bad_spec_is_refused_with_its_place(refused, folder, text, place, told):
    message = refused(text)
    assert message.startswith(place), message
    assert told in message
    assert not (folder / "pwned").exists()


def test_a_cheap_refusal_imports_no_sympy(monkeypatch, folder, run):
    monkeypatch.delitem(sys.modules, "sympy", raising=False)
    (folder / "net.toml").write_text(net("0.45", "nan"))
    assert run("worksheet", "net.toml")[0] == 2
    assert "sympy" not in sys.modules


@pytest.mark.parametrize("name", ["E", "I", "S", "N", "pi", "beta", "lambda", "gamma", "oo"])
def test_names_that_mean_something_elsewhere_are_ordinary(run, folder, name):
    text = circuit(f'f = "{name}*x+{name}^2"', f"{name} = 3\nx = -2")
    (folder / "c.toml").write_text(text)
    assert run("worksheet", "c.toml")[0] == 0
    code, out, _ = run("key", "c.toml", "--format", "csv", "--fields", "id,shown")
    assert code == 0
    assert f"df/d{name},4" in out.splitlines()


def test_a_missing_file_and_a_folder_are_told_apart(run, folder):
    (folder / "inside").mkdir()
    assert run("worksheet", "none.toml")[2].startswith("derive: none.toml: no such file")
    assert run("worksheet", "inside")[2].startswith("derive: inside: this is a folder")
    assert run("worksheet", "two-two-to")[2].count("did you mean two-two-two?") == 1
    assert run("worksheet", "a\0b")[0] == 2


def test_a_byte_order_mark_and_dos_line_ends_are_fine(run, folder):
    (folder / "net.toml").write_bytes(b"\xef\xbb\xbf" + NET.replace("\n", "\r\n").encode())
    assert (
        run("key", "net.toml", "--format", "csv")[1]
        == run("key", "two-two-two", "--format", "csv")[1]
    )


def test_a_value_at_a_kink_is_never_silent(run, folder):
    (folder / "c.toml").write_text(circuit('f = "relu(x+2)*y"'))
    assert run("worksheet", "c.toml", "--level", "full")[0] == 0
    text = (folder / "output" / "c" / "worksheet.md").read_text("utf-8")
    assert "exactly at its corner here" in text
    code, out, _ = run("key", "c.toml", "--format", "json")
    assert code == 0
    assert '"note":"kink"' in out


HOSTILE = [
    "\\input{/etc/passwd}",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "../../x",
    "<% include 'x' %> << 7*7 >>",
    "$x$ ${7*7} `id` ![a](b) [c](http://d) | # -- 'q' \"r\" ?` !`",
    "\u202egnp.\u200bexe\u0007\u001b[2J",
    "line\nbreak\r\n# heading",
]


@pytest.mark.parametrize("title", few(HOSTILE, 4))
def test_a_hostile_title_stays_text(run, folder, title):
    quoted = "".join(f"\\u{ord(c):04x}" for c in title)
    (folder / "net.toml").write_text(net('"A 2-2-2 network by hand"', f'"{quoted}"'))
    assert run("worksheet", "net.toml")[0] == 0
    assert [p.name for p in folder.iterdir()] == ["net.toml", "output"] or {
        p.name for p in folder.iterdir()
    } == {"net.toml", "output"}
    markdown = (folder / "output/net/worksheet.md").read_text("utf-8")
    tex = (folder / "output/net/worksheet.tex").read_text("utf-8")
    head = markdown.split("##")[0].split("-->", 1)[1].split("\n*Worksheet")[0]
    assert "49" not in head
    assert "<script" not in markdown
    assert "](" not in head.replace("\\](", "")
    assert "\\input" not in tex
    assert "\x1b" not in markdown + tex
    assert "\u202e" not in markdown + tex
    assert len(head.strip().splitlines()) == 1
