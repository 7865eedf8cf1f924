"""Another worksheet in the same process: what each further exercise costs.

    .venv/bin/python tests/benchmarks/second_sheet.py [ROUNDS]

Each round takes a network of another shape with other numbers, so that no page
and no number can come from a cache. All sides work on the same spec in turn,
in one process, after one round of every shape that does not count; CPU time,
medians.

- derive: reads the spec, renders the worksheet page in Markdown (guided, the
  default) and makes every record of the key, with LaTeX and 30 digits or more.
- SymPy: the same steps by local partials joined by name (`sympy_local.py`),
  each with its LaTeX and its number to 30 digits; it makes no page and proves
  no digit.

The goal is >= 10 x; exits 1 if it is missed by more than the noise. Told
besides, without a goal: derive's records alone, which is the work that the
SymPy side does, and the whole worked solution (the full key page) with records.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from fractions import Fraction
from statistics import median
from time import process_time

import sympy_local
from measuring import Report, say
from networks import network

import derive

SHAPES = ((2, 2, 2), (3, 2, 2), (2, 3, 2), (2, 2, 3), (3, 3, 2), (2, 3, 3), (3, 2, 3))
SAME = Fraction(1, 10**25)


def records(text: str) -> list[dict[str, object]]:
    """The key of a spec as data."""
    found: list[dict[str, object]] = derive.key(derive.loads(text))["answers"]
    return found


def worksheet(text: str) -> tuple[str, list[dict[str, object]]]:
    """The guided page and the key as data, of one derivation."""
    sheet = derive.sheet(derive.loads(text))
    return derive.page(sheet), derive.key(sheet)["answers"]


def solution(text: str) -> tuple[str, list[dict[str, object]]]:
    """The worked solution as a page and the key as data, of one derivation."""
    sheet = derive.sheet(derive.loads(text))
    return derive.key_page(sheet), derive.key(sheet)["answers"]


SIDES: dict[str, Callable[[str], object]] = {
    "SymPy": sympy_local.latex_lines,
    "records": records,
    "worksheet": worksheet,
    "solution": solution,
}


def agree(text: str) -> bool:
    """Whether both sides make the same steps, with the same numbers to 25 digits."""
    ours = {row["id"]: row for row in records(text) if row["stage"] != "given"}
    theirs = {name: value for name, _, _, value in sympy_local.Local(text).steps()}
    return ours.keys() == theirs.keys() and all(
        abs(Fraction(str(ours[name]["value"])) - Fraction(str(value))) < SAME
        and ours[name]["latex"]
        for name, value in theirs.items()
    )


def timed(work: Callable[[str], object], text: str) -> float:
    """CPU seconds of one call."""
    begun = process_time()
    work(text)
    return process_time() - begun


def main(rounds: int) -> None:
    """Measure and report."""
    report = Report(f"second sheet, CPU time, median of {rounds} alternating rounds")
    report.holds("both sides make the same steps and numbers", fact=agree(network(SHAPES[1], 7)))
    times: dict[str, list[float]] = {name: [] for name in SIDES}
    for turn in range(-len(SHAPES), rounds):
        text = network(SHAPES[turn % len(SHAPES)], seed=100 + turn)
        for name, work in SIDES.items():
            seconds = timed(work, text)
            if turn >= 0:
                times[name].append(seconds)
    middle = {name: median(found) for name, found in times.items()}
    say("  " + ", ".join(f"{name} {1000 * s:.1f} ms" for name, s in middle.items()))
    for name in ("records", "solution"):
        say(f"  SymPy / derive {name}: {middle['SymPy'] / middle[name]:.1f} x (told only)")
    report.at_least("SymPy / derive worksheet", middle["SymPy"] / middle["worksheet"], 10)
    report.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 21)
