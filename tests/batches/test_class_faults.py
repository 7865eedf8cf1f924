"""A class is whole whatever happens while it is made, or is after the next run."""

import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from classes import SECRET, read_all
from sampling import few, slow

from derive.errors import SpecError

COUNT = 6
ARGUMENTS = ["circuit", "--count", str(COUNT), "--format", "md", "--secret-file", "class.secret"]
RENAMES = 3 + 3 * COUNT
"""Two files of the leader for each variant, the member's folder; index, manifests."""
KILLED = """
import os, signal, sys
from derive.cli import main
at, number, after = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "after"
count = 0
signal.signal(signal.SIGINT, signal.default_int_handler)
def watch(original):
    def rename(*args, **kwargs):
        global count
        count += 1
        if count == at and not after:
            os.kill(os.getpid(), number)
        original(*args, **kwargs)
        if count == at and after:
            os.kill(os.getpid(), number)
    return rename
os.replace, os.rename = watch(os.replace), watch(os.rename)
code = main(["batch", *sys.argv[4:]])
if at > 1000:
    print(count)
sys.exit(code)
"""
TIMED = """
import os, signal, sys
from derive.cli import main
import derive.batches
number, seconds = int(sys.argv[1]), float(sys.argv[2])
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), number))
signal.setitimer(signal.ITIMER_REAL, seconds)
code = main(["batch", *sys.argv[3:]])
signal.setitimer(signal.ITIMER_REAL, 0)
sys.exit(code)
"""
FULL = """
import resource, signal, sys
from derive.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.exit(main(["batch", *sys.argv[2:]]))
"""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Every file of a class that nothing happened to."""
    home = tmp_path_factory.mktemp("undisturbed")
    (home / "class.secret").write_text(SECRET.hex())
    command = [sys.executable, "-m", "derive", "batch", *ARGUMENTS, "-o", "out"]
    subprocess.run(command, cwd=home, check=True, capture_output=True)
    return read_all(home / "out")


@pytest.fixture
def start(folder):
    """Run a script; what became of it."""
    Path("class.secret").write_text(SECRET.hex())

    def command(script, *args):
        words = [sys.executable, "-c", script, *map(str, args)]
        own = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
        return subprocess.run(words, capture_output=True, encoding="utf-8", timeout=60, env=own)

    return command


def list_half(home):
    return list(Path(home).rglob(".derive-*"))


def check_members(undisturbed):
    """Each member's folder is whole, and its key is there."""
    there = read_all(Path("out"))
    for name, content in there.items():
        if "/members/" in name or ("/keys/" in name and "/.derive-" not in name):
            assert content == undisturbed[name]
    codes = {name.split("/")[2] for name in there if "/members/" in name}
    for name in undisturbed:
        if any(code in name for code in codes):
            assert name in there


def repair(run, undisturbed):
    """The next run makes the class whole."""
    assert run("batch", *ARGUMENTS, "-o", "out")[0] == 0
    assert read_all(Path("out")) == undisturbed
    assert not list_half("out")


@pytest.mark.slow
def test_so_many_renames_are_made(start):
    done = start(KILLED, 10_000, 9, "after", *ARGUMENTS, "-o", "out")
    assert int(done.stdout.splitlines()[-1]) == RENAMES


CASES = [(at, when) for at in range(1, RENAMES + 1) for when in ("before", "after")]


@pytest.mark.parametrize(
    ("at", "when"), [(9, "before"), *map(slow, (case for case in CASES if case != (9, "before")))]
)
def test_a_run_that_was_killed_at_a_rename_is_made_whole(run, start, undisturbed, at, when):
    done = start(KILLED, at, int(signal.SIGKILL), when, *ARGUMENTS, "-o", "out")
    assert done.returncode == -signal.SIGKILL
    check_members(undisturbed)
    repair(run, undisturbed)


SIGNALS = {"SIGINT": 130, "SIGTERM": 143}


@pytest.mark.parametrize("at", few(range(2, RENAMES, 5), 1))
@pytest.mark.parametrize("name", few(SIGNALS, 1))
def test_a_run_that_was_interrupted_at_a_rename_leaves_no_half_file(
    run, start, undisturbed, name, at
):
    number = int(getattr(signal, name))
    done = start(KILLED, at, number, "before", *ARGUMENTS, "-o", "out")
    assert done.returncode == SIGNALS[name]
    assert "Traceback" not in done.stderr
    assert not list_half("out")
    check_members(undisturbed)
    repair(run, undisturbed)


@pytest.mark.slow
def test_a_run_that_was_killed_many_times_gives_the_same_bytes(run, start, undisturbed):
    for at in range(RENAMES // 3, 2, -2):
        start(KILLED, at, int(signal.SIGKILL), "before", *ARGUMENTS, "-o", "out")
        check_members(undisturbed)
    repair(run, undisturbed)


TIMES = [
    (name, jobs, round((turn + 0.5) * 0.05 * jobs, 3))
    for turn in range(10)
    for name in SIGNALS
    for jobs in (1, 2)
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "jobs", "seconds"), TIMES)
def test_a_run_that_was_interrupted_at_any_time_is_made_whole(start, name, jobs, seconds):
    number = int(getattr(signal, name))
    args = [*ARGUMENTS, "--jobs", jobs, "-o", "out"]
    done = start(TIMED, number, seconds, *args)
    assert done.returncode in {0, SIGNALS[name]}, done.stderr
    assert "Traceback" not in done.stderr
    assert not list_half(".")
    again = start(TIMED, number, 60, *args)
    assert again.returncode == 0, again.stderr
    assert len(list(Path("out/circuit/members").iterdir())) == COUNT


SIZES = [1000, 0, 1, 10, 40, 63, 64, 65, 100, 200, 300, 500, 700, 1500, 2000, 3000, 4000]


@pytest.mark.parametrize("size", few(SIZES, 1))
def test_a_full_disk_is_told_and_leaves_no_half_file(run, start, undisturbed, size):
    done = start(FULL, size, *ARGUMENTS, "-o", "out")
    assert done.returncode == (0 if size >= max(map(len, undisturbed.values())) else 2)
    if done.returncode:
        assert "circuit: cannot be written (File too large)" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert not list_half("out")
    check_members(undisturbed)
    repair(run, undisturbed)


@pytest.mark.slow
@pytest.mark.parametrize("size", [0, 10, 64])
def test_a_disk_that_is_too_full_for_a_secret_leaves_none(run, start, size):
    done = start(FULL, size, "circuit", "--count", 1, "--format", "md", "-o", "out")
    assert done.returncode == 2
    assert "out/circuit/leader/secret: cannot be written (File too large)" in done.stderr
    assert not read_all(Path("out"))
    assert run("batch", "circuit", "--count", 1, "--format", "md", "-o", "out")[0] == 0


def begin(*options, spec=ARGUMENTS):
    words = [sys.executable, "-m", "derive", "batch", *spec, *map(str, options), "-o", "out"]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(6))
def test_of_two_runs_at_once_each_is_done_or_refused(run, start, undisturbed, turn):
    """The second one begins a little later each time."""
    one = begin()
    time.sleep(turn * 0.05)
    other = begin()
    told = [one.communicate()[1], other.communicate()[1]]
    codes = [one.returncode, other.returncode]
    assert 0 in codes
    for code, text in zip(codes, told, strict=True):
        assert code == 0 or "another run is at work in this folder; wait for it" in text
        assert len(text.splitlines()) == 1
    repair(run, undisturbed)


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(3))
def test_two_runs_at_once_have_one_secret(run, folder, turn):
    """That of the one that is done; nobody's sheets come of a secret that is lost."""
    spec = ["circuit", "--count", "4", "--format", "md"]
    one, other = begin(spec=spec), begin(spec=spec)
    one.communicate(), other.communicate()
    assert 0 in (one.returncode, other.returncode)
    before = read_all(Path("out/circuit/members"))
    code, _, err = run("batch", *spec, "-o", "out")
    assert code == 0, err
    assert read_all(Path("out/circuit/members")) == before


def list_workers(parent):
    """Processes that a process has started, those of multiprocessing's own service left out."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
            words = (path / "cmdline").read_text()
        except OSError:
            continue
        if int(fields[1]) == parent and "spawn_main" in words:
            yield int(path.name)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
@pytest.mark.parametrize("turn", range(3))
def test_a_worker_that_dies_costs_nothing(run, start, undisturbed, number, turn):
    process = begin("--jobs", 2)
    deadline = time.monotonic() + 20
    while not (workers := list(list_workers(process.pid))) and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(turn * 0.2)
    for worker in workers[:1]:
        os.kill(worker, number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    repair(run, undisturbed)


ALONE = """
import signal, sys
from derive.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
if __name__ == "__main__":
    sys.exit(main(["batch", *sys.argv[1:]]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0, 0.05, 0.1, 0.15, 0.2, 0.3])
def test_an_interrupt_of_all_processes_is_told_in_one_line(start, seconds):
    """As a terminal sends it: also to workers that are just starting."""
    options = ["--count", "300", "--jobs", "2", "-o", "out"]
    words = [sys.executable, "-c", ALONE, *ARGUMENTS, *options]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not list(list_workers(process.pid)) and process.poll() is None:
        time.sleep(0.01)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "derive: interrupted\n")
    assert not list_half(".")


@pytest.mark.slow
def test_no_worker_outlives_a_run_that_was_killed(start):
    process = begin("--jobs", 2)
    while not (workers := list(list_workers(process.pid))) and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{w}").exists() for w in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    process.communicate()


RARE = """
kind = "circuit"
output = "f"
[values]
x = 5
y = 3
[definitions]
q = "relu(x + 1.5)"
f = "q * y"
[variants]
x = { from = -5000, to = 0, step = 1 }
"""
"""Of 5,001 numbers two give an answer that is not 0: not every variant finds one."""


@pytest.mark.parametrize("jobs", few([1, 2], 1))
def test_a_variant_without_good_numbers_is_told_by_one_process_and_by_two(run, folder, jobs):
    Path("rare.toml").write_text(RARE)
    Path("class.secret").write_text(SECRET.hex())
    args = ("--count", 6, "--format", "md", "--secret-file", "class.secret", "--jobs", jobs)
    code, out, err = run("batch", "rare.toml", *args)
    assert (code, out) == (2, "")
    assert err.startswith("derive: rare.toml: variants: 2000 draws gave no good numbers for var")
    assert len(err.splitlines()) == 1


def test_an_error_of_a_spec_goes_from_process_to_process():
    error = pickle.loads(pickle.dumps(SpecError("layers[1]", "is wrong")))  # noqa: S301  our own
    assert (error.place, error.problem, str(error)) == (
        "layers[1]", "is wrong", "layers[1]: is wrong"
    )  # fmt: skip
