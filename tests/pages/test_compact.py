"""The way back in lines of matrices: what one entry says is the number of the derivation."""

from __future__ import annotations

import flint
import pytest

import derive
from derive.layers import LAYERS
from derive.layers.base import need_nothing
from derive.numbers.balls import evaluate, precision
from derive.pages.compact import list_lines, write_entry

TYPES = {
    "windows": "conv2d", "signal": "conv1d", "recurrent": "rnn", "lstm": "lstm", "gru": "gru",
    "words": "embedding", "attention": "attention",
    "layer-norm": "layer_norm", "rms-norm": "rms_norm", "batch-norm": "batch_norm",
}  # fmt: skip
"""An example for each type of layer that has such lines."""


def list_entries(sheet):
    """The lines of every layer, with the derivative that each checks."""
    graph, derivation = sheet.graph, sheet.derivation
    root = graph.roots[0]
    samples = [graph[root].sample] if graph[root].sample else [1, 0, 2, 3]
    for number in sorted({b.layer for b in graph.blocks}):
        blocks = [b for b in graph.blocks if b.layer == number and b.sample in samples]
        made = [
            q for q in graph.quantities.values()
            if q.place.layer == number and q.role in ("preactivation", "activation", "inner")
        ]  # fmt: skip
        for line in list_lines(derivation, root, blocks, made):
            yield blocks[0].type, line, write_entry(derivation, root, line), root


@pytest.mark.parametrize("name", TYPES)
def test_an_entry_of_a_line_is_the_derivative(name):
    sheet = derive.sheet(name)
    checked = []
    for kind, line, entry, root in list_entries(sheet):
        if entry is not None:
            with precision(200):
                value = sheet.numbers.value(sheet.graph.derivative(root, line.of))
                off = flint.arb(evaluate(entry, sheet.numbers.value)) - flint.arb(value)
            assert abs(off) < 1e-40
            checked.append(kind)
    assert TYPES[name] in checked


def test_every_layer_with_lines_has_words_and_an_example():
    with_lines = {row.name for row in LAYERS.values() if row.compact is not need_nothing}
    assert with_lines == set(TYPES.values())


@pytest.mark.parametrize("name", ["attention", "layer-norm", "windows"])
def test_a_guided_page_has_the_lines_without_the_numbers(name):
    sheet = derive.sheet(name)
    full, guided, blank = (
        derive.page(sheet, "md", level) for level in ("full", "guided", "blank")
    )
    assert "One number of it" in full
    assert "All of this at once" in guided
    assert "One number of it" not in guided
    assert "All of this at once" not in blank


def test_what_goes_around_a_layer_is_not_said_to_come_through_it():
    """Of a residual block the norm's line would leave the other route out."""
    lines = [(kind, line) for kind, line, *_ in list_entries(derive.sheet("transformer"))]
    assert "attention" in {kind for kind, _ in lines}
    assert "rms_norm" not in {kind for kind, _ in lines}


def test_the_input_has_no_signal_through_values_alone():
    """Values that nothing projects are the input, which queries and keys use too."""
    text = (
        "inputs = [[0.5, 0.1], [0.25, 0.9]]\ntargets = [[0.1, 0.2], [0.3, 0.4]]\n"
        'learning_rate = 0.5\n[[layers]]\ntype = "attention"\n'
        "query_weights = [[0.5, 0.2], [0.1, 0.3]]\nkey_weights = [[0.4, -0.2], [0.3, 0.1]]\n"
    )
    page = derive.page(derive.loads(text), "md", "full")
    assert "{\\partial \\mathbf{Q}} &=" in page
    assert "{\\partial \\mathbf{V}} &=" not in page
