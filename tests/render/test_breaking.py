"""Where pages end on paper: nothing is parted from what announces it, no page is a third empty."""

import html
import re
import shutil
import subprocess
from itertools import pairwise

import pytest
from sampling import EXAMPLES, REPRESENTATIVES
from tools import missing

import derive
from derive.pages.document import Grid, Heading, Lines, Picture, Say
from derive.render.breaking import SHORT, cut_blocks, group, keep_lines, keep_rows
from derive.render.escape import has_hangul
from derive.render.lines import View
from derive.render.safe import Safe
from derive.render.wording import SLOT, sentence
from derive.spec import override


def lines(text):
    """Lines from a word of letters: n a name, c a line that goes on, w one with a reason."""
    made = {
        "n": View(Safe("z"), Safe("="), Safe("1"), Safe(), tall=False),
        "=": View(Safe(), Safe("="), Safe("1"), Safe(), tall=False),
        "w": View(Safe(), Safe("="), Safe("1"), Safe("why"), tall=False),
        "c": View(Safe(), Safe("+"), Safe("1"), Safe(), tall=False, goes_on=True),
    }
    return [
        View(v.left, v.relation, v.right, v.remarks, v.tall, v.goes_on)
        for v in map(made.get, text)
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("n", "."),
        ("nn", "k."),
        ("nnnn", "k.k."),  # the first and the last line do not stand alone
        ("n=n=n=", "k.k.k."),  # numbers stay with their symbols
        ("nn==nnn", "kkk..k."),
        ("nccn", "kkk."),
        ("nw====n", "k...kk."),
        ("n===========", "k.........k."),
    ],
)
def test_lines_that_stay_with_the_next_one(text, kept):
    assert "".join(".k"[keep] for keep in keep_lines(lines(text))) == kept


def test_a_short_table_stays_whole_and_a_long_one_keeps_two_rows_at_its_ends():
    assert group(keep_rows(["a"] * SHORT)) == [SHORT]
    assert group(keep_rows(["a"] * 10)) == [2, 1, 1, 1, 1, 1, 1, 2]
    assert group(keep_rows([*"abc", "", "", *"defgh"])) == [2, 3, 1, 1, 1, 2]


def test_a_block_in_the_middle_of_a_quantity_has_the_room_of_its_name():
    first, *others = cut_blocks(lines("n" + "w" * 20))
    assert first[0].left == "z"
    assert others
    assert all(block[0].ghost == "z" and not block[0].left for block in others)


# --- measured on paper ------------------------------------------------------------------------


def read_pages(path):
    """The lines of text of each page: how far down they end, as a share of the page, and words."""
    told = subprocess.run(
        ["pdftotext", "-bbox-layout", path, "-"], capture_output=True, encoding="utf-8"
    ).stdout
    for page in told.split("<page ")[1:]:
        height = float(re.search(r'height="([\d.]+)"', page)[1])
        found = re.findall(r'<line [^>]*yMax="([\d.]+)">(.*?)</line>', page, re.DOTALL)
        texts = [(float(y) / height, words_of(text)) for y, text in found]
        yield sorted(line for line in texts if not (line[0] > FOOT and line[1].isdigit()))


def words_of(text):
    return "".join(html.unescape(word) for word in re.findall(r">([^<>]+)</word>", text))


FOOT, LEAST = 0.93, 0.645
"""Where the text of a page ends at most, and at least: two thirds of its room are full."""


def list_announcements(document, language):
    """How the sentences and headings end that something stands below."""
    for block, below in pairwise(document.blocks):
        announces = isinstance(block, Say) and not (block.note or block.back)
        if (announces and isinstance(below, Lines | Grid | Picture)) or isinstance(block, Heading):
            ending = SLOT.split(sentence(language, block.words.key))[-1]
            text = re.sub(r"\s", "", ending)
            if len(text) > 5:
                yield text


def judge_pages(path, document, language):
    """Everything that is wrong with where the pages of a file end."""
    endings = tuple(set(list_announcements(document, language)))
    pages = list(read_pages(path))
    assert all(pages)
    for number, page in enumerate(pages[:-1], 1):
        below, last = page[-1]
        if below < LEAST:
            yield f"page {number} ends at {below:.2f}"
        if last.endswith(endings):
            yield f"page {number} ends with: {last}"


CASES = [
    (n, level, lang) for n in EXAMPLES for level in ("full", "guided") for lang in ("en", "ko")
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "level", "language"), CASES)
def test_no_page_of_a_pdf_ends_in_the_wrong_place(tmp_path, name, level, language):
    if not shutil.which("pdftotext"):
        missing("pdftotext")
    spec = override(derive.load(name), {"language": language})
    path = tmp_path / "page.pdf"
    path.write_bytes(derive.page(spec, "pdf", level))
    assert not list(judge_pages(path, derive.sheet(spec).document(level), language))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "level", "language"), [case for case in CASES if case[0] in REPRESENTATIVES]
)
def test_no_page_in_latex_ends_in_the_wrong_place(tmp_path, name, level, language):
    spec = override(derive.load(name), {"language": language})
    text = derive.page(spec, "tex", level)
    engine = "xelatex" if has_hangul(text) else "pdflatex"
    if not (shutil.which("pdftotext") and shutil.which(engine)):
        missing(engine)
    (tmp_path / "page.tex").write_text(text, "utf-8")
    command = [engine, "-no-shell-escape", "-interaction=batchmode", "page"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    path = tmp_path / "page.pdf"
    assert not list(judge_pages(path, derive.sheet(spec).document(level), language))
