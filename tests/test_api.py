"""The functions of the package: what a program gets that a terminal gets as text."""

import json
import re

import pytest
from sampling import examples

import derive
from derive import limits


def test_the_key_as_data_is_the_key_of_the_command_line(run):
    code, out, _ = run("key", "two-two-two", "--format", "json", "--only", "update")
    assert code == 0
    assert derive.key("two-two-two", ("update",)) == json.loads(out)


def test_the_key_as_data_has_the_fields_that_are_asked_for():
    found = derive.key("circuit", fields=("id", "shown"))
    assert {"id": "df/dx", "shown": "-4"} in found["answers"]


def test_every_public_name_is_listed_and_there():
    assert set(derive.__all__) <= set(dir(derive))
    assert all(getattr(derive, name) is not None for name in dir(derive))


@pytest.mark.parametrize("name", examples())
def test_a_notebook_shows_a_worksheet_as_its_page(name):
    sheet = derive.sheet(name)
    assert isinstance(sheet, derive.Worksheet)
    assert sheet._repr_markdown_() == derive.page(name, "md")
    shown, page = sheet._repr_html_(), derive.page(name, "html")
    main = re.search(r"<main>\n(.*)</main>", page, re.DOTALL).group(1)
    assert main in shown
    assert "<math" in shown
    assert "<script" not in shown
    assert "src=" not in shown


def test_a_cell_of_a_notebook_leaves_the_notebook_its_style():
    shown = derive.sheet("circuit")._repr_html_()
    assert "@scope {\n:root" in shown
    assert not re.search(r"<(html|head|body|title|meta)\b", shown)


def test_a_notebook_shows_the_title_as_text():
    spec = derive.loads(
        'title = "<b>x</b>"\nsteps = 0\ninputs = [1]\ntargets = [1]\n[[layers]]\nweights = [[1]]'
    )
    assert "<b>x</b>" not in derive.sheet(spec)._repr_html_()


def test_what_is_too_large_for_a_page_shows_as_any_object(monkeypatch):
    monkeypatch.setattr(limits, "PAGE_STEPS", 3)
    sheet = derive.sheet("circuit")
    assert sheet._repr_html_() is None
    assert sheet._repr_markdown_() is None
