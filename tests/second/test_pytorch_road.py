"""Every number of a sheet by PyTorch's autograd.

Where PyTorch is missing these tests are skipped; the slow ones fail in CI, which
installs it before the default tests run with coverage.
"""

import importlib.util
import os
import subprocess
import sys

import pytest
from grid import GRID, ONCE, network
from random_circuits import random_circuit
from random_specs import random_network

import derive
from derive.second import roads_for, skipped, verify
from derive.spec import load, loads

MISSING = importlib.util.find_spec("torch") is None
needs_torch = pytest.mark.skipif(MISSING, reason="PyTorch is not installed")
demands_torch = pytest.mark.skipif(
    MISSING and not os.environ.get("CI"), reason="PyTorch is not installed"
)


def through_pytorch(spec):
    from derive.second.torch import Torch

    return Torch(spec)


def compared(spec):
    """Ids on which the road differs, at which it tells nothing, to which it does not lead."""
    from derive.second import PYTORCH, _row

    road = through_pytorch(spec)
    wrong, silent, unreached = [], [], []
    for answer in derive.key(spec, fields=("id", "value"))["answers"]:
        row = _row(answer["id"], answer["value"], "", {"pytorch": (PYTORCH, road)})
        if not row.agrees:
            wrong.append((row.id, answer["value"], row.roads))
        if "pytorch" not in row.roads:
            unreached.append(row.id)
        elif row.roads["pytorch"] is None:
            silent.append(row.id)
    return wrong, silent, unreached


SMOOTH_OR_EXACT = [name for name in derive.examples() if derive.load(name).kind != "perceptron"]


@needs_torch
@pytest.mark.parametrize("name", SMOOTH_OR_EXACT)
def test_every_number_of_an_example_is_the_one_of_pytorch(name):
    assert compared(load(name)) == ([], [], [])


@needs_torch
@pytest.mark.parametrize("pair", ONCE, ids="-".join)
def test_each_activation_and_each_loss_is_the_one_of_pytorch(pair):
    assert compared(loads(network(*pair))) == ([], [], [])


@demands_torch
@pytest.mark.slow
@pytest.mark.parametrize("pair", GRID, ids="-".join)
def test_each_activation_with_each_loss_is_the_one_of_pytorch(pair):
    assert compared(loads(network(*pair, reduction="sum"))) == ([], [], [])


OPTIMIZERS = (
    'name = "momentum"\nmomentum = 0.7',
    'name = "momentum"\nconvention = "step"',
    'name = "nesterov"\nmomentum = 0.6',
    'name = "adagrad"',
    'name = "rmsprop"\ndecay = 0.9',
    'name = "adam"',
    'name = "adamw"\nweight_decay = 0.2',
)
PENALTIES = ("", "l2 = 0.05", "l1 = 0.02", "l2 = 0.05\nl1 = 0.02")
EXERCISE = """
inputs = [[0.6, -0.4], [0.1, 0.9], [-0.7, 0.2]]
targets = [[0.3, 0.8], [0.5, 0.1], [0.9, 0.4]]
learning_rate = {rate}
steps = 4
{more}
[[layers]]
activation = "tanh"
weights = [[0.5, -0.3], [0.2, 0.7]]
biases = [0.1, -0.2]
[[layers]]
activation = "sigmoid"
weights = [[0.4, -0.6], [0.8, 0.3]]
"""
TABLES = [
    (penalty, optimizer)
    for number, optimizer in enumerate(OPTIMIZERS)
    for penalty in (PENALTIES[number % 4],)
]


@needs_torch
@pytest.mark.parametrize("batches", ["", "batch_size = 2"])
@pytest.mark.parametrize(("penalty", "optimizer"), TABLES)
def test_each_optimizer_is_the_one_of_pytorch(penalty, optimizer, batches):
    more = f"{batches}\n[optimizer]\n{optimizer}\n"
    if penalty:
        more += f"[regularisation]\n{penalty}\n"
    spec = loads(EXERCISE.format(rate="0.1", more=more))
    assert compared(spec) == ([], [], [])


@needs_torch
@pytest.mark.parametrize(
    "more", ["update_biases = false", 'notation = "indexed"', 'reduction = "sum"', ""]
)
def test_other_keys_change_nothing_for_the_road(more):
    for rate in ("0.1", "-0.1"):
        assert compared(loads(EXERCISE.format(rate=rate, more=more))) == ([], [], [])


@needs_torch
@pytest.mark.parametrize("seed", range(12))
def test_random_networks(seed):
    wrong, silent, _ = compared(loads(random_network(seed)))
    assert not wrong
    assert all("/" in name or "+" in name or "@" in name for name in silent)


def answerable(spec):
    try:
        derive.key(spec, fields=("id", "value"))
    except derive.SpecError:
        return False
    return True


@demands_torch
@pytest.mark.slow
def test_random_circuits():
    counted = led = 0
    for seed in range(120):
        spec = loads(random_circuit(seed))
        if not answerable(spec):
            continue
        wrong, silent, unreached = compared(spec)
        assert not wrong, seed
        total = len(list(derive.sheet(spec).derivation.steps()))
        counted += total
        led += total - len(silent) - len(unreached)
    assert led > 0.9 * counted > 0


FORMULAS = (
    "exp(x)+log(y)*sqrt(x)-ln(x+y)", "sin(x)*cos(y)-tanh(x*y)+sigmoid(y)", "softplus(30x)/y",
    "gelu(x) - gelu(-y) + normal_cdf(x*y) - normal_pdf(x)*cosh(y)", "abs(x - y)*x - -y",
    "silu(x) - silu(-y) + elu(x) + elu(-y) + elu(-y, x)", "max(x, y)*min(x, 2) + relu(y)",
    "x^y + 2^x - x^-2 + 1/2x + (-y)^3", "leaky_relu(-x) + leaky_relu(-x, y) + leaky_relu(x)",
)  # fmt: skip


@needs_torch
@pytest.mark.parametrize("formula", FORMULAS)
def test_every_function_of_the_grammar_is_there(formula):
    text = 'kind="circuit"\noutput="f"\n[values]\nx=0.5\ny=1.25\n[definitions]\n'
    for update in ("", '[update]\nlearning_rate=0.1\ndirection="ascent"\nparameters=["y"]\n'):
        spec = loads(f'{text}q = "x"\nc = "2 + 3"\nf = "{formula} + q + c"\n{update}')
        assert compared(spec) == ([], [], [])


def circuit(formula, **values):
    given = "\n".join(f"{name} = {value}" for name, value in values.items())
    return loads(f'kind="circuit"\noutput="f"\n[values]\n{given}\n[definitions]\nf="{formula}"')


@needs_torch
def test_at_a_kink_that_floats_may_miss_the_road_tells_nothing():
    road = through_pytorch(circuit("relu(x + y - z)", x="0.1", y="0.2", z="0.3"))
    assert abs(road.value("f")) < 1e-15
    assert road.value("df/dx") is None


@needs_torch
def test_at_a_kink_that_floats_hold_the_road_has_the_convention():
    road = through_pytorch(circuit("relu(x) + max(x, y)", x="0", y="0"))
    assert road.value("df/dx") == 0.5


@needs_torch
@pytest.mark.parametrize(
    ("formula", "x"),
    [("exp(x)", "1000"), ("1/x", "0"), ("log(1-sigmoid(x))", "33"), ("sin(x)", "1e25")],
)
def test_what_floats_cannot_hold_is_left_out(formula, x):
    with pytest.raises(KeyError):
        through_pytorch(circuit(formula, x=x)).value("f")


@needs_torch
@pytest.mark.parametrize("id_", ["nothing", "W9", "dE_total/dW9", "dx1/dW1", "dE_total/dx1", ""])
def test_an_unknown_id_is_a_key_error(id_):
    with pytest.raises(KeyError):
        through_pytorch(load("two-two-two")).value(id_)


@needs_torch
@pytest.mark.parametrize("name", ["two-two-two", "circuit"])
def test_a_wrong_number_is_found_by_this_road_alone(name, monkeypatch):
    import derive.second

    alone = {"pytorch": derive.second.PYTORCH}
    monkeypatch.setattr(derive.second, "roads_for", lambda _: alone)
    spec = load(name)
    for answer in derive.key(spec, fields=("id", "value"))["answers"]:
        right = float(answer["value"])
        altered = repr(right * (1 + 1e-7) if right else 1e-7)
        (row,) = verify(spec, [(answer["id"], altered, "")])
        assert not row.agrees, row


@needs_torch
def test_a_wrong_slope_of_ours_is_seen_by_verify(monkeypatch):
    from derive.second import torch_functions

    monkeypatch.setitem(torch_functions.FUNCTIONS, "tanh", torch_functions.FUNCTIONS["sigmoid"])
    spec = circuit("tanh(x)", x="0.5")
    (row,) = verify(spec, [("f", "0.46211715726000975850231848364367254873", "0.46")])
    assert not row.agrees
    assert set(row.roads) == {"differences", "collapsed", "pytorch"}


def test_a_perceptron_and_stepwise_rounding_say_why():
    assert "pytorch" in roads_for(load("and-gate"))
    assert "pytorch" in skipped(load("and-gate"))
    stepwise = loads('rounding = "stepwise"\n' + network("tanh", "log_cosh"))
    assert "stepwise" in skipped(stepwise)["pytorch"]


@needs_torch
def test_too_many_slopes_say_why():
    row = [0.1] * 300
    spec = loads(
        f"inputs = {row}\ntargets = {row}\nlearning_rate = 1\n[[layers]]\nweights = {[row] * 300}"
    )
    assert skipped(spec)["pytorch"] == "90000 weights are too many for the slopes of 300 units"
    assert "no derivative" in skipped(load("and-gate"))["pytorch"]


@needs_torch
@pytest.mark.parametrize(
    ("table", "key"), [("ACTIVATIONS", "sigmoid"), ("LOSSES", "half_squared_error")]
)
def test_what_has_no_form_in_pytorch_is_skipped(table, key, monkeypatch):
    from derive.second import torch_functions

    monkeypatch.delitem(getattr(torch_functions, table), key)
    assert "has no form in PyTorch" in skipped(load("two-two-two"))["pytorch"]


WITHOUT = """
import importlib.util, sys
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "torch" else found(name, *more)
from derive import api
text, agrees = api.verification("two-two-two")
assert agrees
assert not [name for name in sys.modules if name.split(".")[0] == "torch"], "imported"
assert "derive.second.torch" not in sys.modules
print(text)
"""
UNUSED = """
import sys
import derive
derive.key("two-two-two")
import derive.second
print([name for name in sys.modules if name.partition(".")[0] == "torch"])
"""


def started(script):
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_pytorch_the_road_is_not_imported_and_the_table_says_how_to_get_it():
    lines = started(WITHOUT).splitlines()
    assert (
        "pytorch: not taken: PyTorch is not installed; pip install 'derive-by-hand[torch]'"
        in lines
    )
    assert "pytorch" not in lines[0]
    assert "79 of 79 numbers agree" in lines


def test_a_sheet_and_the_module_of_the_roads_import_no_pytorch():
    assert started(UNUSED) == "[]\n"


@needs_torch
def test_the_table_has_a_column_of_pytorch():
    from derive import api

    text, agrees = api.verification("two-two-two")
    assert agrees
    assert text.splitlines()[0].split() == ["id", "printed", "differences", "collapsed", "pytorch"]
    line = next(line for line in text.splitlines() if line.startswith("dE_total/dW5 "))
    assert all(cell.startswith("0.0259228556") for cell in line.split()[2:])
