"""The drawing of an exercise: what feeds what, nothing on top of anything else."""

import re
from itertools import combinations, pairwise

import pytest
from sheets import drawing, filled

import derive
from derive.algebra.expressions import Name
from derive.errors import SpecError
from derive.pages.document import Picture, Words
from derive.pages.picture import picture
from derive.pages.placing import CHARACTER, LINE, label_width

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


def text(row):
    """A label as a person reads it: `W5=0.45`."""
    left = "" if row.left is None else row.left.id
    pieces = (
        part.relation + (part.expr.id if isinstance(part.expr, Name) else part.expr.text)
        for part in row.parts
    )
    return left + "".join(pieces)


def labels(found, tone=None):
    return [text(label.text) for label in found.labels if tone in (None, label.tone)]


def names(found):
    return [dot.label.parts[0].expr.id for dot in found.dots]


def between(found):
    """From and to of every wire, by name."""
    at = {(dot.x, dot.y): dot.label.parts[0].expr.id for dot in found.dots}
    return [(at[wire.start], at[wire.end]) for wire in found.wires]


def lit(found):
    """The route of each highlighted wire."""
    pairs = zip(between(found), found.wires, strict=True)
    return {ends: wire.route for ends, wire in pairs if wire.route is not None}


def nearest_wire(found, name):
    """The wire that a label stands on."""
    (label,) = (label for label in found.labels if text(label.text).startswith(name))

    def off(wire):
        (x1, y1), (x2, y2) = wire.start, wire.end
        share = (label.x - x1) / (x2 - x1)
        return abs(y1 + share * (y2 - y1) - label.y) if 0 < share < 1 else 99

    return dict(zip(found.wires, between(found), strict=True))[min(found.wires, key=off)]


def test_the_deck_is_three_columns_with_a_weight_on_every_wire():
    found = drawn("two-two-two")
    assert names(found) == ["x1", "x2", "h1", "h2", "o1", "o2"]
    assert len({dot.x for dot in found.dots}) == 3
    assert sorted(labels(found)) == [f"W{i}" for i in range(1, 9)]
    assert nearest_wire(found, "W7") == ("h1", "o2")
    assert nearest_wire(found, "W2") == ("x2", "h1")


def test_a_bias_is_no_wire():
    assert sorted(labels(drawn(network(2, 2, biases=True)))) == ["W1", "W2", "W3", "W4"]


def test_several_samples_share_one_drawing():
    assert names(drawn(network(2, 1, samples=3))) == ["x1_s1", "x2_s1", "o1_s1"]


def test_a_circuit_stands_in_columns_by_what_it_uses():
    found = drawn("circuit")
    assert sorted(between(found)) == [("q", "f"), ("x", "q"), ("y", "q"), ("z", "f")]
    x = {dot.label.parts[0].expr.id: dot.x for dot in found.dots}
    assert x["x"] == x["y"] == x["z"] < x["q"] < x["f"]


def test_values_stand_over_and_derivatives_under_every_name():
    sheet = derive.sheet("two-two-two")
    found = drawing(sheet)
    assert names(found)[-1] == "E_total"
    dots = {dot.label.parts[0].expr.id: dot for dot in found.dots}
    for name, dot in dots.items():
        (above,) = (b for b in found.labels if b.x == dot.x and dot.y - 1 < b.y < dot.y)
        assert (text(above.text), above.tone) == (sheet.numbers.shown(name).text, "value")
    for name in ("h1", "o2"):
        dot = dots[name]
        (below,) = (b for b in found.labels if b.x == dot.x and dot.y < b.y < dot.y + 1)
        shown = sheet.numbers.shown(f"dE_total/d{name}").text
        assert (text(below.text), below.tone) == (shown, "gradient")
    assert "W5=0.45" in labels(found, "value")
    assert "0.02592286" in labels(found, "gradient")


def test_a_circuit_has_its_values_and_derivatives():
    found = drawing(derive.sheet("circuit"))
    assert labels(found, "value") == ["-2", "5", "-4", "3", "-12"]
    assert labels(found, "gradient") == ["-4", "-4", "3", "-4", "1"]


def test_the_new_weights_stand_on_the_wires_at_the_end():
    found = drawing(derive.sheet("two-two-two"), "updated")
    assert "W5+≈0.43703857" in labels(found)
    assert "0.02323634" in labels(found)
    assert nearest_wire(found, "W6+") == ("h2", "o1")


def test_the_routes_of_a_weight_behind_two_outputs():
    found = drawing(derive.sheet("two-two-two"), name="dE_total/dW1")
    assert lit(found) == {
        ("x1", "h1"): 0,
        ("h1", "o1"): 1,
        ("o1", "E_total"): 1,
        ("h1", "o2"): 2,
        ("o2", "E_total"): 2,
    }
    assert {n for n, dot in zip(names(found), found.dots, strict=True) if dot.lit} == {
        "x1", "h1", "o1", "o2", "E_total",
    }  # fmt: skip


def test_a_shared_stretch_belongs_to_no_single_route():
    spec = derive.loads(
        'kind = "circuit"\noutput = "f"\nsteps = 0\n[values]\nx = 2\n'
        '[definitions]\na = "x^2"\nb = "3*x"\ng = "a*b"\nf = "g+1"\n'
    )
    assert lit(drawing(derive.sheet(spec), name="df/dx")) == {
        ("x", "a"): 1, ("a", "g"): 1, ("x", "b"): 2, ("b", "g"): 2, ("g", "f"): 0,
    }  # fmt: skip


def test_very_many_routes_are_not_told_apart():
    found = drawing(derive.sheet(network(5, 5, 5, 5)), name="dE_total/dW1")
    assert set(lit(found).values()) == {0}
    assert len(lit(found)) == 1 + 5 + 25 + 5
    assert labels(found) == ["W1"]


def test_a_derivative_of_one_formula_lights_its_own_wire():
    assert lit(drawing(derive.sheet("two-two-two"), name="dz3/dh1")) == {("h1", "o1"): 1}
    assert lit(drawing(derive.sheet("two-two-two"), name="dz1/dW1")) == {("x1", "h1"): 0}


def test_a_sample_is_drawn_by_its_own_names():
    found = drawing(derive.sheet(network(2, 1, samples=3)), name="dE_s2/dW2")
    assert names(found) == ["x1_s2", "x2_s2", "o1_s2", "E_s2"]
    assert lit(found) == {("x2_s2", "o1_s2"): 0, ("o1_s2", "E_s2"): 1}


@pytest.mark.parametrize(
    ("show", "name", "told"),
    [
        ("value", "", "unknown drawing value; did you mean values"),
        ("values", "h1", "h1: is no derivative"),
        ("values", "dE_total/dW9", "no such id"),
    ],
)
def test_what_cannot_be_drawn_is_an_error(show, name, told):
    with pytest.raises(SpecError, match=told):
        derive.draw("two-two-two", name, show)


def test_nothing_updated_and_formats_without_pictures_are_errors():
    text = NET.format(inputs=[0.1], targets=[0.4]) + "[[layers]]\nweights = [[0.3]]\n"
    with pytest.raises(SpecError, match="nothing is updated"):
        derive.draw(derive.loads("steps = 0\n" + text), show="updated")
    with pytest.raises(SpecError, match="md cannot hold a drawing; take one of"):
        derive.draw("circuit", form="md")


@pytest.mark.parametrize("widths", [(6, 1), (1, 6), (2,) * 8, (20, 30, 10)])
def test_what_would_be_too_large_to_read_is_drawn_by_layers(widths):
    found = drawn(network(*widths))
    assert len(found.dots) == min(len(widths), 4)
    first = found.dots[0].label
    assert first == Words("drawing.inputs", {"count": str(widths[0])})
    blocks = filled(derive.sheet(network(*widths)))
    assert next(block for block in blocks if isinstance(block, Picture)) == found


def test_a_summary_names_the_weights_from_first_to_last():
    found = drawn(network(20, 30, 10, biases=True))
    ends = [[name.id for name in label.text.slots.values()] for label in found.labels]
    assert ends == [["W1", "W600"], ["W601", "W900"]]


def test_a_long_circuit_is_drawn_by_depth():
    chain = "".join(f'c{i} = "c{i - 1} + x"\n' for i in range(1, 12))
    spec = derive.loads(
        f'kind = "circuit"\noutput = "c11"\n[values]\nx = 2\nc0 = 1\n'
        f"[update]\nlearning_rate = 0.1\n[definitions]\n{chain}"
    )
    assert [dot.label.key for dot in drawn(spec).dots] == [
        "drawing.values", "drawing.definitions", "drawing.more", "drawing.definitions",
    ]  # fmt: skip


def test_wires_of_wide_layers_carry_no_labels():
    assert labels(drawn(network(5, 5, 5, 5))) == []
    assert len(labels(drawn(network(3, 3, 3)))) == 18


SCENES = [
    (widths, show)
    for widths in [(1, 1), (2, 2, 2), (3, 3, 3), (3, 1, 2), (5, 5, 5, 5), (2,) * 6]
    for show in ("names", "values", "updated")
]


@pytest.mark.parametrize(("widths", "show"), SCENES)
def test_nothing_lies_on_top_of_anything_else_or_outside(widths, show):
    found = drawing(derive.sheet(network(*widths)), show)
    boxes = [(dot.x, dot.y, dot.width, 0.9) for dot in found.dots]
    boxes += [(b.x, b.y, label_width(b.text, str), LINE) for b in found.labels]
    for (x1, y1, w1, h1), (x2, y2, w2, h2) in combinations(boxes, 2):
        apart = abs(x1 - x2) - (w1 + w2) / 2, abs(y1 - y2) - (h1 + h2) / 2
        assert max(apart) > -0.02
    for x, y, wide, high in boxes:
        assert wide / 2 <= x <= found.width - wide / 2
        assert high / 2 <= y <= found.height - high / 2


def test_the_width_of_a_label_is_what_a_typesetter_makes_of_it():
    label = next(b for b in drawing(derive.sheet("two-two-two"), "updated").labels)
    assert label_width(label.text, str) == round(CHARACTER * len("0.1"), 2)


@pytest.mark.parametrize(
    ("form", "drawing"), [("html", "<line "), ("typ", "place(line("), ("tex", r"\draw[wire")]
)
def test_formats_that_can_draw_do(form, drawing):
    page = derive.page("two-two-two", form)
    axes_and_ticks = 2 + 4 + 1
    assert page.count(drawing) == 8 + 10 + axes_and_ticks
    assert derive.draw("two-two-two", form=form).count(drawing) == 10


def test_highlighted_routes_differ_by_colour_and_by_dash():
    found = derive.draw("two-two-two", "dE_total/dW1", form="html")
    assert len(re.findall('class="lit route1"', found)) == 2
    assert len(re.findall('class="lit route2"', found)) == 2


def test_the_labels_are_the_lecturers_symbols():
    text = NET.format(inputs=[0.1], targets=[0.4]) + "[[layers]]\nweights = [[0.3]]\n"
    page = derive.page(derive.loads(text + '[symbols]\nweight = "\\\\omega"\n'), "html")
    assert '<div class="name"><span class="label"' in page
    assert "<msub><mi>ω</mi><mn>1</mn></msub>" in page
