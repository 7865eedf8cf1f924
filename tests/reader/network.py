"""A network computed forward from its spec, every quantity under the name a page gives it."""

from __future__ import annotations

from mpmath import mpf

from model import Model, num, suffix
from optimizing import Trainer
from tape import Node, apply, raise_power

HALF = mpf(1) / 2


class Names:
    """How a place is written: flat counts through all layers, indexed names the layer."""

    def __init__(self, spec: dict) -> None:
        self.flat = spec.get("notation", "flat") == "flat"
        self.layers = len(spec["layers"])

    def unit(self, letter: str, layer: int, index: int, count: int) -> str:
        if self.flat:
            if letter == "a":
                return f"o{index}" if layer == self.layers else f"h{count}"
            return f"{letter}{count}"
        return f"{letter}({layer}){index}"

    def weight(self, layer: int, to: int, source: int, count: int) -> str:
        if self.flat:
            return f"W{count}"
        comma = "," if max(to, source) > 9 else ""
        return f"W({layer}){to}{comma}{source}"

    def error(self, index: int) -> str:
        return f"Eo{index}" if self.flat else f"E{index}"


def samples_of(rows: list) -> list[list]:
    return rows if rows and isinstance(rows[0], list) else [rows]


def goal(spec: dict) -> str:
    """The letter of what is given for each output."""
    return "u" if "upstream" in spec else "t"


def goals(spec: dict) -> list:
    """Targets, derivatives in their place, or classes as rows of 1 and 0."""
    if "classes" in spec:
        count = len(spec["layers"][-1]["weights"])
        return [[int(unit + 1 == own) for unit in range(count)] for own in spec["classes"]]
    return samples_of(spec["upstream" if "upstream" in spec else "targets"])


def with_sample(name: str, s: int, several) -> str:
    return f"{name},s{s}" if several else name


def build_network(spec: dict) -> Model:
    model, names = Model(), Names(spec)
    inputs, targets = samples_of(spec["inputs"]), goals(spec)
    several = len(inputs) > 1
    for s, (row, wanted) in enumerate(zip(inputs, targets, strict=True), 1):
        for i, x in enumerate(row, 1):
            model.give(with_sample(f"x{i}", s, several), x)
        for i, t in enumerate(wanted, 1):
            model.give(with_sample(f"{goal(spec)}{i}", s, several), t)
    shape = parameters(model, names, spec, len(inputs[0]))
    trainer = Trainer(model, spec, shape, len(inputs))
    model.facts["batches"] = trainer.batches
    model.facts |= {"shape": shape, "samples": len(inputs), "names": names}
    steps = int(str(spec.get("steps", 1))) if "learning_rate" in spec else 0
    model.facts["steps"] = steps
    for k in range(steps + 1):
        forward(model, names, spec, shape, k, len(inputs))
        trainer.objectives(k)
        if k < steps:
            trainer.update(k)
    return model


def parameters(model: Model, names: Names, spec: dict, width: int) -> list[dict]:
    """The names of every layer's weights and biases; a bias counts with its unit."""
    shape, w, b = [], 0, 0
    for number, layer in enumerate(spec["layers"], 1):
        rows = layer.get("weights")
        entry = {"weights": [], "biases": [], "layer": layer, "plain": rows is None}
        for to, row in enumerate(rows or [], 1):
            line = []
            for source, text in enumerate(row, 1):
                w += 1
                line.append(names.weight(number, to, source, w))
                model.give(line[-1], text)
            entry["weights"].append(line)
        units = len(rows) if rows else width
        for index in range(1, units + 1):
            b += 1
            if "biases" in layer:
                entry["biases"].append(names.unit("b", number, index, b))
                model.give(entry["biases"][-1], layer["biases"][index - 1])
        entry["units"], width = units, units
        shape.append(entry)
    return shape


def now(model: Model, name: str, k: int) -> Node:
    """The value after k updates; what never moves has no step in its name."""
    return model.nodes.get(name + suffix(k), model.nodes[name])


def forward(model: Model, names: Names, spec: dict, shape: list, k: int, count: int) -> None:
    targets = goals(spec)
    for s in range(1, count + 1):
        several = count > 1
        width = sum(1 for n in model.nodes if n.startswith("x") and n.endswith(f",s{s}"))
        width = width if several else len(samples_of(spec["inputs"])[0])
        below = [model.nodes[with_sample(f"x{i}", s, several)] for i in range(1, width + 1)]
        z_count = h_count = 0
        for number, entry in enumerate(shape, 1):
            zs = sums(model, entry, below, k)
            zs = [
                model.put(
                    with_sample(names.unit("z", number, j, z_count + j), s, several) + suffix(k), z
                )
                for j, z in enumerate(zs, 1)
            ]
            z_count += len(zs)
            outs = activate(entry["layer"], zs)
            below = [
                model.put(
                    with_sample(names.unit("a", number, j, h_count + j), s, several) + suffix(k), a
                )
                for j, a in enumerate(outs, 1)
            ]
            h_count += len(outs)
        errors(model, names, spec, below, (s, several, k), targets[s - 1])


def sums(model: Model, entry: dict, below: list, k: int) -> list:
    if entry["plain"]:
        return below
    zs = []
    for j, row in enumerate(entry["weights"]):
        total = sum((now(model, w, k) * x for w, x in zip(row, below, strict=True)), mpf(0))
        if entry["biases"]:
            total = total + now(model, entry["biases"][j], k)
        zs.append(total)
    return zs


def activate(layer: dict, zs: list) -> list:
    kind = layer.get("activation", "identity")
    if kind in {"identity", "linear"}:
        return zs
    if kind in {"softmax", "log_softmax"}:
        powers = [apply("exp", z) for z in zs]
        total = sum(powers, mpf(0))
        if kind == "softmax":
            return [p / total for p in powers]
        return [z - apply("log", total) for z in zs]
    if kind in {"leaky_relu", "prelu"}:
        slope = num(layer.get("slope", "0.01"))
        return [apply("leaky_relu", z, slope) for z in zs]
    if kind == "elu":
        return [apply("elu", z, num(layer.get("alpha", 1))) for z in zs]
    return [apply(kind, z) for z in zs]


def huber(t, o, delta):
    far = apply("abs", t - o)
    if far.value > delta:
        return delta * (far - HALF * delta)
    return HALF * raise_power(t - o, mpf(2))


LOSSES = {
    "half_squared_error": lambda t, o, n, d: HALF * raise_power(t - o, mpf(2)),
    "squared_error": lambda t, o, n, d: raise_power(t - o, mpf(2)),
    "mean_squared_error": lambda t, o, n, d: raise_power(t - o, mpf(2)) / mpf(n),
    "binary_cross_entropy": lambda t, o, n, d: -(entropy(t, o) + entropy(1 - t, 1 - o)),
    "cross_entropy": lambda t, o, n, d: -entropy(t, o),
    "negative_log_likelihood": lambda t, o, n, d: -(t * o),
    "huber": lambda t, o, n, d: huber(t, o, d),
    "hinge": lambda t, o, n, d: apply("relu", 1 - t * o),
    "upstream": lambda t, o, n, d: t * o,
    "log_cosh": lambda t, o, n, d: apply("log", apply("cosh", o - t)),
}


def entropy(t, o):
    return t * apply("log", o)


def errors(model: Model, names: Names, spec: dict, outs: list, place: tuple, wanted: list) -> None:
    s, several, k = place
    loss = LOSSES[spec.get("loss", "half_squared_error")]
    parts = []
    for i, o in enumerate(outs, 1):
        t = model.nodes[with_sample(f"{goal(spec)}{i}", s, several)]
        error = loss(t, o, len(outs), num(spec.get("delta", 1)))
        parts.append(model.put(with_sample(names.error(i), s, several) + suffix(k), error))
    total = sum(parts[1:], parts[0])
    model.put((f"Es{s}" if several else "Esum") + suffix(k), total)
