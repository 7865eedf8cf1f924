"""The graph in a practice page: the formulas with which the script goes on from own answers.

The sheet's formulas, those of every known mistake, other given numbers at which two
formulas are compared, and what is said of each mistake. The rules that use them stand in
`templates/practice/script/`, after those of `derive/checking/` and tested against them.
"""

from __future__ import annotations

import msgspec

from derive.grading.practice.trees import Called, Tree


class Through(msgspec.Struct, frozen=True):
    """How somebody makes a gradient of the own error signal: its formula in place of another."""

    name: int
    instead: int
    signal: int
    formula: int


class Mistake(msgspec.Struct, frozen=True):
    """A known mistake: its code, and the formula at each step that it changes."""

    code: str
    changes: tuple[tuple[int, int], ...]


class Slip(msgspec.Struct, frozen=True):
    """A mistake at one step alone: its code, the formula, what is said of it."""

    code: str
    formula: int
    said: tuple[int, ...]


class Aim(msgspec.Struct, frozen=True):
    """What an answer is compared with (`Target`), and what a known mistake is said to be there.

    `value` is exact; `last` are the decimals of the printed number, `said` begin with the
    index of a mistake and the name of the step to look at again. Of `here` only mistakes made
    in this very step are named. `alone` is said of a mistake that is made in this step and
    in none before, where it could be. Formulas are compared at `points`; at `plain` where only
    numbers that are 0 or 1 stay as they are.
    """

    name: int
    signal: bool
    value: str
    shown: str
    digits: int
    places: int
    last: int
    exact: bool
    short: bool
    spread: float
    here: bool
    said: tuple[tuple[int, ...], ...]
    alone: tuple[tuple[int, ...], ...]
    slips: tuple[Slip, ...]
    points: tuple[int, ...]
    plain: tuple[int, ...]


class Other(msgspec.Struct, frozen=True):
    """Another convention: what it makes of ids by their place on the page, and its evidence.

    `proofs` are right by both; without one it takes `enough` answers that follow it.
    """

    values: tuple[tuple[int, str], ...]
    proofs: tuple[int, ...]
    enough: int


class Program(msgspec.Struct, frozen=True):
    """All that the script computes from; a name is its index in `names`.

    `names` stand in the order in which formulas may use them, ids ahead of an update
    behind the first `listed`; `whole` says that these are all of the sheet. `halves` are
    the decimals of numbers that are printed rounded, `printed` all printed numbers where
    each step computes from them. `points` are given numbers in the order of `given`; those
    of `together` vary only together. Of the run of a perceptron (`presented`) formulas are
    compared at listed points alone.
    """

    decimals: int
    stepwise: bool
    listed: int
    whole: bool
    names: tuple[str, ...]
    states: dict[str, tuple[str, int]]
    keys: dict[str, str | None]
    given: dict[int, str]
    plan: tuple[int, ...]
    formulas: tuple[Tree, ...]
    functions: dict[str, Called]
    halves: tuple[int | None, ...]
    printed: tuple[str | None, ...] | None
    through: tuple[Through, ...]
    mistakes: tuple[Mistake, ...]
    points: tuple[tuple[str, ...], ...]
    together: tuple[tuple[int, ...], ...]
    presented: bool
    aims: tuple[Aim, ...]
    others: tuple[Other, ...]
    codes: dict[str, str]
