"""Random and mutated texts: no exception, a known status, work that grows with the text."""

# ruff: noqa: RUF001  signs that people type are what is read here

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import make_false, make_true
from scoring import open_spec

from derive.audits.auditing import Auditor
from derive.audits.numbers import NumberReader
from derive.errors import SpecError
from derive.lines import Chain
from derive.lines.documents import READERS
from derive.workings import STATUSES, Working, memory, parts
from derive.workings.comparing import Comparer

SHEETS = ("two-two-two", "circuit", "neuron", "softmax")
PIECES = (
    *"0123456789.,+-*/^()=xyzhoWEdqf eé\n\t'_!?%|&$#[]{}\\<>;:~`\x00\u200b\u202e",
    *("=", " = ", " = ", "≈", ":=", "=>", "⇒", "σ", "½", "²", "π", "×", "·", "−", "√", "Σ", "∂"),
    *("**", "__", "```", "---", "===", "\\\\", "$$", "<sub>", "</p>", "<!--", "&lt;", "1. ", "- "),
    *(r"\frac{", r"\sqrt", r"\sigma(x) = ", r"\begin{cases}", r"\end{cases}", r"\begin{align}"),
    *(r"\text{", r"\Rightarrow", r"\times", r"\left(", "exp(", "log", "max(", "1e", "10^", "e-5"),
    *("가", "은 ", " 이고 ", "따라서 ", "so ", "let ", "if x > 0", "ReLU", "softmax(x)_i = "),
    *("z1", "h1", "W5", "W5+", "o1", "E", "dE/dW5", "dE_total/dh1", "df/dx", "0.5", "0.45", "1/3"),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@cache
def planted():
    """Planted workings of built-in sheets; others are made of TOML that takes long to read."""
    made = (*make_true(), *make_false())
    return [(working.spec, working.text) for working in made if working.spec in SHEETS]


def mutate(draw, text):
    """A text with some characters changed, added, left out or written again."""
    for _ in range(draw.randint(1, 6)):
        place = draw.randrange(len(text) + 1)
        end = min(len(text), place + draw.randint(0, 3))
        text = text[:place] + draw.choice((*PIECES, "", text[place:end] * 2)) + text[end:]
    return text


def cut(draw, text):
    """A few of the lines of a text, which are read in a fraction of the whole's time."""
    lines = text.splitlines(keepends=True)
    begin = draw.randrange(len(lines))
    return "".join(lines[begin : begin + draw.randint(1, 3)])


def read(spec, text, suffix=".md"):
    """A text through both readers; a status that is none of the five fails."""
    marker = open_spec(spec)
    lines = READERS[suffix](text.splitlines(keepends=True))
    try:
        judged = [*Working(marker).judge_text(text.split("\n"))]
        judged += Auditor([marker] if len(text) % 2 else []).audit(lines)
    except SpecError:
        return
    for line in judged:
        assert line.status in STATUSES
        assert (line.false_at is not None) is (line.status == "false")
        assert line.false_at is None or 1 <= line.false_at <= len(line.chain.signs)


@settings(max_examples=200)
@given(TEXTS, st.sampled_from(SHEETS), st.sampled_from(sorted(READERS)))
def test_random_texts_are_read(text, spec, suffix):
    read(spec, text, suffix)


@settings(max_examples=200)
@given(st.integers(0, 10**9))
def test_mutated_workings_are_read(seed):
    draw = Random(seed)  # noqa: S311  no secret
    spec, text = draw.choice(planted())
    read(spec, mutate(draw, text))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(20))
def test_a_hundred_thousand_texts_are_read(part):
    draw = Random(part)  # noqa: S311  no secret
    suffixes = sorted(READERS)
    for _ in range(3_500):
        text = "".join(draw.choices(PIECES, k=draw.randint(1, 60)))
        read(draw.choice(SHEETS), text, draw.choice(suffixes))
    for number in range(1_500):
        spec, text = draw.choice(planted())
        some = text if number % 10 == 0 else cut(draw, text)
        read(spec, mutate(draw, some), draw.choice(suffixes))


# Work


@pytest.fixture
def count(monkeypatch):
    """How often members are compared and read while something runs."""

    def run(work):
        calls = {"compare": 0, "read": 0}
        compare, read_member = Comparer.compare, parts.read_member

        def compared(*arguments):
            calls["compare"] += 1
            return compare(*arguments)

        def tokenized(*arguments):
            calls["read"] += 1
            return read_member(*arguments)

        with monkeypatch.context() as patch:
            patch.setattr(Comparer, "compare", compared)
            patch.setattr(parts, "read_member", tokenized)
            for _ in work:
                pass
        return calls

    return run


BLOCKS = {
    "true": "z1 = 0.3*0.1 + 0.25*0.2 = 0.08\nh1 = sigmoid(0.08) = 0.52\n",
    "false": "z1 = 0.3*0.1 - 0.25*0.2 = -0.02\ndE/dW5 = 0.5\nh1 = 0.6\n",
    "own": "d1 = o1 - t1 = 0.21\nd1*h1 = 0.11\nd1 = 0.22\n",
    "numbers": "2 + 2 = 5\n0.2 * 0.3 = 0.0601\nx = 3\nx = 4\nx * x = 12\n",
    "words": "so we get: nothing at all, 가나다 라마바.\n",
}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
@pytest.mark.parametrize("sheets", [0, 1])
def test_an_audit_of_twice_the_lines_is_twice_the_work(count, block, sheets):
    markers = [open_spec("two-two-two")] * sheets

    def audit(times):
        return Auditor(markers).audit(enumerate((block * times).splitlines(), 1))

    once, twice = count(audit(40)), count(audit(80))
    assert all(twice[name] <= 2.2 * once[name] + 10 for name in once), (once, twice)


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_a_working_of_twice_the_lines_is_twice_the_work(count, block):
    def work(times):
        return Working(open_spec("two-two-two")).judge_text((block * times).splitlines())

    once, twice = count(work(40)), count(work(80))
    assert all(twice[name] <= 2.2 * once[name] + 10 for name in once), (once, twice)


class Counted(dict):
    """Names of one's own that count how many of them are looked through."""

    looked = 0

    def items(self):
        self.looked += len(self)
        return super().items()

    def values(self):
        self.looked += len(self)
        return super().values()


def test_a_line_does_not_look_through_all_names_of_ones_own():
    def look(times):
        working = Working(open_spec("circuit"))
        working.names.defined = Counted()
        lines = [f"qa{number} = {number}.5" for number in range(times)]
        assert len(list(working.judge_text(lines))) == times
        return working.names.defined.looked

    assert look(200) <= 2.2 * look(100) + 100


@pytest.mark.slow
def test_names_of_a_document_are_remembered_up_to_a_limit():
    reader = NumberReader()
    for number in range(12_000):
        reader.judge(Chain(number, (f"qa{number}", f"{number}.5"), ("=",)))
    assert len(reader.names.defined) <= 10_000


def test_a_chain_without_end_costs_no_more_than_its_members(count):
    text = "f = " + " = ".join(["q*z"] * 500) + " = 3"
    calls = count(Working(open_spec("circuit")).judge_text([text]))
    assert calls["compare"] <= 64


def test_a_false_sign_tries_a_bounded_number_of_formulas(count):
    text = "f = " + " + ".join(f"{number}*x*(y - {number})" for number in range(60)) + " = 12345"
    calls = count(Working(open_spec("circuit")).judge_text([text]))
    assert calls["compare"] <= 10 * 600
    assert memory.NODES <= 500


# Size


MEASURED = """
import json, pathlib, sys
from derive.cli import main
code = main(sys.argv[1:])
status = pathlib.Path("/proc/self/status").read_text()
peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
print(json.dumps([code, int(peak)]), file=sys.stderr)
"""
"""Of this process alone: what `getrusage` tells of one may be its parent's peak."""


def audit_file(path, limit):
    """Exit code and peak memory in MB of an audit in a process of its own."""
    command = [sys.executable, "-c", MEASURED, "audit", str(path), "-o", "out.txt", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=True)
    code, kilobytes = json.loads(done.stderr.splitlines()[-1])
    return code, kilobytes / 1024


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [False, True])
def test_a_file_of_ten_megabytes_is_read_in_little_memory(folder, wrong):
    words = "Words of a lecture on gradients, which say nothing at all about numbers. " * 20
    with Path("big.txt").open("w") as file:
        for number in range(6_900):
            total = number + number * 2
            file.write(
                f"{words}\nso 0.{number:04} + {number} * 2 = {total - number}.{number:04}\n"
            )
        file.write("2 + 2 = 5\n" if wrong else "2 + 2 = 4\n")
    assert Path("big.txt").stat().st_size > 10_000_000
    code, megabytes = audit_file("big.txt", 900)
    found = json.loads(Path("out.txt").read_text())["summary"]
    assert (code, found["false"]) == (wrong, wrong)
    assert found["chains"] >= 6_900
    assert megabytes < 300


HOSTILE = {
    "underlined": ("__a" * 20_000, ".md"),
    "a name and underlines": ("x" + "_" * 60_000 + "=1", ".txt"),
    "loops": ("for in " * 9_000, ".txt"),
    "unclosed tag": ("<a href='\n" * 30_000, ".html"),
    "bold": ("**a" * 20_000, ".md"),
    "dollars": ("$a=1 " * 12_000, ".md"),
    "brackets": ("(" * 60_000 + "=", ".md"),
    "comments": ("<!-- " * 12_000, ".html"),
    "cases": ("\\begin{cases}" * 4_600 + " = 1", ".tex"),
    "signs": ("1=" * 30_000, ".txt"),
    "equals": ("=" * 60_000, ".txt"),
    "powers": ("((9^99)^99)^99 = 2^2^2^2^2^2 = 1e999999999\n" * 100, ".txt"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_line_is_read_in_a_few_seconds(folder, name):
    text, suffix = HOSTILE[name]
    Path(f"a{suffix}").write_text(text)
    assert audit_file(f"a{suffix}", 30)[0] in (0, 1)
