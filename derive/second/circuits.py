"""A circuit spec as a wiring: the parsed formulas, evaluated a second time."""

from __future__ import annotations

from functools import partial

from mpmath import mp, mpf

from derive.algebra import grammar
from derive.algebra.expressions import Add, Call, Div, Expr, Mul, Name, Neg, Num, Pow
from derive.second.functions import FUNCTIONS, LARGEST_EXPONENT, exact, exponential
from derive.second.wiring import Node, NoValueError, Signs, SkippedError, Values, Wiring, sign
from derive.spec import Circuit, Typed


def wire_circuit(spec: Circuit) -> Wiring:
    """The wiring of a circuit, its definitions put in an order of evaluation."""
    trees = {name: grammar.parse(text) for name, text in spec.definitions.items()}
    nodes: dict[str, Node] = {}
    for name in in_order(trees):
        tree = trees[name]
        nodes[name] = Node(used_names(tree), partial(evaluate, tree))
    leaves = {name: exact(value) for name, value in spec.values.items()}
    if spec.update is None:
        return Wiring(leaves, nodes, spec.output, (), None, local=True)
    leaves["learning_rate"] = exact(spec.update.learning_rate)
    rate = leaves["learning_rate"] * (-1 if spec.update.direction == "ascent" else 1)
    parameters = spec.update.parameters or tuple(spec.values)
    return Wiring(leaves, nodes, spec.output, parameters, rate, local=True)


def in_order(trees: dict[str, Expr]) -> list[str]:
    """The definitions, each after those it needs; the spec is known to have no cycle."""
    waiting = {name: {n for n in used_names(tree) if n in trees} for name, tree in trees.items()}
    ordered: list[str] = []
    while waiting:
        ready = [name for name, needs in waiting.items() if needs.issubset(ordered)]
        if not ready:
            raise SkippedError("the definitions go round in a circle")
        ordered += ready
        for name in ready:
            del waiting[name]
    return ordered


def used_names(tree: Expr) -> tuple[str, ...]:
    """Every name in a tree, once."""
    if isinstance(tree, Name):
        return (tree.id,)
    return tuple(dict.fromkeys(name for part in parts(tree) for name in used_names(part)))


def parts(tree: Expr) -> tuple[Expr, ...]:
    """The operands of a node that a parsed text can hold."""
    if isinstance(tree, Num | Name):
        return ()
    if isinstance(tree, Neg):
        return (tree.arg,)
    if isinstance(tree, Add):
        return tree.terms
    if isinstance(tree, Mul):
        return tree.factors
    if isinstance(tree, Div):
        return (tree.top, tree.bottom)
    if isinstance(tree, Pow):
        return (tree.base, tree.exponent)
    if isinstance(tree, Call):
        return tree.args
    raise SkippedError(f"{type(tree).__name__} is no part of a formula that was typed")


def evaluate(tree: Expr, values: Values, signs: Signs) -> mpf:
    """The value of a tree; raises NoValueError where there is no real one."""
    if isinstance(tree, Num):
        return exact(Typed(tree.text))
    if isinstance(tree, Name):
        return values[tree.id]
    operands = [evaluate(part, values, signs) for part in parts(tree)]
    if isinstance(tree, Neg):
        return -operands[0]
    if isinstance(tree, Add):
        return mp.fsum(operands)
    if isinstance(tree, Mul):
        return mp.fprod(operands)
    if isinstance(tree, Div):
        if not operands[1]:
            raise NoValueError("division by zero")
        return operands[0] / operands[1]
    if isinstance(tree, Pow):
        return power(*operands)
    name = tree.function if isinstance(tree, Call) else type(tree).__name__
    if name not in FUNCTIONS:
        raise SkippedError(f"the function {name} has no second definition here")
    return FUNCTIONS[name](operands, signs)


def power(base: mpf, exponent: mpf) -> mpf:
    """A real power; an exponent within rounding of a whole number is that number."""
    if abs(exponent) > LARGEST_EXPONENT:
        raise NoValueError("a power too large to hold")
    whole = int(mp.nint(exponent))
    if not sign(exponent - whole):
        if whole < 0 and not base:
            raise NoValueError("division by zero")
        if abs(whole) * abs(mp.log(abs(base) or 1)) > LARGEST_EXPONENT:
            raise NoValueError("a power too large to hold")
        return base**whole
    if base < 0:
        raise NoValueError("a root of a negative number")
    return exponential(exponent * mp.log(base)) if base else _zero_to(exponent)


def _zero_to(exponent: mpf) -> mpf:
    if exponent < 0:
        raise NoValueError("division by zero")
    return mpf(0)
