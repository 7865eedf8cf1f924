"""A class: what a member's sheet costs, and what checking everybody's answers costs.

    .venv/bin/python tests/benchmarks/classes.py [ROUNDS]

CPU time in one process, medians; every document has other numbers.

- sheets: a variant drawn, judged and made into worksheet.md, key.md, key.json and forms, and
  these written to files, against SymPy and Jinja making a page and a key of the same network
  anew (`sympy_sheets.py`). Goal: 300 x as many documents.
- writing: the same sheets, against writing files of the same bytes, both to memory where the
  machine has such a place. Goal: 1/6 of as many documents.
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

import sympy_sheets
from measuring import Report, say
from networks import network

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / ".ci"))
from evening import list_answers

from derive.batches import ClassBook, Folder, Sheet, run
from derive.batches.making import Made, Maker
from derive.batches.running import save
from derive.spec import load

SECRET = bytes(range(32))
SHEETS, MEMBERS, EVERY = 60, 120, 12
WARM, FEW = 200, 4
MEMORY = Path("/dev/shm")  # noqa: S108  a place in memory, for a folder of our own
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
    make_sheets(report, rounds)
    check(report, rounds)
    report.close()


def make_sheets(report: Report, rounds: int) -> None:
    """Sheets of a class that has been at work for a while."""
    maker = Maker(load("two-two-two"), SECRET, Sheet(("md",)))
    made = [maker.make(index) for index in range(1, WARM)]
    texts = iter(network((2, 2, 2), seed) for seed in range(10_000))
    sheets, draws, sympy, written = [], [], [], []
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as place:
        folder = Folder(Path(place, "class"))
        folder.prepare()
        for number in range(rounds):
            own = range(WARM + number * SHEETS, WARM + (number + 1) * SHEETS)
            draws.append(measure(lambda own=own: [maker.variants.draw(i) for i in own]) / SHEETS)
            sheets.append(
                measure(lambda own=own: [save(folder, maker.make(i), 0) for i in own]) / SHEETS
            )
            some = [next(texts) for _ in range(FEW)]
            sympy.append(
                measure(lambda some=some: [sympy_sheets.write_sheet(t) for t in some]) / FEW
            )
            copies = Path(place, f"copies{number}")
            copies.mkdir()
            written.append(
                measure(lambda copies=copies: [write_all(copies, m) for m in made]) / len(made)
            )
    say(f"  a sheet {1000 * median(sheets):.2f} ms, its numbers {1000 * median(draws):.2f} ms")
    say(f"  SymPy's {1000 * median(sympy):.1f} ms, writing {1000 * median(written):.2f} ms")
    report.at_least("documents of a class / SymPy's", median(sympy) / median(sheets), 300)
    report.at_most("a document / writing its bytes", median(sheets) / median(written), 6)


def write_all(place: Path, made: Made) -> None:
    """The files of a sheet, plainly."""
    for files in (made.member, made.leader):
        for name, content in files.items():
            path = place / f"{made.code}.{name.replace('/', '.')}"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())


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
