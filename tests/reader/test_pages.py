"""What derive prints is true, line by line, as an independent reader sees it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product
from pathlib import Path
from random import Random

import pytest
from derive import api
from derive.errors import SpecError
from derive.spec import loads

from model import load
from random_exercises import random_exercise
from reader import build, read

EXAMPLES = Path(api.__file__).parent / "examples"
WITH_PLACES = re.compile(r"^(?:type = \"(?!activation)|from = )", re.MULTILINE)
"""Of an exercise whose layers have places or branches: this reader cannot read its pages."""
BUILT_IN = sorted(
    p.stem
    for p in EXAMPLES.glob("*.toml")
    if not p.stem.startswith("new") and not WITH_PLACES.search(p.read_text("utf-8"))
)
SMALL = (
    "adam",
    "and-gate",
    "bowl",
    "circuit",
    "dead-unit",
    "linear",
    "max-gate",
    "momentum",
    "neuron",
    "two-two-two",
)


def pages(text, forms=("md",)):
    """Key and guided page of an exercise in each format."""
    spec = loads(text)
    for form in forms:
        for content in (api.key_page(spec, form), api.page(spec, form, "guided")):
            yield content if isinstance(content, str) else content.decode()


def examine(text, forms=("md",)):
    """What the reader finds on the pages of one exercise."""
    spec = load(text)
    model = build(spec)
    for page in pages(text, forms):
        yield read(page, spec, model)


def list_false(text, forms=("md",)):
    """Lines that are false, or not read; a page without lines counts, too."""
    for found in examine(text, forms):
        yield from map(str, found.findings)
        yield from map(str, found.unread)
        if not found.lines:
            yield "a page without lines"


def example(name, **changes):
    """The text of a built-in exercise with some keys changed at its top."""
    lines = (EXAMPLES / f"{name}.toml").read_text(encoding="utf-8").split("\n")
    kept = [line for line in lines if line.partition(" =")[0] not in changes]
    return "\n".join([f"{key} = {value}" for key, value in changes.items()] + kept)


@pytest.mark.parametrize("name", SMALL)
def test_every_line_of_a_small_sheet_is_read_and_true(name):
    assert not list(list_false(example(name)))


def test_the_reader_imports_nothing_of_derive():
    makers = {"test_pages.py", "survey.py"}
    for path in Path(__file__).parent.glob("*.py"):
        lines = path.read_text(encoding="utf-8").split("\n")
        assert path.name in makers or not any(re.match(r"(from|import) derive", n) for n in lines)


def test_it_finds_nineteen_of_twenty_changes_of_one_character():
    found = [seen for name in SMALL for seen in list_seen(name, range(6))]
    assert sum(found) >= 0.95 * len(found)


def list_seen(name, seeds):
    """Whether each changed digit, sign or letter in a formula makes another finding."""
    text = example(name)
    spec = load(text)
    model = build(spec)
    page = next(pages(text))
    before = findings(page, spec, model)
    for seed in seeds:
        changed = change(page, Random(f"{name} {seed}"))  # noqa: S311 - the same in every run
        yield findings(changed, spec, model) != before


def findings(page, spec, model):
    found = read(page, spec, model)
    return Counter((f.kind, f.line) for f in found.findings + found.unread)


def change(page, draw):
    """The page with one digit, sign or letter of a formula replaced."""
    lines = page.split("\n")
    while True:
        at = draw.randrange(len(lines))
        places = [
            n
            for n, c in enumerate(lines[at])
            if c in "0123456789+-zhoxWb" and not lines[at].startswith(("#", "<", "\\b", "\\e"))
        ]
        if ("&" not in lines[at] and "$" not in lines[at]) or not places:
            continue
        n = draw.choice(places)
        if not is_in_formula(lines[at], n):
            continue
        pool = {"+": "-", "-": "+"}.get(lines[at][n]) or (
            "0123456789" if lines[at][n].isdigit() else "zhoxWb"
        )
        new = draw.choice([c for c in pool if c != lines[at][n]])
        lines[at] = lines[at][:n] + new + lines[at][n + 1 :]
        return "\n".join(lines)


def is_in_formula(line, place):
    """Outside of words: not in a command, a text or a sentence."""
    if "&" in line and "$" not in line:
        before = line[:place]
        word = before.rfind("\\")
        inside_word = word >= 0 and before[word + 1 :].isalpha()
        inside_text = before.rfind("\\text{") > before.rfind("}")
        inside_space = before.rfind("\\hspace{") > before.rfind("}")
        inside_name = max(before.rfind(f"\\{n}{{") for n in ("mathrm", "operatorname", "mathit"))
        return not (
            inside_word or inside_text or inside_space or inside_name > before.rfind("}")
        ) and not (word >= 0 and line[word + 1 :].split("{")[0].isalpha() and inside_word)
    return line[:place].count("$") % 2 == 1 and not (
        line[:place].rpartition("\\")[2].isalpha() and "\\" in line[:place]
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", BUILT_IN)
def test_every_sheet_in_every_notation_rounding_and_language(name):
    plain = load(example(name)).get("kind", "network") == "network"
    notations = ("flat", "indexed", "matrix") if plain else ("flat",)
    false = []
    for notation, rounding, language in product(notations, ("exact", "stepwise"), ("en", "ko")):
        changes = {"rounding": f'"{rounding}"', "language": f'"{language}"'}
        if plain:
            changes["notation"] = f'"{notation}"'
        try:
            loads(example(name, **changes))
        except SpecError:
            continue
        false += list_false(example(name, **changes), ("md", "tex"))
    assert not false


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(300))
def test_random_exercises_are_read_and_true(seed):
    assert not list(list_false(first_accepted(seed)))


def first_accepted(seed):
    """A random exercise that derive does not refuse: of this seed, or of one 1,000 further on."""
    for number in range(seed, 100_000, 1000):
        text = random_exercise(number)
        try:
            list(pages(text))
        except SpecError:
            continue
        return text
    raise AssertionError("every exercise is refused")
