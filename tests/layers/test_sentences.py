"""What a page says of a layer is true for the keys that the layer has."""

from __future__ import annotations

import pytest
from printed import CASES

import derive
from derive.layers import LAYERS
from derive.render.wording import wording

TOKENS = "inputs = [[0.5, 0.1], [0.25, 0.9]]\ntargets = [[0.1, 0.2], [0.3, 0.4]]\n"
ATTENTION = (
    TOKENS + 'learning_rate = 0.5\n[[layers]]\ntype = "attention"\n'
    "query_weights = [[0.5, 0.2], [0.1, 0.3]]\nkey_weights = [[0.4, -0.2], [0.3, 0.1]]\n"
)
GATES = "{ r = [[0.5]], u = [[0.4]], n = [[0.3]] }"
GRU = (
    "inputs = [[0.5], [0.25]]\ntargets = [0.1]\nlearning_rate = 0.5\n"
    f'[[layers]]\ntype = "gru"\noutputs = "last"\nweights = {GATES}\nrecurrent_weights = {GATES}\n'
)
POOL = (
    'input = "signal"\ninputs = [1, 2, 3, 4]\ntargets = [[0.1, 0.2, 0.3]]\nlearning_rate = 0.5\n'
    '[[layers]]\ntype = "avg_pool"\nsize = 2\npadding = 1\n'
)
NORM = (
    "inputs = [[1], [2]]\ntargets = [[0.5], [1]]\nlearning_rate = 0.5\n"
    '[[layers]]\ntype = "batch_norm"\ngain = [2]\n'
)
DROPOUT = (
    "inputs = [1, 2]\ntargets = [0.5, 1]\nlearning_rate = 0.5\n"
    '[[layers]]\ntype = "dropout"\nrate = 0.5\nmask = [1, 0]\n'
)


@pytest.mark.parametrize(
    ("spec", "told", "untold"),
    [
        (ATTENTION, "divided by the root of the width", "divided by nothing"),
        (ATTENTION + "scale = false\n", "divided by nothing", "divided by the root of the width"),
        (DROPOUT, "divided by the share that is kept", "what is kept stays as it is"),
        (DROPOUT + "scale = false\n", "what is kept stays as it is", "divided by the share"),
        (GRU, "with the shares u and 1 - u", "with the shares 1 - u and u"),
        (
            GRU + 'update = "replace"\n',
            "with the shares 1 - u and u",
            "with the shares u and 1 - u",
        ),
        (POOL, "divides by all cells of the window", "the cells inside"),
        (POOL + "count_padding = false\n", "the mean of the cells inside", "divides by all cells"),
        (NORM, "over all samples", "are given"),
        (
            NORM + 'statistics = "given"\nmean = [1]\nvar = [2]\n',
            "Mean and variance of each unit are given",
            "depend on the other samples",
        ),
    ],
)
def test_a_sentence_goes_by_the_keys(spec, told, untold):
    page = derive.page(derive.loads(spec), "md", "full")
    assert told in page
    assert untold not in page


@pytest.mark.parametrize("name", CASES)
def test_every_layer_of_an_example_has_its_sentences(name):
    spec = derive.loads(CASES[name][0])
    for layer in spec.layers:
        row = LAYERS[layer.type]
        for language in ("en", "ko"):
            words = wording(language)
            assert f"layer_forward.{layer.type}{row.forward_words(layer)}" in words
            assert f"layer_backward.{layer.type}{row.backward_words(layer)}" in words


@pytest.mark.parametrize(
    ("keys", "has_lines"), [("", True), ("padding = 1\n", False), ("stride = 2\n", False),
                            ("flip = true\n", False)]
)  # fmt: skip
def test_lines_of_a_convolution_stand_only_where_they_hold_as_they_are(keys, has_lines):
    spec = (
        "inputs = [[1, 2, 0], [0, 1, 2], [2, 0, 1]]\ntargets = [0.5]\nlearning_rate = 0.5\n"
        f'[[layers]]\ntype = "conv2d"\nkernels = [[0.5, 0.1], [0.2, -0.3]]\n{keys}'
        '[[layers]]\ntype = "global_avg_pool"\n'
    )
    assert ("All of this at once" in derive.page(derive.loads(spec), "md", "full")) == has_lines


def test_lines_say_what_several_maps_add_up():
    spec = (
        "input_derivatives = true\n"
        "inputs = [[1, 2, 0], [0, 1, 2], [2, 0, 1]]\ntargets = [0.5, 0.1]\nlearning_rate = 0.5\n"
        '[[layers]]\ntype = "conv2d"\nkernels = [[[[0.5, 0.1], [0.2, 1]]], [[[1, 0], [0, 1]]]]\n'
        '[[layers]]\ntype = "global_avg_pool"\n'
    )
    page = derive.page(derive.loads(spec), "md", "full")
    assert "What comes back from the maps is added up" in page
    assert "This holds for each map and each channel by itself" in page


def test_a_tie_says_which_of_equal_numbers_counts():
    spec = (
        "inputs = [1, 1, 2, 0]\ntargets = [[0.5, 1]]\nlearning_rate = 0.5\n"
        '[[layers]]\ntype = "conv1d"\nkernels = [1]\n[[layers]]\ntype = "max_pool"\nsize = 2\n'
    )
    page = derive.page(derive.loads(spec), "md", "full")
    assert "the first in row order counts as the largest" in page
    assert "exactly at its corner" not in page
