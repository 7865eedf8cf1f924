"""On a phone nothing is cut: lines break, drawings shrink, what is left scrolls in its own box."""

from __future__ import annotations

import pytest
from sampling import EXAMPLES

import derive
from derive.spec import override

pytestmark = pytest.mark.slow
WIDTH = 390
MEASURE = """() => {
    const told = [];
    for (const e of document.querySelectorAll("math, svg, p, h1, h2, h3, th, td")) {
        const box = e.closest(".scroll");
        const scrolls = box && box.scrollWidth > box.clientWidth;
        const right = (scrolls ? box : e).getBoundingClientRect().right;
        if (right > innerWidth + 1) told.push([e.tagName, e.textContent.slice(0, 60), right]);
    }
    return [document.documentElement.scrollWidth, told];
}"""


@pytest.fixture
def phone(browser):
    page = browser.new_page(viewport={"width": WIDTH, "height": 844})
    yield page
    page.close()


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_formula_table_or_drawing_is_cut(phone, name, language):
    spec = override(derive.load(name), {"language": language})
    for page in (derive.page(spec, "html"), derive.key_page(spec, "html")):
        phone.set_content(page)
        assert phone.evaluate(MEASURE) == [WIDTH, []]


def test_most_lines_need_no_scrolling(phone):
    """On the deck's sheet only the quotients of the appendix do."""
    phone.set_content(derive.page("two-two-two", "html"))
    wide = phone.evaluate(
        """() => [...document.querySelectorAll("math")]
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 1).length"""
    )
    assert wide <= 4
