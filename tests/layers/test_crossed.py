"""Every layer under optimizers, penalties, other notation and rounding: all checks agree."""

from __future__ import annotations

import pytest
from printed import CASES
from sampling import few

import derive

WAYS = {
    "adam": ("steps = 2\n", '[optimizer]\nname = "adam"\n[regularisation]\nl2 = 0.01\n'),
    "nesterov": (
        'steps = 2\nnotation = "indexed"\n',
        '[optimizer]\nname = "nesterov"\n[regularisation]\nl1 = 0.01\n',
    ),
    "held": ("steps = 3\nupdate_biases = false\n", ""),
    "stepwise": ('steps = 2\nrounding = "stepwise"\ndecimals = 5\n', ""),
}
"""Keys before and behind those of the example, as they meet in one exercise."""
CROSSED = [(name, way) for way in WAYS for name in CASES]


def write_spec(name, way):
    before, behind = WAYS[way]
    lines = [line for line in CASES[name][0].splitlines() if not line.startswith("steps")]
    return before + "\n".join(lines) + "\n" + behind


@pytest.mark.parametrize(("name", "way"), few(CROSSED, 3))
def test_a_layer_agrees_with_every_independent_check(name, way):
    sheet = derive.sheet(derive.loads(write_spec(name, way)))
    report = derive.verify(sheet)
    assert report.agrees, [row.id for row in report.rows if not row.agrees]
    for level in ("full", "guided"):
        assert derive.page(sheet, "md", level)


@pytest.mark.parametrize("name", CASES)
def test_matrix_notation_says_what_it_does_not_show(name):
    with pytest.raises(
        derive.SpecError, match=r"matrix shows plain .* dense layers only, .* take"
    ):
        derive.sheet(derive.loads('notation = "matrix"\n' + CASES[name][0]))
