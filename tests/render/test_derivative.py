"""`derive diff`: a derivative line by line, with the remarks it needs."""

import pytest
from msgspec.structs import replace

import derive
from derive.errors import SpecError
from derive.render.derivative import derivative_page

KINK = "At its corner the function has no derivative"
OUTPUT = "stands for"


@pytest.mark.parametrize("form", ["text", "md", "tex"])
@pytest.mark.parametrize(
    ("formula", "kink", "named"),
    [("abs(x)", True, False), ("x^2", False, False), ("1/(1+exp(-x))", False, True)],
)
def test_a_corner_and_a_named_output_are_told(form, formula, kink, named):
    text = derive.diff_page(formula, "x", form)
    assert (KINK in text) is kink
    assert (OUTPUT in text) is named


@pytest.mark.parametrize("form", ["text", "md", "tex"])
@pytest.mark.parametrize(
    ("evidence", "told"),
    [
        ("proved", ""),
        ("sampled", "at random points"),
        ("unchecked", "could not check these lines"),
    ],
)
def test_lines_that_are_not_proved_say_so(form, evidence, told):
    found = replace(derive.diff("x^2", "x"), evidence=evidence)
    page = derivative_page(found, form, "en")
    sentences = ["at random points", "could not check these lines"]
    assert [s for s in sentences if s in page] == [told] * bool(told)


def test_an_unknown_format_is_refused_with_those_there_are():
    with pytest.raises(SpecError, match="--format: unknown format docx; known: text, md, tex"):
        derive.diff_page("x^2", "x", "docx")
