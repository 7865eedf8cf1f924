"""The forward pass of a circuit: its parsed formulas, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from graphlib import TopologicalSorter

from mpmath import mp, mpf

from derive.algebra import grammar
from derive.algebra.expressions import Add, Call, Div, Expr, Mul, Name, Neg, Num, Pow, children
from derive.algebra.expressions import names as names_in
from derive.second.functions import (
    FUNCTIONS,
    LARGEST_EXPONENT,
    Functions,
    SkippedError,
    exact,
    exponential,
    sign,
)
from derive.second.ids import LEARNING_RATE
from derive.second.optimizers import Rule
from derive.second.recorder import Recorder, Values
from derive.spec import Circuit


class CircuitPass:
    """Definitions in an order of evaluation; the spec is known to have no cycle."""

    def __init__(self, spec: Circuit) -> None:
        trees = {name: grammar.parse(text) for name, text in spec.definitions.items()}
        uses = {name: [n for n in names_in(tree) if n in trees] for name, tree in trees.items()}
        self.spec = spec
        self.rule = Rule(spec.update.optimizer if spec.update else None, spec.steps)
        self.trees = {name: trees[name] for name in TopologicalSorter(uses).static_order()}

    def start(self) -> Values:
        """The learning rate, and the settings of the optimizer."""
        update = self.spec.update
        rate = {LEARNING_RATE: exact(update.learning_rate)} if update else {}
        return self.rule.settings | rate

    def run(self, recorder: Recorder) -> Iterator[None]:
        """Compute everything; pauses after each definition."""
        functions = Functions(recorder.side)
        for name, typed in self.spec.values.items():
            recorder.part(name, (), partial(recorder.take, name, typed, name))
        for name, tree in self.trees.items():
            used = names_in(tree)
            taken = tuple(recorder.value(n) for n in used)
            recorder.part(name, taken, partial(self._define, recorder, functions, name))
            yield
        if not recorder.count and recorder.move is None:
            for name in self._moving():
                recorder.values |= self.rule.before(name)

    def _define(self, recorder: Recorder, functions: Functions, name: str, *taken: mpf) -> mpf:
        tree = self.trees[name]
        value = evaluate(tree, dict(zip(names_in(tree), taken, strict=True)), functions)
        return recorder.note(name, value, None if name == self.spec.output else name)

    def update(self, recorder: Recorder, slope: Callable[[str, str], mpf]) -> Values:
        """The values after one more step, and what the optimizer keeps beside them."""
        new, update = dict(recorder.start), self.spec.update
        for name in self._moving():
            way = -1 if update is not None and update.direction == "ascent" else 1
            new |= self.rule.move(recorder, name, way * slope(self.spec.output, name))
        return new

    def _moving(self) -> Iterable[str]:
        """The values that an update changes."""
        update = self.spec.update
        return (update.parameters or self.spec.values) if update else ()


def evaluate(tree: Expr, values: Values, functions: Functions) -> mpf:
    """The value of a tree, nan where there is no real one."""
    if isinstance(tree, Num):
        return exact(tree.text)
    if isinstance(tree, Name):
        return values[tree.id]
    operands = [evaluate(part, values, functions) for part in children(tree)]
    if any(map(mp.isnan, operands)):
        return mp.nan
    if not isinstance(tree, Call):
        return OPERATORS[type(tree)](*operands)
    if tree.function not in FUNCTIONS:
        raise SkippedError(f"the function {tree.function} has no second definition here")
    return functions(tree.function, *operands)


def _divide(top: mpf, bottom: mpf) -> mpf:
    return top / bottom if bottom else mp.nan


def _power(base: mpf, exponent: mpf) -> mpf:
    """A real power; an exponent within rounding of a whole number is that number."""
    if (not base and exponent < 0) or abs(exponent) > LARGEST_EXPONENT:
        return mp.nan
    whole = int(mp.nint(exponent))
    if not sign(exponent - whole):
        held = abs(whole) * abs(mp.log(abs(base) or 1)) <= LARGEST_EXPONENT
        return base**whole if held else mp.nan
    if base < 0:
        return mp.nan
    return exponential(exponent * mp.log(base)) if base else mpf(0)


OPERATORS: dict[type, Callable[..., mpf]] = {
    Neg: lambda operand: -operand,
    Add: lambda *terms: mp.fsum(terms),
    Mul: lambda *factors: mp.fprod(factors),
    Div: _divide,
    Pow: _power,
}
