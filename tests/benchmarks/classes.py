"""A class: what a member's sheet costs, and what checking everybody's answers costs.

    .venv/bin/python tests/benchmarks/classes.py [ROUNDS]

CPU time in one process, medians; every document has other numbers.

- sheets: a variant drawn, judged and made into worksheet.md, key.md, key.json and forms,
  against SymPy deriving the same network anew with local partials and 30 digits
  (`sympy_local.py`), each step a line of TeX, and no page. Goal: 300 x as many documents.
- drawing: the numbers alone, against the sheets: how much of a sheet is choosing numbers.
- checking: rows of a class of which every twelfth member makes a known mistake throughout,
  against reading the same rows into the store. Told besides: minutes for 200,000 rows.

Exits 1 if a goal is missed by more than the noise (see measuring.py).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

import sympy_local
from measuring import Report, say
from networks import network

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / ".ci"))
from evening import list_answers

from derive.batches import ClassBook, Folder, Sheet, run
from derive.batches.making import Maker
from derive.spec import load

SECRET = bytes(range(32))
SHEETS, MEMBERS, EVERY = 30, 120, 12
MISTAKES = ("M03", "M06", "M14", "M04")
ROWS = 200_000


def measure(work: Callable[[], object]) -> float:
    """CPU seconds of some work."""
    begun = process_time()
    work()
    return process_time() - begun


def main(rounds: int) -> None:
    """Measure and report."""
    report = Report(f"a class, CPU time, median of {rounds} rounds")
    maker = Maker(load("two-two-two"), SECRET, Sheet(("md",)))
    maker.make(1)
    texts = iter(network((2, 2, 2), seed) for seed in range(10_000))
    sheets, draws, bare = [], [], []
    for number in range(rounds):
        own = range(2 + number * SHEETS, 2 + (number + 1) * SHEETS)
        draws.append(measure(lambda own=own: [maker.variants.draw(i) for i in own]) / SHEETS)
        sheets.append(measure(lambda own=own: [maker.make(i) for i in own]) / SHEETS)
        some = [next(texts) for _ in range(5)]
        bare.append(
            measure(lambda some=some: [sympy_local.latex_lines(t) for t in some]) / len(some)
        )
    say(f"  a sheet {1000 * median(sheets):.1f} ms, its numbers {1000 * median(draws):.1f} ms")
    say(f"  SymPy's lines {1000 * median(bare):.1f} ms")
    report.at_least("documents of a class / SymPy's", median(bare) / median(sheets), 300)
    check(report, rounds)
    report.close()


def check(report: Report, rounds: int) -> None:
    """Answers of a whole class, a twelfth of it with a mistake."""
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(Path(place, "class"))
        run(folder, load("two-two-two"), SECRET, Sheet(("md",)), count=MEMBERS)
        wrong = {k: MISTAKES[k % len(MISTAKES)] for k in range(EVERY, MEMBERS, EVERY)}
        rows = list(list_answers(folder, wrong))
        lines = ["code,name,id,answer", *map(",".join, rows)]
        table = Path(place, "a.csv")
        table.write_text("\n".join(lines) + "\n", "utf-8")
        reading, marking = [], []
        for _ in range(rounds):
            book = ClassBook(folder)
            reading.append(measure(lambda book=book: book.collect([str(table)])))
            store = book.collect([str(table)])
            marking.append(measure(lambda book=book, store=store: list(book.mark(store))))
        each = median(marking) / len(rows)
        minutes = each * ROWS / 60
        say(f"  {len(rows)} rows: {1000 * each:.2f} ms each; {ROWS} rows: {minutes:.1f} min")
        report.at_most("checking a row / reading it", median(marking) / median(reading), 20)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
