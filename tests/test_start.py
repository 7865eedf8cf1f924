"""What .ci/start.py runs: README's first commands, where nothing else is set."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

START = Path(__file__).resolve().parents[1] / ".ci" / "start.py"


def test_a_newcomers_shell_has_home_path_and_what_pip_needs(monkeypatch):
    for name in list(os.environ):
        if name.startswith("PIP_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    settings = {"PIP_INDEX_URL": "x", "https_proxy": "y", "HOME": "/h", "PATH": "/p"}
    others = {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C", "CI": "true"}
    for name, value in (settings | others).items():
        monkeypatch.setenv(name, value)
    assert runpy.run_path(str(START))["environment"]() == settings


def test_the_commands_run_in_that_shell(tmp_path):
    """Under its name in a copy: each command sees no variable of ours."""
    (tmp_path / ".ci").mkdir()
    copy = tmp_path / ".ci" / "start.py"
    copy.write_bytes(START.read_bytes())
    show = "```sh\nenv >> seen\n```\n"
    (tmp_path / "README.md").write_text(f"# x\n\n## Start\n\n{show}\n{show}\n## Next\n")
    env = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1", "CI": "true"}
    subprocess.run([sys.executable, str(copy)], check=True, capture_output=True, env=env)
    seen = {line.partition("=")[0] for line in (tmp_path / "seen").read_text().splitlines()}
    assert {"HOME", "PATH"} <= seen
    assert not {name for name in seen if name.startswith("PYTHON") or name in ("CI", "LANG")}
