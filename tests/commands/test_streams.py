"""Standard streams that are closed, full, left early or narrow, however Python buffers them."""

import os
import shlex
import subprocess
import sys

import pytest
from sampling import few, spread

import derive

PYTHON = [sys.executable, "-m", "derive"]
BUFFERING = ["", "1"]
"""Values of PYTHONUNBUFFERED: what an ordinary shell has, and what a container has."""
WRITERS = [
    "list",
    "--help",
    "--version",
    "key circuit",
    "key circuit --format json",
    "diff x^2 --wrt x",
    "train two-two-two --steps 2",
    "plot two-two-two training",
    "draw circuit",
    "worksheet circuit",
    "new mine",
    "check circuit -",
    "check circuit - --json",
    "verify circuit",
    "gradcheck two-two-two W1",
]


def shell(folder, command, unbuffered="", stdin="id,answer\nf,-12\n", **settings):
    """`bash -c` of a derive command with its redirections, in an empty folder."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{shlex.join(PYTHON)} {command}"],
        cwd=folder,
        env=os.environ | {"PYTHONUNBUFFERED": unbuffered} | settings,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize(("command", "unbuffered"), spread(WRITERS, BUFFERING, count=4))
@pytest.mark.parametrize(
    ("to", "reason"),
    [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")],
)
def test_a_stdout_that_takes_nothing_is_one_message(tmp_path, command, unbuffered, to, reason):
    done = shell(tmp_path, f"{command} {to}", unbuffered)
    assert (done.returncode, done.stderr) == (2, f"derive: cannot be written ({reason})\n")


@pytest.mark.parametrize("unbuffered", BUFFERING)
def test_a_refusal_is_the_only_message_even_where_stdout_is_full(tmp_path, unbuffered):
    done = shell(tmp_path, "key nothing.toml >/dev/full", unbuffered)
    assert done.returncode == 2
    assert done.stderr.startswith("derive: nothing.toml: no such file")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("unbuffered", BUFFERING)
@pytest.mark.parametrize("to", ["2>/dev/full", "2>&-"])
@pytest.mark.parametrize(
    ("command", "code"), [("list", 0), ("key nothing.toml", 2), ("train two-two-two", 0)]
)
def test_a_stderr_that_takes_nothing_changes_nothing_else(tmp_path, command, code, to, unbuffered):
    done = shell(tmp_path, f"{command} {to}", unbuffered)
    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout == shell(tmp_path, command).stdout


def test_no_file_takes_the_number_of_a_closed_stream(tmp_path):
    assert shell(tmp_path, "worksheet circuit <&- >&- 2>&-").returncode == 2
    page = (tmp_path / "output/circuit/worksheet.md").read_text("utf-8")
    assert page == derive.page("circuit")


@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        ("list --json <&-", 0, ""),
        ("check circuit - <&-", 2, "derive: -: is closed\n"),
        ("check circuit - 0>out", 2, "derive: -: cannot be read (Bad file descriptor)\n"),
        ("check circuit --interactive <&-", 1, ""),
    ],
)
def test_a_closed_stdin_is_an_empty_one(tmp_path, command, code, told):
    done = shell(tmp_path, command)
    assert (done.returncode, done.stderr) == (code, told)


@pytest.mark.parametrize("unbuffered", BUFFERING)
def test_a_reader_that_leaves_early_is_no_error(tmp_path, unbuffered):
    command = "key two-two-two --steps 300 --format json | head -c 10"
    done = shell(tmp_path, command, unbuffered)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", '{"format":')


@pytest.mark.parametrize("encoding", few(["ascii", "cp949"], 1))
def test_a_narrow_terminal_encoding_is_no_error(tmp_path, encoding):
    settings = {"PYTHONIOENCODING": encoding, "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = shell(tmp_path, "key circuit", **settings)
    assert done.returncode == 0
    assert "≈" in done.stdout
