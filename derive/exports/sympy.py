"""A worksheet as a SymPy script: each formula, the chain rule over all uses, the numbers put in.

Nothing of a file's text is copied: formulas are written from our tree, node by node.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping

from derive import limits
from derive.algebra.expressions import (
    ATOM,
    Add,
    Call,
    Cases,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Pick,
    Pow,
    names,
    precedence,
    substitute,
)
from derive.algebra.rules import full_args, row_text
from derive.errors import InternalError, SpecError
from derive.exports.formulas import choose_identifiers
from derive.exports.torch import check_scriptable, write_head
from derive.exports.writing import INDENT, WIDTH, quote, short, string
from derive.naming import LEARNING_RATE, USE
from derive.ops import FUNCTIONS
from derive.pages import Worksheet
from derive.render.wording import sentence

TAKEN = frozenset(
    "sp reversed print dict sorted str compute differentiate given formulas values chain signals "  # noqa: SIM905  a list of words reads best as words
    "symbol name names after formula root uses used slope text number key DIGITS".split()
)
"""Names that a script uses itself, builtins among them."""
CALLS = {
    "exp": "sp.exp({})",
    "log": "sp.log({})",
    "ln": "sp.log({})",
    "sqrt": "sp.sqrt({})",
    "sin": "sp.sin({})",
    "cos": "sp.cos({})",
    "tanh": "sp.tanh({})",
    "cosh": "sp.cosh({})",
    "normal_cdf": "((1 + sp.erf(({}) / sp.sqrt(2))) / 2)",
    "normal_pdf": "(sp.exp(-({}) ** 2 / 2) / sp.sqrt(2 * sp.pi))",
}
"""Functions as SymPy has them; every other one is written out by its definition."""
COMPUTE = """
def compute(values, names, after=""):
    for symbol, formula in formulas.items():
        values[symbol] = sp.N(formula.subs(values), DIGITS)
        if str(symbol) in names.split():
            print(f"{symbol}{after} = {sp.N(values[symbol], 20)}")
    return values
"""
DIFFERENTIATE = """
def differentiate(root, names):
    chain, signals = {root: sp.Integer(1)}, {}
    for symbol in [*reversed(formulas), *given]:  # from the end back: the sum over every use
        name = f"d{root}/d{symbol}"
        signals[symbol] = sp.Symbol(name)
        formula = chain.get(symbol, sp.Integer(0))
        values[signals[symbol]] = sp.N(formula.subs(values), DIGITS)
        if name in names.split():
            print(f"{name} = {sp.N(values[signals[symbol]], 20)}")
        uses = formulas[symbol].free_symbols if symbol in formulas else []
        for used in uses if symbol in chain else []:
            slope = sp.diff(formulas[symbol], used)
            chain[used] = chain.get(used, 0) + signals[symbol] * slope
    return chain
"""


def write_sympy(sheet: Worksheet) -> str:
    """The whole script: each number it prints stands behind the id of the key.

    It makes the first update where that is plain gradient descent. Raises SpecError
    for a perceptron and for an exercise too large.
    """
    check_scriptable(sheet, limits.SLIDE_STEPS)
    if any(q.held for q in sheet.graph.quantities.values()):
        raise SpecError("truncate", "SymPy differentiates every route; leave truncate out")
    script = _Script(sheet)
    lines = [*write_head(sheet.spec, "script.same_sympy"), "import sympy as sp", "", "DIGITS = 50"]
    for key, write in script.sections.items():
        section = list(write())
        if section:
            lines += ["", f"# {sentence(sheet.spec.language, f'script.{key}')}", *section]
    return "\n".join(lines) + "\n"


class _Script:
    """The sections of one exercise's script."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet, self.graph = sheet, sheet.graph
        self.own = choose_identifiers(self.graph.quantities, TAKEN)
        self.sections: dict[str, Callable[[], Iterator[str]]] = {
            "setup": self.setup,
            "forward": self.forward,
            "backward": self.backward,
        }
        plain = self.graph.method is None and len(self.graph.batches) == 1
        if sheet.derivation.updates and plain:
            self.sections |= {"update": self.update, "check": self.check}

    def setup(self) -> Iterator[str]:
        """A symbol for each id, and the given numbers as typed."""
        ids = list(self.graph.quantities)
        yield from _symbols([self.own[name] for name in ids], ids)
        yield "given = {"
        for q in self.graph.quantities.values():
            if q.expr is None:
                yield f"{INDENT}{self.own[q.id]}: {string(q.typed)},"
        yield "}"

    def forward(self) -> Iterator[str]:
        """Every formula, and its number."""
        write = _Formula(self.own).write
        yield "formulas = {"
        for q in self.graph.quantities.values():
            if q.expr is not None:
                yield f"{INDENT}{self.own[q.id]}: {write(q.expr)},"
        yield "}"
        yield from ("", *COMPUTE.splitlines(), "", "")
        numbers = "{symbol: sp.Float(text, DIGITS) for symbol, text in given.items()}"
        computed = [q.id for q in self.graph.quantities.values() if q.expr is not None]
        yield f"values = compute({numbers}, {quote(computed)})"

    def backward(self) -> Iterator[str]:
        """The derivative of each end by everything that the sheet differentiates it by."""
        yield from ("", *DIFFERENTIATE.splitlines(), "", "")
        wanted: dict[str, list[str]] = {}
        for step in self.sheet.derivation.steps({"backward"}):
            end = step.of == self.graph.total or self.graph[step.of].role in ("error", "penalty")
            if end and not step.updates and USE not in step.wrt:
                wanted.setdefault(step.of, []).append(step.id)
        for root, ids in wanted.items():
            yield f"chain = differentiate({self.own[root]}, {quote(ids)})"

    def update(self) -> Iterator[str]:
        """The first update, all from the old values."""
        sign, rate = "+" if self.graph.ascends else "-", self.own[LEARNING_RATE]
        yield f"for symbol in [{', '.join(self.own[p] for p in self.graph.parameters)}]:"
        gradient = f'sp.Symbol(f"d{self.graph.objective}/d{{symbol}}")'
        yield f"{INDENT}given[symbol] = values[symbol] {sign} values[{rate}] * values[{gradient}]"
        yield f'{INDENT}print(f"{{symbol}}+ = {{sp.N(given[symbol], 20)}}")'

    def check(self) -> Iterator[str]:
        """The forward pass with the new parameters."""
        changed = [q.id for q in self.graph.quantities.values() if q.expr and q.varies]
        numbers = "{symbol: sp.Float(number, DIGITS) for symbol, number in given.items()}"
        if changed:
            yield f'values = compute({numbers}, {quote(changed)}, "+")'


def _symbols(own: list[str], ids: list[str]) -> Iterator[str]:
    """Symbols for ids, as many in a line as fit."""
    for chunk in textwrap.wrap(" ".join(own), (WIDTH - 40) // 2, break_long_words=False):
        mine = chunk.split()
        named, ids = " ".join(ids[: len(mine)]), ids[len(mine) :]
        make = "sp.symbols" if len(mine) > 1 else "sp.Symbol"
        yield f"{', '.join(mine)} = {make}({string(named)}, real=True)"


class _Formula:
    """Writes trees as Python in SymPy's terms, with the Python names of their ids."""

    def __init__(self, own: Mapping[str, str]) -> None:
        self.own = own

    def write(self, expr: Expr, level: int = 0) -> str:
        """An expression, in parentheses where its surroundings bind tighter."""
        written = WRITERS[type(expr)](self, expr)
        return f"({written})" if precedence(expr) < level else written

    def write_exact(self, expr: Expr, level: int = 0) -> str:
        """A number that Python must not divide or raise itself."""
        return f'sp.Rational("{expr.text}")' if isinstance(expr, Num) else self.write(expr, level)

    def number(self, expr: Num) -> str:
        """A small whole number as it is, any other exactly."""
        return expr.text if short(expr.text).isdigit() else f'sp.Rational("{expr.text}")'

    def name(self, expr: Name) -> str:
        """The symbol of an id."""
        return self.own[expr.id]

    def negative(self, expr: Neg) -> str:
        """A sign."""
        return "-" + self.write(expr.arg, 3)

    def sum(self, expr: Add) -> str:
        """Terms; a negative one is taken away."""
        first, *others = expr.terms
        pieces = [self.write(first, 2)]
        for term in others:
            negative = isinstance(term, Neg)
            shown = term.arg if isinstance(term, Neg) else term
            pieces.append(("- " if negative else "+ ") + self.write(shown, 3))
        return " ".join(pieces)

    def product(self, expr: Mul) -> str:
        """Factors."""
        return " * ".join(self.write(factor, 4) for factor in expr.factors)

    def quotient(self, expr: Div) -> str:
        """A fraction; of two numbers an exact one."""
        write_top = self.write if names(expr.bottom) else self.write_exact
        return f"{write_top(expr.top, 3)} / {self.write(expr.bottom, 4)}"

    def power(self, expr: Pow) -> str:
        """A power; one of numbers alone waits until it is evaluated."""
        if not names(expr):
            base, exponent = self.write_exact(expr.base), self.write_exact(expr.exponent)
            return f"sp.Pow({base}, {exponent}, evaluate=False)"
        return f"{self.write_exact(expr.base, ATOM)} ** {self.write(expr.exponent, ATOM)}"

    def cases(self, expr: Cases) -> str:
        """Cases by a sign."""
        subject = self.write(expr.subject)
        parts = [self.write(part) for part in (expr.negative, expr.zero, expr.positive)]
        below, at = f"({parts[0]}, {subject} < 0)", f"({parts[1]}, sp.Eq({subject}, 0))"
        return f"sp.Piecewise({below}, {at}, ({parts[2]}, True))"

    def pick(self, expr: Pick) -> str:
        """The value of the first of the largest operands."""
        operands = [self.write(part) for part in expr.operands]
        pieces = []
        for at, value in enumerate(expr.values):
            tests = [
                f"{operands[at]} {'>' if other < at else '>='} {operands[other]}"
                for other in range(len(operands))
                if other != at
            ]
            pieces.append(f"({self.write(value)}, sp.And({', '.join(tests)}))")
        return f"sp.Piecewise({', '.join(pieces)})"

    def call(self, expr: Call) -> str:
        """A function of SymPy, or the definition of ours."""
        if expr.function in CALLS:
            return CALLS[expr.function].format(self.write_exact(expr.args[0]))
        row = FUNCTIONS[expr.function].take(len(expr.args))
        if row.definition is None:
            raise InternalError(f"ops/functions.py: {row.name} has no text for SymPy")
        values = dict(zip(row.parameters, full_args(row, expr.args), strict=True))
        return f"({self.write(substitute(row_text(row.definition), values))})"


WRITERS: dict[type, Callable[..., str]] = {
    Num: _Formula.number,
    Name: _Formula.name,
    Neg: _Formula.negative,
    Add: _Formula.sum,
    Mul: _Formula.product,
    Div: _Formula.quotient,
    Pow: _Formula.power,
    Cases: _Formula.cases,
    Pick: _Formula.pick,
    Call: _Formula.call,
}
