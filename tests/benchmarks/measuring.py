"""CPU time and peak memory of child processes; medians of alternating runs; a verdict.

CPU time is user + sys of the child (and of what it waited for), from `os.wait4`.
Runs alternate between the two sides, so that a busy machine slows both; the
medians are divided. A goal counts as missed when the ratio is worse than the
goal by more than NOISE: on a shared two-core machine two medians of the same
program differ by up to a fifth.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

NOISE = 0.25
"""How much worse than its goal a ratio may be before the script fails."""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished child: CPU seconds and peak resident memory in bytes."""

    seconds: float
    peak: int


def run(command: Sequence[str], output: Path | None = None) -> Run:
    """Run a command to its end; its stdout goes to a file or nowhere.

    Raises SystemExit if the command fails: a failed run measures nothing.
    """
    with Path(output or os.devnull).open("wb") as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE)
        assert child.stderr is not None
        told = child.stderr.read().decode(errors="replace")
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        child.stderr.close()
    if child.returncode:
        sys.exit(f"{' '.join(command)[:200]} failed with {child.returncode}:\n{told[-2000:]}")
    return Run(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def alternating(
    sides: Mapping[str, Callable[[], float]], rounds: int, *, warm: bool = True
) -> dict[str, float]:
    """The median seconds of each side over alternating rounds, after one that does not count."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(-1 if warm else 0, rounds):
        for name, measure in sides.items():
            seconds = measure()
            if turn >= 0:
                found[name].append(seconds)
    return {name: median(times) for name, times in found.items()}


def say(text: str) -> None:
    """One line on the terminal."""
    print(text, flush=True)  # noqa: T201  a benchmark speaks to a person


class Report:
    """Prints one line per goal and remembers whether one was missed."""

    def __init__(self, title: str) -> None:
        self.missed = False
        say(title)

    def at_most(self, what: str, ratio: float, goal: float, *, unit: str = "x") -> None:
        """A ratio that must not be above its goal."""
        self._line(what, f"{ratio:.2f} {unit}", f"<= {goal:g} {unit}", ratio <= goal * (1 + NOISE))

    def at_least(self, what: str, ratio: float, goal: float) -> None:
        """A gain that must not be below its goal."""
        self._line(what, f"{ratio:.1f} x", f">= {goal:g} x", ratio >= goal / (1 + NOISE))

    def holds(self, what: str, *, fact: bool) -> None:
        """Something that is so or is not."""
        self._line(what, "yes" if fact else "no", "yes", fact)

    def told(self, what: str, ratio: float, goal: float) -> None:
        """A ratio that is printed beside its goal and never fails."""
        verdict = "reached" if ratio <= goal else "not reached; told only"
        say(f"  {what}: {ratio:.2f} x (goal <= {goal:g} x: {verdict})")

    def close(self) -> None:
        """End the script: 1 if a goal was missed by more than the noise."""
        sys.exit(1 if self.missed else 0)

    def _line(self, what: str, found: str, goal: str, ok: bool) -> None:  # noqa: FBT001
        self.missed = self.missed or not ok
        say(f"  {what}: {found} (goal {goal}: {'ok' if ok else 'MISSED'})")
