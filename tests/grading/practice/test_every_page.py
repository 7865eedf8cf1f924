"""Every HTML page of output/ in a real browser: no error, no request, nothing cut off."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
OUTPUT = Path(__file__).resolve().parents[3] / "output"
PAGES = sorted(OUTPUT.rglob("*.html"))


@pytest.fixture
def shown(browser):
    """Open a file at a width; at the end nothing was asked for and no error was told."""
    context = browser.new_context()
    asked, told = [], []

    def show(path, width):
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto(path.as_uri())
        assert asked == [path.as_uri()]
        return page

    yield show
    context.close()
    assert told == []


@pytest.mark.parametrize("width", [390, 1000])
@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(OUTPUT).as_posix())
def test_a_page_stands_whole_at_any_width(shown, path, width):
    page = shown(path, width)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    labels = page.locator("svg.picture foreignObject span").all()
    for label in labels:
        box = label.bounding_box()
        assert box["width"] > 3
        assert box["height"] > 3
    formulas = page.locator("math").count()
    assert formulas > 10
    assert page.locator("merror").count() == 0


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(OUTPUT).as_posix())
def test_a_label_of_a_drawing_stands_on_its_dot(shown, path):
    """A drawing of an exercise has dots; the graph of a function has curves and none."""
    page = shown(path, 1000)
    for picture in page.locator("svg.picture").all():
        dots = picture.locator("rect").all()
        names = picture.locator("rect + foreignObject span").all()
        assert len(dots) == len(names)
        is_graph = picture.locator("polyline").count() > 0
        assert bool(dots) != is_graph
        for dot, name in zip(dots, names, strict=True):
            outer, inner = dot.bounding_box(), name.bounding_box()
            for side, size in (("x", "width"), ("y", "height")):
                middle = outer[side] + outer[size] / 2
                assert abs(middle - inner[side] - inner[size] / 2) < 3
            assert inner["width"] < outer["width"]
