"""What an addition touches: one row or folder, and nothing else of the program."""

import ast
import re
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from mpmath import mpf

import derive
from derive.algebra import lemmas
from derive.algebra.expressions import Add, Mul, Num
from derive.checking import targets
from derive.checking.misconceptions import CATALOGUE, Misconception
from derive.grading.reports import saying
from derive.ops import ACTIVATIONS, FUNCTIONS, Function, ProofLine, name_activations
from derive.render import formats, templating, tex, wording
from derive.render.formats import FORMATS
from derive.second import functions, verify
from derive.spec import build, loads, override

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
SPEC = """
inputs = [[0.5, -0.3], [-2, 1.5]]
targets = [[0.2], [0.9]]
learning_rate = 0.1
[[layers]]
activation = "hardtanh"
weights = [[0.4, 0.1], [2, 1]]
[[layers]]
activation = "hardtanh"
weights = [[0.7, 0.1]]
"""
WORDS = {
    "en": {
        "activation": 'hardtanh = "hard tanh"',
        "rule": 'slope_hardtanh = "slope of hard tanh"',
        "say": 'most_hardtanh = "The slope is 1 or 0."',
    },
    "ko": {
        "activation": 'hardtanh = "하드 탄젠트"',
        "rule": 'slope_hardtanh = "하드 탄젠트의 미분"',
        "say": 'most_hardtanh = "미분은 1 또는 0입니다."',
    },
}
HARDTANH = Function(
    "hardtanh",
    ("z",),
    "cases(z+1,-1,-1,cases(z-1,z,1,1))",
    ("kink(z+1,0,0,kink(z-1,1,0,0))",),
    tex="\\operatorname{hardtanh}",
    torch="nn.functional.hardtanh({0})",
    module="nn.Hardtanh()",
    most="most_hardtanh",
)
"""z between -1 and 1, held there outside; no activation of the tables has two corners."""


def clamp(args, side):
    """The line that `second/functions.py` would get."""
    (z,) = args
    return mpf(1) if side(z - 1) >= 0 else z if side(z + 1) > 0 else mpf(-1)


def insert(path, section, line):
    """One more line at the head of a section of a TOML file."""
    text = path.read_text("utf-8")
    assert text.count(f"[{section}]\n") == 1
    path.write_text(text.replace(f"[{section}]\n", f"[{section}]\n{line}\n"), "utf-8")


@pytest.fixture
def own_templates(tmp_path, monkeypatch):
    """A copy of the templates whose words may be added to."""
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    for module in (wording, saying):
        monkeypatch.setattr(module, "templates", lambda: folder)
    wording.wording.cache_clear()
    saying.words.cache_clear()
    yield folder
    wording.wording.cache_clear()
    saying.words.cache_clear()


@pytest.fixture
def hardtanh(own_templates, monkeypatch):
    """The rows of an activation that nobody has, and no more."""
    monkeypatch.setitem(FUNCTIONS, "hardtanh", HARDTANH)
    for row in name_activations(HARDTANH):
        monkeypatch.setitem(ACTIVATIONS, row.name, row)
    monkeypatch.setitem(functions.FUNCTIONS, "hardtanh", clamp)
    for language, lines in WORDS.items():
        for section, line in lines.items():
            insert(own_templates / "words" / f"{language}.toml", section, line)


@pytest.fixture
def spec(hardtanh):
    return loads(SPEC)


def test_a_row_is_a_whole_activation(spec):
    answers = {answer["id"]: answer["value"] for answer in derive.key(spec)["answers"]}
    expected = {"h1_s1": "0.17", "h2_s1": "0.7", "h2_s2": "-1", "dh1_s1/dz1_s1": "1"}
    expected |= {"dh2_s2/dz2_s2": "0", "do1_s2/dz3_s2": "1"}
    assert {name: Fraction(answers[name]) for name in expected} == {
        name: Fraction(value) for name, value in expected.items()
    }


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("level", ["full", "guided", "blank"])
@pytest.mark.parametrize("form", ["md", "tex", "html"])
def test_a_new_activation_has_its_page(spec, form, level, language):
    text = derive.page(override(spec, {"language": language}), form, level)
    words = WORDS[language]
    assert words["activation"].split('"')[1] in text
    assert ("hardtanh" in text) is (level != "blank")
    assert (words["say"].split('"')[1] in text) is (level != "blank")


@pytest.mark.parametrize("language", WORDS)
def test_the_rule_of_a_new_function_has_its_name(hardtanh, language):
    assert WORDS[language]["rule"].split('"')[1] in derive.api.diff_page(
        "hardtanh(2*x)", "x", "md", language
    )


def test_the_key_of_a_new_activation_is_right_by_the_checker(spec):
    answers = {step.id for step in derive.api.asked(spec)}
    key = {a["id"]: a["value"] for a in derive.key(spec)["answers"] if a["id"] in answers}
    (marked,) = derive.check(spec, key)
    assert marked.right == marked.asked == len(answers)
    assert {result.verdict for result in marked.results} == {"correct"}


def test_independent_differences_agree_with_a_new_activation(spec):
    sheet = derive.sheet(spec)
    answers = [
        (step.id, answer.value, answer.shown.text)
        for step in sheet.derivation.steps()
        for answer in (sheet.numbers.answer(step),)
    ]
    report = verify(spec, answers)
    assert report.agrees
    assert report.checks == ("differences",)
    assert {"h1_s1", "dE_total/dW1", "W6+"} <= {row.id for row in report.rows if row.checks}


def test_a_new_activation_is_exported_as_pytorch_calls_it(spec):
    script = derive.export(spec)
    ast.parse(script)
    assert script.count("nn.Hardtanh()") == 2


@pytest.mark.slow
def test_pytorch_runs_a_new_activation_to_the_same_numbers(spec):
    pytest.importorskip("torch")
    report = derive.verify(spec)
    assert report.agrees
    assert report.checks == ("differences", "pytorch")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"hardtanh"',
            '"hardtan"',
            "layers[1].activation: unknown activation hardtan; did you mean hardtanh?",
        ),
        (
            '"hardtanh"',
            '"hardtanh"\nslope = 0.1',
            "layers[1].slope: hardtanh has no slope; these have: leaky_relu, prelu",
        ),
        ("[[0.7, 0.1]]", "[[0.7]]", "layers[2].weights: expected 1 x 2"),
    ],
)
def test_a_spec_with_a_new_activation_is_refused_as_any_other(hardtanh, old, new, message):
    with pytest.raises(derive.SpecError, match=re.escape(message)):
        loads(SPEC.replace(old, new))


def test_a_new_activation_with_a_wrong_slope_is_refused(hardtanh, monkeypatch):
    wrong = replace(HARDTANH, slopes=("kink(z+1,0,0,kink(z-1,2,0,0))",))
    monkeypatch.setitem(FUNCTIONS, "hardtanh", wrong)
    lemmas.cached_lemma.cache_clear()
    lemmas.cached_derivative.cache_clear()
    with pytest.raises(derive.InternalError, match="a line is not the derivative"):
        list(derive.sheet(loads(SPEC)).derivation.steps())
    lemmas.cached_lemma.cache_clear()
    lemmas.cached_derivative.cache_clear()


def takes_a_tenth(step, exercise):
    """Moves a tenth of the way that an update goes."""
    if step.kind != "update" or not isinstance(step.expr, Add):
        return None
    old, move = step.expr.terms
    return Add((old, Mul((Num("0.1"), move))))


@pytest.mark.parametrize(("language", "sentence"), [
    ("en", "Only a tenth of the way was gone."), ("ko", "갈 길의 10분의 1만 갔습니다."),
])  # fmt: skip
def test_a_row_and_its_words_are_a_whole_misconception(
    own_templates, monkeypatch, run, language, sentence
):
    row = Misconception("M99", takes_a_tenth)
    monkeypatch.setattr(targets, "CATALOGUE", (*CATALOGUE, row))
    words = own_templates / "checking" / f"{language}.toml"
    insert(words, "mistake", f'M99 = "{sentence}"')
    insert(words, "name", 'M99 = "a tenth"')
    sheet = derive.sheet("two-two-two")
    value = Fraction("0.45") - Fraction("0.05") * Fraction(
        sheet.numbers.answer(sheet.step("dE_total/dW5")).value
    )
    Path("answers.csv").write_text(f"id,answer\nW5+,{float(value):.8f}\n", "utf-8")
    code, out, err = run("check", "two-two-two", "answers.csv", "--lang", language)
    assert (code, err) == (1, "")
    assert sentence in out
    assert "a tenth (M99)" in out
    (marked,) = derive.check("two-two-two", "answers.csv")
    assert marked.results[0].judgement.misconceptions == ("M99",)


def test_a_folder_and_a_row_are_a_whole_format(tmp_path, monkeypatch):
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    shutil.copytree(tmp_path / "templates" / "md", tmp_path / "templates" / "plain")
    for path in (tmp_path / "templates" / "plain").iterdir():
        path.write_text(
            path.read_text("utf-8").replace("md/", "plain/").replace("$$", "%%"), "utf-8"
        )
    monkeypatch.setattr(templating, "templates", lambda: tmp_path / "templates")
    row = formats.Format(
        "plain",
        "txt",
        escape=lambda text: text.upper(),
        inline=lambda formula: f"<{formula}>",
        write=lambda box: tex.write(box).replace("_", ""),
        draws=False,
    )
    monkeypatch.setitem(FORMATS, "plain", row)
    text = derive.page("two-two-two", "plain")
    assert text.startswith("<!-- derive")
    assert "# A 2-2-2 NETWORK BY HAND" in text
    assert "<W5>" in text
    assert "%%" in text


def test_a_file_is_a_whole_language(tmp_path, monkeypatch):
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    english = (tmp_path / "templates" / "words" / "en.toml").read_text("utf-8")
    german = english.replace('forward = "Forward pass"', 'forward = "Vorwärts"')
    (tmp_path / "templates" / "words" / "de.toml").write_text(german, "utf-8")
    monkeypatch.setattr(wording, "templates", lambda: tmp_path / "templates")
    spec = derive.load("two-two-two")
    assert "Vorwärts" in derive.page(override(spec, {"language": "de"}), "md")
    with pytest.raises(derive.SpecError, match="no words for it"):
        derive.page(override(spec, {"language": "fr"}), "md")


def test_a_language_of_another_script_needs_no_more_than_its_file(tmp_path, monkeypatch):
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    korean = (tmp_path / "templates" / "words" / "ko.toml").read_text("utf-8")
    japanese = korean.replace('forward = "순전파"', 'forward = "順伝播"', 1)
    japanese = japanese.replace('chain = "연쇄 법칙"', 'chain = "連鎖律"')
    (tmp_path / "templates" / "words" / "ja.toml").write_text(japanese, "utf-8")
    monkeypatch.setattr(wording, "templates", lambda: tmp_path / "templates")
    spec = override(derive.load("two-two-two"), {"language": "ja"})
    text = derive.page(spec, "md")
    assert "## 2. 順伝播" in text
    assert r"\text{連鎖律}" in text
    assert r"\texttt{U+9806}" in derive.page(spec, "tex")


def test_the_rows_are_not_copied_anywhere():
    graph = build(derive.load("two-two-two"))
    assert graph["h1"].expr.function == FUNCTIONS["sigmoid"].name
    assert isinstance(FUNCTIONS["sigmoid"].proof[0], ProofLine)
