"""What commands read and write: no output is an input, nothing but regular files is replaced."""

import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import click
import pytest
from sampling import spread

import derive
from derive.cli import cli
from derive.grading import tables
from derive.spec import example_path

ARGUMENTS = {
    "worksheet": ["{spec}"],
    "key": ["{spec}"],
    "fragment": ["{spec}", "f"],
    "slides": ["{spec}"],
    "draw": ["{spec}", "--format", "tex"],
    "export": ["{spec}"],
    "quiz": ["{spec}"],
    "plot": ["{spec}", "W1", "--format", "svg"],
    "train": ["{spec}"],
    "check": ["{spec}", "a.csv"],
    "working": ["{spec}", "a.txt"],
    "audit": ["a.txt"],
    "verify": ["{spec}"],
    "gradcheck": ["{spec}", "x"],
    "diff": ["x", "--wrt", "x"],
    "list": [],
    "new": ["mine"],
    "schema": [],
    "secret": ["class.secret"],
    "batch": ["{spec}", "--count", "2"],
}
WRITERS = [
    (name, option.opts[0])
    for name, command in cli.commands.items()
    for option in command.params
    if option.name in ("target", "report")
]
TEXTS = [
    (name, parameter)
    for name, command in cli.commands.items()
    for parameter in command.params
    if parameter.type is click.STRING
]
INPUTS = {
    "check": ["s.toml", "a.csv"],
    "working": ["s.toml", "a.txt"],
    "audit": ["a.txt"],
}
"""What the commands read that read more than a spec."""


def test_every_command_has_its_arguments_here():
    assert set(ARGUMENTS) == set(cli.commands)


def arguments(name, spec="s.toml"):
    return [name, *(part.format(spec=spec) for part in ARGUMENTS[name])]


@pytest.fixture
def files(folder):
    """A spec, answers, and other names of both."""
    shutil.copy(example_path("circuit"), "s.toml")
    Path("a.csv").write_text("id,answer\nf,-12\n", "utf-8")
    Path("a.txt").write_text("f = 3*(-4) = -12\n", "utf-8")
    for name in ("s.toml", "a.csv", "a.txt"):
        Path(f"link.{name}").symlink_to(name)
        Path(f"hard.{name}").hardlink_to(name)
    Path("sub").mkdir()
    return folder


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("writer", "spelling"),
    spread(WRITERS, ["{}", "./{}", "sub/../{}", "link.{}", "hard.{}"], count=len(WRITERS)),
)
def test_no_output_is_an_input(run, files, writer, spelling):
    name, option = writer
    before = contents(files)
    for source in INPUTS.get(name, ["s.toml"]):
        target = spelling.format(source)
        code, out, err = run(*arguments(name), option, target)
        assert (code, out) == (2, "")
        assert err.startswith(f"derive: {target}: holds ")
        assert "spec" in err or name == "check" or source == "a.txt"
    assert contents(files) == before


@pytest.mark.parametrize("source", ["link.s.toml", "hard.s.toml", "sub/../s.toml"])
def test_an_input_by_another_name_is_one_too(run, files, source):
    before = contents(files)
    assert run("key", source, "-o", "s.toml")[0] == 2
    assert contents(files) == before


def test_a_built_in_exercise_is_a_file_too(run, files):
    before = example_path("circuit").read_bytes()
    code, _, err = run("key", "circuit", "-o", example_path("circuit"))
    assert (code, "holds the spec" in err) == (2, True)
    assert example_path("circuit").read_bytes() == before
    assert run("key", "circuit", "-o", "circuit")[0] == 0


@pytest.mark.parametrize("command", ["worksheet", "slides"])
def test_a_folder_of_output_spares_the_spec_too(run, files, command):
    """Nothing is written before each name is looked at."""
    name = {"worksheet": "key.tex", "slides": "slides.tex"}[command]
    spec = Path("out") / Path(name).stem / name
    spec.parent.mkdir(parents=True)
    shutil.move("s.toml", spec)
    before = contents(files)
    code, out, err = run(command, spec, "--format", "tex", "-o", "out")
    assert (code, out) == (2, "")
    assert err == f"derive: {spec}: holds the spec; name another file\n"
    assert contents(files) == before


def test_stdin_that_is_a_file_is_an_input(files):
    command = [sys.executable, "-m", "derive", "check", "circuit", "-", "-o", "a.csv"]
    with Path("a.csv").open("rb") as answers:
        done = subprocess.run(command, stdin=answers, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (2, "")
    assert "holds the answers" in done.stderr


@pytest.mark.parametrize("form", ["a.json", "a.txt", "a.csv", "a.toml"])
def test_a_dialogue_writes_over_nothing_that_has_contents(run, files, form):
    Path(form).write_text('{"key": 1}')
    assert run("check", "circuit", form, "--interactive")[0] == 2
    assert Path(form).read_text() == '{"key": 1}'


@pytest.mark.parametrize("writer", WRITERS, ids="{0[0]} {0[1]}".format)
def test_what_is_no_regular_file_is_written_through(run, files, writer):
    """A named pipe keeps its place and hands the content on."""
    name, option = writer
    pipe = Path("pipe.md")
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    spec = "neuron" if name in ("plot", "train") else "s.toml"
    code, _, err = run(*arguments(name, spec), option, "pipe.md")
    reader.join(timeout=20)
    assert (code, err) == (0 if name != "check" else 1, "")
    assert len(got[0]) > 20
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("target", ["/dev/null", "null.md"])
def test_a_device_is_never_replaced(run, files, target):
    Path("null.md").symlink_to("/dev/null")
    assert run("key", "circuit", "-o", target)[0] == 0
    assert Path("null.md").is_symlink()
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    code, _, err = run("key", "circuit", "-o", "/dev/full")
    assert (code, err) == (2, "derive: /dev/full: cannot be written (No space left on device)\n")


@pytest.mark.parametrize("target", ["/dev/stdout", "/proc/self/fd/1", "mine"])
@pytest.mark.parametrize("to", ["| cat", "> out; cat out", ">> out; cat out"])
def test_stdout_by_its_name_gets_the_content_and_nothing_else(files, target, to):
    Path("mine").symlink_to("/dev/stdout")
    command = f"{sys.executable} -m derive key circuit -o {target} {to}"
    done = subprocess.run(["bash", "-c", command], capture_output=True)
    assert done.stdout.decode() == derive.key_page("circuit")
    assert Path("mine").is_symlink()
    assert Path("/dev/stdout").is_symlink()


@pytest.mark.parametrize("target", ["new", "old", "link", "dangling"])
def test_a_file_is_replaced_whole(run, files, target):
    Path("old").write_text("old")
    Path("link").symlink_to("old")
    Path("dangling").symlink_to("nothing")
    assert run("key", "circuit", "-o", target)[0] == 0
    assert Path(target).read_text("utf-8") == derive.key_page("circuit")
    assert not Path(target).is_symlink()
    assert not Path("nothing").exists()
    assert not [path for path in files.iterdir() if path.name.startswith(".derive-")]


@pytest.mark.parametrize("name", ["pipe", "device", "/dev/zero", "sub"])
@pytest.mark.parametrize(
    "command", [["check", "circuit", "{}"], ["check", "{}", "a.csv"], ["key", "{}"]]
)
def test_only_regular_files_are_read(run, files, name, command):
    os.mkfifo("pipe.json")
    Path("device.json").symlink_to("/dev/zero")
    Path("sub.json").mkdir()
    for suffix in ("", ".json", ".toml", ".csv"):
        source = name + suffix
        if suffix and not name.startswith("/") and suffix != ".json":
            Path(source).symlink_to(f"{name}.json")
        code, out, err = run(*(part.format(source) for part in command))
        assert (code, out) == (2, "")
        assert err.startswith(f"derive: {source}: ")


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_a_form_that_is_no_regular_file_is_kept(run, files, kind):
    form = Path("output/circuit/answers.csv")
    form.parent.mkdir(parents=True)
    {
        "pipe": lambda: os.mkfifo(form),
        "device": lambda: form.symlink_to("/dev/zero"),
        "folder": form.mkdir,
    }[kind]()
    code, out, _ = run("worksheet", "circuit")
    assert (code, f"{form}  (kept: it holds answers)" in out) == (0, True)
    assert not form.is_file()


@pytest.mark.parametrize(
    ("limit", "told"), [("TABLE_BYTES", "larger than 99"), ("TABLE_LINES", "more than 99 lines")]
)
def test_a_table_without_end_is_refused(run, files, monkeypatch, limit, told):
    monkeypatch.setattr(tables.limits, limit, 99)
    Path("a.csv").write_text("id,answer\n" + "\n" * 200)
    code, out, err = run("check", "circuit", "a.csv")
    assert (code, out) == (2, "")
    assert told in err


@pytest.mark.parametrize("empty", ["", " "])
@pytest.mark.parametrize(("name", "parameter"), TEXTS, ids=str)
def test_an_empty_text_is_never_taken_silently(run, files, name, parameter, empty):
    command = arguments(name, "neuron" if name == "train" else "s.toml")
    if isinstance(parameter, click.Option):
        command += [parameter.opts[0], empty]
    else:
        place = [p for p in cli.commands[name].params if isinstance(p, click.Argument)]
        command[1:] = [*command[1 : 1 + place.index(parameter)], empty, *command[2:]]
    before = contents(files)
    code, out, err = run(*command)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    if "--format" in parameter.opts:
        assert "known: " in err
        assert "md" in err or name == "plot"
    assert contents(files) == before


@pytest.mark.parametrize(
    "command",
    [
        "worksheet circuit --format ,",
        "slides circuit --format ,,",
        "key circuit --format json --only ,",
        "key circuit --format json --fields ,",
    ],
)
def test_a_list_of_nothing_names_what_there_is(run, files, command):
    code, out, err = run(*command.split())
    assert (code, out) == (2, "")
    assert "known: " in err
