"""Independent checks of every number of a sheet, for `derive verify` and the tests.

They start from the spec and share no code with graph, rules of differentiation,
tables of `ops` or interval arithmetic: a forward pass written a second time with
central differences of it, and, where PyTorch is installed, what the exported
script prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial

import msgspec
from mpmath import mp, mpf

from derive.errors import SpecError
from derive.second.differences import Differences
from derive.second.functions import SkippedError, exact
from derive.second.script import Script, run_scripts
from derive.spec import Spec

__all__ = ["Differences", "Report", "Row", "Script", "SkippedError", "run_scripts", "verify"]

DIFFERENCES, RULE, PYTORCH = "differences", "rule", "pytorch"
"""The checks; a perceptron's rule is no difference, for nothing is differentiated there."""
DIGITS = {DIFFERENCES: 30, RULE: 30, PYTORCH: 12}
"""Significant digits of a check's number."""
ALLOWED = {DIFFERENCES: ("1e-25", "1e-40"), RULE: ("1e-25", "1e-40"), PYTORCH: ("1e-9", "1e-12")}
"""How far two equal numbers may lie apart: by their size, or whatever their size."""
FINE_DIGITS = 480
"""Working digits of the second look at a number on which differences disagree."""


class Row(msgspec.Struct, frozen=True):
    """One number of the sheet beside those of the checks.

    `shown` is what the sheet prints, `checks` maps a check's name to its number,
    or to None where it cannot decide: at a kink, or where floats hold too few
    digits. A check that does not know this id is left out. `agrees` is false
    only where some check contradicts.
    """

    id: str
    shown: str
    checks: dict[str, str | None]
    agrees: bool


class Report(msgspec.Struct, frozen=True):
    """All rows, and why a check that there is was not made, by its name."""

    rows: tuple[Row, ...]
    checks: tuple[str, ...]
    skipped: dict[str, str]

    @property
    def agrees(self) -> bool:
        """Whether no number is contradicted."""
        return all(row.agrees for row in self.rows)


def verify(
    spec: Spec, answers: Iterable[tuple[str, str, str]], script: Callable[[], str] | None = None
) -> Report:
    """Compare each answer (id, value, shown) with every check that knows its id.

    `value` is a decimal with at least 30 significant digits, or exact (`1/3`
    too). `script` gives the exported script; without one PyTorch is not asked.
    With stepwise rounding nothing is checked: those numbers are computed from
    printed ones.
    """
    own = RULE if spec.kind == "perceptron" else DIFFERENCES
    makers: dict[str, Callable[[], Differences | Script]] = {own: partial(Differences, spec)}
    if script is not None:
        makers[PYTORCH] = lambda: _run(script())
    made: dict[str, Differences | Script] = {}
    skipped: dict[str, str] = {}
    for name, make in makers.items():
        try:
            _check(name, spec)
            made[name] = make()
        except (SkippedError, SpecError) as error:
            skipped[name] = str(error)
    fine = cache(partial(Differences, spec, FINE_DIGITS))
    rows = tuple(_row(answer, made, fine) for answer in answers)
    return Report(rows, tuple(made), skipped)


def _check(name: str, spec: Spec) -> None:
    """Raise SkippedError where a check has nothing to compare."""
    if spec.kind == "perceptron":
        if name == PYTORCH:
            raise SkippedError("a perceptron's rule takes no derivative")
    elif spec.rounding == "stepwise":
        raise SkippedError("rounding is stepwise: each number is computed from printed ones")


def _run(script: str) -> Script:
    (numbers,) = run_scripts([script])
    if isinstance(numbers, SkippedError):
        raise numbers
    return numbers


def _row(
    answer: tuple[str, str, str],
    made: Mapping[str, Differences | Script],
    fine: Callable[[], Differences],
) -> Row:
    id_, text, shown = answer
    checks: dict[str, str | None] = {}
    agrees = True
    with mp.workdps(FINE_DIGITS):
        value = exact(text)
        for name, numbers in made.items():
            try:
                number = numbers.value(id_)
            except KeyError:
                continue
            if not _agree(name, value, number) and name != PYTORCH:
                number = fine().value(id_)
            checks[name] = None if number is None else mp.nstr(number, DIGITS[name])
            agrees = agrees and _agree(name, value, number)
    return Row(id_, shown, checks, agrees)


def _agree(name: str, value: mpf, number: mpf | None) -> bool:
    """Whether a check does not contradict."""
    if number is None:
        return True
    relative, absolute = map(mpf, ALLOWED[name])
    return bool(abs(value - number) <= max(absolute, relative * max(abs(value), abs(number))))
