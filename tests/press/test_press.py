"""A printed sheet is byte for byte the sheet that is made by itself."""

import pytest
from sampling import examples, few, slow

from derive.errors import SpecError
from derive.pages.choosing import Choice
from derive.press import PlainSheet, Press, UnlikeError
from derive.press.sheets import Kind
from derive.render.formats import FORMATS
from derive.spec import load, loads
from derive.variants import Stream, draw_numbers
from derive.variants.members import Variation

TEXTS = ("md", "tex", "html", "typ")
KINDS: tuple[Kind, ...] = ("worksheet", "key")
CODE = "WS47H5VZ"


def open_press(spec, *formats, level="guided", choice=None):
    variation = Variation(spec)
    return variation, Press(variation, [FORMATS[f] for f in formats], level, choice or Choice())


def draw(variation, count, start=0):
    """Numbers of some sheets, good or not."""
    for index in range(start, start + count):
        yield draw_numbers(variation, Stream(b"press", "", index, 0))


def compare(spec, count, *formats, level="guided", choice=None, start=0):
    """Print some sheets and make each by itself; how many have values at all."""
    choice = choice or Choice()
    variation, press = open_press(spec, *formats, level=level, choice=choice)
    compared = 0
    for texts in draw(variation, count, start):
        try:
            plain = PlainSheet(variation.put(texts), level, choice, CODE)
            plain.key()
        except SpecError:  # no value
            continue
        sheet = press.open(texts, CODE)
        for kind in KINDS:
            for form in formats:
                assert sheet.page(kind, FORMATS[form]) == plain.page(kind, FORMATS[form]), texts
        assert sheet.forms() == plain.forms()
        assert sheet.key() == plain.key()
        compared += 1
    return compared


@pytest.mark.parametrize("name", examples())
def test_every_exercise_prints_what_it_is_by_itself(name):
    spec = load(name)
    if spec.kind == "perceptron":
        with pytest.raises(UnlikeError):
            open_press(spec, "md")
    else:
        assert compare(spec, 6, "md")


CASES = [
    ("two-two-two", "html", "guided"), ("two-two-two", "typ", "blank"),
    ("circuit", "tex", "guided"), ("shopping", "html", "blank"),
    ("dead-unit", "tex", "guided"), ("softmax", "html", "guided"),
    ("kinked", "typ", "guided"), ("linear", "tex", "blank"), ("lstm", "html", "guided"),
    ("weight-decay", "html", "guided"), ("deep", "tex", "guided"),
    ("matrices", "tex", "guided"), ("small-cnn", "html", "guided"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "form", "level"), few(CASES, 4))
def test_every_format_and_level(name, form, level):
    assert compare(load(name), 5, form, level=level)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["two-two-two", "circuit", "dead-unit", "softmax", "max-gate"])
def test_hundreds_of_sheets(name):
    assert compare(load(name), 250, "md", start=1000) > 200


@pytest.mark.parametrize("choice", [Choice(blanks=4), slow(Choice(weights=("W5",)))])
def test_a_choice_of_blanks_or_weights(choice):
    assert compare(load("two-two-two"), 4, "md", choice=choice) == 4


def test_korean_pages_know_that_they_hold_hangul():
    spec = loads('language = "ko"\n' + PLAIN)
    assert compare(spec, 4, "tex", "typ") == 4


PLAIN = """
inputs = [0.5]
targets = [0.4]
learning_rate = 0.5
[[layers]]
activation = "tanh"
weights = [[0.3]]
"""


def test_stepwise_rounding_is_printed_too():
    assert compare(loads('rounding = "stepwise"\ndecimals = 3\n' + PLAIN), 12, "md") == 12


CIRCUIT = """
kind = "circuit"
output = "q"
[values]
x = 0.50
y = {y}
[definitions]
p = "0.25 * x + y"
q = "{q}"
"""
TRAPS = [
    ("0.5", "p ^ 2"), ("2", "sin(p) ^ y"), ("3", "y * x * p"), ("0", "y / p + x"),
    ("0.5", "max(x, y) * p"), ("0.5", "abs(p - x) + 0.25"), ("1", "p - 0.25 * x"),
    ("0.1", "exp(40 * y) * x"), ("0.1", "x * y * 0.0001"), ("0.5", "(x - y) * (x - y)"),
]  # fmt: skip


@pytest.mark.parametrize(("y", "q"), few(TRAPS, 5))
def test_what_hangs_on_digits_is_asked(y, q):
    """Exponents, products that are exact, echoes, numbers too small or too large to place."""
    assert compare(loads(CIRCUIT.format(y=y, q=q)), 40, "md", "html") > 20


def test_the_authors_own_numbers_may_have_no_value():
    text = CIRCUIT.format(y="0", q="p / y")
    assert compare(loads(text + "[variants]\ny = [1, 2, 4]\n"), 6, "md") == 6


RANGES = """
[variants]
weights = { from = -0.9, to = 0.9, step = 0.05 }
inputs = { from = 0.1, to = 0.9, step = 0.1 }
learning_rate = [0.1, 0.2, 0.3, 0.4]
keep = ["targets"]
"""


def test_ranges_and_lists_of_an_author_are_printed():
    assert compare(loads(PLAIN + RANGES), 12, "md", "html") == 12
