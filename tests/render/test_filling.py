"""Digits enter a page: `=` or `≈`, echoes left out, footnotes that are due, every slot."""

from __future__ import annotations

import pytest
from sheets import Page, circuit, fill, filled, rectified, said, sheet_of, told

from derive.algebra.expressions import Matrix, Mul, Name, Neg, Num, Value
from derive.algebra.rules import row_text
from derive.pages.document import (
    Code,
    Curve,
    Dot,
    Entries,
    Entry,
    Grid,
    Heading,
    Label,
    Lines,
    Part,
    Picture,
    Row,
    Say,
    Wire,
    Words,
    cell,
)
from derive.pages.writing import Writer, with_values
from derive.render.filling import Filler

EXERCISE = circuit({"a": 2, "b": -3, "x": 0}, {"p": "a*b", "q": "a/3", "f": "p+q+relu(x)"})
"""By hand: p = -6, q = 2/3, f = -16/3; df/dx is at the corner of relu."""
NUMBERS = sheet_of(EXERCISE).numbers
SMOOTH, CORNER = "df/dp", "df/dx"


def lines(*rows):
    block, *_ = fill([Lines(rows)], NUMBERS)
    return [told(row) for row in block.rows]


def echo(relation, expr):
    return Part(relation, expr, echo=True)


def worked(formula, name):
    """Symbols, numbers, value, as a step is written."""
    return (
        Part("=", formula),
        echo("=", with_values(formula)),
        echo("is", Value(name)),
    )


# --- echoes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "name", "line"),
    [
        ("a*b", "p", "f = a*b = 2*(-3) = -6"),
        ("a/3", "q", "f = a/3 = 2/3 ≈ 0.66666667"),
        ("1+1", "a", "f = 1+1 = 2"),  # the numbers read like the formula
        ("b", "b", "f = b = -3"),  # the value reads like the numbers
        ("q", "q", "f = q ≈ 0.66666667"),  # and is rounded
        ("2", "a", "f = 2"),  # all read alike
        ("-3", "b", "f = -3"),  # a sign before a number is that of the number
        ("-6", "p", "f = -6"),
        ("-a", "a", "f = -a = -2 = 2 †"),
    ],
)
def test_what_reads_like_its_neighbour_is_left_out(formula, name, line):
    assert lines(Row(Name("f"), worked(row_text(formula), name))) == [line]


@pytest.mark.parametrize(
    ("formula", "line"),
    [
        ("-x", "f = -x = 0"),
        ("-x+a", "f = -x+a = 0+2"),
        ("a-x", "f = a-x = 2-0"),
        ("-x*a", "f = -x*a = -0*2"),
        ("(-x)*a", "f = (-x)*a = 0*2"),
        ("2^(-x)", "f = 2^(-x) = 2^0"),
        ("-0", "f = 0"),
    ],
)
def test_there_is_no_negative_zero(formula, line):
    tree = row_text(formula)
    assert lines(Row(Name("f"), (Part("=", tree), echo("=", with_values(tree))))) == [line]


def test_a_sign_before_a_number_reads_like_a_negative_number():
    assert isinstance(row_text("-3"), Neg)
    assert lines(Row(None, (Part("=", Num("-3")), echo("=", Neg(Num("3")))))) == ["= -3"]


def test_only_an_echo_is_left_out():
    assert lines(Row(Name("a"), (Part("=", Num("2")), Part("is", Value("a"))))) == ["a = 2 = 2"]


def test_of_two_echoes_alike_the_last_one_stays_with_its_relation_and_box():
    last = Part("is", Value("q"), boxed=True, echo=True)
    parts = (Part("=", Name("q")), echo("=", Value("q")), last)
    assert lines(Row(None, parts)) == ["= q ≈ [0.66666667]"]


def test_an_echo_before_a_part_that_is_none_stays():
    parts = (Part("=", Name("a")), echo("=", Value("a")), Part("=", Num("2")))
    assert lines(Row(None, parts)) == ["= a = 2 = 2"]


FIRST = Row(Name("f"), (Part("=", row_text("1+1")),))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([FIRST, Row(None, (Part("=", Num("2")),))], ["f = 1+1", "= 2"]),
        ([FIRST, Row(None, worked(row_text("1+1"), "a")[1:])], ["f = 1+1", "= 2"]),
        (
            [FIRST, Row(None, (Part("=", Num("2")),)), Row(None, worked(Num("2"), "a")[1:])],
            ["f = 1+1", "= 2"],
        ),
        # behind a line that was left out the one before it still counts
        (
            [Row(Name("a"), (Part("=", Num("2")),)), *[Row(None, (echo("is", Value("a")),))] * 2],
            ["a = 2"],
        ),
        # a line with a left side begins anew
        (
            [Row(Name("a"), (Part("=", Num("2")),)), Row(Name("f"), (echo("is", Value("a")),))],
            ["a = 2", "f = 2"],
        ),
    ],
)
def test_a_line_goes_on_from_the_one_before(rows, expected):
    assert lines(*rows) == expected


@pytest.mark.parametrize(("of", "dagger"), [(CORNER, " †"), (SMOOTH, ""), ("", "")])
def test_the_dagger_of_a_line_that_is_left_out_ends_the_line_before(of, dagger):
    first = Row(Name("df/dx"), (Part("=", Num("0")),), (Words("rule.power"),))
    last = Row(None, worked(Num("0"), "df/dx")[1:], of=of)
    block, *_ = fill([Lines((FIRST, first, last))], NUMBERS)
    assert [told(row) for row in block.rows] == ["f = 1+1", f"{{df/dx}} = 0{dagger}"]
    assert block.rows[1].remarks == first.remarks


@pytest.mark.parametrize(("of", "dagger"), [(CORNER, " †"), (SMOOTH, ""), ("", "")])
def test_a_line_ends_with_a_dagger_if_its_footnote_is_due(of, dagger):
    row = Row(Name("a"), (Part("is", Value("a")),), of=of)
    (block, *_) = fill([Lines((row,))], NUMBERS)
    assert list(map(told, block.rows)) == [f"a = 2{dagger}"]
    assert told(Filler(NUMBERS).row(row)) == f"a = 2{dagger}"


# --- = or ≈ -----------------------------------------------------------------------------------

EXACT, ROUNDED = (Value("a"), Value("p")), (Value("a"), Value("q"))


@pytest.mark.parametrize(
    ("relation", "expr", "text"),
    [
        ("is", Value("p"), "= -6"),
        ("is", Value("q"), "≈ 0.66666667"),
        ("about", Value("p"), "-6"),
        ("about", Value("q"), "≈ 0.66666667"),
        ("is", Matrix((EXACT, EXACT)), "= [2, -6; 2, -6]"),
        ("is", Matrix((EXACT, ROUNDED)), "≈ [2, -6; 2, 0.66666667]"),
        ("about", Matrix((EXACT, EXACT)), "[2, -6; 2, -6]"),
        ("about", Matrix((ROUNDED, EXACT)), "≈ [2, 0.66666667; 2, -6]"),
        ("is", Num("2"), "= 2"),
        ("is", Name("q"), "= q"),
        ("=", Value("q"), "= 0.66666667"),
        ("≈", Value("p"), "≈ -6"),
        ("<", Value("q"), "< 0.66666667"),
    ],
)
def test_a_relation_is_as_exact_as_its_values(relation, expr, text):
    assert lines(Row(None, (Part(relation, expr),))) == [text]


# --- footnotes --------------------------------------------------------------------------------

DECK, NOTHING = "two-two-two", circuit({"x": 30}, {"p": "sigmoid(x)", "f": "1/(1-p)"})
OF_W5 = ("note.printed", {"id": "{dE_total/dW5}", "printed": "0.02592285"})
"""The contract: 0.02592286 with all digits, 0.02592285 from the printed factors."""
KINK = ("note.kink", {"id": "{do1/dz1}"})


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        (DECK, "dE_total/dW5", [OF_W5]),
        (DECK, "dE_total/dW1", []),
        (DECK, "h1", []),
        (DECK, "x1", []),
        ("stepwise", "dE_total/dW5", []),
        (rectified("0"), "do1/dz1", [KINK]),
        (rectified("0.3"), "do1/dz1", []),
        (rectified("-0.3"), "do1/dz1", []),
        (NOTHING, "f", [("note.printed_nothing", {"id": "f"})]),
    ],
)
def test_which_footnotes_are_due(source, name, expected):
    sheet = sheet_of(DECK, rounding=source) if source == "stepwise" else sheet_of(source)
    write = Writer(sheet.numbers)
    worked = fill(write.block([write.step(name)]), sheet.numbers)
    notes = [block for block in worked if isinstance(block, Say)]
    assert [said(note.words) for note in notes] == expected
    assert all(note.note for note in notes)
    blank = fill(write.block([write.step(name)], "blank"), sheet.numbers)
    kinks = [said(block.words) for block in blank if isinstance(block, Say)]
    assert kinks == [note for note in expected if note == KINK]


def test_a_footnote_stands_behind_its_block():
    row = Row(Name("a"), (Part("is", Value("a")),), of=CORNER)
    assert [type(b) for b in fill([Lines((row, row)), Code("pass")], NUMBERS)] == [
        Lines,
        Say,
        Code,
    ]


@pytest.mark.parametrize(
    ("numbers", "line", "noted"),
    [
        # q = 2/3, printed 0.66666667
        ("3*q", "a = 3*0.66666667 = 2", "2.00000001"),
        ("q+q+q", "a = 0.66666667+0.66666667+0.66666667 = 2", "2.00000001"),
        ("a*1", "a = 2*1 = 2", ""),
        ("1/2*(-p)-1", "a = 1/2*(-(-6))-1 = 2", ""),
        ("q-q+2", "a = 0.66666667-0.66666667+2 = 2", ""),
        ("q", "a = 0.66666667 = 2", ""),  # no operation: the value is not computed from it
    ],
)
def test_a_value_is_held_against_the_printed_numbers_before_it(numbers, line, noted):
    """An exact one stands behind = all the same; the footnote says what they give."""
    formula = with_values(row_text(numbers))
    notes = [("note.printed", {"id": "a", "printed": noted})] if noted else []
    row = Row(Name("a"), (Part("=", formula), Part("is", Value("a"))))
    block, *due = fill([Lines((row,))], NUMBERS)
    assert told(block.rows[0]) == line + " †" * bool(noted)
    assert [said(note.words) for note in due] == notes
    behind = Row(None, (Part("is", Value("a")),), behind=formula)
    grid, *due = fill([Grid((WORDS,), ((behind,),))], NUMBERS)
    ((cell_,),) = grid.rows
    assert told(cell_) == "= 2" + " †" * bool(noted)
    assert [said(note.words) for note in due] == notes


def test_numbers_of_the_line_before_count_for_a_line_without_a_left_side():
    first = Row(Name("a"), (Part("=", with_values(row_text("3*q"))),))
    block, _ = fill([Lines((first, Row(None, (Part("is", Value("a")),))))], NUMBERS)
    assert [told(row) for row in block.rows] == ["a = 3*0.66666667", "= 2 †"]
    block, *none = fill([Lines((first, Row(Name("a"), (Part("is", Value("a")),))))], NUMBERS)
    assert not none
    assert told(block.rows[1]) == "a = 2"


def test_each_entry_of_a_matrix_is_held_against_the_printed_entries():
    """3q = 2 printed as 2.00000001; 1/3 p = -2 from exact numbers."""
    product = Mul((Matrix(((Num("3"),), (Num("1"),))), Matrix(((Value("q"), Value("a")),))))
    result = Matrix(((Value("a"), Value("p")), (Value("q"), Value("a"))))
    row = Row(Name("a"), (Part("=", product), Part("is", result)))
    block, *due = fill([Lines((row,))], NUMBERS)
    assert told(block.rows[0]).endswith("≈ [2, -6; 0.66666667, 2] †")
    assert [said(note.words)[1] for note in due] == [
        {"id": "a", "printed": "2.00000001"},
        {"id": "p", "printed": "6"},
    ]


def test_a_sheet_of_rounded_steps_needs_no_footnote():
    sheet = sheet_of(DECK, rounding="stepwise", decimals=2)
    assert not Page(filled(sheet, "full")).notes()


def test_a_line_whose_printed_numbers_have_no_result_says_so():
    sheet = sheet_of(NOTHING)
    page = Page(fill(sheet.fragment("f"), sheet.numbers))
    assert page.lines()[0].startswith("f = 1/(1-p) = 1/(1-1.00000000) ≈ 106864745")
    assert page.notes() == [("note.printed_nothing", {"id": "f"})]


# --- words, tables, drawings ------------------------------------------------------------------

INSIDE = Words("term.sample", {"number": Value("b")})
SLOTS = {"value": Value("q"), "formula": row_text("a+1"), "text": "q", "inside": INSIDE}
WORDS = Words("say.something", SLOTS)
FILLED = (
    "say.something",
    {
        "value": "0.66666667",
        "formula": "a+1",
        "text": "q",
        "inside": ("term.sample", {"number": "-3"}),
    },
)


@pytest.mark.parametrize("block", [Say(WORDS), Say(WORDS, note=True), Heading(2, WORDS)])
def test_each_slot_of_a_sentence_has_its_number(block):
    (written,) = fill([block], NUMBERS)
    assert said(written.words) == FILLED
    assert [getattr(written, key, None) for key in ("note", "level")] == [
        getattr(block, key, None) for key in ("note", "level")
    ]


def test_remarks_and_left_sides_have_their_numbers():
    (block,) = fill([Lines((Row(Value("a"), (Part("is", Value("q")),), (WORDS,)),))], NUMBERS)
    (row,) = block.rows
    assert told(row) == "2 ≈ 0.66666667"
    assert [said(words) for words in row.remarks] == [FILLED]


def test_a_table_has_its_numbers_in_heads_and_cells():
    last = Row(None, (Part("is", Value("q")),), of=CORNER)
    written, _ = fill([Grid((WORDS, WORDS), ((WORDS, cell(Value("a"))), (WORDS, last)))], NUMBERS)
    assert [said(words) for words in written.columns] == [FILLED, FILLED]
    assert Page((written,)).grids() == [[[FILLED, "2"], [FILLED, "≈ 0.66666667 †"]]]


def test_each_cell_of_a_table_stands_alone():
    row = (cell(Num("2")), Row(None, (echo("is", Value("a")),)))
    assert Page(fill([Grid((WORDS, WORDS), (row,))], NUMBERS)).grids() == [[["2", "= 2"]]]


def test_a_drawing_has_its_numbers_and_keeps_its_places():
    drawn = Picture(
        width=4.0,
        height=2.0,
        dots=(Dot(cell(Value("a")), 1.0, 1.5, 0.9, lit=True), Dot(WORDS, 3.0, 1.5, 0.9)),
        wires=(Wire((1.0, 1.5), (3.0, 1.5), 1),),
        labels=(
            Label(Row(Name("q"), (Part("is", Value("q")),)), 2.0, 0.5, "gradient"),
            Label(WORDS, 2.0, 1.0),
        ),
        caption=WORDS,
        curves=(Curve(((0.0, 0.0), (1.0, 1.0)), "value"),),
    )
    (written,) = fill([drawn], NUMBERS)
    (first, second), (label, words) = written.dots, written.labels
    assert [told(first.label), told(label.text)] == ["2", "q ≈ 0.66666667"]
    assert [said(text) for text in (second.label, words.text, written.caption)] == [FILLED] * 3
    assert [(b.x, b.y, b.tone) for b in written.labels] == [
        (2.0, 0.5, "gradient"),
        (2.0, 1.0, "name"),
    ]
    assert [(d.x, d.y, d.width, d.lit) for d in written.dots] == [
        (1.0, 1.5, 0.9, True), (3.0, 1.5, 0.9, False),
    ]  # fmt: skip
    kept = ("width", "height", "wires", "curves")
    assert [getattr(written, key) for key in kept] == [getattr(drawn, key) for key in kept]


def test_a_drawing_without_a_caption_gets_none():
    assert fill([Picture(1.0, 1.0, (), ())], NUMBERS) == (Picture(1.0, 1.0, (), ()),)


@pytest.mark.parametrize("block", [Code("x = 1"), Entries((Entry(1, "p"),))])
def test_what_holds_no_values_stays(block):
    assert fill([block], NUMBERS) == (block,)
