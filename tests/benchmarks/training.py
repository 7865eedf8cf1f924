"""A long training run with certified digits against the same run at a fixed precision.

    .venv/bin/python tests/benchmarks/training.py [ROUNDS]

Both sides train the deck's 2-2-2 network for 10,000 updates in one process with
the same formulas in Arb balls.

- certified: every printed error and weight rounds correctly at 8 decimals; the
  run starts again with more bits where a digit is in doubt.
- fixed: one pass at FIXED bits, about as many as the certified run ends with;
  nothing is asked of its digits.

CPU time, medians of alternating rounds. The goal is <= 3 x; exits 1 if it is
missed by more than the noise.
"""

from __future__ import annotations

import sys
from time import process_time

from measuring import Report, alternating, say

import derive
from derive.numbers.passes import build_passes
from derive.numbers.run import list_states
from derive.pages.training import table
from derive.spec.reading import override

UPDATES = 10_000
FIXED = 256
SPEC = override(derive.load("two-two-two"), {"steps": UPDATES})


def certified() -> float:
    """CPU seconds of the certified run."""
    begun = process_time()
    lines = sum(1 for _ in table(SPEC).lines())
    assert lines == UPDATES + 1
    return process_time() - begun


def fixed() -> float:
    """CPU seconds at a fixed precision."""
    begun = process_time()
    done = sum(1 for _ in list_states(build_passes(SPEC, update=True), UPDATES, FIXED))
    assert done == UPDATES + 1
    return process_time() - begun


def main(rounds: int) -> None:
    """Measure and report."""
    report = Report(f"{UPDATES} updates of a 2-2-2 network, CPU time, {rounds} alternating rounds")
    middle = alternating({"certified": certified, "fixed": fixed}, rounds, warm=False)
    say("  " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in middle.items()))
    report.at_most("certified / fixed precision", middle["certified"] / middle["fixed"], 3)
    report.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
