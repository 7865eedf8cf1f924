"""A tree to its value: a number, a node of a tape, or a matrix as rows."""

from __future__ import annotations

from collections.abc import Callable

from mpmath import mpf

from tape import FUNCTIONS, Node, adjoints, apply, raise_power, val
from tokens import Unread

Lookup = Callable[[str], object]


def evaluate(tree: tuple, look: Lookup):
    return RULES[tree[0]](tree, look)


def value_of(tree: tuple, look: Lookup):
    """The plain value, whatever it was made of."""
    result = evaluate(tree, look)
    if isinstance(result, list):
        return [[val(v) for v in row] for row in result]
    return val(result)


def add(tree, look):
    values = [evaluate(t, look) for t in tree[1:]]
    total = values[0]
    for value in values[1:]:
        total = zip_with(total, value, lambda a, b: a + b)
    return total


def zip_with(a, b, combine):
    if isinstance(a, list) != isinstance(b, list):
        raise Unread("a matrix and a number added")
    if not isinstance(a, list):
        return combine(a, b)
    if [len(r) for r in a] != [len(r) for r in b]:
        raise Unread("shapes that do not fit")
    return [[combine(x, y) for x, y in zip(p, q, strict=True)] for p, q in zip(a, b, strict=True)]


def mul(tree, look):
    values = [evaluate(t, look) for t in tree[1:]]
    total = values[0]
    for value in values[1:]:
        total = times(total, value)
    return total


def times(a, b):
    if not isinstance(a, list) and not isinstance(b, list):
        return a * b
    if not isinstance(a, list):
        return [[a * x for x in row] for row in b]
    if not isinstance(b, list):
        return [[x * b for x in row] for row in a]
    if any(len(row) != len(b) for row in a):
        raise Unread("shapes that do not fit")
    columns = list(zip(*b, strict=True))
    return [[sum(x * y for x, y in zip(r, c, strict=True)) for c in columns] for r in a]


def negative(tree, look):
    value = evaluate(tree[1], look)
    return [[-x for x in row] for row in value] if isinstance(value, list) else -value


def call(tree, look):
    if tree[1] == "slope":
        return look.slopes(tree[2])
    if tree[1] == "step":
        return look.step(evaluate(tree[2], look))
    if tree[1] not in FUNCTIONS:
        raise Unread(f"function {tree[1]}")
    return apply(tree[1], *(evaluate(t, look) for t in tree[2:]))


def holds(condition, look) -> bool:
    relation, left, right = condition
    difference = value_of(left, look) - value_of(right, look)
    if abs(difference) < mpf(10) ** -380:
        difference = 0
    signs = {"<": difference < 0, ">": difference > 0, "=": difference == 0}
    signs |= {"\\le": difference <= 0, "\\ge": difference >= 0}
    return signs[relation]


def cases(tree, look):
    met = [value for value, condition in tree[1:] if holds(condition, look)]
    if len(met) != 1:
        raise Unread(f"{len(met)} cases hold at once")
    return evaluate(met[0], look)


def differentiate(tree, look):
    _, key, body = tree
    variable = Node(val(look(key)))
    result = evaluate(body, look.override(key, variable))
    if not isinstance(result, Node):
        return mpf(0)
    return adjoints(result).get(id(variable), mpf(0))


def blank(tree, look):
    raise Unread("a blank has no value")


RULES = {
    "num": lambda t, _: mpf(t[1]),
    "sym": lambda t, look: look(t[1]),
    "par": lambda t, look: evaluate(t[1], look),
    "box": lambda t, look: evaluate(t[1], look),
    "neg": negative,
    "add": add,
    "mul": mul,
    "had": lambda t, look: zip_with(
        evaluate(t[1], look), evaluate(t[2], look), lambda a, b: a * b
    ),
    "div": lambda t, look: evaluate(t[1], look) / evaluate(t[2], look),
    "pow": lambda t, look: raise_power(evaluate(t[1], look), evaluate(t[2], look)),
    "T": lambda t, look: [list(r) for r in zip(*evaluate(t[1], look), strict=True)],
    "call": call,
    "cases": cases,
    "mat": lambda t, look: [[evaluate(c, look) for c in row] for row in t[1:]],
    "D": differentiate,
    "blank": blank,
}
