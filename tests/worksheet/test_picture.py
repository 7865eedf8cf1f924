"""The drawing of an exercise: what feeds what, nothing on top of anything else."""

from itertools import combinations, pairwise

import pytest

import derive
from derive.worksheet.document import Picture
from derive.worksheet.picture import picture

NET = """
inputs = {inputs}
targets = {targets}
learning_rate = 0.5
"""


def drawn(source):
    return picture(derive.sheet(source).graph)


def network(*widths, samples=1, biases=False):
    row = [[0.1] * widths[0]] * samples
    text = NET.format(inputs=row, targets=[[0.4] * widths[-1]] * samples)
    for received, units in pairwise(widths):
        text += f"[[layers]]\nweights = {[[0.3] * received] * units}\n"
        text += f"biases = {[0.1] * units}\n" if biases else ""
    return derive.loads(text)


def labels(found):
    return [wire.label and wire.label.id for wire in found.wires]


def names(found):
    return [dot.name.id for dot in found.dots]


def between(found):
    """From and to of every wire, by name."""
    at = {(dot.x, dot.y): dot.name.id for dot in found.dots}
    return [(at[wire.start], at[wire.end]) for wire in found.wires]


def test_the_deck_is_three_columns_with_a_weight_on_every_wire():
    found = drawn("two-two-two")
    assert names(found) == ["x1", "x2", "h1", "h2", "o1", "o2"]
    assert len({dot.x for dot in found.dots}) == 3
    assert sorted(labels(found)) == [f"W{i}" for i in range(1, 9)]
    assert dict(zip(labels(found), between(found), strict=True))["W7"] == ("h1", "o2")


def test_a_bias_is_no_wire():
    assert labels(drawn(network(2, 2, biases=True))) == ["W1", "W2", "W3", "W4"]


def test_several_samples_share_one_drawing():
    assert names(drawn(network(2, 1, samples=3))) == ["x1_s1", "x2_s1", "o1_s1"]


def test_a_circuit_stands_in_columns_by_what_it_uses():
    found = drawn("circuit")
    assert sorted(between(found)) == [("q", "f"), ("x", "q"), ("y", "q"), ("z", "f")]
    x = {dot.name.id: dot.x for dot in found.dots}
    assert x["x"] == x["y"] == x["z"] < x["q"] < x["f"]


@pytest.mark.parametrize("widths", [(6, 1), (1, 6), (2,) * 8])
def test_what_would_be_too_large_to_read_is_not_drawn(widths):
    assert drawn(network(*widths)) is None
    blocks = derive.sheet(network(*widths)).document().blocks
    assert not [block for block in blocks if isinstance(block, Picture)]


def test_wires_of_wide_layers_carry_no_labels():
    assert set(labels(drawn(network(5, 5, 5, 5)))) == {None}
    assert None not in labels(drawn(network(3, 3, 3)))


@pytest.mark.parametrize(
    "widths", [(1, 1), (2, 2, 2), (3, 3, 3), (3, 1, 2), (5, 5, 5, 5), (2,) * 7]
)
def test_nothing_lies_on_top_of_anything_else_or_outside(widths):
    found = drawn(network(*widths))
    for one, other in combinations(found.dots, 2):
        assert abs(one.x - other.x) > 1 or abs(one.y - other.y) > 1
    places = [wire.at for wire in found.wires if wire.label]
    for (x1, y1), (x2, y2) in combinations(places, 2):
        assert abs(x1 - x2) > 0.5 or abs(y1 - y2) > 0.3
    for x, y in [(dot.x, dot.y) for dot in found.dots] + places:
        assert 0.4 < x < found.width - 0.4
        assert 0.4 < y < found.height - 0.4


@pytest.mark.parametrize(("form", "drawing"), [("html", "<line "), ("typ", "place(line(")])
def test_formats_that_can_draw_do(form, drawing):
    page = derive.page("two-two-two", form)
    assert page.count(drawing) == 8
    assert drawing not in derive.page(network(6, 1), form)


def test_the_labels_are_the_lecturers_symbols():
    text = NET.format(inputs=[0.1], targets=[0.4]) + "[[layers]]\nweights = [[0.3]]\n"
    page = derive.page(derive.loads(text + '[symbols]\nweight = "\\\\omega"\n'), "html")
    assert '<span class="wire"' in page
    assert "<msub><mi>ω</mi><mn>1</mn></msub>" in page
