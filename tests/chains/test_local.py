"""The slope of one formula by one of its names."""

import pytest

from derive.chains.local import LocalSlopes
from derive.expressions import Name
from derive.grammar import parse, to_text
from derive.quantities import Quantity


def quantity(name, text):
    return Quantity(name, "definition", varies=True, expr=parse(text))


@pytest.mark.parametrize(
    ("text", "wrt", "slope"),
    [
        ("W1*x1+W2*x2+b1", "W2", "x2"),
        ("x*y+x+y", "x", "y+1"),
        ("x*y", "y", "x"),
        ("sigmoid(x)", "x", "z*(1-z)"),
    ],
)
def test_only_the_terms_with_the_name_count(text, wrt, slope):
    assert to_text(LocalSlopes().slope(quantity("z", text), wrt)) == slope


def test_a_sum_that_was_forgotten_is_read_anew(monkeypatch):
    monkeypatch.setattr(LocalSlopes, "REMEMBERED", 1)
    slopes = LocalSlopes()
    sums = [quantity(f"z{i}", f"W1*x{i}+W2*y{i}") for i in range(3)]
    for _ in range(2):
        assert [slopes.slope(z, "W1") for z in sums] == [Name(f"x{i}") for i in range(3)]
