"""Numbers by PyTorch: what an exported script prints when it runs in another process."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from mpmath import mpf

from derive import limits
from derive.second.functions import SkippedError
from derive.second.ids import after_updates, split_updates

RUNNER = Path(__file__).with_name("nudged.py")
RELATIVE, ABSOLUTE = 1e-10, 1e-13
"""How far moved runs may lie from the first: a tenth of what agreement forgives."""


class Script:
    """Any number that a script prints behind its id, to about 9 digits."""

    def __init__(self, printed: Iterable[str]) -> None:
        """`printed` has a text for each run; a line of it is `id = number`."""
        lines = ([line.split(" = ") for line in text.splitlines()] for text in printed)
        self._runs = [{name: float(number) for name, number in pairs} for pairs in lines]

    def value(self, id_: str) -> mpf | None:
        """The number, None where floats cannot tell it; KeyError where none is printed."""
        name = after_updates(*split_updates(id_))
        first, *moved = (run[name] for run in self._runs)
        if not all(map(math.isfinite, (first, *moved))):
            return None
        close = (math.isclose(first, n, rel_tol=RELATIVE, abs_tol=ABSOLUTE) for n in moved)
        return mpf(first) if all(close) else None


def run_scripts(texts: Sequence[str]) -> list[Script | SkippedError]:
    """What PyTorch makes of each script, in an interpreter that sees nothing of ours.

    Raises SkippedError where PyTorch is missing or needs too long.
    """
    if find_spec("torch") is None:
        raise SkippedError("PyTorch is not installed; pip install 'derive-by-hand[torch]'")
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"{place}.py" for place, _ in enumerate(texts)]
        for file, text in zip(files, texts, strict=True):
            file.write_text(text, "utf-8")
        done = _run([str(file) for file in files])
    if done.returncode:
        reason = done.stderr.strip().rpartition("\n")[2]
        return [SkippedError(f"PyTorch does not run here: {reason}") for _ in texts]
    return [
        SkippedError(f"the script stopped: {result}")
        if isinstance(result, str)
        else Script(result)
        for result in json.loads(done.stdout)
    ]


def _run(files: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(RUNNER), *files]
    try:
        return subprocess.run(  # noqa: S603  this interpreter, files of ours, no shell
            command, capture_output=True, check=False, encoding="utf-8",
            timeout=limits.SCRIPT_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise SkippedError(f"PyTorch took more than {limits.SCRIPT_SECONDS} seconds") from None
