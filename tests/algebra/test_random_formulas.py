"""Every legal formula is derived and judged; a line that is spoilt is found to be wrong."""

from __future__ import annotations

from operator import itemgetter
from random import Random
from time import process_time

import pytest
from random_formulas import DEPTH, random_circuit, random_formula
from sampling import few

import derive
from derive.algebra.expressions import (
    Add,
    Diff,
    Mul,
    Neg,
    Num,
    add,
    children,
    mul,
    rebuild,
    walk,
)
from derive.algebra.grammar import parse, to_text
from derive.algebra.lemmas import derivative
from derive.algebra.rules import differentiate, output_name
from derive.algebra.sampling import compare_at_points
from derive.errors import SpecError
from derive.numbers.compiling import NotDefined, compile_formula
from derive.numbers.machine import MACHINE

NAMES = ("x", "y")
NO_VALUE = (
    "a division by zero",
    "a logarithm of a number that is not positive",
    "a square root of a negative number",
    "a negative number to a power that is not whole",
    "too large to be computed",
    "the value is larger than",
    "the value is of the size",
    "its digits cannot be decided",
)
"""Why a legal formula may be refused: it has no value here, or none that can be printed."""
CIRCUITS = 2000
SLOWEST = 10
"""Seconds of processor time for one key page."""


def make_key(seed):
    """The reason why a circuit has no key page, or nothing."""
    try:
        derive.key_page(derive.loads(random_circuit(seed)), "md")
    except SpecError as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize(
    "seeds", few([range(i, i + 25) for i in range(0, CIRCUITS, 25)], 1), ids=str
)
def test_no_circuit_is_refused_that_has_values(seeds):
    for seed in seeds:
        before = process_time()
        reason = make_key(seed)
        assert not reason or any(kind in reason for kind in NO_VALUE), (seed, reason)
        assert process_time() - before < SLOWEST, seed


@pytest.mark.parametrize("depth", [DEPTH, *few([6, 8], 0)])
def test_every_formula_has_a_derivative_that_no_point_contradicts(depth):
    draw = Random(depth)  # noqa: S311  reproducible formulas, not secrets
    for _ in range(50):
        text = random_formula(draw, NAMES, depth)
        assert derivative(parse(text), "x").evidence in {"proved", "sampled", "unchecked"}, text


# --- spoilt lines -----------------------------------------------------------------------------


def list_edits(node):
    """The small mistakes that can be made in one place: a sign, a factor, a part left out."""
    yield Neg(node)
    yield Mul((Num("2"), node))
    join = {Add: add, Mul: mul}.get(type(node))
    if join is not None:
        parts = children(node)
        yield from (join(*parts[:i], *parts[i + 1 :]) for i in range(len(parts)))


def edit(expr, place, draw):
    """A tree with a mistake at the node that `walk` gives in this place."""
    if place == 0:
        return draw.choice(list(list_edits(expr)))
    parts = list(children(expr))
    place -= 1
    for i, part in enumerate(parts):
        size = sum(1 for _ in walk(part))
        if place < size:
            parts[i] = edit(part, place, draw)
            return rebuild(expr, tuple(parts))
        place -= size
    raise AssertionError(place)


def find_values(expr, function, output, points):
    """The floats of a line at some points; None where there is none."""
    line, whole = (compile_formula(e, MACHINE, itemgetter) for e in (expr, function))
    for point in points:
        try:
            yield line(point | {output: whole(point)})
        except (NotDefined, OverflowError, ValueError):
            yield None


def differ(one, other):
    return (
        one is not None
        and other is not None
        and abs(one - other) > 1e-6 * max(abs(one), abs(other), 1e-6)
    )


@pytest.mark.parametrize("count", few([25, 200], 1))
def test_a_spoilt_line_is_wrong(count):
    draw = Random(count)  # noqa: S311  reproducible mistakes, not secrets
    points = [{name: draw.uniform(-2, 2) for name in NAMES} for _ in range(40)]
    found = []
    while len(found) < count:
        text = random_formula(draw, NAMES)
        expr, output = parse(text), output_name(parse(text))
        lines = [line.expr for line in differentiate(expr, "x")]
        spoilt = edit(lines[-1], draw.randrange(sum(1 for _ in walk(lines[-1]))), draw)
        before, after = (find_values(e, expr, output, points) for e in (lines[-1], spoilt))
        if any(map(differ, before, after)):
            verdict = compare_at_points(Diff(expr, "x"), [*lines[:-1], spoilt], output)
            found.append((verdict, text, to_text(spoilt)))
    missed = [case for case in found if case[0] != "wrong"]
    assert len(missed) <= 0.05 * count, missed
