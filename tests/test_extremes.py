"""max and min of more than two values: numbers, slopes, ties, pages, both roads, PyTorch."""

import itertools
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampling import slow

import derive
from derive.algebra.grammar import parse, to_text
from derive.algebra.lemmas import derivative
from derive.errors import SpecError

NAMES = "abcdef"


def written(formula, values, more=""):
    numbers = "\n".join(f"{name} = {value}" for name, value in zip(NAMES, values, strict=False))
    head = f'kind = "circuit"\noutput = "f"\n[values]\n{numbers}\n'
    return f'{head}[definitions]\nf = "{formula}"\n{more}'


def circuit(formula, values, more=""):
    return derive.loads(written(formula, values, more))


def shown(spec):
    return {row["id"]: row["shown"] for row in derive.key(spec)["answers"]}


def extreme(name, count):
    return f"{name}({', '.join(NAMES[:count])})"


@given(st.lists(st.integers(-2, 2), min_size=2, max_size=4), st.sampled_from(["max", "min"]))
def test_the_winner_has_slope_1_the_others_0_and_ties_share_it(values, name):
    numbers = derive.sheet(circuit(extreme(name, len(values)), values)).numbers
    best = {"max": max, "min": min}[name](values)
    assert numbers.value("f") == best
    tied = values.count(best)
    for letter, value in zip(NAMES, values, strict=False):
        assert numbers.value(f"df/d{letter}") * tied == (value == best)


@pytest.mark.parametrize("count", [3, 4])
@pytest.mark.parametrize("name", ["max", "min"])
def test_every_slope_is_proved(name, count):
    for letter in NAMES[:count]:
        assert derivative(parse(extreme(name, count)), letter).evidence == "proved"


@pytest.mark.parametrize("count", [5, slow(6)])
def test_more_values_are_at_least_sampled(count):
    assert derivative(parse(extreme("max", count)), "b").evidence in ("proved", "sampled")


def test_a_wrong_slope_is_refused(monkeypatch):
    from derive.algebra import rules
    from derive.algebra.lemmas import cached_derivative, cached_lemma
    from derive.errors import InternalError

    right = rules.apply_row_text
    monkeypatch.setattr(
        rules,
        "apply_row_text",
        lambda f, args, text, out: right(f, args, text.replace(",0,", ",1,"), out),
    )
    cached_lemma.cache_clear()
    cached_derivative.cache_clear()
    with pytest.raises(InternalError, match="a line is not the derivative"):
        derivative(parse("max(a, b, c)*5"), "a")
    cached_lemma.cache_clear()
    cached_derivative.cache_clear()


@pytest.mark.parametrize(
    ("formula", "values", "slopes"),
    [
        ("max(a, b, c)*2", (1, 3, 2), {"a": "0", "b": "2", "c": "0"}),
        ("min(a, b^2, 3*c)", (9, 2, 5), {"a": "0", "b": "4", "c": "0"}),
        ("max(a, 0, b) - min(a, b, c)", (-1, 2, 3), {"a": "-1", "b": "1", "c": "0"}),
        ("max(a, max(a, b, c), min(a, b, c))", (1, 2, 3), {"a": "0", "b": "0", "c": "1"}),
        ("max(relu(a), abs(b), c^2)", (1, -3, 1), {"a": "0", "b": "-1", "c": "0"}),
        ("exp(max(a, b, c))", (0, -1, -2), {"a": "1", "b": "0", "c": "0"}),
    ],
)
def test_inside_other_formulas(run, folder, formula, values, slopes):
    spec = circuit(formula, values)
    answers = shown(spec)
    assert {name: answers[f"df/d{name}"] for name in slopes} == slopes
    Path("f.toml").write_text(written(formula, values))
    code, out, _ = run("verify", "f.toml")
    assert code == 0, out
    for name in slopes:
        assert run("gradcheck", "f.toml", name)[0] == 0


TIES = [(3, 3, 1), (1, 3, 3), (3, 1, 3), (3, 3, 3)]


@pytest.mark.parametrize("values", TIES)
@pytest.mark.parametrize("name", ["max", "min"])
def test_a_tie_is_named_and_every_road_shares_it_alike(run, folder, name, values):
    text = written(f"{name}(a, b, c)*6", values)
    Path("f.toml").write_text(text + "[update]\nlearning_rate = 0.1\n")
    code, out, _ = run("verify", "f.toml")
    assert code == 0, out
    page = derive.key_page(derive.loads(text))
    best = {"max": max, "min": min}[name](values)
    tied = values.count(best)
    assert ("its slope there is the convention of PyTorch" in page) == (tied > 1)
    for letter, value in zip(NAMES, values, strict=False):
        expected = str(6 // tied) if value == best else "0"
        assert shown(derive.loads(text))[f"df/d{letter}"] == expected


@pytest.mark.parametrize("form", ["md", "tex", "html", "typ", "ipynb", "pdf"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_page_stands_in_every_format(form, language):
    spec = circuit("max(a, b, c) + min(a, b, c)", (1, 2, 2))
    spec = derive.spec.override(spec, {"language": language})
    assert len(derive.key_page(spec, form)) > 1000
    if form == "md":
        page = derive.key_page(spec, form)
        assert r"\max(a, b, c) + \min(a, b, c) = \max(1, 2, 2) + \min(1, 2, 2) = 3" in page
        assert r"\max(u_1, u_2, u_3)" in page


def test_answers_may_hold_such_formulas(run, folder):
    Path("f.toml").write_text(written("max(a, b, c)*2", (1, 3, 2)))
    right = {"f": "2*max(a, b, c)", "df/db": "2", "df/da": "0"}
    Path("a.json").write_text(json.dumps(right | {"df/dc": "max(a, b)"}))
    _, out, err = run("check", "f.toml", "a.json", "--json")
    assert err == ""
    verdicts = [row["verdict"] for row in json.loads(out)["results"]]
    assert verdicts == ["correct"] * 3 + ["wrong"]


@pytest.mark.parametrize("form", ["text", "md", "tex"])
def test_diff_shows_the_winner(run, form):
    code, out, _ = run("diff", "max(x, y, z)", "--wrt", "y", "--format", form)
    assert code == 0
    assert ("1 if y-max(x,z) > 0" if form == "text" else r"1 & y - \max(x, z) > 0") in out


@pytest.mark.parametrize("text", ["max(x)", "min()", "max(a,b,c,d,e,f,g)"])
def test_one_value_or_too_many_are_refused(text):
    with pytest.raises(SpecError):
        parse(text)


def test_text_and_tree_are_the_same():
    for name, count in itertools.product(["max", "min"], range(2, 7)):
        tree = parse(extreme(name, count))
        assert parse(to_text(tree)) == tree


RUN_ALL = """
import runpy, sys
for path in sys.argv[1:]:
    print("file", path)
    runpy.run_path(path)
"""


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
def test_the_script_for_pytorch_agrees(tmp_path):
    update = "[update]\nlearning_rate = 0.5\n"
    specs = [
        circuit("max(a, b, c)*2 - min(a, 2, c)", values, update) for values in [(1, 3, 2), *TIES]
    ]
    for number, spec in enumerate(specs):
        (tmp_path / f"{number}.py").write_text(derive.export(spec), "utf-8")
    files = [f"{number}.py" for number in range(len(specs))]
    command = [sys.executable, "-c", RUN_ALL, *files]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    for spec, printed in zip(specs, done.stdout.split("file ")[1:], strict=True):
        answers = shown(spec)
        computed = dict(line.split(" = ") for line in printed.splitlines() if " = " in line)
        assert {"f", "df/da", "a+"} <= set(computed)
        for name, number in computed.items():
            assert float(number) == pytest.approx(float(answers[name]), abs=1e-8), name


@pytest.mark.parametrize("level", ["full", "guided"])
def test_a_page_writes_cases_of_three_values_and_the_branch_alone_of_more(level):
    def text(values):
        spec = derive.loads(
            'kind = "circuit"\noutput = "f"\n[values]\nx = 2\ny = -1\nz = 0.5\nw = 2\n'
            f'[definitions]\nf = "max({values})"\n'
        )
        return derive.page(spec, "md", level)

    assert r"\begin{cases}" in text("x, y, z")
    assert r"\begin{cases}" not in text("x, y, z, w").partition("## 3")[2].partition("## 4")[0]
