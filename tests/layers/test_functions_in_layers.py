"""An author's own activation, whatever the input of the network is."""

import pytest
from printed import STEPS, TOKENS, spec

import derive

SQUARE = 'functions = {sq="x^2/(1+x^2)"}\n'
MAPS = "inputs = [[1, 2, 0.5], [0.3, 1, 2], [0.1, 0.7, 3]]\ntargets = [0.5]\n"
NETWORKS = {
    "convolution": (
        MAPS,
        (
            '{type="conv2d", kernels=[[0.5, -0.5], [0.25, 0.75]], activation="sq"}, '
            '{type="global_max_pool"}'
        ),
    ),
    "dense behind maps": (
        MAPS,
        (
            '{type="conv2d", kernels=[[0.5, -0.5], [0.25, 0.75]]}, {type="global_avg_pool"}, '
            '{weights=[[1]], activation="sq"}'
        ),
    ),
    "dense behind steps": (
        STEPS,
        (
            '{type="rnn", weights=[[0.6]], recurrent_weights=[[0.5]], outputs="last"}, '
            '{weights=[[1]], activation="sq"}'
        ),
    ),
    "attention": (
        TOKENS,
        (
            '{type="attention", value_weights=[[1, 1], [0, 2]], query_weights=[[1, 0.5]], '
            'key_weights=[[0.5, 0]], activation="sq"}'
        ),
    ),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_layer_with_places_takes_it(name):
    sheet = derive.sheet(derive.loads(spec(*NETWORKS[name], SQUARE)))
    assert derive.verify(sheet).agrees
    assert derive.page(sheet, "md", "full")


def test_a_pool_stands_on_a_practice_page():
    assert '["pick",' in derive.practice_page(derive.load("small-cnn"))
