"""An ordinary backpropagation in plain floats, with every known mistake made by hand.

Shares no code with derive, not one import: lists, `math.exp`, loops over layers,
units and samples. A mistake is a switch in this program, at the line where a
person makes it; `M19 one` is one of several ways to make M19.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

FACTORS = {"half_squared_error": 0.5, "squared_error": 1.0, "mean_squared_error": None}
ALIKE = ("sigmoid", "tanh", "relu")
MISTAKES = (
    *("M01", "M02", "M02b", "M03", "M03 one", "M04", "M05", "M06", "M06 one", "M07"),
    *("M08", "M08 error", "M09", "M10", "M11"),
    *("M13", "M14", "M15", "M16", "M18", "M18b", "M19 value", "M19 one", "M19 one at zero"),
    *("M20 zero", "M20 value", "M21", "M22", "M24 already", "M24 twice"),
    *("M26 half", "M26 sign", "M29 itself", "M29 z", "M29 input", "M29 zero", "M29 kept"),
    *("M38", "M39", "M40", "M41", "M42", "M43 next", "M43 previous", "M44 next", "M44 previous"),
    *("M47 gradient", "M47 everywhere", "M48", "M49", "M50", "M51", "M52 next", "M52 previous"),
    *("M53", "M56", "M56 hidden", "M57", "M58"),
    *(f"M61 {kind} {what}" for kind in ALIKE for what in ("both", "value", "slope")),
)


@dataclass
class Pass:
    """One sample: what each layer receives and gives, and the error by each unit."""

    tag: str
    target: list[float]
    a: list[list[float]]
    z: list[list[float]] = field(default_factory=list)
    flow: list[float] = field(default_factory=list)
    delta: list[float] = field(default_factory=list)
    error: float = 0.0
    apart: list[float] = field(default_factory=list)
    unit: int = 0


def as_typed(value: float) -> Decimal:
    """The decimal a float stands for, free of binary dust."""
    return Decimal(f"{value:.14g}")


def fixed(value: float, decimals: int) -> str:
    """All decimals, a half away from zero."""
    return f"{as_typed(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"


def printed(value: float, decimals: int) -> str:
    """A computed number as a sheet prints it: four digits where fewer than three would show."""
    whole = as_typed(value)
    if whole == whole.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):
        return f"{whole.normalize():f}" if whole else "0"
    text = fixed(value, decimals)
    return f"{value:.3e}" if abs(Decimal(text).scaleb(decimals)) < 100 else text


def sigmoid(z: float) -> float:
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


def activate(kind: str, leak: float, z: float) -> float:
    if kind == "sigmoid":
        return sigmoid(z)
    if kind == "tanh":
        return math.tanh(z)
    if kind in {"relu", "leaky_relu", "prelu"} and z <= 0:
        return leak * z
    return z


def slope(kind: str, leak: float, z: float, a: float) -> float:
    if kind == "sigmoid":
        return a * (1 - a)
    if kind == "tanh":
        return 1 - a * a
    if kind in {"relu", "leaky_relu", "prelu"} and z <= 0:
        return leak
    return 1.0


def ratio(top: float, bottom: float) -> float:
    """A fraction; no number where it divides by 0."""
    return top / bottom if bottom else math.nan


def log(value: float) -> float:
    """The natural logarithm; no number where there is none."""
    return math.log(value) if value > 0 else math.nan


class FloatNetwork:
    """All ids of a network with their values, as somebody computes them.

    `mistake` (or two, `M03 and M05`) is made everywhere, or at the id `only`.
    `own` are values somebody has written down and goes on with. `places` rounds
    every step, `stepwise` to what the sheet prints; `by_signal` makes a gradient
    of two factors, with dE/dz, and not of three. `keep` says what somebody writes
    down of a number and goes on with; it stands in `written`. `values` are those
    before their own rounding.
    """

    def __init__(  # noqa: PLR0913  the ways in which somebody computes
        self,
        text: str,
        mistake: str = "",
        *,
        only: str = "",
        own: dict[str, float] | None = None,
        places: int | None = None,
        by_signal: bool = False,
        keep: Callable[[float], str] | None = None,
    ) -> None:
        self.spec: dict[str, Any] = tomllib.loads(text)
        self.by_signal = by_signal
        self.mistakes = set(mistake.split(" and "))
        self.only, self.own, self.places = only, own or {}, places
        self.keep, self.written = keep, {}
        self.layers = self.spec["layers"]
        self.decimals = self.spec.get("decimals", 8)
        self.stepwise = self.spec.get("rounding") == "stepwise"
        self.indexed = self.spec.get("notation") == "indexed"
        self.steps = self.spec.get("steps", 1)
        self.rate = float(self.spec.get("learning_rate", 0))
        self.trained = self.spec.get("update_biases", True)
        self.mean = self.spec.get("reduction", "mean") == "mean"
        self.loss = self.spec.get("loss", "half_squared_error")
        self.weights = [[[float(w) for w in r] for r in x["weights"]] for x in self.layers]
        self.biases = [[float(b) for b in x.get("biases", ())] for x in self.layers]
        self.inputs, self.targets = self._rows("inputs"), self._rows("targets")
        self.widths = [len(self.inputs[0]), *(len(w) for w in self.weights)]
        self.values: dict[str, float] = {}
        self.misplaced: dict[str, list[float]] = {}
        self.k = 0
        self._run()

    def _rows(self, key: str) -> list[list[float]]:
        rows = self.spec[key]
        rows = rows if isinstance(rows[0], list) else [rows]
        return [[float(value) for value in row] for row in rows]

    # names of the board

    def unit(self, layer: int, i: int) -> str:
        """The number of unit i (from 0) of a layer (from 1)."""
        return f"{layer}_{i + 1}" if self.indexed else str(sum(self.widths[1:layer]) + i + 1)

    def z(self, layer: int, i: int) -> str:
        return "z" + self.unit(layer, i)

    def a(self, layer: int, i: int) -> str:
        if layer == 0:
            return f"x{i + 1}"
        if self.indexed:
            return "a" + self.unit(layer, i)
        return f"o{i + 1}" if layer == len(self.layers) else "h" + self.unit(layer, i)

    def w(self, layer: int, i: int, j: int) -> str:
        if self.indexed:
            return f"W{layer}_{i + 1}_{j + 1}"
        before = sum(self.widths[m - 1] * self.widths[m] for m in range(1, layer))
        return f"W{before + i * self.widths[layer - 1] + j + 1}"

    def b(self, layer: int, i: int) -> str:
        return "b" + self.unit(layer, i)

    def e(self, i: int) -> str:
        return f"E_{i + 1}" if self.indexed else f"E_o{i + 1}"

    def whole(self, one: Pass) -> str:
        return "E" + one.tag if one.tag else "E_total"

    # the walk

    def made(self, mistake: str, name: str, ahead: int = 0) -> bool:
        """Whether the mistake is made here."""
        return mistake in self.mistakes and self.only in ("", self.after(name, ahead))

    def after(self, name: str, ahead: int = 0) -> str:
        k = self.k + ahead
        return name + ("" if k == 0 else "+" if k == 1 else f"@{k}")

    def note(self, name: str, value: float, *, ahead: int = 0, copied: bool = False) -> float:
        """Keep a value; returns what the next step uses."""
        name = self.after(name, ahead)
        self.values[name] = value
        if name in self.own:
            return self.own[name]
        if self.keep is not None:
            self.written[name] = str(value) if copied else self.keep(value)
            return float(self.written[name])
        if self.places is not None:
            return float(fixed(value, self.places))
        if self.stepwise and not copied:
            return float(printed(value, self.decimals))
        return value

    def _run(self) -> None:
        for k in range(self.steps + 1):
            self.k = k
            passes = [
                self._forward(f"_s{s}" if len(self.inputs) > 1 else "", x, t)
                for s, (x, t) in enumerate(zip(self.inputs, self.targets, strict=True), 1)
            ]
            if len(passes) > 1:
                total = sum(one.error for one in passes) / (len(passes) if self.mean else 1)
                self.note("E_total", self._other_reduction("E_total", total))
            if self.k < max(self.steps, 1):
                self._backward(passes)

    def _other_reduction(self, name: str, value: float) -> float:
        """M16: the sum for the mean, or the reverse."""
        if len(self.inputs) == 1 or not self.made("M16", name):
            return value
        return value * len(self.inputs) if self.mean else value / len(self.inputs)

    def _kind(self, layer: int) -> tuple[str, float]:
        spec = self.layers[layer - 1]
        kind = spec.get("activation", "identity")
        return kind, 0.0 if kind == "relu" else float(spec.get("slope", 0.01))

    def _forward(self, tag: str, x: list[float], t: list[float]) -> Pass:
        one = Pass(tag, t, [x])
        for layer in range(1, len(self.layers) + 1):
            zs, outs = [], []
            for i, row in enumerate(self.weights[layer - 1]):
                z = sum(w * v for w, v in zip(row, one.a[-1], strict=True))
                z += sum(self.biases[layer - 1][i : i + 1])
                self.misplaced[self.after(self.z(layer, i) + tag)] = self._misplace(
                    z, layer, i, one.a[-1]
                )
                zs.append(self.note(self.z(layer, i) + tag, z))
                name, (kind, leak) = self.a(layer, i) + tag, self._kind(layer)
                flipped = kind == "sigmoid" and self.made("M22", name)
                out = activate(kind, leak, -zs[-1] if flipped else zs[-1])
                out = self._other_value(name, kind, zs[-1], out)
                left_out = self._leaves_out(name, layer)
                out = zs[-1] if left_out else out
                copied = left_out or kind in {"identity", "linear"}
                outs.append(self.note(name, out, copied=copied))
            one.z.append(zs)
            one.a.append(outs)
        errors = []
        for i, o in enumerate(one.a[-1]):
            name = self.e(i) + tag
            errors.append(self.note(name, self._error(name, self._target(one, i, name), o)))
        name = self.whole(one)
        total = sum(errors) / (len(errors) if self._averages(name) else 1)
        one.error = self.note(name, total, copied=len(errors) == 1)
        return one

    def _misplace(self, z: float, layer: int, i: int, received: list[float]) -> list[float]:
        """M59: z with one weight, received value or bias of the place beside it."""
        rows, biases, found = self.weights[layer - 1], self.biases[layer - 1], []
        beside = [k for k in (i - 1, i + 1) if 0 <= k < len(rows)]
        for j, value in enumerate(received):
            w = rows[i][j]
            sources = [k for k in (j - 1, j + 1) if 0 <= k < len(received)]
            found += [z + (rows[k][j] - w) * value for k in beside]
            found += [z + (rows[i][k] - w) * value for k in sources]
            found += [z + w * (received[k] - value) for k in sources]
        found += [z + biases[k] - biases[i] for k in beside if biases]
        return found

    def _leaves_out(self, name: str, layer: int) -> bool:
        """M56: z for the activation of z, at every unit or at hidden ones."""
        hidden = layer < len(self.layers) and self.made("M56 hidden", name)
        return hidden or self.made("M56", name)

    def _other_value(self, name: str, kind: str, z: float, value: float) -> float:
        """M61: another function; of ReLU alone what differs from an activation left out."""
        for other in ALIKE:
            if kind not in ALIKE or kind == other:
                continue
            if self.made(f"M61 {other} both", name):
                value = activate(other, 0.0, z)
            if self.made(f"M61 {other} value", name) and (other != "relu" or z < 0):
                value = activate(other, 0.0, z)
        return value

    def _other_slope(self, name: str, kind: str, z: float, a: float) -> float | None:
        """M61: the slope of another function; None where it is the own one."""
        for other in ALIKE:
            if kind not in ALIKE or kind == other:
                continue
            if self.made(f"M61 {other} both", name):
                return slope(other, 0.0, z, activate(other, 0.0, z))
            known = (kind, other) == ("tanh", "sigmoid") or (other == "relu" and z >= 0)
            if self.made(f"M61 {other} slope", name) and not known:
                return slope(other, 0.0, z, a)
        return None

    def _error(self, name: str, t: float, o: float) -> float:
        """The error of one output."""
        value = self._factor() * (t - o) ** 2
        if self.loss == "half_squared_error" and self.made("M08 error", name):
            value = (t - o) ** 2
        if self.made("M58", name):
            value = self._factor() * (t - o)
        if self.loss == "binary_cross_entropy":
            hit, miss = t * log(o), (1 - t) * log(1 - o)
            value = -hit if self.made("M26 half", name) else -(hit + miss)
            value = -value if self.made("M26 sign", name) else value
            value = value / math.log(10) if self.made("M21", name) else value
        return value

    def _plain_slope(self, t: float, o: float) -> float:
        if self.loss == "binary_cross_entropy":
            return ratio(1 - t, 1 - o) - ratio(t, o)
        return 2 * self._factor() * (o - t)

    def _entropy_slope(self, name: str, t: float, o: float) -> float:
        """The slope of the cross entropy, with the mistakes that are its own."""
        value = self._plain_slope(t, o)
        if self.made("M26 half", name):
            value = -ratio(t, o)
        if self.made("M24 already", name):
            value = o - t
        return value / math.log(10) if self.made("M21", name) else value

    def _factor(self) -> float:
        return FACTORS.get(self.loss, 1.0) or 1 / self.widths[-1]

    def _target(self, one: Pass, i: int, name: str) -> float:
        """M44: the target of the next output, or of the one before."""
        count = len(one.target)
        if self.made("M44 next", name):
            i = (i + 1) % count
        if self.made("M44 previous", name) and count > 2:
            i = (i - 1) % count
        return one.target[i]

    def _averages(self, name: str) -> bool:
        return self.made("M15", name) and self.loss != "mean_squared_error"

    def _error_slope(self, one: Pass, i: int) -> float:
        """dE/do of output i, counted from 0."""
        o = one.a[-1][i]
        name = f"d{self.whole(one)}/d{self.a(len(self.layers), i)}{one.tag}"
        t = self._target(one, i, name)
        squared = self.loss in FACTORS
        value = self._plain_slope(t, o) if squared else self._entropy_slope(name, t, o)
        one.apart.append(o - one.target[i])
        if self.made("M04", name):
            value = -value
        if self.loss == "half_squared_error":
            doubled = self.made("M08", name) or self.made("M08 error", name)
            value = 2 * value if doubled else value
        if self.made("M09", name) and squared:
            value = value / 2
        if self._averages(name):
            value = value / self.widths[-1]
        if self.made("M58", name) and squared:
            value = -self._factor()
        if self.made("M53", name) and squared:
            value = (o - self._target(one, i, name)) ** 2
        return self.note(name, value)

    def _slope(self, one: Pass, layer: int, i: int) -> float:
        (kind, leak), z, a = self._kind(layer), one.z[layer - 1][i], one.a[layer][i]
        name = f"d{self.a(layer, i)}{one.tag}/d{self.z(layer, i)}{one.tag}"
        wrong = {
            "sigmoid": {
                "M07": sigmoid(a) * (1 - sigmoid(a)),
                "M39": z * (1 - z),
                "M40": 1 - a,
            },
            "tanh": {"M18": 1 - z * z, "M18b": a * (1 - a)},
            "relu": {"M19 value": a, "M19 one": 1.0},
            "leaky_relu": {"M20 zero": 1.0 if z > 0 else 0.0, "M20 value": leak * z},
        }
        if z == 0:
            wrong["relu"]["M19 one at zero"] = 1.0
            wrong["leaky_relu"]["M20 value"] = leak
        if z > 0:
            wrong["leaky_relu"]["M20 value"] = 1.0
        mistakes = wrong.get("leaky_relu" if kind == "prelu" else kind, {})
        value = slope(kind, leak, z, a)
        left_out = self.made("M03 one" if layer == len(self.layers) else "M06 one", name)
        if left_out and kind != "relu":
            value = 1.0
        other = self._other_slope(name, kind, z, a)
        value = value if other is None else other
        for mistake in self.mistakes & set(mistakes):
            value = mistakes[mistake] if self.made(mistake, name) else value
        return self.note(name, value, copied=kind in {"identity", "linear"})

    def _backward(self, passes: list[Pass]) -> None:
        depth = len(self.layers)
        for one in passes:
            one.flow = [self._error_slope(one, i) for i in range(self.widths[-1])]
        weights, biases = [list(map(list, w)) for w in self.weights], list(map(list, self.biases))
        for layer in range(depth, 0, -1):
            found = [self._gradients(one, layer) for one in passes]
            whole = self._reduced(found)
            if self.steps:
                self._update(layer, whole, weights, biases)
            if layer > 1:
                for one in passes:
                    one.flow = self._send_back(one, layer, weights, biases)
        self.weights, self.biases = weights, biases

    def _gradients(self, one: Pass, layer: int) -> dict[str, float]:
        """dE/dz of a layer's units, and dE/dW, dE/db of what enters them."""
        found: dict[str, float] = {}
        one.delta = []
        for i in range(self.widths[layer]):
            p, one.unit = self._slope(one, layer, i), i
            name = f"d{self.whole(one)}/d{self.z(layer, i)}{one.tag}"
            one.delta.append(self.note(name, self._product(one, layer, name, one.flow[i], p)))
            for j in range(self.widths[layer - 1]):
                name, last = self.w(layer, i, j), self._last(one, layer, i, j)
                self._gradient(one, layer, found, name, (one.flow[i], p, last))
            if self.biases[layer - 1] and self.trained:
                name, last = self.b(layer, i), self._last_of_bias(one, layer, i)
                self._gradient(one, layer, found, name, (one.flow[i], p, last))
        return found

    def _product(self, one: Pass, layer: int, name: str, e: float, p: float) -> float:
        """The error signal: slope of the error times slope of the unit."""
        output = layer == len(self.layers)
        if self.made("M03" if output else "M06", name):
            return e
        if output and self.made("M47 everywhere", name):
            return one.error * p
        if output and self.loss not in FACTORS and self.made("M24 twice", name):
            return one.apart[one.unit] * p
        return e * p

    def _gradient(
        self,
        one: Pass,
        layer: int,
        found: dict[str, float],
        parameter: str,
        factors: tuple[float, float, float],
    ) -> None:
        e, p, last = factors
        name = f"d{self.whole(one)}/d{parameter}"
        value = self._product(one, layer, name, e, p) * last
        if self.by_signal:
            value = one.delta[-1] * last
        if layer == len(self.layers) and self.made("M47 gradient", name):
            value = one.error * p * last
        if self.made("M41", name):
            value = e + p + last
        found[parameter] = self.note(name, value)

    def _last(self, one: Pass, layer: int, i: int, j: int) -> float:
        """dz/dW: the value that the weight is multiplied with."""
        below, width = one.a[layer - 1], self.widths[layer - 1]
        name = f"d{self.z(layer, i)}{one.tag}/d{self.w(layer, i, j)}"
        value = below[j]
        if self.made("M10", name) and layer == 1:
            value = one.a[1][i]
        elif self.made("M10", name) and j < self.widths[layer - 2]:
            value = one.a[layer - 2][j]
        if self.made("M43 next", name):
            value = below[(j + 1) % width]
        if self.made("M43 previous", name):
            value = below[(j - 1) % width]
        return self.note(name, value, copied=True)

    def _last_of_bias(self, one: Pass, layer: int, i: int) -> float:
        name = f"d{self.z(layer, i)}{one.tag}/d{self.b(layer, i)}"
        wrong = {
            "M29 itself": self.biases[layer - 1][i],
            "M29 z": one.z[layer - 1][i],
            "M29 input": one.a[layer - 1][0],
            "M29 zero": 0.0,
        }
        made = [value for mistake, value in wrong.items() if self.made(mistake, name)]
        return self.note(name, made[0] if made else 1.0, copied=True)

    def _reduced(self, found: list[dict[str, float]]) -> dict[str, float]:
        """dE_total/dp over all samples."""
        if len(found) == 1:
            return found[0]
        whole = {}
        for parameter in found[0]:
            name = f"dE_total/d{parameter}"
            value = sum(g[parameter] for g in found) / (len(found) if self.mean else 1)
            whole[parameter] = self.note(name, self._other_reduction(name, value))
        return whole

    def _update(
        self,
        layer: int,
        whole: dict[str, float],
        weights: list[list[list[float]]],
        biases: list[list[float]],
    ) -> None:
        for i, row in enumerate(self.weights[layer - 1]):
            for j in range(len(row)):
                name = self.w(layer, i, j)
                start = row[j]
                if self.made("M52 next", name, 1) and j + 1 < len(row):
                    start = row[j + 1]
                if self.made("M52 previous", name, 1) and j > 0:
                    start = row[j - 1]
                moved = self._moved(name, start, whole[name])
                weights[layer - 1][i][j] = self.note(name, moved, ahead=1)
        for i, bias in enumerate(self.biases[layer - 1] if self.trained else ()):
            name = self.b(layer, i)
            kept = self.made("M29 kept", name, 1)
            moved = bias if kept else self._moved(name, bias, whole[name])
            biases[layer - 1][i] = self.note(name, moved, ahead=1, copied=kept)

    def _moved(self, name: str, old: float, gradient: float) -> float:
        change = self.rate * gradient
        if self.made("M13", name, 1):
            change = self.rate * self.rate * gradient
        if self.made("M14", name, 1):
            change = gradient
        if self.made("M51", name, 1):
            change = gradient / self.rate
        if self.places is not None:
            change = float(fixed(change, self.places))
        if self.made("M50", name, 1):
            return change
        return old + change if self.made("M05", name, 1) else old - change

    def _send_back(
        self,
        one: Pass,
        layer: int,
        weights: list[list[list[float]]],
        biases: list[list[float]],
    ) -> list[float]:
        """dE/da of the layer below: the sum over the routes through every unit."""
        flow = []
        again = self._anew(one, layer, weights, biases) if "M38" in self.mistakes else []
        for j in range(self.widths[layer - 1]):
            below = self.a(layer - 1, j) + one.tag
            routes = []
            name = f"d{self.whole(one)}/d{below}"
            for i in range(self.widths[layer]):
                w = self._weight_back(one, layer, i, j, weights)
                route = f"d{self.e(i)}{one.tag}/d{below}"
                named = layer == len(self.layers)
                at = route if named else name
                bare = self.made("M48", at)
                value = one.delta[i] if bare else one.delta[i] * w
                if self.made("M57", at):
                    value = one.flow[i] * w
                if self.made("M38", at):
                    value = again[i] * weights[layer - 1][i][j]
                routes.append(self.note(route, value) if named else value)
            flow.append(self.note(name, self._joined(name, routes), copied=len(routes) == 1))
        return flow

    def _weight_back(
        self, one: Pass, layer: int, i: int, j: int, weights: list[list[list[float]]]
    ) -> float:
        """dz/dh: the weight of the route."""
        name = f"d{self.z(layer, i)}{one.tag}/d{self.a(layer - 1, j)}{one.tag}"
        table = self.weights[layer - 1]
        value = table[i][j]
        if self.made("M01", name) and self.steps:
            value = weights[layer - 1][i][j]
        if self.made("M11", name) and j < len(table) and i < len(table[0]):
            value = table[j][i]
        return self.note(name, value, copied=True)

    def _joined(self, name: str, routes: list[float]) -> float:
        if len(routes) > 1:
            if self.made("M02", name):
                return routes[0]
            if self.made("M02b", name):
                return sum(routes[1:])
            if self.made("M42", name):
                return math.prod(routes)
            if self.made("M49", name):
                return routes[0] - sum(routes[1:])
        return sum(routes)

    def _anew(
        self,
        one: Pass,
        layer: int,
        weights: list[list[list[float]]],
        biases: list[list[float]],
    ) -> list[float]:
        """M38: dE/dz of a layer once it and those above are updated and run again."""
        a, zs = [one.a[layer - 1]], []
        for here in range(layer, len(self.layers) + 1):
            kind, leak = self._kind(here)
            z = [
                sum(w * v for w, v in zip(row, a[-1], strict=True))
                + sum(biases[here - 1][i : i + 1])
                for i, row in enumerate(weights[here - 1])
            ]
            zs.append(z)
            a.append([activate(kind, leak, value) for value in z])
        flow = [self._plain_slope(t, o) for o, t in zip(a[-1], one.target, strict=True)]
        for here in range(len(self.layers), layer - 1, -1):
            kind, leak = self._kind(here)
            known = zip(flow, zs[here - layer], a[here - layer + 1], strict=True)
            delta = [e * slope(kind, leak, z, out) for e, z, out in known]
            table = weights[here - 1]
            flow = [
                sum(d * row[j] for d, row in zip(delta, table, strict=True))
                for j in range(len(table[0]))
            ]
        return delta
