"""A convolution of 10,000 edges and an RNN of 200 steps: whole key, growth.

    .venv/bin/python tests/benchmarks/layers.py

An edge is one use of a weight, that is one local derivative by it.

1. `derive key SPEC --format json --only backward,update --fields id,value,shown`
   as a whole process, for a 3 x 3 kernel over 35 x 35 pixels (33 x 33 places,
   9,801 edges) with a global mean behind it, and for an RNN cell of one unit
   over 200 steps: each <= 5 x `python -c "import sympy"`, in CPU time, medians
   of alternating runs.
2. Growth of the gradient computation (graph, derivation, one certified value
   per parameter) with the number of edges, fitted over five sizes of each in
   one process: exponent <= 1.1. Each run starts after a full collection; median
   of three runs a size.

Exits 1 if a goal is missed by more than the noise (see measuring.py).
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from statistics import median

from growth import exponent, gradients
from measuring import Report, alternating, run, say

PYTHON = sys.executable
KEY = ("--format", "json", "--only", "backward,update", "--fields", "id,value,shown")
ROUNDS = 3
WIDE = 35
LONG = 200
SIZES = {"conv2d": (12, 20, 32, 46, 66), "rnn": (50, 100, 200, 400, 800)}
KERNEL = [["0.5", "-0.5", "0.1"], ["0.25", "0.75", "0.2"], ["0.1", "0.3", "-0.4"]]


def conv2d(pixels: int) -> str:
    """A 3 x 3 kernel over an image of so many pixels a side, and its mean."""
    image = [
        [f"0.{(37 * (i * pixels + j)) % 89 + 10}" for j in range(pixels)] for i in range(pixels)
    ]
    kernel = json.dumps(KERNEL).replace('"', "")
    return (
        f"learning_rate = 0.5\ninputs = {json.dumps(image)}\ntargets = [0.25]\n".replace('"', "")
        + f'[[layers]]\ntype = "conv2d"\nkernels = {kernel}\n'
        '[[layers]]\ntype = "global_avg_pool"\n'
    )


def rnn(steps: int) -> str:
    """A cell of one unit over so many steps, its last state against the target."""
    rows = ", ".join(f"[0.{(37 * k) % 89 + 10}]" for k in range(steps))
    return (
        f"learning_rate = 0.5\ninputs = [{rows}]\ntargets = [0.25]\n"
        '[[layers]]\ntype = "rnn"\nweights = [[0.5]]\nrecurrent_weights = [[0.9]]\n'
        'biases = [0.1]\noutputs = "last"\n'
    )


SHAPES = {"conv2d": conv2d, "rnn": rnn}


def count(name: str, size: int) -> int:
    """How many uses the weights have: nine a place, two a step."""
    return 9 * (size - 2) ** 2 if name == "conv2d" else 2 * size


def whole_process(report: Report, folder: Path) -> None:
    """Goal 1."""
    for name, size in (("conv2d", WIDE), ("rnn", LONG)):
        spec = folder / f"{name}.toml"
        spec.write_text(SHAPES[name](size), "utf-8")
        key = (PYTHON, "-m", "derive", "key", str(spec), *KEY)
        sides = {
            "derive": lambda key=key: run(key).seconds,
            "sympy": lambda: run((PYTHON, "-c", "import sympy")).seconds,
        }
        times = alternating(sides, ROUNDS)
        say(
            f"  {name}, {count(name, size)} edges: derive {times['derive']:.2f} s, "
            f"import sympy {times['sympy']:.2f} s"
        )
        report.at_most(f"key of {name} / import sympy", times["derive"] / times["sympy"], 5)


def in_one_process() -> dict[str, list[tuple[int, float]]]:
    """Edges and CPU seconds of every gradient, for five sizes of each shape."""
    import derive

    found = {}
    for name, sizes in SIZES.items():
        gradients(derive.loads(SHAPES[name](5)))
        points = []
        for size in sizes:
            spec = derive.loads(SHAPES[name](size))
            points.append((count(name, size), median(gradients(spec)[0] for _ in range(ROUNDS))))
        found[name] = points
    return found


def main() -> None:
    """Measure and report."""
    report = Report("layers with places and times, CPU time")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole_process(report, folder)
        run((PYTHON, __file__, "--in-one-process"), folder / "found.json")
        found = json.loads((folder / "found.json").read_text("utf-8"))
    for name, points in found.items():
        say(f"  {name}: " + ", ".join(f"{n} edges {s:.3f} s" for n, s in points))
        report.at_most(f"growth exponent of {name}", exponent(points), 1.1, unit="")
    report.close()


if __name__ == "__main__":
    if "--in-one-process" in sys.argv:
        sys.stdout.write(json.dumps(in_one_process()))
    else:
        main()
