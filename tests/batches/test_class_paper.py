"""Printed sheets: a camera reads the code of each, and each begins on an odd page."""

import shutil
import subprocess

import pytest
from classes import list_codes, make
from tools import missing

pytestmark = pytest.mark.slow


def read_pages(pdf):
    """The codes of each page of a PDF, by a decoder of pictures."""
    try:
        import zxingcpp
    except ImportError:
        missing("zxing-cpp")
    if not shutil.which("pdftoppm"):
        missing("pdftoppm")
    command = ["pdftoppm", "-gray", "-r", "150", pdf, pdf.with_suffix("")]
    assert subprocess.run(command, capture_output=True).returncode == 0
    for path in sorted(pdf.parent.glob(f"{pdf.stem}-*.pgm")):
        _, size, _, grey = path.read_bytes().split(b"\n", 3)
        width, height = map(int, size.split())
        picture = memoryview(grey).cast("B", (height, width))
        yield [found.text for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("name", ["circuit", "two-two-two"])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_camera_reads_the_code_of_a_pdf(run, folder, name, lang):
    home = make(run, "--count", 2, "--lang", lang, spec=name, formats="pdf")
    for code in list_codes(home):
        first, *others = read_pages(home / f"members/{code}/worksheet.pdf")
        assert first == [code]
        assert not any(others)


@pytest.mark.parametrize(("engine", "lang"), [("pdflatex", "en"), ("xelatex", "ko")])
def test_a_camera_reads_the_code_of_a_tex_sheet(run, folder, engine, lang):
    if not shutil.which(engine):
        missing(engine)
    home = make(run, "--count", 1, "--lang", lang, formats="tex")
    (code,) = list_codes(home)
    sheet = home / f"members/{code}"
    command = [engine, "-interaction=batchmode", "worksheet.tex"]
    assert subprocess.run(command, cwd=sheet, capture_output=True).returncode == 0
    first, *others = read_pages(sheet / "worksheet.pdf")
    assert first == [code]
    assert not any(others)


def test_a_camera_reads_the_code_of_a_printed_html_sheet(run, folder, browser):
    home = make(run, "--count", 1, formats="html")
    (code,) = list_codes(home)
    sheet = home / f"members/{code}/worksheet.html"
    page = browser.new_page()
    page.goto(sheet.resolve().as_uri())
    (home / "printed.pdf").write_bytes(page.pdf(format="A4"))
    first, *others = read_pages(home / "printed.pdf")
    assert first == [code]
    assert not any(others)


@pytest.mark.parametrize("name", ["circuit", "two-two-two"])
def test_every_sheet_in_one_file_begins_on_an_odd_page(run, folder, name):
    home = make(run, "--count", 4, "--single-file", spec=name)
    pages = list(read_pages(home / "print.pdf"))
    begin = {code: number for number, codes in enumerate(pages, 1) for code in codes}
    assert list(begin) == list_codes(home)
    assert all(number % 2 == 1 for number in begin.values())
    assert sum(map(len, pages)) == 4
