"""A document as a page: sentences with formulas and further words in their slots."""

import pytest

import derive
from derive.spec import loads

TWO_SAMPLES = """
inputs = [[1, 0], [0, 1]]
targets = [[1], [0]]
learning_rate = 0.5
[[layers]]
weights = [[0.5, -0.5]]
"""


@pytest.mark.parametrize(
    ("form", "heading"),
    [
        ("md", "## 4. Forward pass and error, sample 2"),
        ("tex", r"\section*{4. Forward pass and error, sample 2}"),
    ],
)
def test_a_heading_can_name_its_sample(form, heading):
    assert heading in derive.page(loads(TWO_SAMPLES), form)
