"""Cases of a parametrised test: a few in every run, the others where slow tests run."""

import pytest


def few(values, count):
    """The first so many values as they are, the others marked slow."""
    return [
        value if place < count else pytest.param(value, marks=pytest.mark.slow)
        for place, value in enumerate(values)
    ]
