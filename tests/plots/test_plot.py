"""The files of the plots: every format, both languages, nothing typed is run or lost."""

import builtins
import subprocess
import sys
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest
from sampling import few

import derive
from derive.errors import SpecError
from derive.plots import FORMS, lettering
from derive.plots.data import compute_data
from derive.plots.drawing import draw_figure
from derive.plots.lettering import LATIN, Lettering
from derive.spec import override

STARTS = {"svg": b"<?xml", "pdf": b"%PDF-", "png": b"\x89PNG"}
DEEP = "inputs = [1]\ntargets = [0.9]\nlearning_rate = 0.5\n" + 6 * (
    '[[layers]]\nactivation = "sigmoid"\nweights = [[0.4]]\n'
)
HOSTILE = [
    r"a $x$ and $\frac{1}{2}$",
    r"one $ sign, \$ and \\",
    r"$\undefined{$",
    "<script>&amp; ]]> %s {0} {name}",
    "漢字 😀 \u202e \u0007",
    "a very long title " * 11,
]


def figure(spec, what):
    sheet = derive.sheet(spec)
    with mpl.rc_context():
        letters = Lettering(sheet.spec)
        mpl.rcParams["font.family"] = letters.families
        return draw_figure(compute_data(sheet, what), letters)


def told(made):
    """Every text of a figure's legend and axes."""
    made.canvas.draw()
    texts = [text.get_text() for legend in made.legends for text in legend.get_texts()]
    for axes in made.axes:
        texts += [axes.get_title(), axes.get_xlabel(), axes.get_ylabel()]
        texts += [label.get_text() for label in (*axes.get_xticklabels(), *axes.texts)]
    return texts


@pytest.mark.parametrize("language", few(["en", "ko"], 1))
@pytest.mark.parametrize("what", few(["W5", "gradients", "training"], 1))
def test_every_plot_is_drawn_without_a_missing_glyph(what, language, caplog):
    spec = override(derive.load("two-two-two"), {"language": language, "steps": 2})
    assert derive.plot(spec, what, "png").startswith(STARTS["png"])
    assert not caplog.records


@pytest.mark.parametrize("form", few(FORMS, 2))
def test_every_format_says_who_made_it_and_no_date(form):
    made = derive.plot("neuron", "gradients", form)
    assert made.startswith(STARTS[form])
    assert b"spec " + derive.spec.digest(derive.load("neuron")).encode()[:40] in made
    assert b"CreationDate" not in made
    assert b"dc:date" not in made


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("what", ["training", "gradients", "W5"])
def test_the_bytes_are_the_same_in_every_process(what, form):
    script = (
        "import derive, sys\n"
        f"sys.stdout.buffer.write(derive.plot('two-two-two', {what!r}, {form!r}))"
    )
    first, second = (
        subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout
        for _ in range(2)
    )
    assert first == second
    assert first.startswith(STARTS[form])


def test_the_printed_numbers_stand_beside_the_curve():
    texts = " ".join(told(figure("two-two-two", "W5")))
    for number in ("0.02592286", "0.45", "0.43703857", "0.02397190"):
        assert number in texts


def test_a_deep_net_of_sigmoids_has_a_logarithmic_axis():
    (axes,) = figure(derive.loads(DEEP), "gradients").axes
    assert axes.get_yscale() == "log"
    (axes,) = figure("two-two-two", "gradients").axes
    assert axes.get_yscale() == "linear"


@pytest.mark.parametrize("language", few(["en", "ko"], 1))
def test_numbers_of_a_logarithmic_axis_have_their_glyphs(language, caplog):
    spec = override(derive.loads(DEEP), {"language": language})
    assert derive.plot(spec, "gradients", "svg").startswith(STARTS["svg"])
    assert not caplog.records


def test_gradients_that_are_all_zero_are_drawn_as_zero():
    text = (
        "inputs = [1]\ntargets = [0]\nsteps = 0\n"
        "[[layers]]\nactivation = 'relu'\nweights = [[-1]]\n"
    )
    assert "$0$" in told(figure(derive.loads(text), "gradients"))


def test_many_layers_have_no_labels_that_overlap():
    text = "inputs = [1]\ntargets = [0.9]\nsteps = 0\n" + 20 * "[[layers]]\nweights = [[1.1]]\n"
    assert not [t for t in told(figure(derive.loads(text), "gradients")) if "hidden" in t]


def test_a_curve_with_gaps_is_drawn():
    spec = derive.loads(
        "kind = 'circuit'\noutput = 'f'\n[values]\nx = 1\n[definitions]\nf = 'log(x)'\n"
    )
    (axes,) = figure(spec, "x").axes
    left, right = axes.get_xlim()
    assert (left, right) == (-1, 3)
    assert all(abs(y) < 5 for y in axes.get_ylim())


def test_a_curve_that_leaves_all_floats_is_drawn_as_far_as_it_goes():
    spec = derive.loads(
        "kind = 'circuit'\noutput = 'f'\n[values]\nx = 0\n[definitions]\nf = 'exp(400*x)'\n"
    )
    (axes,) = figure(spec, "x").axes
    assert axes.get_ylim()[1] < 1e101


def test_a_training_curve_tells_its_ends_and_has_powers_where_they_are_far_apart():
    made = figure(override(derive.load("two-two-two"), {"steps": 300}), "training")
    texts = " ".join(told(made))
    assert made.axes[0].get_yscale() == "log"
    assert "0.02397190" in texts
    assert "0.00000136" in texts
    short = figure("two-two-two", "training")
    assert short.axes[0].get_yscale() == "linear"


def test_a_level_curve_is_drawn():
    spec = derive.loads(
        "kind = 'circuit'\noutput = 'f'\n[values]\nx = 1\ny = 2\n[definitions]\nf = 'y + 0*x'\n"
    )
    (axes,) = figure(spec, "x").axes
    bottom, top = axes.get_ylim()
    assert bottom < 2 < top


@pytest.mark.parametrize("title", few(HOSTILE, 1))
def test_a_hostile_title_is_text_and_nothing_else(title):
    spec = override(derive.load("neuron"), {"title": title})
    ET.fromstring(derive.plot(spec, "gradients"))  # noqa: S314  our own file
    (shown,) = figure(spec, "gradients").texts
    assert not shown.get_parse_math()
    assert "x$ and $" in shown.get_text() or title != HOSTILE[0]


def test_a_character_that_no_font_has_is_its_code_point():
    spec = override(derive.load("neuron"), {"title": "漢 x"})
    assert Lettering(spec).families == [LATIN]
    assert Lettering(spec).title == "U+6F22 x"


def test_symbols_of_a_lecturer_are_those_of_the_plot():
    symbols = {"weight": r"\omega", "error": r"\mathcal{L}"}
    texts = told(figure(override(derive.load("neuron"), {"symbols": symbols}), "W1"))
    assert any(r"\omega" in text and r"\mathcal{L}" in text for text in texts)


def test_a_symbol_that_matplotlib_cannot_read_is_its_id():
    letters = Lettering(derive.load("neuron"))
    assert letters.typeset(r"\nothing{", "W1") == "W1"
    assert letters.typeset("W_1", "W1") == "$W_1$"


def test_nothing_of_the_callers_matplotlib_is_changed(monkeypatch):
    monkeypatch.setitem(mpl.rcParams, "lines.linewidth", 7)
    before = dict(mpl.rcParams)
    first = derive.plot("neuron", "gradients")
    assert dict(mpl.rcParams) == before
    monkeypatch.setitem(mpl.rcParams, "lines.linewidth", 1)
    assert derive.plot("neuron", "gradients") == first


def test_without_a_korean_font_it_is_said_what_to_install(monkeypatch):
    from matplotlib import font_manager

    lettering.find_korean_font.cache_clear()
    monkeypatch.setattr(lettering, "_find_korean", lambda _: (None, []))
    monkeypatch.setattr(font_manager, "FontManager", lambda: None)
    for spec in (
        override(derive.load("neuron"), {"language": "ko"}),
        override(derive.load("neuron"), {"title": "한글"}),
    ):
        with pytest.raises(SpecError, match="install one of: Noto Sans KR"):
            derive.plot(spec, "gradients")
    lettering.find_korean_font.cache_clear()


@pytest.mark.parametrize("order", [("Bold", ""), ("", "Bold")])
def test_a_korean_font_that_was_just_installed_is_found_in_every_weight(order, monkeypatch):
    from matplotlib import font_manager

    lettering.find_korean_font.cache_clear()
    files = [f"NanumGothic{weight}.ttf" for weight in order]
    entries = [SimpleNamespace(name="NanumGothic", fname=file) for file in files]
    added = []
    monkeypatch.setattr(font_manager, "FontManager", lambda: SimpleNamespace(ttflist=entries))
    stale = SimpleNamespace(ttflist=[], addfont=added.append)
    monkeypatch.setattr(font_manager, "fontManager", stale)
    assert lettering.find_korean_font() == "NanumGothic"
    assert added == files
    lettering.find_korean_font.cache_clear()


def test_without_matplotlib_the_extra_is_named(monkeypatch, run):
    whole = builtins.__import__

    def missing(name, *rest, **more):
        if name.startswith("matplotlib"):
            raise ImportError
        return whole(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    code, _, err = run("plot", "neuron", "W1")
    assert code == 2
    assert "pip install 'derive-by-hand[plot]'" in err


def test_the_end_of_the_file_says_the_format(run, folder):
    code, out, _ = run("plot", "neuron", "W1", "-o", "w1.pdf")
    assert (code, out) == (0, "w1.pdf\n")
    assert (folder / "w1.pdf").read_bytes().startswith(b"%PDF-")
    code, _, err = run("plot", "neuron", "W1", "-o", "w1.jpg")
    assert code == 2
    assert "unknown format jpg; did you mean png?" in err
    assert not (folder / "w1.jpg").exists()


def test_a_bad_name_is_told_with_the_nearest(run):
    code, out, err = run("plot", "two-two-two", "W55")
    assert (code, out) == (2, "")
    assert "derive: two-two-two: W55: nothing to plot has this name; did you mean W5?" in err


def test_matplotlib_is_not_loaded_before_a_plot_is_asked_for():
    script = "import derive.plots, derive.api, sys; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8")
    assert done.stdout == "False\n"
