"""How much `derive check` gives away: nothing of the key, growing help, or the values."""

import json
import re
from functools import cache
from pathlib import Path
from random import Random

import pytest
from random_specs import random_network
from sampling import few

import derive

EXERCISES = ("two-two-two", "circuit", "neuron", "shared-biases", 32, 4)
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def digits(number):
    """The significant digits of a decimal, without zeros at either end."""
    return re.sub(r"e.*|\D", "", number).strip("0")


@cache
def exercise(source):
    """A spec and its asked rows; a number stands for a random network."""
    spec = derive.load(source) if isinstance(source, str) else derive.loads(random_network(source))
    return spec, [row for row in derive.key(spec)["answers"] if row["asked"]]


def wrong(rows, seed):
    """Wrong, carried, mistaken, rounded, unreadable and formula answers to some ids."""
    draw = Random(seed)  # noqa: S311  the same answers each time
    found = {}
    for row in draw.sample(rows, min(len(rows), 14)):
        value = float(row["value"])
        found[row["id"]] = draw.choice(
            [
                f"{value * draw.choice((2, 0.5, -1, 10)) + 0.01:.6f}",
                f"{-value:.2f}",
                f"{value:.2g}",
                "1/3",
                draw.choice(rows)["formula"],
                "0.3 or 0.4",
                "nonsense",
                "",
            ]
        )
    return found


def told_apart(text, source, answers):
    """Numbers of four digits or more that begin a value of the key and stand nowhere else."""
    spec, rows = exercise(source)
    known = {
        digits(n) for n in NUMBER.findall(json.dumps(answers) + derive.page(spec, level="blank"))
    }
    values = {digits(row["value"][:40]) for row in rows}
    for number in NUMBER.findall(text):
        found = digits(number)
        if len(found) >= 4 and found not in known:
            yield from (value for value in values if value.startswith(found))


@pytest.mark.parametrize("source", few(EXERCISES, 2))
def test_nothing_of_the_key_is_printed_where_nothing_is_to_be_revealed(run, folder, source):
    spec, _ = exercise(source)
    Path("key.json").write_text(json.dumps(derive.key(spec)))
    for seed in range(2):
        answers = wrong(exercise(source)[1], seed)
        Path("a.json").write_text(json.dumps(answers))
        told = [
            "".join(run("check", "key.json", "a.json", "--reveal", "none", *more)[1:])
            for more in (["--report", "r.md"], ["--json", "--lang", "ko"])
        ]
        told += [Path("r.md").read_text()]
        for name in ("r.html", "r.csv"):
            run("check", "key.json", "a.json", "--reveal", "none", "--report", name)
            told.append(re.sub("<style>.*?</style>", "", Path(name).read_text()))
        for text in told:
            assert list(told_apart(text, source, answers)) == []


@pytest.mark.parametrize("source", ["two-two-two", "shared-biases"])
@pytest.mark.parametrize("reveal", ["none", "hint", "full"])
def test_help_grows_with_the_grade_and_only_full_says_the_value(run, folder, source, reveal):
    spec, rows = exercise(source)
    Path("key.json").write_text(json.dumps(derive.key(spec)))
    row = next(
        r
        for r in rows
        if r["stage"] == "backward" and r["formula"] and len(digits(r["shown"])) > 3
    )
    Path("a.json").write_text(json.dumps({row["id"]: "123.456"}))
    _, out, _ = run("check", "key.json", "a.json", "--json", "--reveal", reveal)
    (result,) = json.loads(out)["results"]
    assert (row["shown"] in result["message"]) == (reveal == "full")
    assert (f"{row['id']} = " in result["message"]) == (reveal != "none")


def test_each_hint_says_more_and_none_says_the_value(run, folder, monkeypatch):
    _, rows = exercise("two-two-two")
    shown = next(r["shown"] for r in rows if r["id"] == "z1")
    lines = iter(["?\n", "?\n", "?\n", "?\n", ""])
    monkeypatch.setattr("sys.stdin.readline", lambda: next(lines), raising=False)
    _, out, _ = run("check", "two-two-two", "mine.toml", "--interactive")
    hints = [
        line.strip()
        for line in out.splitlines()
        if line.startswith(("1/", "    ")) or "z1" in line
    ]
    text = "\n".join(hints)
    assert text.index("It needs") < text.index("W1 × x1") < text.index("0.3 × 0.1")  # noqa: RUF001
    assert "no more hints" in text
    assert shown not in text.split()


def test_a_dialogue_that_reveals_nothing_gives_no_hint(run, folder, monkeypatch):
    lines = iter(["?\n", ""])
    monkeypatch.setattr("sys.stdin.readline", lambda: next(lines), raising=False)
    _, out, _ = run("check", "two-two-two", "mine.toml", "--interactive", "--reveal", "none")
    assert "It needs" not in out
