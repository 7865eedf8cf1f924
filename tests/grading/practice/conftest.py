"""Practice pages opened in a browser that reaches nothing."""

import pytest

import derive
from derive.spec import override


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """The path of a practice page, each made once."""
    made = {}

    def write(name="neuron", level="guided", **changes):
        key = (name, level, *sorted(changes.items()))
        if key not in made:
            spec = override(derive.load(name), changes)
            path = tmp_path_factory.mktemp("page") / "practice.html"
            path.write_text(derive.practice_page(spec, level), "utf-8")
            made[key] = path
        return made[key]

    return write


@pytest.fixture
def opened(browser, written):
    """Open a page; at the end nothing was asked of any network and no error was told."""
    contexts, requests, told = [], [], []

    def note(route):
        requests.append(route.request.url)
        route.abort()

    def open_page(name="neuron", level="guided", *, width=900, **changes):
        address = written(name, level, **changes).as_uri()
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        context.route(lambda url: url != address, note)
        page = context.new_page()
        page.on("request", lambda request: request.url != address and requests.append(request.url))
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert requests == []
    assert told == []
