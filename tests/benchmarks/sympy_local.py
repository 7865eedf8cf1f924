"""The baseline of the benchmarks: SymPy with local partials, joined by name.

What a careful programmer writes with SymPy instead of derive: nothing is
collapsed. Each quantity is a symbol; each formula is differentiated by each of
its own names with `sympy.diff`; a chain is a product of named partials; a
number is the formula at the numbers known so far, with 30 digits. One hidden
layer at least, sigmoid units, half squared error, one sample, one update: the
same steps and ids as derive's key.

    python sympy_local.py SPEC.toml     writes id, value, shown of backward and update as JSON
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sympy as sp

DIGITS = 30
ONE_HALF = sp.Rational(1, 2)
Step = tuple[str, str, Any, Any]
"""Id, stage, formula in symbols, number."""


class Local:
    """A network as local formulas; `steps` derives and evaluates them in order."""

    def __init__(self, text: str) -> None:
        spec = tomllib.loads(text, parse_float=str)
        self.rate = sp.Rational(str(spec["learning_rate"]))
        self.numbers: dict[Any, Any] = {}
        self.x = self._given("x", spec["inputs"])
        self.t = self._given("t", spec["targets"])
        self.layers: list[dict[str, Any]] = []
        self.weights: list[Any] = []
        units = 0
        for depth, layer in enumerate(spec["layers"]):
            size = len(layer["weights"])
            hidden = depth < len(spec["layers"]) - 1
            found = {
                "z": [sp.Symbol(f"z{units + i}") for i in range(1, size + 1)],
                "a": [
                    sp.Symbol(f"h{units + i}" if hidden else f"o{i}") for i in range(1, size + 1)
                ],
                "w": [[self._weight(w) for w in row] for row in layer["weights"]],
            }
            units += size
            self.layers.append(found)

    def _given(self, letter: str, row: list[Any]) -> list[Any]:
        symbols = [sp.Symbol(f"{letter}{i}") for i in range(1, len(row) + 1)]
        self.numbers |= {s: sp.Rational(str(v)) for s, v in zip(symbols, row, strict=True)}
        return symbols

    def _weight(self, typed: Any) -> Any:
        symbol = sp.Symbol(f"W{len(self.weights) + 1}")
        self.weights.append(symbol)
        self.numbers[symbol] = sp.Rational(str(typed))
        return symbol

    def steps(self) -> Iterator[Step]:
        """Forward, backward, update and the new forward pass, each as formula and number."""
        formulas = dict(self._formulas())
        yield from self._forward(formulas, self.numbers, "forward")
        yield from self._backward(formulas)
        new = {s: self.numbers[s] for s in (*self.x, *self.t)}
        rate = sp.Symbol("alpha")
        for w in self.weights:
            gradient = self.d("E_total", w)
            value = (self.numbers[w] - self.rate * self.numbers[gradient]).evalf(DIGITS)
            new[w] = value
            yield f"{w}+", "update", w - rate * gradient, value
        yield from self._forward(formulas, new, "check")

    def _formulas(self) -> Iterator[tuple[Any, Any]]:
        received = self.x
        for layer in self.layers:
            for z, row in zip(layer["z"], layer["w"], strict=True):
                yield z, sp.Add(*(w * a for w, a in zip(row, received, strict=True)))
            for z, a in zip(layer["z"], layer["a"], strict=True):
                yield a, 1 / (1 + sp.exp(-z))
            received = layer["a"]
        errors = [sp.Symbol(f"E_o{i}") for i in range(1, len(self.t) + 1)]
        for e, t, o in zip(errors, self.t, received, strict=True):
            yield e, ONE_HALF * (t - o) ** 2
        yield sp.Symbol("E_total"), sp.Add(*errors)

    def _forward(
        self, formulas: dict[Any, Any], numbers: dict[Any, Any], stage: str
    ) -> Iterator[Step]:
        after = "+" if stage == "check" else ""
        for name, formula in formulas.items():
            numbers[name] = self.number(formula, numbers)
            yield f"{name}{after}", stage, formula, numbers[name]

    @staticmethod
    def number(formula: Any, numbers: dict[Any, Any]) -> Any:
        """A formula at the numbers of its own names only."""
        return formula.evalf(DIGITS, subs={s: numbers[s] for s in formula.free_symbols})

    @staticmethod
    def d(of: Any, wrt: Any) -> Any:
        """The name of a partial derivative."""
        return sp.Symbol(f"d{of}/d{wrt}")

    def _step(self, of: Any, wrt: Any, formula: Any) -> Step:
        name = self.d(of, wrt)
        self.numbers[name] = self.number(formula, self.numbers)
        return name.name, "backward", formula, self.numbers[name]

    def _product(self, of: Any, wrt: Any, *factors: Any) -> Step:
        """A chain: its number is the product of the known numbers."""
        name = self.d(of, wrt)
        value = self.numbers[factors[0]]
        for factor in factors[1:]:
            value = value * self.numbers[factor]
        self.numbers[name] = value
        return name.name, "backward", sp.Mul(*factors, evaluate=False), value

    def _backward(self, formulas: dict[Any, Any]) -> Iterator[Step]:
        for depth in reversed(range(len(self.layers))):
            layer = self.layers[depth]
            received = self.layers[depth - 1]["a"] if depth else self.x
            for unit, (z, a) in enumerate(zip(layer["z"], layer["a"], strict=True)):
                if depth == len(self.layers) - 1:
                    error = sp.Symbol(f"E_o{unit + 1}")
                    yield self._step("E_total", a, sp.diff(formulas[error], a))
                else:
                    yield from self._routes(depth, a, formulas)
                slope = sp.diff(formulas[a], z)
                yield self._step(a, z, slope)
                signal = (self.d("E_total", a), self.d(a, z))
                yield self._product("E_total", z, *signal)
                for w, _ in zip(layer["w"][unit], received, strict=True):
                    yield self._step(z, w, sp.diff(formulas[z], w))
                    yield self._product("E_total", w, *signal, self.d(z, w))

    def _routes(self, depth: int, h: Any, formulas: dict[Any, Any]) -> Iterator[Step]:
        """The sum over every unit that receives h."""
        parts = []
        last = depth == len(self.layers) - 2
        for unit, z in enumerate(self.layers[depth + 1]["z"], 1):
            yield self._step(z, h, sp.diff(formulas[z], h))
            if last:
                yield self._product(f"E_o{unit}", h, self.d("E_total", z), self.d(z, h))
                parts.append(self.d(f"E_o{unit}", h))
            else:
                parts.append(self.d("E_total", z) * self.d(z, h))
        name = self.d("E_total", h)
        routes = sp.Add(*parts)
        values = {s: self.numbers[s] for s in routes.free_symbols}
        self.numbers[name] = sum(
            (sp.prod([values[f] for f in part.free_symbols]) for part in parts), sp.Integer(0)
        )
        yield name.name, "backward", routes, self.numbers[name]


def latex_lines(text: str) -> list[str]:
    """Every step as a line of LaTeX with its number, as a page would have it."""
    return [
        rf"{sp.latex(sp.Symbol(name))} = {sp.latex(formula)} \approx {value}"
        for name, _, formula, value in Local(text).steps()
    ]


def records(text: str) -> Iterator[dict[str, str]]:
    """Id, value, shown of backward and update."""
    for name, stage, _, value in Local(text).steps():
        if stage in {"backward", "update"}:
            yield {"id": name, "value": str(sp.N(value, DIGITS)), "shown": f"{value:.8f}"}


def main(path: str) -> None:
    """Write the records as one JSON list."""
    text = Path(path).read_text("utf-8")
    sys.stdout.write("[" + ",\n".join(json.dumps(row) for row in records(text)) + "]\n")


if __name__ == "__main__":
    main(sys.argv[1])
