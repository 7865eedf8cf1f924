"""Run the first two sh blocks of README's Start section, as they stand, in a newcomer's shell."""

import os
import re
import subprocess
import sys
from pathlib import Path

BLOCKS = 2
README = Path(__file__).resolve().parents[1] / "README.md"
PIP = re.compile(r"PIP_|.*_proxy$", re.IGNORECASE)
"""Settings that pip needs to find packages from here."""


def blocks() -> list[str]:
    """The commands, a line each."""
    parts = re.split(r"^## ", README.read_text("utf-8"), flags=re.MULTILINE)
    section = next(part for part in parts if part.startswith("Start"))
    found = re.findall(r"```sh\n(.*?)```", section, flags=re.DOTALL)[:BLOCKS]
    if len(found) != BLOCKS or any(len(block.strip().splitlines()) != 1 for block in found):
        sys.exit("README.md: ## Start must open with two sh blocks of one line each")
    return [block.strip() for block in found]


def environment() -> dict[str, str]:
    """HOME, PATH and what pip needs: no variable that only this machine sets."""
    return {k: v for k, v in os.environ.items() if k in ("HOME", "PATH") or PIP.match(k)}


if __name__ == "__main__":
    for block in blocks():
        print("$", block, flush=True)
        subprocess.run(["bash", "-c", block], check=True, cwd=README.parent, env=environment())
