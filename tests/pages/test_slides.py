"""Slides: a fragment for each step, uncovered piece by piece, and the deck that shows them."""

import re
import shutil
import subprocess

import pytest
from random_specs import random_network

import derive
from derive.algebra.expressions import Add, Mul, Name, Num
from derive.errors import SpecError
from derive.naming import split_updates
from derive.render.deck import file_name
from derive.render.formats import FORMATS
from derive.render.notation import choose_notation
from derive.render.printing import choose_printer
from derive.render.tex import write
from derive.spec import loads

INPUT = re.compile(r"\\input\{([^}]*)\}")
STEP = re.compile(r"\\deriveuncover\{(\d+)\}")


@pytest.fixture(scope="module")
def deck():
    return derive.slides("two-two-two")


def uncovered(text, step):
    """A fragment's formulas as they stand at a step; the macros read as TeX would."""
    while found := re.search(r"\\deriveuncover\{(\d+)\}\{", text):
        depth, end = 1, found.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        inside = text[found.end() : end - 1] if int(found.group(1)) <= step else ""
        text = text[: found.start()] + inside + text[end:]
    return re.sub(r"\s+", " ", text)


def test_every_asked_step_has_a_file_named_by_its_id(deck):
    asked = {
        f"slides/{file_name(*split_updates(step.id))}.tex"
        for step in derive.api.asked("two-two-two")
    }
    assert asked < set(deck)
    assert {"slides/dE_total-dW5.tex", "slides/W5-new.tex", "slides/E_total-new.tex"} < asked


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("dE_total/dW5", "dE_total-dW5"),
        ("W5+", "W5-new"),
        ("dE_total/dW5@2", "dE_total-dW5-new2"),
        ("df/dx|local", "df-dx-local"),
    ],
)
def test_file_names(name, file):
    assert file_name(*split_updates(name)) == file


def test_a_footnote_appears_with_the_line_that_it_belongs_to(deck):
    fragment = deck["slides/dE_total-dW5.tex"]
    last = max(map(int, STEP.findall(fragment)))
    assert "computed with all digits" in uncovered(fragment, last)
    for step in range(1, last):
        assert "computed with all digits" not in uncovered(fragment, step)
        assert "dagger" not in uncovered(fragment, step).partition("footnotesize")[0]


def test_the_handout_is_the_deck_without_steps(deck):
    assert deck["slides_handout.tex"] == (
        "\\PassOptionsToClass{handout}{beamer}\n\\input{slides}\n"
    )


def test_the_deck_shows_each_fragment_once_and_no_other(deck):
    shown = INPUT.findall(deck["slides.tex"])
    assert len(shown) == len(set(shown))
    assert {f"{name}.tex" for name in shown} == set(deck) - {"slides.tex", "slides_handout.tex"}


def test_the_deck_goes_from_the_given_numbers_to_the_new_error(deck):
    titles = re.findall(r"\\begin\{frame\}(?:\[shrink\])?\{(.*)\}", deck["slides.tex"])
    seen = list(dict.fromkeys(re.sub(r"[${}_]", "", title) for title in titles))
    assert seen == [
        "What is given",
        "Forward pass",
        "Error",
        "Back to o1",
        "Back to o2",
        "Back to h1",
        "Back to h2",
        "Backward pass",
        "Update",
        "Check: forward again with the new parameters",
    ]
    assert "went down from $0.02397190$ to $0.02323634$" in deck["slides.tex"]


def test_a_chain_is_uncovered_factor_by_factor(deck):
    text = deck["slides/dE_total-dW5.tex"]
    body = text[text.index(r"\begin{align*}") :]
    signal = r"\frac{\partial o_1}{\partial z_3}"
    order = [signal, r"\frac{\partial z_3}{\partial W_5}", "0.20944600", "0.23802157"]
    assert not [piece for piece in order if piece in uncovered(body, 1)]
    for step, piece in enumerate(order, 2):
        assert piece not in uncovered(body, step - 1)
        assert piece in uncovered(body, step)
    last = max(map(int, STEP.findall(text)))
    assert "0.02592286" not in uncovered(body, last - 1).split("footnotesize")[0]
    assert "0.02592286" in uncovered(body, last)


def test_uncovered_to_the_end_a_fragment_is_the_plain_step(deck):
    sheet = derive.sheet("two-two-two")
    plain = derive.api.Page(sheet.spec, FORMATS["tex"], sheet.numbers)
    for step in derive.api.asked("two-two-two"):
        text = deck[f"slides/{file_name(*split_updates(step.id))}.tex"]
        blocks = sheet.fragment(step.id)
        seen = uncovered(text[text.index(r"\begin{align*}") :], 99)
        assert re.sub(r"\s", "", seen) == re.sub(r"\s", "", plain.body(blocks)[0])


def test_a_fragment_of_one_piece_needs_no_macro(deck):
    assert "deriveuncover" not in derive.fragment("circuit", "df/df")


def test_the_next_fragment_on_a_slide_waits_for_the_one_before(deck):
    counts = {
        name.removesuffix(".tex"): max(map(int, STEP.findall(text)), default=1)
        for name, text in deck.items()
    }
    for frame in deck["slides.tex"].split(r"\begin{frame}")[1:]:
        before = 0
        for match in re.finditer(r"(?:derivefrom\}\{(\d+)\}\s*)?\\input\{([^}]*)\}", frame):
            assert int(match.group(1) or 0) == before
            before += counts[match.group(2)]


def test_routes_appear_one_after_the_other_in_their_own_colour(deck):
    text = deck["slides/routes-h1.tex"]
    assert re.findall(r"\\deriveuncover\{(\d)\}\{\\draw\[wire (\d)", text) == [
        ("1", "0"), ("2", "1"), ("3", "2"), ("2", "1"), ("3", "2"),
    ]  # fmt: skip


def test_the_steps_of_a_route_have_its_colour(deck):
    coloured = re.findall(
        r"\\color\{deriveroute(\d)\}\n.*?\\input\{([^}]*)\}.*?\\endgroup",
        deck["slides.tex"],
        re.DOTALL,
    )
    assert coloured == [
        ("1", "slides/dE_o1-dh1"),
        ("2", "slides/dE_o2-dh1"),
        ("1", "slides/dE_o1-dh2"),
        ("2", "slides/dE_o2-dh2"),
    ]


def test_pictures_are_numbered_as_they_are_taught():
    found = derive.slides("neuron", ["svg", "png"])
    assert not [name for name in found if name.endswith(".tex")]
    vectors = [name for name in found if name.endswith(".svg")]
    assert vectors[:4] == [
        "slides/01-drawing-given.svg", "slides/02-z1.svg", "slides/03-o1.svg",
        "slides/04-E_o1.svg",
    ]  # fmt: skip
    assert vectors == sorted(vectors)
    assert [name[:-4] for name in vectors] == [n[:-4] for n in found if n.endswith(".png")]
    asked = {file_name(*split_updates(step.id)) for step in derive.api.asked("neuron")}
    assert asked < {re.sub(r"slides/\d+-|\.svg", "", name) for name in vectors}
    assert found[vectors[1]].startswith(b"<svg")


def test_a_picture_has_no_background_and_a_caption_if_it_is_wanted():
    plain = derive.slides("neuron", ["svg"])
    titled = derive.slides("neuron", ["svg"], caption=True)
    assert list(plain) == list(titled)
    for name, picture in plain.items():
        height = re.compile(rb'viewBox="0 0 [\d.]+ ([\d.]+)"')
        heights = [float(height.search(one)[1]) for one in (picture, titled[name])]
        assert heights[0] + 10 < heights[1]
    white = b'fill="#ffffff"'
    step = next(name for name in plain if "z1.svg" in name)
    assert white not in plain[step]
    assert white in derive.fragment("neuron", "z1", "svg")


def test_half_a_slide_holds_what_a_whole_one_holds_in_more_lines():
    whole, half = (derive.fragment("two-two-two", "z3", "md", width) for width in ("full", "half"))
    assert half.count("\\\\\n") > whole.count("\\\\\n")
    assert " &+ 0.4 \\times 0.52747230 \\\\" in half
    assert re.sub(r"[\s&\\\\]", "", whole) == re.sub(r"[\s&\\\\]", "", half)


def test_a_width_that_no_slide_has_is_refused(run):
    code, _, err = run("slides", "neuron", "--width", "third")
    assert code == 2
    assert "--width" in err


def test_the_command_writes_and_names_every_file(run, folder):
    code, out, _ = run("slides", "circuit", "-o", "talk", "--format", "tex,svg")
    assert code == 0
    written = {str(path) for path in (folder / "talk").rglob("*.*")}
    assert {str(folder / line) for line in out.split()} == written
    assert (folder / "talk" / "circuit" / "slides.tex").is_file()


def test_names_that_differ_only_in_capitals_keep_their_files_apart():
    spec = loads(
        'kind = "circuit"\noutput = "f"\n[values]\nq = 2\nQ = 3\n[definitions]\n'
        'f = "g*G"\ng = "q+1"\nG = "Q+1"\n[update]\nlearning_rate = 0.1\n'
    )
    found = derive.slides(spec)
    assert len({name.casefold() for name in found}) == len(found)
    shown = INPUT.findall(found["slides.tex"])
    assert {f"{name}.tex" for name in shown} == set(found) - {"slides.tex", "slides_handout.tex"}


def test_an_exercise_too_large_for_slides_is_refused(monkeypatch):
    monkeypatch.setattr("derive.limits.SLIDE_STEPS", 10)
    with pytest.raises(SpecError, match="more than 10 steps"):
        derive.slides("two-two-two")


@pytest.mark.parametrize(
    "expr",
    [
        Mul((Num("-2"), Name("x1"), Add((Name("t1"), Num("-1"))))),
        Add((Name("a"), Mul((Num("-1"), Name("b"))))),
        Mul((Name("dE_total/do1"), Name("do1/dz3"))),
        Name("o1"),
    ],
)
def test_pieces_joined_are_the_whole(expr):
    printer = choose_printer(choose_notation(derive.load("two-two-two")))
    assert "".join(map(write, printer.pieces(expr))) == write(printer(expr))


def compiled(folder, spec, *, handout=True, engine="pdflatex"):
    """Compile a deck in its folder; what TeX complains about."""
    for name, text in derive.slides(spec).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    job = "slides_handout" if handout else "slides"
    command = [engine, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", job]
    assert shutil.which(engine), f"{engine} is missing"
    done = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", errors="replace"
    )
    log = (folder / f"{job}.log").read_text("utf-8", errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    return re.findall(r"Overfull.*|Missing.*|.*undefined.*|LaTeX (?:Font )?Warning.*", log)


@pytest.mark.slow
@pytest.mark.parametrize("name", derive.examples())
def test_the_deck_compiles_clean(tmp_path, name):
    assert compiled(tmp_path, name) == []


UNCUT = {
    "sigmoid-gate", "windows", "averages", "skip-gram", "language-model", "rms-norm", "batch-norm",
}  # fmt: skip
"""Examples with a fraction, a maximum or a softmax that is longer than half a slide by itself."""


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in derive.examples() if name not in UNCUT])
def test_every_fragment_fits_half_a_slide(tmp_path, name):
    sheet = derive.sheet(name)
    frames = [
        r"\begin{frame}[t]\small\begin{minipage}{0.5\textwidth}"
        + derive.fragment(sheet, step.id, "tex", "half")
        + r"\end{minipage}\end{frame}"
        for step in list(sheet.asked().values())[:80]
    ]
    text = "\n".join([HALF, *frames, r"\end{document}"])
    (tmp_path / "half.tex").write_text(text, "utf-8")
    command = ["pdflatex", "-no-shell-escape", "-interaction=batchmode", "half"]
    subprocess.run(command, cwd=tmp_path, check=False, capture_output=True)
    log = (tmp_path / "half.log").read_text("utf-8", errors="replace")
    assert "Output written" in log
    assert not re.findall(r"Overfull.*", log)


HALF = (
    r"\documentclass[aspectratio=169,fleqn]{beamer}\usefonttheme{professionalfonts}"
    r"\newcommand{\derivefrom}{0}\newcommand{\deriveuncover}[2]{#2}"
    r"\setlength{\mathindent}{1em}\begin{document}"
)


@pytest.mark.slow
def test_the_handout_of_the_deck_s_network_has_at_most_sixty_pages(tmp_path):
    compiled(tmp_path, "two-two-two")
    told = subprocess.run(
        ["pdfinfo", "slides_handout.pdf"], cwd=tmp_path, capture_output=True, encoding="utf-8"
    ).stdout
    assert int(re.search(r"Pages:\s*(\d+)", told)[1]) <= 60


@pytest.mark.slow
@pytest.mark.parametrize("name", ["two-two-two", "circuit"])
def test_the_deck_compiles_clean_with_all_its_steps(tmp_path, name):
    assert compiled(tmp_path, name, handout=False) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_decks_of_random_networks_compile(tmp_path, seed):
    told = compiled(tmp_path, loads(random_network(seed)))
    assert not [line for line in told if not line.startswith("Overfull")]


@pytest.mark.slow
def test_the_korean_deck_compiles_with_xelatex(tmp_path):
    spec = derive.spec.override(derive.load("two-two-two"), {"language": "ko"})
    assert compiled(tmp_path, spec, engine="xelatex") == []
    fonts = subprocess.run(
        ["pdffonts", "slides_handout.pdf"], cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert "NanumGothic" in fonts.stdout


@pytest.mark.slow
def test_a_hostile_title_is_text_on_the_first_slide(tmp_path):
    title = "\\input{/etc/passwd} 100% $x$ {{7*7}} #1 ^ <<1>> \\write18{touch pwned}"
    spec = derive.spec.override(derive.load("circuit"), {"title": title})
    compiled(tmp_path, spec)
    told = subprocess.run(
        ["pdftotext", "-l", "1", "slides_handout.pdf", "-"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    assert re.sub(r"\s", "", title) in re.sub(r"\s", "", told).replace("\u02c6", "^")
    assert not (tmp_path / "pwned").exists()


@pytest.mark.slow
def test_a_fragment_is_uncovered_in_anyones_beamer_and_plain_in_an_article(tmp_path):
    (tmp_path / "step.tex").write_text(derive.fragment("two-two-two", "dE_total/dW5"), "utf-8")
    steps = max(map(int, STEP.findall((tmp_path / "step.tex").read_text("utf-8"))))
    for kind, pages in (("beamer", steps), ("article", 1)):
        frame = r"\begin{frame}\input{step}\end{frame}" if kind == "beamer" else r"\input{step}"
        (tmp_path / f"{kind}.tex").write_text(
            rf"\documentclass{{{kind}}}\usepackage{{amsmath}}\begin{{document}}"
            rf"{frame}\end{{document}}",
            "utf-8",
        )
        command = ["pdflatex", "-no-shell-escape", "-interaction=batchmode", kind]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        told = subprocess.run(
            ["pdfinfo", f"{kind}.pdf"], cwd=tmp_path, capture_output=True, encoding="utf-8"
        ).stdout
        assert re.search(rf"Pages:\s+{pages}$", told, re.MULTILINE)
