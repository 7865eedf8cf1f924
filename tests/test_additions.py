"""What an addition touches: one row or folder, and nothing else of the program."""

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

import derive
from derive.ops import ACTIVATIONS, FUNCTIONS, Activation, Function, ProofLine
from derive.pages import Worksheet
from derive.render import formats, page, templating, tex, wording
from derive.render.formats import FORMATS
from derive.spec import build, loads

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
SPEC = """
inputs = [0.5, -0.3]
targets = [0.2]
learning_rate = 0.1
[[layers]]
activation = "softsign_square"
weights = [[0.4, 0.1]]
[[layers]]
activation = "softsign_square"
weights = [[0.7]]
"""


@pytest.fixture
def softsign_square(monkeypatch):
    """An activation nobody has: z^2 / (1 + z^2), with slope 2z / (1 + z^2)^2."""
    row = Function(
        "softsign_square",
        ("z",),
        "z^2/(1+z^2)",
        ("2*z/(1+z^2)^2",),
        tex="\\operatorname{q}",
    )
    monkeypatch.setitem(FUNCTIONS, row.name, row)
    monkeypatch.setitem(ACTIVATIONS, row.name, Activation(row.name, row.name))


def test_a_row_is_a_whole_activation(softsign_square):
    sheet = Worksheet(loads(SPEC))
    z = Fraction("0.17")
    h1, slope = (sheet.numbers.answer(sheet.step(name)).exact for name in ("h1", "dh1/dz1"))
    assert Fraction(h1) == z**2 / (1 + z**2)
    assert Fraction(slope) == 2 * z / (1 + z**2) ** 2


def test_a_new_activation_has_its_page_and_its_proof(softsign_square, monkeypatch):
    words = dict(wording.wording("en"))
    words["activation.softsign_square"] = "softsign of the square"
    words["rule.slope_softsign_square"] = "slope of the softsign"
    monkeypatch.setattr(page, "sentence", lambda _, key: words[key])
    text = derive.page(loads(SPEC), "md", "full")
    assert "softsign of the square" in text
    assert r"\operatorname{q}(z_1)" in text
    assert "quotient rule" in text


def test_a_new_activation_with_a_wrong_slope_is_refused(softsign_square, monkeypatch):
    wrong = Function("softsign_square", ("z",), "z^2/(1+z^2)", ("z/(1+z^2)^2",))
    monkeypatch.setitem(FUNCTIONS, wrong.name, wrong)
    from derive.algebra import lemmas

    lemmas.cached_lemma.cache_clear()
    lemmas.cached_derivative.cache_clear()
    with pytest.raises(derive.InternalError, match="SymPy does not confirm"):
        list(Worksheet(loads(SPEC)).derivation.steps())


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
    from derive.spec import overridden

    assert "Vorwärts" in derive.page(overridden(spec, {"language": "de"}), "md")
    with pytest.raises(derive.SpecError, match="no words for it"):
        derive.page(overridden(spec, {"language": "fr"}), "md")


def test_a_language_of_another_script_needs_no_more_than_its_file(tmp_path, monkeypatch):
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    korean = (tmp_path / "templates" / "words" / "ko.toml").read_text("utf-8")
    japanese = korean.replace('forward = "순전파"', 'forward = "順伝播"', 1)
    japanese = japanese.replace('chain = "연쇄 법칙"', 'chain = "連鎖律"')
    (tmp_path / "templates" / "words" / "ja.toml").write_text(japanese, "utf-8")
    monkeypatch.setattr(wording, "templates", lambda: tmp_path / "templates")
    from derive.spec import overridden

    spec = overridden(derive.load("two-two-two"), {"language": "ja"})
    text = derive.page(spec, "md")
    assert "## 2. 順伝播" in text
    assert r"\text{連鎖律}" in text
    assert r"\texttt{U+9806}" in derive.page(spec, "tex")


def test_the_rows_are_not_copied_anywhere():
    graph = build(derive.load("two-two-two"))
    assert graph["h1"].expr.function == FUNCTIONS["sigmoid"].name
    assert isinstance(FUNCTIONS["sigmoid"].proof[0], ProofLine)
