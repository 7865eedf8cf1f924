"""Shared by all tests: a clean folder to work in, the command line in-process, a browser."""

import shutil

import pytest
from hypothesis import settings
from sampling import tries
from tools import missing

from derive.cli import main

settings.register_profile(
    "steady", derandomize=True, deadline=None, database=None, max_examples=tries(100)
)
settings.load_profile("steady")
"""The same examples in every run: what lands was tried; new ones come with new tests."""


@pytest.fixture(autouse=True)
def no_pytorch(request, monkeypatch):
    """PyTorch takes seconds to start: only slow tests and those of its own folders ask it."""
    slow = request.node.get_closest_marker("slow") is not None
    if not slow and request.node.path.parent.name not in {"second", "exports"}:
        monkeypatch.setattr("derive.second.script.find_spec", lambda _: None)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder, capsys):
    """Run a command; exit code, stdout, stderr."""

    def command(*args):
        code = main([str(a) for a in args])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


@pytest.fixture
def refused(run, folder):
    """Run a command on a spec text that must be refused; its one message."""

    def command(text, *, name="net.toml", args=("worksheet", "{}")):
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        code, out, err = run(*(a.format(name) for a in args))
        assert code == 2, out + err
        assert out == ""
        assert err.startswith(f"derive: {name}: "), err
        assert "Traceback" not in err
        assert len(err.splitlines()) <= 25
        after = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        assert after == before, "a refused spec left a file behind"
        return err.removeprefix(f"derive: {name}: ").rstrip("\n")

    return command


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        missing("chromium")
    with sync_playwright() as engine:
        started = engine.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()
