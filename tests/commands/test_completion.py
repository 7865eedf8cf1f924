"""The TAB key: what click's protocol gives for commands, options, exercises and ids."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import derive
from derive.cli import cli

IDS = [row["id"] for row in derive.key("two-two-two")["answers"]]
BIG = f"""
inputs = {[0.5] * 100}
targets = {[0.5] * 100}
learning_rate = 0.5
[[layers]]
weights = {[[0.25] * 100] * 100}
"""


@pytest.fixture
def offered(run, monkeypatch):
    """What is offered for the last word of a command line."""

    def ask(line):
        words = line.split(" ")
        monkeypatch.setenv("_DERIVE_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        code, out, err = run()
        assert (code, err) == (0, "")
        return [item.removeprefix("plain,") for item in out.split("\n") if item]

    return ask


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("derive ", sorted(cli.commands)),
        ("derive wo", ["working", "worksheet"]),
        ("derive fragment two-two-two dE_", [i for i in IDS if i.startswith("dE_")]),
        ("derive fragment two-two-two W5", ["W5", "W5+"]),
        ("derive fragment two-two-two --steps 2 W5", ["W5", "W5+", "W5@2"]),
        ("derive draw --notation indexed two-two-two da2_1/", ["da2_1/dz2_1"]),
        ("derive draw two-two-two do1", ["do1/dz3"]),
        ("derive plot two-two-two ", ["training", "gradients", *(f"W{i}" for i in range(1, 9))]),
        ("derive gradcheck circuit ", ["x", "y", "z"]),
        ("derive gradcheck and-gate ", []),
        ("derive fragment none.toml dE_", []),
        ("derive key circuit --la", ["--lang"]),
        ("derive key circuit --lang k", ["ko"]),
        ("derive worksheet circuit --format md,ht", ["md,html"]),
        ("derive worksheet circuit -o fo", ["dir,fo"]),
        ("derive key circuit -o fi", ["file,fi"]),
        ("derive check circuit an", ["file,an"]),
        ("derive check two-", ["file,two-", "two-two-two"]),
    ],
)
def test_what_is_offered(offered, line, expected):
    assert offered(line) == expected


def test_a_spec_is_a_built_in_exercise_or_a_file(offered):
    for name in ("mine.toml", "key.json", "notes.md"):
        Path(name).touch()
    assert offered("derive worksheet ") == ["file,", *derive.examples(), "key.json", "mine.toml"]


def test_every_command_completes_its_options(offered):
    for name, command in cli.commands.items():
        options = {opt for param in command.params for opt in param.opts if opt.startswith("--")}
        assert set(offered(f"derive {name} --")) == options | {"--help"}


def test_a_large_exercise_does_not_keep_the_shell_waiting(offered):
    Path("big.toml").write_text(BIG)
    start = time.perf_counter()
    assert len(offered("derive gradcheck big.toml W")) == 10_000
    assert offered("derive fragment big.toml z")[0] == "z1"
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell(run, monkeypatch, shell):
    monkeypatch.setenv("_DERIVE_COMPLETE", f"{shell}_source")
    code, out, err = run()
    assert (code, err) == (0, "")
    assert "_derive_completion" in out
    assert f"{shell}_complete" in out


def test_bash_itself_completes(tmp_path):
    derive_here = tmp_path / "derive"
    derive_here.write_text(f'#!/bin/sh\nexec {sys.executable} -m derive "$@"\n')
    derive_here.chmod(0o755)
    script = """
    eval "$(_DERIVE_COMPLETE=bash_source derive)"
    compopt() { :; }
    COMP_WORDS=(derive fragment two-two-two dE_total/dW5); COMP_CWORD=3
    _derive_completion derive
    echo "${COMPREPLY[@]}"
    """
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        env=os.environ | {"PATH": path},
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.stdout, done.stderr) == ("dE_total/dW5\n", "")


def test_derive_alone_prints_its_help(run):
    code, out, err = run()
    assert (code, err) == (0, "")
    assert out == run("--help")[1]
