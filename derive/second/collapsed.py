"""The symbolic road: one nested expression, differentiated by SymPy at once.

The collapsed expression loses the chain a learner must see, which makes it a
good witness: no factor, route or stage of the sheet occurs in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import sympy as sp
from mpmath import mp, mpf

from derive.algebra import grammar
from derive.algebra.expressions import Add, Call, Div, Expr, Mul, Name, Neg, Num, Pow
from derive.second.circuits import in_order, parts
from derive.second.functions import activation, constant_of, exact
from derive.second.networks import Board
from derive.second.symbols import COUPLED, FUNCTIONS, LOSSES
from derive.second.sympy_numbers import Sides, numeric
from derive.second.wiring import NoValueError, SkippedError
from derive.spec import Circuit, Layer, Network, Regularisation, Spec, Typed

if TYPE_CHECKING:
    from collections.abc import Callable

WEIGHTS = 30
LAYERS = 4
LEAVES = 500
"""Largest collapsed expression, in names and numbers: about a second of SymPy."""
EXPONENT = 1_000
"""Largest power of a number by a number: SymPy multiplies such powers out."""


@dataclass(frozen=True, slots=True)
class Formula:
    """The output collapsed into leaves, and the leaves' typed values.

    `updated` are the leaves that an update changes, `step` is what a slope is
    multiplied by to give the change, None without updates.
    """

    output: str
    expr: sp.Expr
    sides: Sides
    leaves: dict[sp.Symbol, mpf]
    varied: list[sp.Symbol]
    updated: list[sp.Symbol]
    step: mpf | None


class Collapsed:
    """The output (E_total), its derivative by every parameter, the first update.

    Raises SkippedError where the collapsed expression would be too large or
    has no real value.
    """

    def __init__(self, spec: Spec, digits: int = 80) -> None:
        self._digits = digits
        with mp.workdps(digits):
            self._formula = _collapsed(spec)
            try:
                self._point = self._formula.sides.settled(self._formula.leaves)
                value = numeric(self._formula.expr, self._point)
            except NoValueError as error:
                raise SkippedError(f"the collapsed output has no value ({error})") from None
        self._found: dict[str, mpf] = {self._formula.output: value}

    def value(self, id_: str) -> mpf | None:
        """The number behind an id; KeyError for one that this road does not give."""
        for symbol in self._formula.varied:
            slope_id = f"d{self._formula.output}/d{symbol.name}"
            if id_ in {slope_id, symbol.name + "+"} and slope_id not in self._found:
                self._differentiate(symbol, slope_id)
        return self._found[id_]

    def _differentiate(self, symbol: sp.Symbol, slope_id: str) -> None:
        formula = self._formula
        with mp.workdps(self._digits):
            try:
                slope = numeric(sp.diff(formula.expr, symbol), self._point)
            except (NoValueError, SkippedError):
                # x^n by x at 0 as SymPy writes it, n x^n / x, has no value.
                return
            self._found[slope_id] = slope
            if formula.step is not None and symbol in formula.updated:
                new = formula.leaves[symbol] + formula.step * slope
                self._found[symbol.name + "+"] = new


def _collapsed(spec: Spec) -> Formula:
    if isinstance(spec, Network):
        return collapse_network(spec)
    if isinstance(spec, Circuit):
        return collapse_circuit(spec)
    raise SkippedError(f"{spec.kind} has no collapsed form here")


def _symbol(name: str) -> sp.Symbol:
    return sp.Symbol(name, real=True)


def _rational(value: Fraction | str) -> sp.Rational:
    typed = Fraction(value)
    return sp.Rational(typed.numerator, typed.denominator)


def collapse_network(spec: Network) -> Formula:
    """E_total as one nested expression in the parameters; raises SkippedError."""
    _check_size(spec)
    if spec.loss not in LOSSES:
        raise SkippedError(f"the loss {spec.loss} has no collapsed form here")
    board, sides = Board(spec), Sides()
    loss, constant = LOSSES[spec.loss], _rational(constant_of(spec))
    error = sp.Integer(0)
    for inputs, targets in zip(spec.inputs, spec.targets, strict=True):
        current = [_rational(x) for x in inputs]
        for depth, layer in enumerate(spec.layers):
            current = _collapse_layer(layer, board, depth, current, sides)
        for t, o in zip(targets, current, strict=True):
            error += loss(sides, _rational(t), o, constant)
    if spec.reduction == "mean":
        error /= len(spec.inputs)
    held = set() if spec.update_biases else {name for row in board.b for name in row}
    leaves = _parameters(spec, board)
    varied = [symbol for symbol in leaves if symbol.name not in held]
    if spec.regularisation is not None:
        error += _penalty(spec.regularisation, board, sides)
    moves = spec.steps and spec.optimizer is None and spec.batch_size is None
    step = -exact(spec.learning_rate) if moves and spec.learning_rate else None
    return Formula("E_total", error, sides, leaves, varied, varied, step)


def _penalty(given: Regularisation, board: Board, sides: Sides) -> sp.Expr:
    """What is added for all weights."""
    weights = [_symbol(name) for layer in board.w for row in layer for name in row]
    square, size = (_rational(typed or "0") for typed in (given.l2, given.l1))
    sizes = [FUNCTIONS["abs"](sides, w) for w in weights] if size else []
    return square / 2 * sp.Add(*(w**2 for w in weights)) + size * sp.Add(*sizes)


def _check_size(spec: Network) -> None:
    weights = sum(len(layer.weights) * len(layer.weights[0]) for layer in spec.layers)
    if weights > WEIGHTS or len(spec.layers) > LAYERS:
        raise SkippedError(
            f"{weights} weights in {len(spec.layers)} layers; collapsed are at most {WEIGHTS} "
            f"in {LAYERS}"
        )
    unit, units = 1, len(spec.inputs[0])
    for layer in spec.layers:
        unit, units = units * (unit + 1) + 1, len(layer.weights)
        if layer.activation in COUPLED:
            unit *= units
    if unit * units * len(spec.inputs) > LEAVES:
        raise SkippedError(f"collapsed, E_total has more than {LEAVES} names and numbers")


def _parameters(spec: Network, board: Board) -> dict[sp.Symbol, mpf]:
    """The symbols of all weights and biases with their typed values."""
    leaves: dict[sp.Symbol, mpf] = {}
    for depth, layer in enumerate(spec.layers):
        for names, row in zip(board.w[depth], layer.weights, strict=True):
            leaves |= {_symbol(n): exact(w) for n, w in zip(names, row, strict=True)}
        biases = zip(board.b[depth], layer.biases or (), strict=False)
        leaves |= {_symbol(name): exact(b) for name, b in biases}
    return leaves


def _collapse_layer(
    layer: Layer, board: Board, depth: int, received: list[sp.Expr], sides: Sides
) -> list[sp.Expr]:
    zs = []
    for unit, names in enumerate(board.w[depth]):
        z = sp.Add(*(_symbol(w) * a for w, a in zip(names, received, strict=True)))
        if layer.biases is not None:
            z += _symbol(board.b[depth][unit])
        zs.append(z)
    if layer.activation in COUPLED:
        return [COUPLED[layer.activation](z, zs) for z in zs]
    row = activation(layer)
    given = [_rational(key) for key in row.given(layer)] if row else []
    return [FUNCTIONS[row.function](sides, z, *given) if row else z for z in zs]


def collapse_circuit(spec: Circuit) -> Formula:
    """The output as one nested expression in the values; raises SkippedError."""
    trees = {name: grammar.parse(text) for name, text in spec.definitions.items()}
    size = dict.fromkeys(spec.values, 1)
    sides = Sides()
    built: dict[str, sp.Expr] = {name: _symbol(name) for name in spec.values}
    for name in in_order(trees):
        size[name] = _size(trees[name], size)
        if size[name] > LEAVES:
            raise SkippedError(f"collapsed, {name} has more than {LEAVES} names and numbers")
        built[name] = _collapse(trees[name], built, sides)
    leaves = {_symbol(name): exact(value) for name, value in spec.values.items()}
    updated, step = list(leaves), None
    if spec.update is not None and spec.steps:
        rate: Typed = spec.update.learning_rate
        step = exact(rate) if spec.update.direction == "ascent" else -exact(rate)
        updated = [_symbol(name) for name in spec.update.parameters] or updated
    return Formula(spec.output, built[spec.output], sides, leaves, list(leaves), updated, step)


def _size(tree: Expr, size: dict[str, int]) -> int:
    if isinstance(tree, Name):
        return size[tree.id]
    return sum(_size(part, size) for part in parts(tree)) or 1


def _collapse(tree: Expr, built: dict[str, sp.Expr], sides: Sides) -> sp.Expr:
    if isinstance(tree, Num):
        return _rational(tree.text)
    if isinstance(tree, Name):
        return built[tree.id]
    operands = [_collapse(part, built, sides) for part in parts(tree)]
    if isinstance(tree, Pow):
        return _power(*operands)
    if isinstance(tree, Call):
        return _applied(tree.function, operands, sides)
    return OPERATORS[type(tree)](*operands)


OPERATORS: dict[type, Callable[..., sp.Expr]] = {
    Neg: lambda operand: -operand,
    Add: sp.Add,
    Mul: sp.Mul,
    Div: lambda top, bottom: top / bottom,
}


def _power(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    if base.is_number and exponent.is_number and abs(exponent) > EXPONENT:
        raise SkippedError("a power of numbers too large to multiply out")
    return base**exponent


def _applied(function: str, operands: list[sp.Expr], sides: Sides) -> sp.Expr:
    if function not in FUNCTIONS:
        raise SkippedError(f"the function {function} has no collapsed form here")
    return FUNCTIONS[function](sides, *operands)
