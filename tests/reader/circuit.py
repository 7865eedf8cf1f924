"""A circuit or a perceptron computed from its spec."""

from __future__ import annotations

from mpmath import mpf

from evaluate import evaluate
from grammar import names_in, read_formula
from model import Model, num, suffix
from optimizing import Mover
from tape import Node


def build_circuit(spec: dict) -> Model:
    model = Model()
    clean = {n.replace("_", ""): n for n in [*spec["values"], *spec["definitions"]]}
    given = {n.replace("_", ""): v for n, v in spec["values"].items()}
    trees = {n.replace("_", ""): read_formula(t) for n, t in spec["definitions"].items()}
    model.facts["clashes"] = len(clean) != len(spec["values"]) + len(spec["definitions"])
    output = spec["output"].replace("_", "")
    model.local_unless = output
    update = spec.get("update", {})
    moving = [n.replace("_", "") for n in update.get("parameters", spec["values"])]
    rate = num(update.get("learning_rate", 0)) if update else mpf(0)
    way = -1 if update.get("direction") == "ascent" else 1
    steps = int(str(spec.get("steps", 1))) if update else 0
    mover = Mover(model, update.get("optimizer", {}) if steps else {}, rate)
    texts = dict(given)
    values = {n: num(t) for n, t in given.items()}
    order = in_order(trees)
    for k in range(steps + 1):
        names: dict[str, Node] = {}
        for n in given:
            names[n] = (
                model.give(n + suffix(k), texts[n]) if k == 0 else model.put_leaf(n, k, values[n])
            )
        for n in order:
            names[n] = model.put(n + suffix(k), evaluate(trees[n], names.__getitem__))
        slopes = model.derive(names[output], local=False)
        for n in moving if k < steps else ():
            slope = way * slopes.get(id(names[n]), mpf(0))
            values[n] = mover.move(n, values[n], slope, k)
    if update:
        sign = next(name for name in ("alpha", "eta", "gamma") if name not in clean)
        model.nodes[sign] = Node(rate)
        model.typed[sign] = str(update["learning_rate"])
    model.facts |= {
        "trees": trees,
        "output": output,
        "moving": moving,
        "given": given,
        "steps": steps,
        # what an optimizer's states unroll to is written in names of the page's own
        "free": {"t", *(f"{x}{i}" for x in "gmsv" for i in (1, 2, 3))} if mover.rates else set(),
    }
    return model


def in_order(trees: dict[str, tuple]) -> list[str]:
    order: list[str] = []

    def visit(name: str) -> None:
        if name in trees and name not in order:
            for other in sorted(names_in(trees[name])):
                visit(other)
            order.append(name)

    for name in trees:
        visit(name)
    return order


def build_perceptron(spec: dict) -> Model:
    model = Model()
    given_numbers(model, spec)
    samples, rate = spec["inputs"], num(spec["learning_rate"])
    weights = [num(w) for w in spec["weights"]]
    bias = num(spec["bias"]) if "bias" in spec else None
    limit = int(str(spec.get("epochs", 10))) * len(samples)
    mistakes = 0
    for k in range(int(str(spec["steps"])) if "steps" in spec else limit):
        s = k % len(samples)
        x, t = [num(v) for v in samples[s]], num(spec["targets"][s])
        z = sum((w * v for w, v in zip(weights, x, strict=True)), bias or 0)
        e = present(model, k, z, t, by_label=spec.get("rule") == "label")
        mistakes += e != 0
        weights = [w + rate * e * v for w, v in zip(weights, x, strict=True)]
        bias = None if bias is None else bias + rate * e
        for name, value in [(f"W{i}", w) for i, w in enumerate(weights, 1)] + [("b1", bias)]:
            if value is not None:
                model.put(name + suffix(k + 1), value)
        model.facts["rows"].append((k, s + 1))
        if s == len(samples) - 1:
            if not mistakes and "steps" not in spec:
                break
            mistakes = 0
    return model


def present(model: Model, k: int, z: mpf, t: mpf, *, by_label: bool) -> mpf:
    """One presentation; the difference of target and output."""
    facts = model.facts
    small = mpf(10) ** -380
    o = mpf(1) if z > small else facts["low"] if z < -small else facts["at_zero"]
    e = (t if t != o else mpf(0)) if by_label else t - o
    for name, value in (("z1", z), ("o1", o), ("e1", e)):
        model.put(name + suffix(k), value)
    return e


def given_numbers(model: Model, spec: dict) -> None:
    for i, w in enumerate(spec["weights"], 1):
        model.give(f"W{i}", w)
    if "bias" in spec:
        model.give("b1", spec["bias"])
    model.give("alpha", spec["learning_rate"])
    for s, (row, target) in enumerate(zip(spec["inputs"], spec["targets"], strict=True), 1):
        for i, x in enumerate(row, 1):
            model.give(f"x{i},s{s}", x)
        model.give(f"t1,s{s}", target)
    # rules are written without a sample; the first presentation is their case
    model.nodes |= {n.split(",")[0]: v for n, v in list(model.nodes.items()) if n.endswith(",s1")}
    low = min(num(t) for t in [*spec["targets"], 0])
    typed = spec.get("at_zero", 1)
    at_zero = mpf(0) if typed == "mistake" else low if num(typed) != 1 else mpf(1)
    model.facts |= {"rows": [], "low": low, "at_zero": at_zero, "samples": len(spec["inputs"])}
