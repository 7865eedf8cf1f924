"""PDF, SVG and PNG by the typst package: whole, the same every time, nothing read or run."""

import builtins
import os
import re
import shutil
import subprocess
import sys

import pytest
from sampling import EXAMPLES, REPRESENTATIVES, few, spread
from sheets import titled

import derive
from derive.errors import InternalError, SpecError
from derive.pages import LEVELS
from derive.render import typesetting
from derive.render.formats import FORMATS
from derive.render.page import Page

HOSTILE = [
    '#read("/etc/passwd")',
    "$#panic()$ #{7*7}",
    "]) #import sys",
    '"; #eval("1+1")',
    "\\input{/etc/passwd} {{7*7}} <script>",
    "a \u202e b \u0000 c",
    "*bold* _emph_ `raw` @ref <label> // comment /* c */",
]


@pytest.mark.parametrize(("name", "level"), spread(EXAMPLES, LEVELS, count=len(REPRESENTATIVES)))
def test_every_example_becomes_a_pdf(name, level):
    assert derive.page(name, "pdf", level).startswith(b"%PDF-")


def test_a_page_has_the_same_bytes_every_time():
    first = derive.key_page("two-two-two", "pdf")
    typesetting.compiler.cache_clear()
    assert derive.key_page("two-two-two", "pdf") == first
    assert not re.search(rb"/(CreationDate|ModDate)", first)


@pytest.mark.parametrize(
    ("form", "start"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")]
)
def test_one_step_is_a_picture(form, start):
    assert derive.fragment("two-two-two", "dE_total/dW5", form).startswith(start)


@pytest.mark.parametrize("form", ["svg", "png"])
def test_a_picture_holds_no_whole_page(run, form):
    code, _, err = run("worksheet", "two-two-two", "--format", form)
    assert code == 2
    assert "derive fragment" in err


@pytest.mark.parametrize("title", few(HOSTILE, 4))
def test_a_hostile_title_is_text_and_nothing_else(title, tmp_path):
    spec = titled(title)
    source = derive.page(spec, "typ")
    assert FORMATS["typ"].escape(title) in source
    path = tmp_path / "page.pdf"
    path.write_bytes(derive.page(spec, "pdf"))
    if shutil.which("pdftotext"):
        told = subprocess.run(
            ["pdftotext", path, "-"], capture_output=True, encoding="utf-8"
        ).stdout
        visible = FORMATS["typ"].escape(title).strip("#;")
        for word in re.findall(r"[A-Za-z]{3,}", visible.replace("\\", " ")):
            assert word in told
        assert "root:" not in told
        assert "49" not in told


def test_a_kink_and_its_cases_are_set():
    assert derive.key_page(titled("kink"), "pdf").startswith(b"%PDF-")
    assert "cases(1 & quad z_(1) > 0" in derive.page(titled("kink"), "typ", "full")


def test_without_the_package_the_extra_is_named(monkeypatch, run):
    whole = builtins.__import__

    def missing(name, *rest, **more):
        if name == "typst":
            raise ImportError
        return whole(name, *rest, **more)

    typesetting.compiler.cache_clear()
    monkeypatch.setattr(builtins, "__import__", missing)
    code, _, err = run("worksheet", "neuron", "--format", "pdf")
    assert code == 2
    assert "pip install 'derive-by-hand[pdf]'" in err


@pytest.mark.parametrize("title", ["한글 제목", "ㅋㅋ"])
def test_without_a_korean_font_it_is_said_what_to_install(monkeypatch, title):
    class Package:
        class Fonts:
            def __init__(self, **_):
                pass

            def families(self):
                return ["Libertinus Serif"]

    typesetting.korean_font.cache_clear()
    monkeypatch.setattr(typesetting, "package", lambda: Package)
    with pytest.raises(SpecError, match="install one of: Noto Sans KR"):
        derive.page(titled(title), "pdf")
    typesetting.korean_font.cache_clear()


def test_the_engine_reads_no_file(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    for path in (tmp_path / "secret.txt", "/etc/hostname"):
        with pytest.raises(derive.InternalError):
            typesetting.typeset("pdf")(f'#read("{path}")')


@pytest.mark.parametrize("text", ['#read("a.txt")', '#read("/etc/passwd")', '#include "/a.typ"'])
def test_the_engine_has_no_folder_to_read_from(text):
    """Neither the page itself nor a block of it."""
    sheet = derive.sheet("circuit")
    page = Page(sheet.spec, FORMATS["pdf"], sheet.numbers).render(sheet.document())
    for source in (text, f"{page}{typesetting.MARK}{text}"):
        with pytest.raises(InternalError, match="failed to load"):
            typesetting.compile_pages([source], "svg")


def test_a_page_taken_apart_is_the_page():
    sheet = derive.sheet("circuit")
    whole, apart = (
        Page(sheet.spec, FORMATS[form], sheet.numbers).render(sheet.document())
        for form in ("typ", "pdf")
    )
    assert apart.replace(typesetting.MARK, "") == whole
    assert apart.count(typesetting.MARK) == len(sheet.document().blocks)
    assert typesetting.compile_pages([whole], "pdf") == typesetting.compile_pages([apart], "pdf")


INTERRUPTED = """
import os, signal, sys
from derive import cli
from derive.render import typesetting
compile_pages = typesetting.compile_pages
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
def interrupted(*args, **options):
    compile_pages(*args, **options)
    os.kill(os.getpid(), signal.SIGINT)
typesetting.compile_pages = interrupted
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["-m", "derive", "draw", "circuit"], 0),
        (["-m", "derive", "worksheet", "circuit", "--format", "pdf"], 0),
        (["-m", "derive", "plot", "two-two-two", "training", "--format", "png"], 0),
        (["-m", "derive", "check", "circuit", "a.csv"], 1),
        (["-m", "derive", "draw", "circuit", "-o", "/proc/none"], 2),
        (["-c", INTERRUPTED, "draw", "circuit", "-o", "a.svg"], 130),
    ],
    ids=["svg", "pdf", "plot", "check", "error", "SIGINT"],
)
def test_nothing_is_left_in_the_temporary_folder(tmp_path, command, code):
    places = {name: tmp_path / name for name in ("TMPDIR", "HOME", "here")}
    for place in places.values():
        place.mkdir()
    (places["here"] / "a.csv").write_text("id,answer\nf,1\n")
    settings = {name: str(place) for name, place in places.items()} | {"LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=places["here"],
        env=os.environ | settings,
        capture_output=True,
    )
    assert done.returncode == code, done.stderr
    assert list(places["TMPDIR"].iterdir()) == []
    assert not [path for path in places["here"].rglob("*") if path.name.startswith(".derive-")]
