"""The QR code of a page: its cells are those of the code, in SVG and in TeX; a camera reads it."""

import re
from itertools import product

import pytest
import segno
from sampling import slow
from tools import missing

from derive.render.qr import CELL, QUIET, Mark

CODES = ("WS47H5VZ", "22222222", "ZYXWVUTS")
SIZE = 21
"""Eight letters and digits with error correction M fit the smallest code, version 1."""


def matrix(code):
    symbol = segno.make(code, error="m", micro=False)
    return {(x, y) for y, row in enumerate(symbol.matrix) for x, dark in enumerate(row) if dark}


def read_svg(picture):
    """The dark cells of the path: m moves, h draws a run of cells, each relative to the last."""
    path = re.search(r" d='([^']*)'", picture).group(1)
    cells, x, y = set(), 0.0, 0.0
    for letter, numbers in re.findall(r"([Mmh])([^A-Za-z]*)", path):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if letter == "h":
            cells |= {(int(x) + i - QUIET, int(y - 0.5) - QUIET) for i in range(int(values[0]))}
            x += values[0]
        else:
            x, y = values if letter == "M" else (x + values[0], y + values[1])
    return cells


def read_rules(box):
    """The dark cells of the rows of rules and gaps."""
    cells = set()
    for y, row in enumerate(box.split(r"\hbox{")[1:]):
        x = 0
        for rule, gap in re.findall(
            r"width([\d.]+)mm height[\d.]+mm depth0mm|\\kern([\d.]+)mm", row
        ):
            count = round(float(rule or gap) / CELL)
            if rule:
                cells |= {(x + i, y) for i in range(count)}
            x += count
    return cells


@pytest.mark.parametrize("code", CODES)
def test_the_svg_has_the_cells_of_the_code(code):
    assert read_svg(Mark(code).svg) == matrix(code)


@pytest.mark.parametrize("code", CODES)
def test_the_rules_of_tex_have_the_cells_of_the_code(code):
    assert read_rules(Mark(code).rules) == matrix(code)


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_one_line_that_needs_no_escape(code):
    made = Mark(code)
    assert made.text == code
    assert '"' not in made.svg
    assert "\n" not in made.svg + made.rules


def test_the_white_around_it_is_part_of_the_picture():
    assert f"viewBox='0 0 {SIZE + 2 * QUIET} {SIZE + 2 * QUIET}'" in Mark(CODES[0]).svg


def draw(cells, side, pixels, border):
    """Grey values of a picture."""
    width = (side + 2 * border) * pixels
    return bytes(
        0 if (x // pixels - border, y // pixels - border) in cells else 255
        for y, x in product(range(width), repeat=2)
    ), width


@pytest.mark.parametrize("read", [slow(read_svg), slow(read_rules)], ids=["svg", "tex"])
@pytest.mark.parametrize("code", CODES)
def test_a_decoder_reads_the_code(code, read):
    try:
        import zxingcpp
    except ImportError:
        missing("zxing-cpp")
    made = Mark(code)
    cells = read(made.svg if read is read_svg else made.rules)
    grey, width = draw(cells, SIZE, 4, QUIET)
    (found,) = zxingcpp.read_barcodes(memoryview(grey).cast("B", (width, width)))
    assert found.text == code
