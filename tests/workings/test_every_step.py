"""Every step of every built-in exercise, typed with its formula and its number, is true."""

from itertools import islice

import pytest

import derive
from derive.checking.explaining import write_readable
from derive.grading.assessment import open_marker
from derive.workings import Working

STAGES = ("forward", "backward", "update", "check")
MOST = 120
"""Steps of one exercise that are typed."""


@pytest.mark.parametrize("name", derive.examples())
def test_a_sheets_own_steps_are_true(name):
    sheet = derive.sheet(name)
    working = Working(open_marker(sheet.numbers))
    for step in islice(sheet.derivation.steps(STAGES), MOST):
        formula = write_readable(sheet.numbers.settle_cases(step).expr)
        text = f"{step.id} = {formula} = {sheet.numbers.shown(step.id).text}"
        (line,) = working.judge_text([text])
        assert (line.status, line.id) == ("true", step.id), text
