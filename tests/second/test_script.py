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


def exercises(networks, pairs, circuits):
    yield from ((n, load(n)) for n in derive.examples() if load(n).kind != "perceptron")
    yield from ((f"network {seed}", loads(random_network(seed))) for seed in range(networks))
    yield from (("-".join(pair), loads(network(*pair))) for pair in ONCE[:pairs])
    yield from ((f"circuit {seed}", loads(random_circuit(seed))) for seed in range(circuits))


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
    assert compare(list(exercises(6, 0, 10))) > 2_000


@pytest.mark.slow
@needs_torch
def test_so_it_is_for_many_networks_and_circuits():
    assert compare(list(exercises(30, len(ONCE), 60))) > 10_000


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
    assert report.skipped == {"pytorch": "PyTorch is not installed; pip install 'derive[torch]'"}


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
