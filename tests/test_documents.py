"""What leaves the house: TeX that compiles, a wheel that works. Slow; run by .ci/run."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from random_specs import random_network

import derive
from derive.commands.bundle import bundle
from derive.render.escape import has_hangul
from derive.render.formats import FORMATS
from derive.spec import loads, override

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[1]
BAD = re.compile(r"Overfull|Underfull \\vbox|Missing|undefined|LaTeX Warning|LaTeX Font Warning")
"""`Missing` also means a character that no font has."""
PAGES = sorted(
    path for name in ("worksheet", "key") for path in (ROOT / "output").rglob(f"{name}.tex")
)
SLIDE = r"""\documentclass{article}
\usepackage{amsmath}
\begin{document}
\input{step}
\end{document}
"""


def started(engine, folder, name, text):
    """What a TeX engine did with a text, shell escape off, and its log."""
    (folder / f"{name}.tex").write_text(text, "utf-8")
    command = [engine, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", name]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", errors="replace"
    )
    return done, (folder / f"{name}.log").read_text("utf-8", errors="replace")


def compiled(folder, name, text, engine=None):
    """Compile with xelatex if there is Hangul, else with pdflatex; the log."""
    engine = engine or ("xelatex" if has_hangul(text) else "pdflatex")
    done, log = started(engine, folder, name, text)
    assert done.returncode == 0, done.stdout[-2000:]
    return log


def korean_fonts(pdf):
    """The fonts with Hangul that a PDF carries inside."""
    told = subprocess.run(
        ["pdffonts", pdf.name], cwd=pdf.parent, capture_output=True, encoding="utf-8"
    )
    rows = [line.split() for line in told.stdout.splitlines()[2:]]
    return [row[0] for row in rows if re.search("Nanum|UnBatang", row[0]) and row[-5] == "yes"]


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_every_committed_tex_compiles_clean(tmp_path, path):
    log = compiled(tmp_path, "page", path.read_text("utf-8"))
    assert not BAD.search(log), BAD.search(log)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("level", ["guided", "full"])
def test_pages_of_random_networks_compile(tmp_path, seed, level):
    spec = loads(random_network(seed))
    assert "Output written" in compiled(tmp_path, "page", derive.page(spec, "tex", level))


@pytest.mark.parametrize(
    "name", ["dE_total/dW5", "dE_total/do1", "W1+", "E_total", "dE_total/dh1"]
)
def test_a_fragment_goes_into_anyones_document(tmp_path, name):
    (tmp_path / "step.tex").write_text(derive.fragment("two-two-two", name), "utf-8")
    assert not BAD.search(compiled(tmp_path, "slide", SLIDE))


def test_a_derivative_goes_into_anyones_document(tmp_path):
    text = derive.diff_page("1/(1+exp(-x))*sqrt(abs(x))^3+max(x,a)", "x", "tex")
    (tmp_path / "step.tex").write_text(text, "utf-8")
    assert "Output written" in compiled(tmp_path, "slide", SLIDE)


@pytest.mark.parametrize(
    "title",
    [
        "\\input{/etc/passwd} \\write18{touch pwned}",
        "100% of $x$ & {{7*7}} #1 ^",
        "<script> ../../x <<1>> ?`!` -- 'a' `b`",
    ],
)
def test_a_hostile_title_prints_as_text(tmp_path, title):
    spec = override(derive.load("circuit"), {"title": title})
    compiled(tmp_path, "page", derive.page(spec, "tex"))
    command = ["pdftotext", "-l", "1", "page.pdf", "-"]
    text = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8").stdout
    printed = (
        re.sub(r"\s", "", text)
        .replace("\u2019", "'")
        .replace("\u2018", "`")
        .replace("\u02c6", "^")
    )
    assert re.sub(r"\s", "", title) in printed
    assert not (tmp_path / "pwned").exists()


def test_symbols_of_a_lecturer_compile(tmp_path):
    symbols = {
        "preactivation": "\\mathrm{net}_{@}",
        "activation": "out_{@}",
        "error": "\\mathcal{L}",
        "learning_rate": "\\eta",
        "target": "\\hat{y}_{#}",
        "product": "\\cdot",
    }
    spec = override(derive.load("two-two-two"), {"symbols": symbols})
    log = compiled(tmp_path, "page", derive.page(spec, "tex", "full"))
    assert not BAD.search(log)


@pytest.mark.parametrize("name", ["two-two-two", "circuit"])
@pytest.mark.parametrize("write", [derive.page, derive.key_page], ids=["worksheet", "key"])
def test_korean_pages_print_real_hangul(tmp_path, name, write):
    text = write(override(derive.load(name), {"language": "ko"}), "tex")
    log = compiled(tmp_path, "page", text)
    assert not BAD.search(log), BAD.search(log)
    assert korean_fonts(tmp_path / "page.pdf")


@pytest.mark.parametrize("seed", range(4))
def test_korean_pages_of_random_networks_compile(tmp_path, seed):
    spec = override(loads(random_network(seed)), {"language": "ko"})
    log = compiled(tmp_path, "page", derive.page(spec, "tex", "full"))
    assert "Missing character" not in log


def test_an_english_page_with_a_korean_title_asks_for_xelatex_too(tmp_path):
    spec = override(derive.load("circuit"), {"title": "신경망 “역전파” 연습… (1주차)"})
    log = compiled(tmp_path, "page", derive.page(spec, "tex"))
    assert not BAD.search(log)
    assert korean_fonts(tmp_path / "page.pdf")


def test_pdflatex_on_a_korean_page_stops_and_names_xelatex(tmp_path):
    text = derive.page(override(derive.load("circuit"), {"language": "ko"}), "tex")
    done, log = started("pdflatex", tmp_path, "page", text)
    assert done.returncode != 0
    assert "This page holds Korean text: compile it with xelatex" in log
    subprocess.run(
        ["pdflatex", "-interaction=batchmode", "page"], cwd=tmp_path, capture_output=True
    )
    assert not (tmp_path / "page.pdf").exists()


def test_a_korean_fragment_needs_kotex_and_nothing_else(tmp_path):
    spec = override(derive.load("two-two-two"), {"language": "ko"})
    (tmp_path / "step.tex").write_text(derive.fragment(spec, "dE_total/do1"), "utf-8")
    korean = SLIDE.replace("{amsmath}", "{amsmath,kotex}")
    assert not BAD.search(compiled(tmp_path, "slide", korean, "xelatex"))
    assert korean_fonts(tmp_path / "slide.pdf")


@pytest.mark.parametrize(
    "title",
    [
        "\\input{/etc/passwd} 한글 \\write18{touch pwned} $x$ 100%",
        "\u202e신경망\u2066 #1 & ^^41 ~역전파~ _망_",
    ],
)
def test_a_hostile_korean_title_prints_as_text(tmp_path, title):
    spec = override(derive.load("circuit"), {"title": title})
    compiled(tmp_path, "page", derive.page(spec, "tex"))
    command = ["pdftotext", "-l", "1", "page.pdf", "-"]
    text = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8").stdout
    shown = re.sub(r"[\s\u202e\u2066]", "", title)
    assert shown in re.sub(r"\s", "", text)
    assert not (tmp_path / "pwned").exists()


def test_the_wheel_carries_its_templates_and_words(tmp_path):
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "-w", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    wheel = next(tmp_path.glob("*.whl"))
    assert wheel.name == f"derive_by_hand-{derive.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    script = (
        "import sys, derive, derive.cli\n"
        "assert derive.__file__.startswith(sys.argv[1]), derive.__file__\n"
        "sys.exit(derive.cli.main(['worksheet', 'two-two-two', '-o', sys.argv[2]]))"
    )
    installed = str(tmp_path / "installed")
    subprocess.run(
        [sys.executable, "-c", script, installed, str(tmp_path / "out")],
        check=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": installed},
    )
    files = bundle(derive.sheet("two-two-two"), [FORMATS["md"]], "guided")
    made = tmp_path / "out" / "two-two-two" / "worksheet.md"
    assert made.read_text("utf-8") == files["worksheet.md"]
