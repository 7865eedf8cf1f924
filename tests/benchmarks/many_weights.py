"""Nets of 1,000 to 100,000 weights: time, memory, growth.

    .venv/bin/python tests/benchmarks/many_weights.py [--quick]

1. A net of 71-71-71 (10,082 weights) as a whole process: `derive key SPEC
   --format json --only backward,update --fields id,value,shown` against SymPy
   with local partials joined by name (`sympy_local.py`), which writes the same
   fields of the same ids: >= 10 x faster in CPU time. derive's time is the
   median of three runs; SymPy runs once, since one run takes about 35 s. With
   `--quick` both sides take 22-22-22 (968 weights) instead, median of three,
   and the ratio is told only: SymPy grows faster than derive, so that the goal
   for 10,000 weights says nothing about it.
   The answers of both are compared: same ids, same numbers.
2. Peak memory of that derive process above the same command on a 2-2-2 net,
   per weight: <= 1 kB. (The peak of the small run stands for "just after
   import of everything it needs".)
3. Growth of the gradient computation (graph, derivation, one certified value
   per weight) with the number of weights, fitted over five sizes from 1,000 to
   100,000 in one process: exponent <= 1.1. The collector stays on, as it is in
   use; each run starts after a full collection; median of three runs a size.
4. Every gradient of 100,352 weights: derive (the same computation) against
   CasADi's SX graph, gradient and one run, in alternation in one process,
   median of three: <= 3 x.

derive's gradients are balls of 163 bits; CasADi's are doubles of one expression.
Exits 1 if a goal is missed by more than the noise (see measuring.py).
"""

from __future__ import annotations

import gc
import itertools
import json
import sys
import tempfile
from fractions import Fraction
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from growth import exponent, gradients
from measuring import Report, run, say
from networks import count, network, square

PYTHON = sys.executable
HERE = Path(__file__).parent
KEY = ("--format", "json", "--only", "backward,update", "--fields", "id,value,shown")
SIZES = (1_000, 3_200, 10_000, 32_000, 100_000)
ROUNDS = 3
SAME = Fraction(1, 10**20)


def derive_key(spec: Path) -> tuple[str, ...]:
    """The command whose time and memory are measured."""
    return (PYTHON, "-m", "derive", "key", str(spec), *KEY)


def same_answers(ours: Path, theirs: Path) -> bool:
    """Whether both sides wrote the same ids with the same numbers, to 20 digits."""
    rows = {row["id"]: row["value"] for row in json.loads(ours.read_text("utf-8"))["answers"]}
    other = {row["id"]: row["value"] for row in json.loads(theirs.read_text("utf-8"))}
    return rows.keys() == other.keys() and all(
        abs(Fraction(value) - Fraction(other[name])) <= SAME for name, value in rows.items()
    )


def whole_process(report: Report, folder: Path, *, quick: bool) -> None:
    """Goals 1 and 2."""
    widths = (22, 22, 22) if quick else (71, 71, 71)
    large, small = folder / "large.toml", folder / "small.toml"
    large.write_text(network(widths, 1), "utf-8")
    small.write_text(network((2, 2, 2), 1), "utf-8")
    sympy = (PYTHON, str(HERE / "sympy_local.py"), str(large))
    run(derive_key(small))
    runs = [run(derive_key(large), folder / "ours.json") for _ in range(ROUNDS)]
    start = min(run(derive_key(small)).peak for _ in range(ROUNDS))
    theirs = [run(sympy, folder / "theirs.json") for _ in range(ROUNDS if quick else 1)]
    ours, baseline = median(r.seconds for r in runs), median(r.seconds for r in theirs)
    say(f"  {count(widths)} weights: derive {ours:.2f} s, SymPy local partials {baseline:.2f} s")
    report.holds(
        "both sides wrote the same ids and numbers",
        fact=same_answers(folder / "ours.json", folder / "theirs.json"),
    )
    gain = "SymPy / derive key, whole process"
    if quick:
        say(f"  {gain}: {baseline / ours:.1f} x (told only)")
    else:
        report.at_least(gain, baseline / ours, 10)
    above = median(r.peak for r in runs) - start
    report.at_most(
        "peak memory above start", above / 1000 / count(widths), 1, unit="kB per weight"
    )


def casadi_gradients(widths: tuple[int, ...], spec: Any) -> float:
    """CPU seconds of CasADi: build the scalar graph, derive it, run it once."""
    import casadi as ca

    weights = [[float(w) for row in layer.weights for w in row] for layer in spec.layers]
    x, t = [float(v) for v in spec.inputs[0]], [float(v) for v in spec.targets[0]]
    gc.collect()
    begun = process_time()
    symbols, a = [], ca.DM(x)
    for layer, (received, units) in enumerate(itertools.pairwise(widths)):
        w = ca.SX.sym(f"W{layer}", received, units)
        symbols.append(ca.vec(w))
        a = 1 / (1 + ca.exp(-ca.mtimes(w.T, a)))
    flat = ca.vertcat(*symbols)
    error = ca.sumsqr(ca.DM(t) - a) / 2
    function = ca.Function("gradient", [flat], [ca.gradient(error, flat)])
    found = function([w for row in weights for w in row])
    seconds = process_time() - begun
    assert found.numel() == count(widths)
    return seconds


def in_one_process() -> dict[str, Any]:
    """What goals 3 and 4 need, measured in this process."""
    import derive

    gradients(derive.loads(network((3, 3, 3), 1)))
    points = []
    for size in SIZES:
        widths = square(size)
        spec = derive.loads(network(widths, 1))
        found = [gradients(spec) for _ in range(ROUNDS)]
        points.append((found[0][1], median(seconds for seconds, _ in found)))
    casadi_gradients((3, 3, 3), derive.loads(network((3, 3, 3), 1)))
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(gradients(spec)[0])
        theirs.append(casadi_gradients(widths, spec))
    return {"points": points, "derive": median(ours), "casadi": median(theirs)}


def main(*, quick: bool) -> None:
    """Measure and report."""
    report = Report("many weights, CPU time")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole_process(report, folder, quick=quick)
        run((PYTHON, __file__, "--in-one-process"), folder / "found.json")
        found = json.loads((folder / "found.json").read_text("utf-8"))
    points = [(n, s) for n, s in found["points"]]
    say("  gradients: " + ", ".join(f"{n} weights {s:.3f} s" for n, s in points))
    report.at_most("growth exponent of the gradients", exponent(points), 1.1, unit="")
    say(f"  {points[-1][0]}: derive {found['derive']:.2f} s, CasADi {found['casadi']:.2f} s")
    report.at_most("derive / CasADi, every gradient", found["derive"] / found["casadi"], 3)
    report.close()


if __name__ == "__main__":
    if "--in-one-process" in sys.argv:
        sys.stdout.write(json.dumps(in_one_process()))
    else:
        main(quick="--quick" in sys.argv)
