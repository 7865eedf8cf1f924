"""Bad layers: the message names the place, what is wrong, and what would be right."""

from __future__ import annotations

import pytest

import derive

IMAGE = "inputs = [[1, 2], [3, 4]]\ntargets = [0.25]\nlearning_rate = 0.5\n"
SEQUENCE = "inputs = [[0.5], [0.25]]\ntargets = [0.25]\nlearning_rate = 0.5\n"
GATES = "{ r = [[0.5]], u = [[0.5]], n = [[0.5]] }"
GRU = f'type = "gru"\nweights = {GATES}\nrecurrent_weights = {GATES}\n'


@pytest.mark.parametrize(
    ("given", "layer", "told"),
    [
        (
            'input = "image"\n' + IMAGE,
            'type = "avg_pool"\nsize = 2\ndilation = 2',
            "layers[1].dilation: avg_pool has no such key; it belongs to conv1d, conv2d, max_pool",
        ),
        (
            "inputs = [[1, 2], [3, 4]]\ntargets = [[1], [2]]\nlearning_rate = 0.5\n",
            'type = "max_pool"\nsize = 2',
            'input: max_pool takes maps: say "image" (rows of numbers) or "signal" (a row)',
        ),
        (
            SEQUENCE,
            GRU + 'reset = "never"',
            "layers[1].reset: invalid value 'never'; known: after, before",
        ),
        (
            SEQUENCE,
            GRU + 'outputs = "lst"',
            "layers[1].outputs: invalid value 'lst'; did you mean last?",
        ),
        (
            SEQUENCE,
            GRU + "heads = 2",
            "layers[1].heads: gru has no such key; it belongs to attention",
        ),
        (SEQUENCE, GRU + "wieghts = 2", "layers[1].wieghts: unknown key; did you mean weights?"),
    ],
)
def test_a_bad_key_of_a_layer_is_refused_with_what_would_be_right(given, layer, told):
    with pytest.raises(derive.SpecError) as error:
        derive.loads(f"{given}[[layers]]\n{layer}\n")
    assert str(error.value).startswith(told)


def test_a_division_by_zero_names_what_is_zero():
    text = "inputs = [[0.5], [0.5]]\ntargets = [[0.25], [0.2]]\nlearning_rate = 0.5\n"
    sheet = derive.sheet(derive.loads(text + '[[layers]]\ntype = "batch_norm"\neps = 0\n'))
    with pytest.raises(derive.SpecError, match="n1_1_s1: a division by zero: sd1_1 is 0"):
        derive.page(sheet, "md", "full")
