"""Every number that an exported script prints is the key's. Slow: it needs PyTorch.

Where PyTorch is missing the tests are skipped, except in CI, where they fail.
"""

import importlib.util
import itertools
import json
import math
import os
import subprocess
import sys

import pytest
from grid import GRID, network
from random_circuits import random_circuit
from random_specs import random_network

import derive
from derive.spec import Perceptron

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("torch") is None and not os.environ.get("CI"),
        reason="PyTorch is not installed",
    ),
]
RELATIVE, NEAR_ZERO = 1e-9, 1e-12
RUNNER = """
import contextlib, io, json, pathlib, runpy, sys
told = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        runpy.run_path(str(path))
    told[path.stem] = out.getvalue()
print(json.dumps(told))
"""


def printed(folder, specs):
    """What the scripts of some specs print: name of the spec, id, number."""
    for name, spec in specs.items():
        (folder / f"{name}.py").write_text(derive.export(spec), "utf-8")
    command = [sys.executable, "-c", RUNNER, str(folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-2000:]
    return {
        name: {
            id_: float(number)
            for id_, number in (line.split(" = ") for line in text.split("\n") if line)
        }
        for name, text in json.loads(done.stdout).items()
    }


def behind_corners(answers):
    """Ids at a corner or computed from one: there a float may miss the exact 0."""
    found = set()
    for answer in answers:
        if "note" in answer or found & set(answer["depends_on"]):
            found.add(answer["id"])
    return found


def wrong(spec, told):
    """The numbers of a script that are not the key's, and how many were compared."""
    answers = derive.key(spec, fields=("id", "value", "depends_on", "note", "formula"))["answers"]
    unsure = behind_corners(answers)
    exact = {answer["id"]: float(answer["value"]) for answer in answers}
    pairs = {name: (value, exact[name]) for name, value in told.items() if name not in unsure}
    bad = {
        name: pair
        for name, pair in pairs.items()
        if not math.isclose(*pair, rel_tol=RELATIVE, abs_tol=NEAR_ZERO)
    }
    return bad, len(pairs)


def demanded(spec):
    """The ids that a script must print: all but factors and error signals in between.

    A module with places hands out what it gives, not what is inside: there the outputs of
    the network, errors, gradients and updates.
    """
    graph = derive.sheet(spec).graph
    total = graph.total
    inside = () if graph.by_units else ("preactivation", "activation", "inner")
    for step in derive.api.asked(spec):
        name = step.wrt or graph.split(step.id)[0]
        if name in graph.quantities and graph[name].role in inside and not name.startswith("o"):
            continue
        parameter = step.of == total and step.kind in (
            "gradient",
            "reduction",
            "signal",
            "regularised",
        )
        if step.stage != "backward" or parameter:
            yield step.id


def compared(folder, specs):
    told = printed(folder, specs)
    assert set(told) == set(specs)
    counts = {}
    for name, spec in specs.items():
        bad, counts[name] = wrong(spec, told[name])
        assert not bad, (name, bad)
    return told, counts


def test_scripts_of_the_examples_print_the_numbers_of_the_key(tmp_path):
    """All but those of the perceptron, which has no script."""
    loaded = {name: derive.load(name) for name in derive.examples()}
    specs = {name: spec for name, spec in loaded.items() if not isinstance(spec, Perceptron)}
    told, counts = compared(tmp_path, specs)
    assert counts == {name: len(numbers) for name, numbers in told.items()}
    for name, spec in specs.items():
        assert set(demanded(spec)) <= set(told[name])
    assert told["two-two-two"]["dE_total/dW5"] == pytest.approx(0.0259228556036)
    assert told["circuit"]["df/dq"] == -4


def test_every_activation_and_loss_is_the_one_of_pytorch(tmp_path):
    specs = {
        f"{activation}-{loss}": derive.loads(network(activation, loss, reduction=reduction))
        for (activation, loss), reduction in zip(
            GRID, itertools.cycle(("mean", "sum", "sum")), strict=False
        )
    }
    told, _ = compared(tmp_path, specs)
    for name, spec in specs.items():
        assert set(demanded(spec)) <= set(told[name])


OPTIMIZERS = {
    "velocity": 'name = "momentum"\nmomentum = 0.7',
    "step": 'name = "momentum"\nconvention = "step"',
    "nesterov": 'name = "nesterov"\nmomentum = 0.6',
    "adagrad": 'name = "adagrad"',
    "rmsprop": 'name = "rmsprop"\ndecay = 0.9',
    "adam": 'name = "adam"',
    "adam-own": 'name = "adam"\nbeta1 = 0.5\nbeta2 = 0.75\nepsilon = 0.01',
    "adamw": 'name = "adamw"\nweight_decay = 0.2',
}
PENALTIES = {"": "", "l2": "l2 = 0.05", "l1": "l1 = 0.02", "both": "l2 = 0.05\nl1 = 0.02"}
SAMPLES = {
    "one": "inputs = [0.6, -0.4]\ntargets = [0.3, 0.8]",
    "three": "inputs = [[0.6, -0.4], [0.1, 0.9], [-0.7, 0.2]]\n"
    "targets = [[0.3, 0.8], [0.5, 0.1], [0.9, 0.4]]",
}


SAMPLES["batches"] = "batch_size = 2\n" + SAMPLES["three"]


def optimized(optimizer, penalty, samples):
    tables = f"[optimizer]\n{OPTIMIZERS[optimizer]}\n" if optimizer else ""
    if penalty:
        tables += f"[regularisation]\n{PENALTIES[penalty]}\n"
    return f"""
{SAMPLES[samples]}
learning_rate = 0.1
steps = 4
{tables}
[[layers]]
activation = "tanh"
weights = [[0.5, -0.3], [0.2, 0.7]]
biases = [0.1, -0.2]
[[layers]]
activation = "sigmoid"
weights = [[0.4, -0.6], [0.8, 0.3]]
"""


def test_every_optimizer_and_penalty_is_the_one_of_pytorch(tmp_path):
    cases = itertools.product(("", *OPTIMIZERS), PENALTIES, SAMPLES)
    specs = {"-".join(case): derive.loads(optimized(*case)) for case in cases}
    told, counts = compared(tmp_path, specs)
    assert counts == {name: len(numbers) for name, numbers in told.items()}
    for name, spec in specs.items():
        assert set(demanded(spec)) <= set(told[name])


BOWL = """
kind = "circuit"
output = "f"
steps = 4
[values]
x = 0.5
y = -2
away = 3
[definitions]
f = "x^2*y + 3*y^2"
[update]
learning_rate = 0.05
direction = "{direction}"
[update.optimizer]
{optimizer}
"""


def test_every_optimizer_of_a_circuit_is_the_one_of_pytorch(tmp_path):
    """Also up, and of a value without a route, which adamw makes smaller all the same."""
    specs = {
        f"{name}-{direction}": derive.loads(BOWL.format(direction=direction, optimizer=text))
        for name, text in OPTIMIZERS.items()
        for direction in ("descent", "ascent")
    }
    told, counts = compared(tmp_path, specs)
    assert counts == {name: len(numbers) for name, numbers in told.items()}
    assert all({"away@4", "x@4", "f@4"} <= set(numbers) for numbers in told.values())


def test_random_networks(tmp_path):
    specs = {f"n{seed}": derive.loads(random_network(seed)) for seed in range(60)}
    told, counts = compared(tmp_path, specs)
    assert sum(counts.values()) > 0.9 * sum(map(len, told.values()))


def answerable(spec):
    """Whether every number can be printed; a difference may be 0 beyond all digits."""
    try:
        derive.key(spec, fields=("id", "value"))
    except derive.SpecError:
        return False
    return True


def test_random_circuits(tmp_path):
    drawn = {f"c{seed}": derive.loads(random_circuit(seed)) for seed in range(80)}
    specs = {name: spec for name, spec in drawn.items() if answerable(spec)}
    assert len(specs) > 0.9 * len(drawn)
    told, counts = compared(tmp_path, specs)
    assert sum(counts.values()) > 0.9 * sum(map(len, told.values()))


CORNERS = (
    "relu(x)", "leaky_relu(x)", "abs(x)", "max(x, y)", "min(x, y)", "leaky_relu(x, a)", "elu(x)",
    "elu(x, a)",
)  # fmt: skip


def test_at_a_corner_pytorch_has_the_same_conventions(tmp_path):
    text = (
        'kind = "circuit"\noutput = "f"\n'
        '[values]\nx = 0\ny = 0\na = 0.3\n[definitions]\nf = "{} + a + y"\n'
    )
    specs = {f"c{i}": derive.loads(text.format(formula)) for i, formula in enumerate(CORNERS)}
    told = printed(tmp_path, specs)
    for name, spec in specs.items():
        exact = {row["id"]: float(row["value"]) for row in derive.key(spec)["answers"]}
        assert told[name] == {id_: exact[id_] for id_ in told[name]}
