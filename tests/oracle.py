"""A textbook backpropagation in high precision, from the TOML text alone.

Shares no code with derive: not one import. Loops over layers, units and
samples as a book writes them; names every number as contract section 2 does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mpmath import mp, mpf

GUARD = 20
"""Digits below the working precision at which a sum counts as zero."""
DOUBT_ENDS = 1_900
"""Working digits from which terms that cancel are believed to cancel exactly."""
CEILING = 20_000


def oracle(toml_text: str, digits: int = 60) -> dict[str, mpf]:
    """Every id of a network spec with its value, right to `digits` significant digits.

    Computes with rising precision until two runs agree, so that neither
    cancellation nor a saturated unit can spoil a digit: 1 - sigmoid(800) is
    3.7e-348 and not 0.
    """
    spec = tomllib.loads(toml_text.removeprefix("\ufeff"), parse_float=str)
    work = max(120, 2 * digits)
    coarse = Run(spec, work)
    while work <= CEILING:
        work *= 2
        fine = Run(spec, work)
        if agree(coarse.values, fine.values, digits) and (
            work >= DOUBT_ENDS or not fine.cancelled
        ):
            return fine.values
        coarse = fine
    raise ArithmeticError(f"no {digits} stable digits at {CEILING} working digits")


def agree(coarse: dict[str, mpf], fine: dict[str, mpf], digits: int) -> bool:
    with mp.workdps(2 * digits):
        near = mpf(10) ** -(digits + 5)
        return all(abs(coarse[i] - fine[i]) <= near * abs(fine[i]) for i in fine)


def rounded(value: mpf, decimals: int) -> str:
    """Plain fixed text with `decimals` decimals, half away from zero, no `-0`.

    A value within 1e-25 of the last decimal of a tie is that tie: the binary
    number stands for a decimal.
    """
    guard = 25
    mantissa, exponent = value.man_exp
    scaled = abs(int(mantissa)) * 10 ** (decimals + guard)
    scaled = scaled << exponent if exponent >= 0 else ((scaled >> (-exponent - 1)) + 1) >> 1
    units = (scaled + 5 * 10 ** (guard - 1)) // 10**guard
    whole, rest = divmod(units, 10**decimals)
    sign = "-" if value < 0 and units else ""
    return f"{sign}{whole}.{rest:0{decimals}d}" if decimals else f"{sign}{whole}"


def number(typed: str | int) -> mpf:
    return mpf(str(typed).replace("_", "").lstrip("+"))


def activate(layer: dict[str, Any], z: mpf) -> tuple[mpf, mpf]:
    """The activation and its slope at z."""
    kind = layer.get("activation", "identity")
    if kind in {"identity", "linear"}:
        return z, mpf(1)
    if kind == "sigmoid":
        small = mp.exp(-abs(z))
        return 1 / (1 + mp.exp(-z)), small / (1 + small) ** 2
    if kind == "tanh":
        return mp.tanh(z), 1 / mp.cosh(z) ** 2
    if kind == "softplus":
        return mp.log1p(mp.exp(z)), 1 / (1 + mp.exp(-z))
    if kind == "silu":
        s = 1 / (1 + mp.exp(-z))
        return z * s, s + z * mp.exp(-z) * s**2
    if kind == "gelu":
        below = mp.erfc(-z / mp.sqrt(2)) / 2
        return z * below, below + z * mp.exp(-(z**2) / 2) / mp.sqrt(2 * mp.pi)
    if kind == "elu":
        alpha = number(layer.get("alpha", "1"))
        return (z, mpf(1)) if z > 0 else (alpha * mp.expm1(z), alpha * mp.exp(z))
    assert kind in {"relu", "leaky_relu", "prelu"}
    slope = number("0" if kind == "relu" else layer.get("slope", "0.01"))
    return (z, mpf(1)) if z > 0 else (slope * z, slope)


COUPLED = {"softmax", "log_softmax"}


def activate_layer(kind: str, zs: list[mpf]) -> tuple[list[mpf], list[list[mpf]]]:
    """All outputs of a softmax or log-softmax, and the slope of each by each z."""
    shares = [1 / mp.fsum(mp.exp(other - z) for other in zs) for z in zs]
    rest = [mp.fsum(p for at, p in enumerate(shares) if at != i) for i in range(len(zs))]
    if kind == "softmax":
        return shares, [
            [p * rest[i] if i == k else -p * q for k, q in enumerate(shares)]
            for i, p in enumerate(shares)
        ]
    slopes = [
        [rest[i] if i == k else -q for k, q in enumerate(shares)] for i in range(len(shares))
    ]
    return [mp.log(p) for p in shares], slopes


Sum = Callable[[list[mpf]], mpf]
"""Adds terms; what cancels down to the rounding rest is 0."""
Loss = Callable[[mpf, mpf, int, Sum], tuple[mpf, mpf]]
"""From target, output and number of outputs: the error and its slope by the output."""


def squares(before: Callable[[int], mpf]) -> Loss:
    """A loss that is so many times (t - o)^2."""

    def loss(t: mpf, o: mpf, n: int, total: Sum) -> tuple[mpf, mpf]:
        apart = total([o, -t])
        return before(n) * apart**2, 2 * before(n) * apart

    return loss


def binary_cross_entropy(t: mpf, o: mpf, n: int, total: Sum) -> tuple[mpf, mpf]:
    missing = total([mpf(1), -o])
    error = -(t * mp.log(o) + (1 - t) * mp.log(missing))
    return error, total([o, -t]) / (o * missing)


def huber(delta: mpf) -> Loss:
    def loss(t: mpf, o: mpf, n: int, total: Sum) -> tuple[mpf, mpf]:
        apart = total([o, -t])
        if total([abs(apart), -delta]) <= 0:
            return apart**2 / 2, apart
        return delta * abs(apart) - delta**2 / 2, delta if apart > 0 else -delta

    return loss


def hinge(t: mpf, o: mpf, n: int, total: Sum) -> tuple[mpf, mpf]:
    missing = total([mpf(1), -t * o])
    return (missing, -t) if missing > 0 else (mpf(0), mpf(0))


def log_cosh(t: mpf, o: mpf, n: int, total: Sum) -> tuple[mpf, mpf]:
    apart = total([o, -t])
    return mp.log(mp.cosh(apart)), mp.tanh(apart)


LOSSES: dict[str, Loss] = {
    "half_squared_error": squares(lambda _: mpf(1) / 2),
    "squared_error": squares(lambda _: mpf(1)),
    "mean_squared_error": squares(lambda n: mpf(1) / n),
    "binary_cross_entropy": binary_cross_entropy,
    "cross_entropy": lambda t, o, *_: (-t * mp.log(o), -t / o),
    "negative_log_likelihood": lambda t, o, *_: (-t * o, -t),
    "hinge": hinge,
    "upstream": lambda t, o, *_: (t * o, t),
    "log_cosh": log_cosh,
}


@dataclass
class Names:
    """The board's names of one layer."""

    z: list[str]
    a: list[str]
    w: list[list[str]]
    b: list[str]


def name_layers(spec: dict[str, Any]) -> list[Names]:
    indexed = spec.get("notation", "flat") == "indexed"
    names: list[Names] = []
    units = weights = 0
    for depth, layer in enumerate(spec["layers"], 1):
        size, width = len(layer["weights"]), len(layer["weights"][0])
        here = [f"{depth}_{i}" if indexed else f"{units + i}" for i in range(1, size + 1)]
        a = [("a" if indexed else "h") + unit for unit in here]
        if not indexed and depth == len(spec["layers"]):
            a = [f"o{i}" for i in range(1, size + 1)]
        flat = iter(range(weights + 1, weights + size * width + 1))
        w = [
            [f"W{unit}_{j}" if indexed else f"W{next(flat)}" for j in range(1, width + 1)]
            for unit in here
        ]
        names.append(Names(["z" + unit for unit in here], a, w, ["b" + unit for unit in here]))
        units, weights = units + size, weights + size * width
    return names


@dataclass
class Pass:
    """One sample going forward: `a[0]` is the sample, `a[l]` what layer l gives."""

    tag: str
    target: list[mpf]
    a: list[list[mpf]]
    z: list[list[mpf]] = field(default_factory=list)
    slope: list[list[Any]] = field(default_factory=list)
    """Of each unit, by its own z; in a coupled layer a row: by the z of each unit."""


class Run:
    """The whole exercise at one working precision."""

    def __init__(self, spec: dict[str, Any], work: int) -> None:
        self.spec = spec
        self.layers = spec["layers"]
        self.names = name_layers(spec)
        self.steps = spec.get("steps", 1)
        self.trains_biases = spec.get("update_biases", True)
        self.values: dict[str, mpf] = {}
        self.k = 0
        self.cancelled = False
        with mp.workdps(work):
            self.weights = [[[number(w) for w in r] for r in x["weights"]] for x in self.layers]
            self.biases = [[number(b) for b in x.get("biases", [])] for x in self.layers]
            self.inputs = self.samples("inputs")
            self.targets = self.samples(self.goal)
            self.run()

    @property
    def goal(self) -> str:
        """What is given for each output."""
        return "upstream" if "upstream" in self.spec else "targets"

    def samples(self, key: str) -> list[list[mpf]]:
        rows = self.spec[key]
        rows = rows if isinstance(rows[0], list) else [rows]
        return [[number(value) for value in row] for row in rows]

    def total(self, terms: list[mpf]) -> mpf:
        """A sum; terms that cancel down to the rounding rest give 0, and are noted."""
        result = mp.fsum(terms)
        largest = max((abs(term) for term in terms), default=mpf(0))
        if abs(result) > largest * mpf(10) ** -(mp.dps - GUARD):
            return result
        self.cancelled = self.cancelled or largest > 0
        return mpf(0)

    def put(self, name: str, value: mpf, *, constant: bool = False) -> None:
        """Note a value; a constant stands once, everything else once a step."""
        if constant:
            self.values.setdefault(name, value)
        else:
            suffix = {0: "", 1: "+"}.get(self.k, f"@{self.k}")
            assert name + suffix not in self.values
            self.values[name + suffix] = value

    def run(self) -> None:
        if "learning_rate" in self.spec:
            self.put("learning_rate", number(self.spec["learning_rate"]), constant=True)
        for k in range(self.steps + 1):
            self.k = k
            self.note_parameters()
            passes = self.forward_all()
            if k < max(self.steps, 1):
                gradients = [self.backward(one) for one in passes]
                whole = self.reduce_gradients(gradients)
                if self.steps:
                    self.update(whole)

    def note_parameters(self) -> None:
        for names, weights, biases in zip(self.names, self.weights, self.biases, strict=True):
            for ids, row in zip(names.w, weights, strict=True):
                for name, value in zip(ids, row, strict=True):
                    self.put(name, value)
            for name, value in zip(names.b, biases, strict=False):
                self.put(name, value, constant=not self.trains_biases)

    def forward_all(self) -> list[Pass]:
        several = len(self.inputs) > 1
        passes, errors = [], []
        for index, (x, t) in enumerate(zip(self.inputs, self.targets, strict=True), 1):
            one = Pass(f"_s{index}" if several else "", t, [x])
            passes.append(one)
            errors.append(self.forward(one))
        for one, error in zip(passes, errors, strict=True) if several else ():
            self.put("E" + one.tag, error)
        self.put("E_total", self.reduce(errors))
        return passes

    def forward(self, one: Pass) -> mpf:
        """Fill the pass, note its quantities, give the sample's error."""
        for letter, row in (("x", one.a[0]), (self.goal[0], one.target)):
            for i, value in enumerate(row, 1):
                self.put(f"{letter}{i}{one.tag}", value, constant=True)
        for depth, layer in enumerate(self.layers):
            received = one.a[-1]
            z = []
            for unit, row in enumerate(self.weights[depth]):
                terms = [w * value for w, value in zip(row, received, strict=True)]
                terms += self.biases[depth][unit : unit + 1]
                z.append(self.total(terms))
            if layer.get("activation") in COUPLED:
                a, slope = activate_layer(layer["activation"], z)
            else:
                a, slope = map(list, zip(*(activate(layer, one_z) for one_z in z), strict=True))
            for name, value in zip(self.names[depth].z, z, strict=True):
                self.put(name + one.tag, value)
            for name, value in zip(self.names[depth].a, a, strict=True):
                self.put(name + one.tag, value)
            one.z.append(z)
            one.a.append(a)
            one.slope.append(slope)
        errors = [error for error, _ in self.losses(one)]
        for j, error in enumerate(errors, 1):
            self.put(self.output_error(j) + one.tag, error)
        return mp.fsum(errors)

    def losses(self, one: Pass) -> list[tuple[mpf, mpf]]:
        """The error of each output and its slope."""
        name = self.spec.get("loss", "half_squared_error")
        loss = huber(number(self.spec.get("delta", "1"))) if name == "huber" else LOSSES[name]
        pairs = zip(one.target, one.a[-1], strict=True)
        return [loss(t, o, len(one.target), self.total) for t, o in pairs]

    def output_error(self, j: int) -> str:
        return f"E_{j}" if self.spec.get("notation", "flat") == "indexed" else f"E_o{j}"

    def reduce(self, per_sample: list[mpf]) -> mpf:
        mean = self.spec.get("reduction", "mean") == "mean"
        return self.total(per_sample) / (len(per_sample) if mean else 1)

    def backward(self, one: Pass) -> dict[str, mpf]:
        """The sample's gradient by parameter name, noting every factor on the way."""
        flow = [slope for _, slope in self.losses(one)]
        gradient: dict[str, mpf] = {}
        for depth in reversed(range(len(self.layers))):
            delta = self.signals(one, depth, flow)
            gradient |= self.parameter_gradients(one, depth, delta)
            if depth:
                flow = self.send_back(one, depth, delta)
        return gradient

    def whole(self, one: Pass) -> str:
        return "dE" + one.tag if one.tag else "dE_total"

    def signals(self, one: Pass, depth: int, flow: list[mpf]) -> list[mpf]:
        """dE/dz of each unit of a layer from dE/da."""
        kind = self.layers[depth].get("activation", "identity")
        if kind in COUPLED:
            return self.coupled_signals(one, depth, flow)
        straight = kind in {"identity", "linear"}
        held = self.is_held(depth)
        delta = []
        for unit, slope in enumerate(one.slope[depth]):
            z, a = self.names[depth].z[unit], self.names[depth].a[unit]
            delta.append(flow[unit] * slope)
            self.put(f"{self.whole(one)}/d{a}{one.tag}", flow[unit], constant=held)
            self.put(f"d{a}{one.tag}/d{z}{one.tag}", slope, constant=straight)
            self.put(f"{self.whole(one)}/d{z}{one.tag}", delta[unit], constant=held and straight)
        return delta

    def is_held(self, depth: int) -> bool:
        """Whether the error's derivative by the outputs of a layer is the same in every pass."""
        linear = self.spec.get("loss") in {"negative_log_likelihood", "upstream"}
        return linear and depth == len(self.layers) - 1

    def coupled_signals(self, one: Pass, depth: int, flow: list[mpf]) -> list[mpf]:
        """The same where every output depends on every z: a sum over the outputs."""
        names, slopes = self.names[depth], one.slope[depth]
        for a, error, row in zip(names.a, flow, slopes, strict=True):
            self.put(f"{self.whole(one)}/d{a}{one.tag}", error, constant=self.is_held(depth))
            for z, slope in zip(names.z, row, strict=True):
                self.put(f"d{a}{one.tag}/d{z}{one.tag}", slope)
        delta = []
        for i, z in enumerate(names.z):
            delta.append(self.total([flow[k] * row[i] for k, row in enumerate(slopes)]))
            self.put(f"{self.whole(one)}/d{z}{one.tag}", delta[-1])
        return delta

    def parameter_gradients(self, one: Pass, depth: int, delta: list[mpf]) -> dict[str, mpf]:
        """dE/dW and dE/db of a layer for one sample."""
        names = self.names[depth]
        gradient: dict[str, mpf] = {}
        for unit, z in enumerate(names.z):
            for w, received in zip(names.w[unit], one.a[depth], strict=True):
                self.put(f"d{z}{one.tag}/d{w}", received, constant=depth == 0)
                gradient[w] = delta[unit] * received
            if self.biases[depth] and self.trains_biases:
                self.put(f"d{z}{one.tag}/d{names.b[unit]}", mpf(1), constant=True)
                gradient[names.b[unit]] = delta[unit]
        for name, value in gradient.items():
            self.put(f"{self.whole(one)}/d{name}", value)
        return gradient

    def send_back(self, one: Pass, depth: int, delta: list[mpf]) -> list[mpf]:
        """dE/da of the layer before: the sum over the routes through every receiver."""
        flow = []
        for j, h in enumerate(self.names[depth - 1].a):
            routes = []
            for unit, z in enumerate(self.names[depth].z):
                weight = self.weights[depth][unit][j]
                self.put(f"d{z}{one.tag}/d{h}{one.tag}", weight)
                routes.append(delta[unit] * weight)
                if (
                    depth == len(self.layers) - 1
                    and self.layers[depth].get("activation") not in COUPLED
                ):
                    error = self.output_error(unit + 1) + one.tag
                    self.put(f"d{error}/d{h}{one.tag}", routes[-1])
            flow.append(self.total(routes))
        return flow

    def reduce_gradients(self, gradients: list[dict[str, mpf]]) -> dict[str, mpf]:
        """dE_total/dp; with one sample it stands in the list already."""
        if len(gradients) == 1:
            return gradients[0]
        whole = {name: self.reduce([g[name] for g in gradients]) for name in gradients[0]}
        for name, value in whole.items():
            self.put(f"dE_total/d{name}", value)
        return whole

    def update(self, gradient: dict[str, mpf]) -> None:
        rate = number(self.spec["learning_rate"])
        for depth, names in enumerate(self.names):
            self.weights[depth] = [
                [w - rate * gradient[name] for w, name in zip(row, ids, strict=True)]
                for row, ids in zip(self.weights[depth], names.w, strict=True)
            ]
            if self.trains_biases:
                self.biases[depth] = [
                    b - rate * gradient[name]
                    for b, name in zip(self.biases[depth], names.b, strict=False)
                ]
