"""Samples after the first: a table with a row for each quantity and a column for each sample."""

from sheets import Page, fill, network, page, sheet_of

from derive.pages.choosing import Choice

SAMPLES = network(
    ("[[0.3, -0.2], [0.1, 0.4]]", 'activation = "sigmoid"\nbiases = [0.1, 0.2]'),
    "[[0.5, 0.6]]",
    inputs="[[0.5, 0.25], [1, -1], [0, 2]]",
    targets="[[1], [0], [0.5]]",
)
"""Three samples through a 2-2-1 network with biases in the hidden layer."""


def test_guided_the_other_samples_are_columns_of_a_table():
    forward = page(SAMPLES).part("forward_and_error_of")
    (first, *_, errors) = forward.grids()
    assert forward.sentences()[0] == ("say.other_samples", {"sample": "term.other_samples"})
    assert first[0] == ["z1 = W1*x1+W2*x2+b1", "= {?9}", "= {?17}"]
    assert errors == [
        ["E_o1 = 1/2*(t1-o1)^2", "≈ {?15}", "≈ {?23}"],
        ["E = E_o1", "≈ {?15#}", "≈ {?23#}"],
    ]


def test_a_table_of_samples_names_the_error_signal_and_puts_in_what_is_read_off():
    into_output, into_hidden = page(SAMPLES).part("backward_of", 2).grids()
    assert [row[0] for row in into_output] == [
        "{dE/do1} = -(t1-o1)", "{dE/dz3} = {dE/do1}",
        "{dE/dW5} = {dE/dz3}*h1", "{dE/dW6} = {dE/dz3}*h2",
    ]  # fmt: skip
    assert [row[0] for row in into_hidden][:5] == [
        "{dE_o1/dh1} = {dE/dz3}*W5", "{dh1/dz1} = h1*(1-h1)",
        "{dE/dz1} = {dE_o1/dh1}*{dh1/dz1}",
        "{dE/dW1} = {dE/dz1}*x1", "{dE/dW2} = {dE/dz1}*x2",
    ]  # fmt: skip
    assert into_output[1][1:] == [into_output[0][n].replace("}", "#}") for n in (1, 2)]


def test_four_more_samples_take_two_tables_of_two():
    many = network(
        "[[0.3]]", inputs="[[1], [2], [3], [4], [5]]", targets="[[1], [0], [1], [0], [1]]"
    )
    tables = page(many, "full").part("forward_and_error_of").grids()
    assert [len(table[0]) for table in tables] == [3, 3, 3, 3]


def test_full_the_tables_of_samples_hold_numbers_with_the_footnotes_that_are_due():
    part = page("batch", "full").part("backward_of", 2).part("into_hidden")
    rows = [row for table in part.grids() for row in table]
    assert ["{dE/dW1} = {dE/dz1}*x1", "≈ 0.04917698", "≈ 0.17710309"] in rows
    daggers = sum(cell.endswith("†") for row in rows for cell in row)
    assert daggers == len(part.notes())
    assert daggers


def test_only_some_weights_leave_only_their_rows_in_a_table_of_samples():
    sheet = sheet_of("batch")
    blocks = sheet.document(choice=Choice(weights=("W1",))).blocks
    into_hidden = Page(fill(blocks, sheet.numbers)).part("backward_of", 2).grids()[-1]
    assert [row[0].split(" = ")[0] for row in into_hidden] == [
        "{dE_o1/dh1}", "{dh1/dz1}", "{dE/dz1}", "{dE/dW1}",
    ]  # fmt: skip


def test_where_only_some_blanks_are_asked_the_rest_of_the_table_is_printed():
    sheet = sheet_of("batch")
    blocks = sheet.document(choice=Choice(blanks=10)).blocks
    rows = [r for t in Page(fill(blocks, sheet.numbers)).part("backward_of", 2).grids() for r in t]
    assert rows[0] == ["{dE/do1} = -2*(t1-o1)", "≈ {?57}", "≈ -0.79515649 †"]
    assert rows[4] == ["{dE/db3} = {dE/dz3}", "≈ {?57#}", "≈ -0.79515649"]
