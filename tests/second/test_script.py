"""Numbers that PyTorch gives when it runs the exported script.

Where PyTorch is missing these tests are skipped; CI installs it.
"""

import importlib.util
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from grid import ONCE, network
from random_circuits import random_circuit
from random_specs import random_network

import derive
from derive.second import SkippedError, run_scripts, script, verify
from derive.spec import load, loads

needs_torch = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="PyTorch is not installed"
)


def circuit(formula, **values):
    given = "\n".join(f"{name} = {value}" for name, value in values.items())
    return loads(f'kind="circuit"\noutput="f"\n[values]\n{given}\n[definitions]\nf="{formula}"')


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
KEYS = ("update_biases = false", 'notation = "indexed"', 'reduction = "sum"', "batch_size = 2")
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
FORMULAS = (
    "exp(x)+log(y)*sqrt(x)-ln(x+y)", "sin(x)*cos(y)-tanh(x*y)+sigmoid(y)", "softplus(30x)/y",
    "gelu(x) - gelu(-y) + normal_cdf(x*y) - normal_pdf(x)*cosh(y)", "abs(x - y)*x - -y",
    "silu(x) - silu(-y) + elu(x) + elu(-y) + elu(-y, x)", "max(x, y)*min(x, 2) + relu(y)",
    "x^y + 2^x - x^-2 + 1/2x + (-y)^3", "leaky_relu(-x) + leaky_relu(-x, y) + leaky_relu(x)",
)  # fmt: skip


def trainings():
    """Every optimizer with a penalty, whole and in batches; keys at both signs of the rate."""
    for number, optimizer in enumerate(OPTIMIZERS):
        penalty = PENALTIES[number % len(PENALTIES)]
        tables = f"[optimizer]\n{optimizer}\n"
        tables += f"[regularisation]\n{penalty}\n" if penalty else ""
        for batches in ("", "batch_size = 2\n"):
            yield f"{optimizer} {batches}", loads(EXERCISE.format(rate=0.1, more=batches + tables))
    for key in KEYS:
        for rate in (0.1, -0.1):
            yield f"{key} {rate}", loads(EXERCISE.format(rate=rate, more=key))


def circuits():
    """Every function of the grammar, without and with an update that goes up."""
    text = 'kind="circuit"\noutput="f"\n[values]\nx=0.5\ny=1.25\n[definitions]\n'
    for formula in FORMULAS:
        for update in ("", '[update]\nlearning_rate=0.1\ndirection="ascent"\nparameters=["y"]\n'):
            own = f'{text}q = "x"\nc = "2 + 3"\nf = "{formula} + q + c"\n{update}'
            yield f"{formula} {update}", loads(own)


def exercises(networks, pairs, drawn):
    yield from ((n, load(n)) for n in derive.examples() if load(n).kind != "perceptron")
    yield from trainings()
    yield from circuits()
    yield from ((f"network {seed}", loads(random_network(seed))) for seed in range(networks))
    yield from (("-".join(pair), loads(network(*pair))) for pair in ONCE[:pairs])
    yield from ((f"circuit {seed}", loads(random_circuit(seed))) for seed in range(drawn))


def answerable(spec):
    try:
        return derive.key(spec, fields=("id", "value"))["answers"]
    except derive.SpecError:
        return ()


def compare(given):
    """How many numbers of some exercises their scripts print, all of them right."""
    keys = {name: answerable(spec) for name, spec in given}
    specs = {name: spec for name, spec in given if keys[name]}
    counted = 0
    ran = run_scripts([derive.export(spec) for spec in specs.values()])
    for name, numbers in zip(specs, ran, strict=True):
        before = counted
        for answer in keys[name]:
            try:
                number = numbers.value(answer["id"])
            except KeyError:
                continue
            right = Fraction(answer["value"])
            assert abs(Fraction(str(number)) - right) <= max(1e-12, 1e-9 * abs(right)), name
            counted += 1
        assert counted > before, name
    return counted


@needs_torch
def test_every_number_that_a_script_prints_is_the_one_of_the_key():
    """One process for all of them; it tells each number, and none hangs on too few digits."""
    assert compare(list(exercises(6, 0, 10))) > 8_000


@pytest.mark.slow
@needs_torch
def test_so_it_is_for_many_networks_and_circuits():
    assert compare(list(exercises(30, len(ONCE), 60))) > 15_000


SHAKY = {
    "kink that floats may miss": circuit("relu(x + y - z)", x="0.1", y="0.2", z="0.3"),
    "digits that cancel": circuit("log(1-sigmoid(x))", x="33"),
    "angle without digits": circuit("sin(x)", x="1e25"),
    "kink that floats hold": circuit("relu(x) + max(x, y)", x="0", y="0"),
}
ISOLATED = """import sys
print("derive =", float("derive" in sys.modules))
print("folder =", float("" in sys.path))
"""
SCRIPTS = {
    "no number": "print('a = nan')\nprint('b+ = inf')",
    "stops": "1 / 0",
    "isolated": ISOLATED,
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """All of these in one process, started where another torch.py lies."""
    texts = {name: derive.export(spec) for name, spec in SHAKY.items()} | SCRIPTS
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "torch.py").write_text("raise SystemExit('not this one')")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("PYTHONPATH", str(folder))
        return dict(zip(texts, run_scripts(list(texts.values())), strict=True))


@needs_torch
def test_what_floats_cannot_tell_is_undecided(ran):
    assert ran["kink that floats may miss"].value("df/dx") is None
    assert abs(ran["kink that floats may miss"].value("f")) < 1e-15
    assert ran["digits that cancel"].value("f") is None
    assert ran["angle without digits"].value("f") is None


@needs_torch
def test_at_a_kink_that_floats_hold_there_is_the_slope_of_pytorch(ran):
    assert ran["kink that floats hold"].value("df/dx") == 0.5


@needs_torch
def test_a_number_that_is_none_is_undecided_and_one_not_printed_unknown(ran):
    numbers = ran["no number"]
    assert numbers.value("a") is None
    assert numbers.value("b+") is numbers.value("b@1") is None
    with pytest.raises(KeyError):
        numbers.value("c")


@needs_torch
def test_a_script_that_stops_says_why_and_leaves_the_others_alone(ran):
    assert str(ran["stops"]) == "the script stopped: ZeroDivisionError: division by zero"


@needs_torch
def test_a_script_runs_in_a_process_that_sees_nothing_of_ours(ran):
    assert ran["isolated"].value("derive") == ran["isolated"].value("folder") == 0


def test_the_private_folder_is_removed_whatever_happens(monkeypatch):
    seen = []

    def stop(files):
        seen.extend(map(Path, files))
        assert seen[0].read_text("utf-8") == "text"
        raise SkippedError("stopped")

    monkeypatch.setattr(script, "find_spec", lambda _: True)
    monkeypatch.setattr(script, "_run", stop)
    with pytest.raises(SkippedError, match="stopped"):
        run_scripts(["text"])
    assert not seen[0].parent.exists()


def test_a_script_that_takes_too_long_is_given_up(monkeypatch, tmp_path):
    runner = tmp_path / "runner.py"
    runner.write_text("import time\ntime.sleep(60)")
    monkeypatch.setattr(script, "RUNNER", runner)
    monkeypatch.setattr(script.limits, "SCRIPT_SECONDS", 0.2)
    monkeypatch.setattr(script, "find_spec", lambda _: True)
    with pytest.raises(SkippedError, match=r"PyTorch took more than 0\.2 seconds"):
        run_scripts(["print('a = 1')"])


def test_a_pytorch_that_does_not_start_says_why(monkeypatch, tmp_path):
    runner = tmp_path / "runner.py"
    runner.write_text("raise ImportError('no such library')")
    monkeypatch.setattr(script, "RUNNER", runner)
    monkeypatch.setattr(script, "find_spec", lambda _: True)
    (reason,) = run_scripts(["print('a = 1')"])
    assert str(reason) == "PyTorch does not run here: ImportError: no such library"


def test_without_pytorch_the_report_says_what_to_install(monkeypatch):
    monkeypatch.setattr(script, "find_spec", lambda _: None)
    report = derive.verify("circuit")
    assert report.agrees
    assert report.checks == ("differences",)
    assert report.skipped == {
        "pytorch": "PyTorch is not installed; pip install 'derive-by-hand[torch]'"
    }


@needs_torch
def test_a_conflict_makes_a_report_that_does_not_agree():
    """So it is told whatever stands in the table; PyTorch stays in its own process."""
    report = verify(load("neuron"), [("E_total", "0.5", "0.5")], lambda: "print('E_total = 0.5')")
    (row,) = report.rows
    assert row.checks["pytorch"] == "0.5"
    assert row.checks["differences"] != "0.5"
    assert not row.agrees
    assert not report.agrees
    assert "derive.second.nudged" not in sys.modules
