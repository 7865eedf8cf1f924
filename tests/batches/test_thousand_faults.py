"""A thousand faults while classes are made: killed, interrupted, disk full, at any operation.

Runs are children of this process, so that a fault costs milliseconds. A fault strikes at the
n-th operation on the file system, whatever it is.
"""

import errno
import os
import signal
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import pytest
from classes import SECRET, read_all
from sampling import slow

from derive.batches import Folder, Sheet, running
from derive.batches.making import Maker
from derive.errors import SpecError
from derive.spec import load

COUNT = 5
SHEETS = [Sheet(("md",)), Sheet(("md", "html"), "blank")]
EVENTS = {"open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.chmod", "os.utime"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
KINDS = ("killed", "interrupted", "full")
DONE, REFUSED, STOPPED, STRAYED = 0, 2, 130, 9


@cache
def warm(place):
    """What makes the sheets, made once for all runs."""
    return Maker(load("circuit"), SECRET, SHEETS[place])


class Fault:
    """Strikes at the n-th operation below a folder."""

    def __init__(self, home, kind, at):
        self.home, self.kind, self.at = str(home), kind, at
        self.count = 0

    def __call__(self, event, args):
        if event not in EVENTS or not any(self.home in str(arg) for arg in args[:2]):
            return
        if event == "open" and not args[2] & WRITES:
            return
        self.count += 1
        if self.count != self.at:
            return
        if self.kind == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.kind == "interrupted":
            raise KeyboardInterrupt
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), self.home)


def make(home, place, fault=None):
    """Run a class in a child; its exit code, and how many operations it came to."""
    read, write = os.pipe()
    child = os.fork()
    if child:
        os.close(write)
        with os.fdopen(read) as told:
            operations = told.read()
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status), int(operations or 0)
    code = STRAYED
    watch = fault or Fault(home, "", 0)
    try:
        running.Maker = lambda *_: warm(place)
        sys.addaudithook(watch)
        running.run(Folder(home), load("circuit"), SECRET, SHEETS[place], count=COUNT)
        code = DONE
    except SpecError as error:
        code = REFUSED if "cannot be written" in str(error) else STRAYED
    except KeyboardInterrupt:
        code = STOPPED
    finally:
        os.write(write, str(watch.count).encode())
        os._exit(code)


@cache
def undisturbed(place, home):
    """The files of a class that nothing happened to, and how many operations it took."""
    code, operations = make(home, place)
    assert code == DONE
    return read_all(home), operations


def check(home, whole):
    """No half file but what a killed run may leave aside; no member without a key."""
    there = {name: text for name, text in read_all(home).items() if ".derive-" not in name}
    codes = {name.split("/")[1] for name in there if name.startswith("members/")}
    for name, text in there.items():
        if not name.startswith("leader/batch"):
            assert text == whole[name]
    for name in whole:
        if any(code in name for code in codes):
            assert name in there
    return codes


def strike(random, home, place, whole, operations):
    """One to four faults, each on what the one before has left; then a run that is let be."""
    told = Counter()
    for _ in range(random.randint(1, 4)):
        kind = random.choice(KINDS)
        code, _ = make(home, place, Fault(home, kind, random.randint(1, operations)))
        allowed = {"killed": -signal.SIGKILL, "interrupted": STOPPED, "full": REFUSED}
        assert code in (DONE, allowed[kind]), kind
        told[kind if code else "done"] += 1
        if home.exists():
            check(home, whole)
            assert told["killed"] or not list(home.rglob(".derive-*"))
    code, _ = make(home, place)
    assert code == DONE
    assert read_all(home) == whole
    return told


MANY = [(turn, 250) for turn in range(1, 5)]


@pytest.mark.parametrize(("first", "least"), [(0, 20), *map(slow, MANY)])
def test_a_class_is_whole_after_any_faults(tmp_path, first, least):
    random = Random(first)  # noqa: S311  reproducible
    place = first % len(SHEETS)
    warm(place).make(1)
    whole, operations = undisturbed(place, tmp_path / "whole")
    told = Counter()
    turn = 0
    while told.total() - told["done"] < least:
        turn += 1
        told += strike(random, tmp_path / f"class{turn}", place, whole, operations)
    assert all(told[kind] for kind in KINDS)


def test_the_fault_itself_strikes(tmp_path):
    warm(0).make(1)
    _, operations = undisturbed(0, tmp_path / "whole")
    assert operations > 8 * COUNT
    for kind, code in (("killed", -9), ("interrupted", STOPPED), ("full", REFUSED)):
        home = Path(tmp_path, kind)
        assert make(home, 0, Fault(home, kind, 3))[0] == code
