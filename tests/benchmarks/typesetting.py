"""PDFs: the deck's as a whole process, and many in one process.

    .venv/bin/python tests/benchmarks/typesetting.py [ROUNDS]

CPU time of child processes and of this one, medians of alternating runs.

- `derive worksheet two-two-two --format pdf` (worksheet and key, key.json and
  answer forms) against `python -c "import sympy"`: <= 2.5 x.
- 100 worksheets of other numbers typeset in one process, each source rendered
  anew before the clock runs, against one pdflatex run for one of them: >= 8 x
  cheaper each; all of them in one file for the printer: >= 15 x. All are tagged.

Exits 1 if a goal is missed by more than the noise (see measuring.py).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time

from measuring import Report, alternating, run, say
from networks import network

import derive
from derive.render.formats import FORMATS
from derive.render.page import Page
from derive.render.typesetting import compile_pages
from derive.spec import Spec

PYTHON = sys.executable
SHEETS = 100


def write_source(spec: Spec) -> str:
    """A worksheet's page as it is handed to the typesetter."""
    sheet = derive.sheet(spec)
    return Page(spec, FORMATS["pdf"], sheet.numbers).render(sheet.document())


def typeset_joined(sources: list[str]) -> float:
    """CPU seconds for one sheet of a file with all of them."""
    begun = process_time()
    compile_pages(sources, "pdf", "all")
    return (process_time() - begun) / len(sources)


def typeset_each(sources: list[str]) -> float:
    """CPU seconds for one PDF, on the average of many after one that does not count."""
    finish = FORMATS["pdf"].finish
    finish(sources[0])
    begun = process_time()
    for source in sources:
        finish(source)
    return (process_time() - begun) / len(sources)


def main(rounds: int) -> None:
    """Measure and report."""
    report = Report(f"typesetting, CPU time, median of {rounds} alternating runs")
    specs = [derive.loads(network((2, 2, 2), seed)) for seed in range(SHEETS)]
    sources = [write_source(spec) for spec in specs]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sheet.tex").write_text(str(derive.page(specs[0], "tex")), "utf-8")
        latex = ("pdflatex", "-interaction=batchmode", f"-output-directory={name}", "sheet.tex")
        sheet = (PYTHON, "-m", "derive", "worksheet", "two-two-two", "--format", "pdf", "-o", name)
        seconds = alternating(
            {
                "import sympy": lambda: run((PYTHON, "-c", "import sympy")).seconds,
                "worksheet": lambda: run(sheet).seconds,
                "pdflatex": lambda: run(("env", f"TEXINPUTS={name}:", *latex)).seconds,
            },
            rounds,
        )
    each = median(typeset_each(sources) for _ in range(3))
    say("  " + ", ".join(f"{side} {1000 * s:.0f} ms" for side, s in seconds.items()))
    joined = typeset_joined(sources)
    say(f"  one PDF of {SHEETS}: {1000 * each:.1f} ms")
    say(f"  one sheet of a file with all of them: {1000 * joined:.1f} ms")
    start = seconds["worksheet"] / seconds["import sympy"]
    report.at_most("worksheet --format pdf / import sympy", start, 2.5)
    report.at_least("one pdflatex run / one PDF of many", seconds["pdflatex"] / each, 8)
    report.at_least("one pdflatex run / one sheet of a file", seconds["pdflatex"] / joined, 15)
    report.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
