"""The main job as a whole process: what a person waits for at the prompt.

    .venv/bin/python tests/benchmarks/main_job.py [ROUNDS]

Measures, in CPU time of child processes, medians of alternating runs (9 unless
told):

- `derive worksheet two-two-two -o TMP` against `python -c "import sympy"`: <= 2 x.
  The sheet, the key in two formats, key.json and the answer form are written.
- `derive --help` against `python -c pass`: <= 8 x.
- that neither imports SymPy: what is proved once is not proved again.

Exits 1 if a goal is missed by more than the noise (see measuring.py).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measuring import Report, alternating, run, say

PYTHON = sys.executable
DERIVE = (PYTHON, "-m", "derive")
WITHOUT_SYMPY = """
import sys
from derive.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
sys.exit("sympy was imported" if "sympy" in sys.modules else 0)
"""


def imports_no_sympy(*arguments: str) -> bool:
    """Whether the command ends without SymPy among the loaded modules."""
    try:
        run((PYTHON, "-c", WITHOUT_SYMPY, *arguments))
    except SystemExit as problem:
        if "sympy was imported" in str(problem):
            return False
        raise
    return True


def main(rounds: int) -> None:
    """Measure and report."""
    with tempfile.TemporaryDirectory() as folder:
        sheet = ("worksheet", "two-two-two", "-o", folder)
        seconds = alternating(
            {
                "import sympy": lambda: run((PYTHON, "-c", "import sympy")).seconds,
                "worksheet": lambda: run((*DERIVE, *sheet)).seconds,
                "pass": lambda: run((PYTHON, "-c", "pass")).seconds,
                "help": lambda: run((*DERIVE, "--help")).seconds,
            },
            rounds,
        )
        written = sum(1 for path in Path(folder).rglob("*") if path.is_file())
        report = Report(f"main job, CPU time, median of {rounds} alternating runs")
        say("  " + ", ".join(f"{name} {1000 * s:.0f} ms" for name, s in seconds.items()))
        report.holds("worksheet wrote at least 7 files", fact=written >= 7)
        report.at_most(
            "worksheet two-two-two / import sympy",
            seconds["worksheet"] / seconds["import sympy"],
            2,
        )
        report.at_most("derive --help / python -c pass", seconds["help"] / seconds["pass"], 8)
        report.holds("--help imports no SymPy", fact=imports_no_sympy("--help"))
        report.holds("worksheet two-two-two imports no SymPy", fact=imports_no_sympy(*sheet))
        report.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
