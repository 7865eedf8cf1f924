"""Small perceptrons."""

from __future__ import annotations

import pytest

from derive.spec import loads


@pytest.fixture
def unit():
    """A spec of some samples; keys of the spec by name."""

    def made(inputs, targets, **more):
        keys = {
            "weights": [0] * len(inputs[0]),
            "bias": 0,
            "learning_rate": 1,
            "inputs": inputs,
            "targets": targets,
            **more,
        }
        lines = [f"{key} = {value}" for key, value in keys.items() if value is not None]
        return loads('kind = "perceptron"\n' + "\n".join(lines))

    return made
