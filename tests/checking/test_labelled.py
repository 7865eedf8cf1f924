"""A labelled set of answers, made without the checker: verdicts and named mistakes agree."""

import csv
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest
from label import COLUMNS, labelled

import derive
from derive.checking.marking import Given
from derive.grading.assessment import open_marker

HERE = Path(__file__).parent
RIGHT = {"correct", "rounded"}
SMALL = {"deck", "circuit"}


@pytest.fixture(scope="module")
def table():
    with (HERE / "labelled.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def judged(table):
    """Each labelled row with the result of the checker."""
    markers = {}
    found = []
    for (spec, member), group in groupby(table, key=lambda row: (row["spec"], row["member"])):
        rows = list(group)
        if spec not in markers:
            markers[spec] = open_marker(derive.sheet(HERE / "labelled" / f"{spec}.toml").numbers)
        given = [Given(member, row["id"], row["answer"]) for row in rows]
        found += zip(rows, markers[spec].mark(member, given).results, strict=True)
    return found


def said(row, result):
    return (
        f"{row['spec']} {row['member']} {row['id']} = {row['answer']!r}: labelled "
        f"{row['verdict']} {row['mistakes']}, judged {result.verdict} "
        f"{' '.join(result.judgement.misconceptions)} "
        f"{[r.key for r in result.judgement.remarks]}"
    )


def differs(row, result):
    named = " ".join(sorted(result.judgement.misconceptions))
    return (result.verdict, named) != (row["verdict"], " ".join(sorted(row["mistakes"].split())))


def test_the_set_is_large_and_covers_every_verdict(table):
    counts = Counter(row["verdict"] for row in table)
    assert len(table) >= 600
    assert sum(row["spec"] not in SMALL for row in table) >= len(table) / 2
    assert min(counts.values()) >= 4, counts
    assert set(counts) == {*RIGHT, "carried", "misconception", "wrong", "unreadable", "blank"}


@pytest.mark.slow
def test_the_table_is_what_the_labelling_program_writes(table):
    made = [dict(zip(COLUMNS, row.cells(), strict=True)) for row in labelled()]
    assert made == table


def test_every_label_is_met(judged):
    failures = [said(row, result) for row, result in judged if differs(row, result)]
    assert len(failures) <= len(judged) // 100, "\n".join(failures)


def test_no_wrong_answer_is_called_right(judged):
    wrong = {"wrong", "misconception", "carried"}
    assert [
        said(row, result)
        for row, result in judged
        if row["verdict"] in wrong and result.verdict in RIGHT
    ] == []


def test_no_right_answer_is_called_wrong(judged):
    assert [
        said(row, result)
        for row, result in judged
        if row["verdict"] in RIGHT and result.verdict not in RIGHT
    ] == []
