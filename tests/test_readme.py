"""The README is run, not believed."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
from sampling import few

import derive
from derive.cli import cli
from derive.layers import LAYERS
from derive.ops import ACTIVATIONS, FUNCTIONS, LOSSES
from derive.spec import loads
from derive.spec.model import Circuit, Network
from derive.spec.symbols import ROLES

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_start_opens_with_two_blocks_of_one_line():
    start = next(part for part in README.split("\n## ") if part.startswith("Start"))
    lines = [
        block.strip().splitlines() for block in re.findall(r"```sh\n(.*?)```", start, re.DOTALL)
    ]
    assert [len(block) for block in lines[:2]] == [1, 1]
    assert all("python3 -m venv .venv &&" in block[0] for block in lines[:2])


@pytest.mark.parametrize("block", blocks("toml"))
def test_the_specs_in_the_readme_work(block):
    assert loads(block).title in ("", "A 2-2-2 network by hand")


@pytest.mark.parametrize("block", blocks("python"))
def test_the_python_in_the_readme_runs_and_its_comments_are_true(block, capsys, folder):
    exec(block, {})  # noqa: S102  our own README
    told = capsys.readouterr().out
    assert told.startswith("0.43703857\n% derive")


def answer_all(home, path):
    """The right answers of everybody in a class, from the leader's keys."""
    lines = ["code,id,answer"]
    for key in sorted((home / "leader" / "keys").glob("*.json")):
        answers = json.loads(key.read_text("utf-8"))["answers"]
        lines += [f"{key.stem},{row['id']},{row['shown']}" for row in answers if row["asked"]]
    path.write_text("\n".join(lines) + "\n", "utf-8")


@pytest.mark.parametrize("only_once", few([True, False], 1))
def test_every_command_of_the_readme_runs(run, folder, only_once):
    """In every run each subcommand as it is shown first, in slow runs all lines."""
    seen = set()
    Path("members.csv").write_text("name\n김\n이\n", "utf-8")
    for name in ("notes.md", "slides.tex"):
        Path(name).write_text("$z_1 = 0.3 \\times 0.1 + 0.25 \\times 0.2 = 0.08$\n", "utf-8")
    commands = re.findall(r"^    derive (.*?)(?:  +#.*)?$", README, flags=re.MULTILINE)
    assert len(commands) >= 6
    for command in commands:
        name, *_ = parts = shlex.split(command)
        if only_once and name in seen:
            continue
        seen.add(name)
        code, _, err = run(*parts)
        assert code == 0, err
        if name == "batch":
            answer_all(Path("evening/two-two-two"), Path("answers.csv"))


def test_every_command_is_in_the_readme():
    for name in cli.commands:
        assert f"derive {name}" in README, name


def test_every_key_of_the_spec_is_in_its_table():
    for model in (Network, Circuit, *(row.model for row in LAYERS.values())):
        for key in model.__struct_encode_fields__:
            assert key in README, key
    for name in (*ACTIVATIONS, *LOSSES, *FUNCTIONS, *ROLES):
        assert name in README, name


def test_the_excerpts_are_those_of_output():
    key = (ROOT / "output" / "two-two-two" / "key.md").read_text("utf-8")
    for line in re.findall(r"^.*\\approx.*$", README, flags=re.MULTILINE):
        assert line.strip() in key


def test_the_examples_shown_are_those_shipped():
    for name in ("two-two-two", "circuit"):
        assert f"derive/examples/{name}.toml" in README
        shipped = (ROOT / "derive" / "examples" / f"{name}.toml").read_text("utf-8")
        shown = next(b for b in blocks("toml") if ("circuit" in b) == (name == "circuit"))
        ours, theirs = tomllib.loads(shipped), tomllib.loads(shown)
        for key, value in theirs.items():
            assert ours[key] == value


def test_the_doctest_of_the_package_is_true():
    assert derive.sheet("two-two-two").numbers.shown("dE_total/dW5").text == "0.02592286"


def test_the_changelog_opens_with_this_version():
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(r"^## (\S+)", changes, re.MULTILINE).group(1) == derive.__version__


def test_every_local_link_leads_somewhere():
    for page in ROOT.glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (ROOT / target).exists(), f"{page.name}: {target}"


def test_whoever_is_told_to_install_is_told_the_name_on_the_index():
    """The checkout itself is `.`; `derive` on the index is another project."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "derive").rglob("*.py"), *ROOT.glob("templates/**/*.*")]
    told = [
        name
        for path in pages
        for name in re.findall(r"pip install +(?:-\S+ +)*'?([\w.-]+)", path.read_text("utf-8"))
    ]
    assert set(told) == {"derive-by-hand", ".", "torch", "sympy"}


def test_the_package_and_its_version_have_one_name():
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project, version = table["project"], table["tool"]["hatch"]["version"]
    assert f'VERSION = "{derive.__version__}"\n' in (ROOT / version["path"]).read_text("utf-8")
    assert project["name"] == "derive-by-hand"
    assert project["scripts"] == {"derive": "derive.cli:main"}
