"""Another worksheet in the same process: what each further exercise costs.

    .venv/bin/python tests/benchmarks/second_sheet.py [ROUNDS]

A round is seven networks, each of another shape, all with numbers that no round
has had before, so that no page and no number can come from a cache. All sides
work on the same specs in turn, in one process, after one round that does not
count; CPU time per network, medians.

- lines: derive reads the spec and writes every step as a line of TeX with its
  number, certified to 30 digits or more: the core of a worksheet.
- SymPy: the same lines by local partials joined by name (`sympy_local.py`);
  it proves no digit.

The goal is >= 10 x; exits 1 if it is missed by more than the noise. Told
besides, without a goal, since SymPy's side has no counterpart: the guided page
in Markdown with its sentences, tables and footnotes and the records of the key
as JSON, and the whole worked solution with these records.
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
from derive.derivation.steps import Stage
from derive.render import tex
from derive.render.forms import key_json
from derive.render.notation import choose_notation
from derive.render.printing import choose_printer

ASKED: tuple[Stage, ...] = ("forward", "backward", "update", "check")
SHAPES = ((2, 2, 2), (3, 2, 2), (2, 3, 2), (2, 2, 3), (3, 3, 2), (2, 3, 3), (3, 2, 3))
SAME = Fraction(1, 10**25)


def lines(text: str) -> list[str]:
    """Every step as a line of TeX with its number, as the SymPy side writes it."""
    sheet = derive.sheet(derive.loads(text))
    notation = choose_notation(sheet.spec)
    write = choose_printer(notation)
    found = []
    for step in sheet.derivation.steps(ASKED):
        assert step.expr is not None
        left, value = tex.write(notation.symbol(step.id)), sheet.numbers.answer(step).value
        found.append(rf"{left} = {tex.write(write(step.expr))} \approx {value}")
    return found


def worksheet(text: str) -> tuple[str, str]:
    """The guided page and every record of the key, of one derivation."""
    sheet = derive.sheet(derive.loads(text))
    return derive.page(sheet), "".join(key_json(sheet.numbers))


def solution(text: str) -> tuple[str, str]:
    """The worked solution as a page and every record of the key, of one derivation."""
    sheet = derive.sheet(derive.loads(text))
    return derive.key_page(sheet), "".join(key_json(sheet.numbers))


SIDES: dict[str, Callable[[str], object]] = {
    "SymPy": sympy_local.latex_lines,
    "lines": lines,
    "worksheet": worksheet,
    "solution": solution,
}


def agree(text: str) -> bool:
    """Whether both sides make the same steps, with the same numbers to 25 digits."""
    records = derive.key(derive.loads(text))["answers"]
    ours = {row["id"]: row for row in records if row["stage"] != "given"}
    theirs = {name: value for name, _, _, value in sympy_local.Local(text).steps()}
    return ours.keys() == theirs.keys() and all(
        abs(Fraction(str(ours[name]["value"])) - Fraction(str(value))) < SAME
        for name, value in theirs.items()
    )


def timed(work: Callable[[str], object], texts: list[str]) -> float:
    """CPU seconds of one call, on the average of some texts."""
    begun = process_time()
    for text in texts:
        work(text)
    return (process_time() - begun) / len(texts)


def main(rounds: int) -> None:
    """Measure and report."""
    report = Report(f"second sheet, CPU time, median of {rounds} alternating rounds")
    report.holds("both sides make the same steps and numbers", fact=agree(network(SHAPES[1], 7)))
    times: dict[str, list[float]] = {name: [] for name in SIDES}
    for turn in range(-1, rounds):
        texts = [
            network(shape, seed=100 + len(SHAPES) * turn + i) for i, shape in enumerate(SHAPES)
        ]
        for name, work in SIDES.items():
            seconds = timed(work, texts)
            if turn >= 0:
                times[name].append(seconds)
    middle = {name: median(found) for name, found in times.items()}
    say("  " + ", ".join(f"{name} {1000 * s:.1f} ms" for name, s in middle.items()))
    for name in ("worksheet", "solution"):
        say(f"  SymPy's lines / derive {name}: {middle['SymPy'] / middle[name]:.1f} x (told only)")
    report.at_least("SymPy / derive, every step as a line", middle["SymPy"] / middle["lines"], 10)
    report.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
