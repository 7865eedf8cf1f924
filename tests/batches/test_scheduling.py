"""Variants made by a Dask scheduler: the same bytes, also where a worker dies."""

import os
import re
import subprocess
import sys
import time

import pytest

from derive.batches import Folder, Sheet, run
from derive.spec import load

pytestmark = pytest.mark.slow
SECRET = bytes(range(32))
QUIET = ["--no-dashboard"]
COUNT = 150


def contents(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture
def scheduler():
    """A scheduler with two workers on this machine: its address, and the workers."""
    module = [sys.executable, "-m"]
    command = [*module, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    started = subprocess.Popen([*command, *QUIET], stderr=subprocess.PIPE, text=True)
    address = next(
        found[0]
        for line in started.stderr
        if (found := re.search(r"tcp://127\.0\.0\.1:\d+", line))
    )
    worker = [*module, "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny"]
    workers = [
        subprocess.Popen([*worker, *QUIET, "--host", "127.0.0.1"], stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    yield address, workers
    for process in (*workers, started):
        process.kill()
        process.wait()
    started.stderr.close()


def make(home, **workers):
    spec, sheet = load("two-two-two"), Sheet(("md",))
    return run(Folder(home), spec, SECRET, sheet, count=COUNT, **workers)


def test_a_worker_that_dies_loses_and_doubles_nothing(scheduler, tmp_path):
    address, workers = scheduler
    killed = []

    def watch(progress):
        if progress.made == 10:
            workers[0].kill()
            killed.append(progress.count - progress.done)

    made = make(tmp_path / "there", scheduler=address, watch=watch)
    assert killed == [COUNT - 10]
    assert made.made == COUNT
    make(tmp_path / "here")
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_the_command_starts_a_scheduler_of_its_own(tmp_path):
    command = [sys.executable, "-m", "derive", "batch", "circuit", "--count", "5"]
    place = ["--format", "md", "--scheduler", "local", "-o", str(tmp_path)]
    ended = subprocess.run([*command, *place], capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    assert len(os.listdir(tmp_path / "circuit" / "members")) == 5  # noqa: PTH208


def test_where_no_scheduler_is_one_message_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("derive.batches.scheduling.SECONDS", 1)
    start = time.monotonic()
    with pytest.raises(Exception, match=r"no scheduler at tcp://127\.0\.0\.1:9"):
        make(tmp_path / "x", scheduler="tcp://127.0.0.1:9")
    assert time.monotonic() - start < 30
