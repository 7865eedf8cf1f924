"""Run the first two sh blocks of README's Start section, exactly as they stand."""

import re
import subprocess
import sys
from pathlib import Path

BLOCKS = 2
readme = Path(__file__).resolve().parents[1] / "README.md"
start = re.split(r"^## ", readme.read_text("utf-8"), flags=re.MULTILINE)
section = next(part for part in start if part.startswith("Start"))
blocks = re.findall(r"```sh\n(.*?)```", section, flags=re.DOTALL)[:BLOCKS]
if len(blocks) != BLOCKS or any(len(block.strip().splitlines()) != 1 for block in blocks):
    sys.exit("README.md: ## Start must open with two sh blocks of one line each")
for block in blocks:
    print("$", block.strip(), flush=True)
    subprocess.run(["bash", "-c", block.strip()], check=True, cwd=readme.parent)
