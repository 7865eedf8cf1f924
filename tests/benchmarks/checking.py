"""Checking answers: one answer, one call of the command, a whole class.

    .venv/bin/python tests/benchmarks/checking.py [ROUNDS]

All figures are CPU time; ratios are taken between sides that run in turn.

- One answer, in one process: 550 decimals, 250 typed formulas, 200 in TeX, half
  of them wrong, each read and judged by derive as the only answer of a member.
  SymPy does what graders do with it: `parse_expr` of the text (of the key's
  formula where the text is TeX, which only flatters SymPy), then
  `simplify(a - b)`; it reads names as symbols and finds no mistake by name.
  derive's median must be at most 1/10 of SymPy's mean and its slowest answer
  at most 4 times that mean: 0.25 ms and 10 ms where SymPy takes 2.5 ms.
- `derive check key.json answers.toml` against `python -c pass`: <= 12 x, and
  SymPy is not imported. Both start from compiled files, as installed programs do.
- A class: a table of 200,000 rows (5,000 members, 40 answers each, rows of all
  members mixed) against reading the same cells with `csv` and the numbers with
  SymPy's `parse_expr`, timed on one row in 400. derive judges, names mistakes
  and follows each member's own wrong answers; it must need at most as long.
  From 20,000 to 200,000 rows its peak memory may grow by a quarter at most.

Exits 1 if a goal is missed by more than the noise (see measuring.py).
"""

from __future__ import annotations

import csv
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import fmean, median
from time import process_time

import sympy
from measuring import Report, alternating, run, say
from sympy.parsing.sympy_parser import parse_expr

import derive
from derive.checking.marking import Given
from derive.grading.assessment import open_marker

PYTHON = sys.executable
CHECK = (PYTHON, "-m", "derive", "check")
CLASS, FEW, ANSWERS = 5_000, 500, 40
SAMPLE = 400
WITHOUT_SYMPY = """
import sys
from derive.cli import main
main(sys.argv[1:])
sys.exit("sympy was imported" if "sympy" in sys.modules else 0)
"""


def altered(text: str, draw: Random) -> str:
    """A number with one digit changed, or a formula with one sign."""
    if text.lstrip("-").replace(".", "").isdigit():
        place = draw.randrange(text.index(".") + 1, len(text))
        return text[:place] + draw.choice("0123456789") + text[place + 1 :]
    for old, new in (("+", "-"), ("*", "+"), ("-", "+")):
        if old in text:
            return text.replace(old, new, 1)
    return "2*" + text


def in_tex(formula: str, latex: dict[str, str]) -> str:
    """A formula of the key with its names as TeX writes them."""
    text = formula
    for name in sorted(latex, key=len, reverse=True):
        text = text.replace(f"{{{name}}}", f" <{len(name)}:{name}> ")
    for name, tex in latex.items():
        text = text.replace(f"<{len(name)}:{name}>", tex)
    return text.replace("*", " \\cdot ")


def mixture(rows: list[dict[str, str]]) -> list[tuple[str, str, str]]:
    """Asked id, answer, and the text that SymPy is given for it."""
    draw = Random(1)  # noqa: S311  the same answers each time
    latex = {row["id"]: row["latex"] for row in rows}
    numbers = [row for row in rows if "." in row["shown"]]
    formulas = [row for row in rows if "*" in row["formula"]]
    chained = [row for row in formulas if "{" in row["formula"]]
    found = []
    for kind, count, source in (
        ("number", 550, numbers),
        ("infix", 250, formulas),
        ("tex", 200, chained),
    ):
        for _ in range(count):
            row = draw.choice(source)
            right = row["shown"] if kind == "number" else row["formula"]
            text = right if draw.random() < 0.5 else altered(right, draw)
            found.append((row["id"], in_tex(text, latex) if kind == "tex" else text, text))
    return found


def symbol_text(text: str) -> str:
    """Ids that are no Python names made so: `{dE_total/dW5}`, `W5+`."""
    parts = text.replace("{", "\0{").replace("}", "}\0").split("\0")
    words = ("".join(c if c.isalnum() else "_" for c in p) if "{" in p else p for p in parts)
    return "".join(words).replace("^", "**")


def one_answer(report: Report, rounds: int) -> None:
    """One answer after the other, both sides in this process."""
    sheet = derive.sheet("two-two-two")
    rows = [row for row in derive.key(sheet)["answers"] if row["asked"]]
    marker = open_marker(sheet.numbers)
    answers = mixture(rows)
    right = {
        row["id"]: (parse_expr(row["shown"]), parse_expr(symbol_text(row["formula"] or "1")))
        for row in rows
    }

    def derived(name: str, text: str, _: str) -> object:
        return marker.mark(None, [Given(None, name, text)])

    def by_sympy(name: str, _: str, plain: str) -> object:
        number = plain.lstrip("-").replace(".", "").isdigit()
        key = right[name][0 if number else 1]
        return sympy.simplify(parse_expr(symbol_text(plain)) - key) == 0

    sides = {"derive": derived, "SymPy": by_sympy}
    spent: dict[str, list[list[float]]] = {name: [[] for _ in answers] for name in sides}
    for turn in range(-1, rounds):
        for side, work in sides.items():
            for place, answer in enumerate(answers):
                begun = process_time()
                work(*answer)
                if turn >= 0:
                    spent[side][place].append(process_time() - begun)
    times = {side: [min(found) for found in each] for side, each in spent.items()}
    mean = fmean(times["SymPy"])
    say(
        "  one answer: "
        + ", ".join(
            f"{side} median {1e3 * median(t):.3f} ms, mean {1e3 * fmean(t):.3f} ms, "
            f"slowest {1e3 * max(t):.1f} ms"
            for side, t in times.items()
        )
    )
    report.at_most("median answer / SymPy's mean", median(times["derive"]) / mean, 0.1)
    report.at_most("slowest answer / SymPy's mean", max(times["derive"]) / mean, 4)
    report.told("mean answer / SymPy's mean", fmean(times["derive"]) / mean, 0.1)
    report.told(
        "median answer / SymPy's median", median(times["derive"]) / median(times["SymPy"]), 0.1
    )


def the_command(report: Report, folder: Path, rounds: int) -> None:
    """The whole process, from compiled files."""
    key, answers = folder / "key.json", folder / "answers.toml"
    found = derive.key("two-two-two")
    key.write_text(json.dumps(found), "utf-8")
    asked = [row for row in found["answers"] if row["asked"]]
    answers.write_text("".join(f'"{row["id"]}" = "{row["shown"]}"\n' for row in asked), "utf-8")
    seconds = alternating(
        {
            "pass": lambda: run((PYTHON, "-c", "pass")).seconds,
            "check": lambda: run((*CHECK, str(key), str(answers))).seconds,
        },
        rounds,
    )
    say("  " + ", ".join(f"{name} {1000 * s:.0f} ms" for name, s in seconds.items()))
    report.at_most("derive check / python -c pass", seconds["check"] / seconds["pass"], 12)
    report.holds("derive check imports no SymPy", fact=_without_sympy(str(key), str(answers)))


def _without_sympy(key: str, answers: str) -> bool:
    try:
        run((PYTHON, "-c", WITHOUT_SYMPY, "check", key, answers))
    except SystemExit as problem:
        if "sympy was imported" in str(problem):
            return False
        raise
    return True


def table(members: int) -> Iterator[tuple[str, str, str]]:
    """Rows of a class: nine answers of ten right, the others with a digit changed."""
    draw = Random(2)  # noqa: S311  the same class each time
    rows = [row for row in derive.key("two-two-two")["answers"] if row["asked"]]
    asked = [(row["id"], row["shown"]) for row in rows if "." in row["shown"]][:ANSWERS]
    for name, shown in asked:
        for member in range(members):
            text = shown if draw.random() < 0.9 else altered(shown, draw)
            yield f"member {member}", name, text


def written(folder: Path, members: int) -> Path:
    """The class as a file."""
    path = folder / f"class-{members}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("student", "id", "answer"))
        writer.writerows(table(members))
    return path


def by_sympy_csv(path: Path) -> float:
    """Seconds that csv and `parse_expr` would need for a file, from one row in SAMPLE."""
    begun = process_time()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    reading = process_time() - begun
    chosen = rows[::SAMPLE]
    begun = process_time()
    for row in chosen:
        parse_expr(row["answer"])
    return reading + (process_time() - begun) * len(rows) / len(chosen)


def a_class(report: Report, folder: Path) -> None:
    """A long table, streamed."""
    key = folder / "key.json"
    few, many = written(folder, FEW), written(folder, CLASS)
    short = run(checked(key, few))
    long = run(checked(key, many))
    sympy_seconds = by_sympy_csv(many)
    rows = CLASS * ANSWERS
    say(
        f"  {rows} rows: derive {long.seconds:.0f} s, {1e6 * long.seconds / rows:.0f} us a row; "
        f"csv + parse_expr {sympy_seconds:.0f} s; peak {short.peak / 1e6:.0f} -> "
        f"{long.peak / 1e6:.0f} MB"
    )
    report.at_most("class of 200,000 rows / csv + parse_expr", long.seconds / sympy_seconds, 1)
    report.at_most("time of ten times the rows", long.seconds / short.seconds, 10)
    report.at_most("peak memory of ten times the rows", long.peak / short.peak, 1.25)


def checked(key: Path, answers: Path) -> tuple[str, ...]:
    """The command, its exit code made 0: most members have something wrong."""
    code = (
        "import sys; from derive.cli import main; "
        "sys.exit(0 if main(sys.argv[1:]) in (0, 1) else 2)"
    )
    return (PYTHON, "-c", code, "check", str(key), str(answers), "--json")


def main(rounds: int) -> None:
    """Measure and report."""
    report = Report(f"checking, CPU time, {rounds} alternating rounds")
    one_answer(report, min(rounds, 3))
    with tempfile.TemporaryDirectory() as name:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(name) / "compiled")
        the_command(report, Path(name), rounds)
        a_class(report, Path(name))
    report.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
