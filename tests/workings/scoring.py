"""The command's own judgements beside the labels of the planted workings."""

from collections.abc import Iterator
from functools import cache

from planted import Expected, Labelled

from derive.checking.marking import Marker
from derive.grading.assessment import open_marker
from derive.pages import Worksheet
from derive.spec import load, loads
from derive.workings import Line, Working

MEANT = {
    "true": ("true", "rounded"),
    "ok": ("true", "rounded"),
    "rounded": ("rounded",),
    "carried": ("carried",),
    "false": ("false",),
}
"""What may be said of a chain with each label."""


@cache
def open_spec(spec: str) -> Marker:
    """The marker of an exercise by its name, or by its TOML."""
    return open_marker(Worksheet(loads(spec) if "\n" in spec else load(spec)).numbers)


def judge(working: Labelled) -> list[Line]:
    """Every chain of a working, judged."""
    return list(Working(open_spec(working.spec)).judge_text(working.text.split("\n")))


def pair(working: Labelled) -> Iterator[tuple[Expected, Line | None]]:
    """Each label with the judgement of its chain; None where the chain was not found."""
    lines = judge(working)
    found: dict[int, list[Line]] = {}
    for line in lines:
        found.setdefault(line.chain.line, []).append(line)
    for expected in working.chains:
        here = found.get(expected.line) or []
        yield expected, here.pop(0) if here else None
