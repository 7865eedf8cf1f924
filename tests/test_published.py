"""Worked examples that others have printed, digit for digit as they printed them.

They stand in `published.toml` with their sources. Where a printed number differs
from the certified one, the data say which of the two is wrong and why.
"""

import importlib.util
import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import derive

ROOT = Path(__file__).resolve().parents[1]


def script():
    """`.ci/published.py` as a module."""
    found = importlib.util.spec_from_file_location("published", ROOT / ".ci" / "published.py")
    module = importlib.util.module_from_spec(found)
    sys.modules["published"] = module
    found.loader.exec_module(module)
    return module


published = script()
EXAMPLES = published.examples()
NAMES = [example["name"] for example in EXAMPLES]


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_what_others_printed_is_what_comes_out(example):
    for number in published.numbers(example):
        if not number.right:
            assert number.same, (number, example["source"])


@pytest.mark.parametrize(
    "example", [example for example in EXAMPLES if "differs" in example], ids=lambda e: e["name"]
)
def test_where_the_two_differ_the_data_say_what_is_right_and_why(example):
    for number in published.numbers(example):
        if number.right:
            assert not number.same, number
            assert Decimal(number.derived) == Decimal(number.right), number
            assert number.wrong in published.BLAME
            assert number.why


def test_there_are_many_and_each_has_a_source_of_its_own():
    assert len(EXAMPLES) >= 30
    assert len(set(NAMES)) == len(NAMES)
    for example in EXAMPLES:
        assert example["source"]
        assert re.match(r"https?://[\w.-]+/", example["address"])
        assert ("builtin" in example) != ("spec" in example)
        assert set(example) <= {
            "name", "source", "address", "builtin", "spec", "note", "numbers", "differs",
        }  # fmt: skip


def test_the_committed_table_is_the_one_that_is_made():
    committed = (ROOT / "output" / published.FILE).read_bytes()
    assert committed.decode() == published.table()


def test_a_number_is_rounded_half_away_from_zero_at_the_printed_place():
    assert published.rounded(Decimal("0.125"), "0.12") == Decimal("0.13")
    assert published.rounded(Decimal("-0.125"), "0.12") == Decimal("-0.13")
    assert published.rounded(Decimal("2.0611536e-9"), "2.06e-09") == Decimal("2.06e-9")


def test_a_number_that_is_not_ours_is_seen():
    example = {"name": "n", "builtin": "circuit", "numbers": {"df/dx": "-4", "df/dy": "-5"}}
    assert [number.same for number in published.numbers(example)] == [True, False]


def test_the_page_and_the_script_write_the_same_bytes(tmp_path):
    path = published.write(str(tmp_path / "output"))
    assert path.read_bytes().decode() == published.table()


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_every_published_exercise_is_confirmed_by_independent_checks(example):
    report = derive.verify(published.exercise(example))
    assert report.agrees
    assert all(row.checks for row in report.rows)
