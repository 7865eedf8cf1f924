"""Objectives, penalties and mini-batches of a network; optimizers of any exercise."""

from __future__ import annotations

from mpmath import mpf, sqrt

from model import Model, num, suffix
from tape import Node, apply, raise_power

DEFAULTS = {
    "momentum": {"momentum": "0.9"},
    "nesterov": {"momentum": "0.9"},
    "adagrad": {"epsilon": "1e-10"},
    "rmsprop": {"decay": "0.99", "epsilon": "1e-8"},
    "adam": {"beta1": "0.9", "beta2": "0.999", "epsilon": "1e-8"},
    "adamw": {"beta1": "0.9", "beta2": "0.999", "epsilon": "1e-8", "weight_decay": "0.01"},
}
SIGNS = {"momentum": "mu", "decay": "rho", "weight_decay": "lambdaw", "epsilon": "epsilon"}
SIGNS |= {"beta1": "beta1", "beta2": "beta2"}


class Mover:
    """Moves one parameter after the other, keeping what an optimizer keeps."""

    def __init__(self, model: Model, options: dict, rate: mpf) -> None:
        self.model, self.options, self.rate = model, options, rate
        self.name = options.get("name", "gradient_descent")
        self.state: dict[str, mpf] = {}
        self.rates: dict[str, mpf] = {}
        for key, default in DEFAULTS.get(self.name, {}).items():
            self.rates[key] = num(options.get(key, default))
            model.give(SIGNS[key], options.get(key, default))

    def keep(self, letter: str, name: str, k: int, value: mpf) -> mpf:
        if k == 0 and not letter.startswith("hat"):
            self.model.nodes[letter + name] = Node(mpf(0))
        self.state[letter + name] = value
        self.model.put_leaf(letter + name, k + 1, value)
        return value

    def move(self, name: str, w: mpf, g: mpf, k: int) -> mpf:
        return getattr(self, "move_" + self.name)(name, w, g, k)

    def old(self, letter: str, name: str) -> mpf:
        return self.state.get(letter + name, mpf(0))

    def move_gradient_descent(self, _name, w, g, _k):
        return w - self.rate * g

    def move_momentum(self, name, w, g, k):
        mu = self.rates["momentum"]
        if self.options.get("convention", "velocity") == "step":
            return w + self.keep("v", name, k, mu * self.old("v", name) - self.rate * g)
        return w - self.rate * self.keep("v", name, k, mu * self.old("v", name) + g)

    def move_nesterov(self, name, w, g, k):
        mu = self.rates["momentum"]
        v = self.keep("v", name, k, mu * self.old("v", name) + g)
        return w - self.rate * (g + mu * v)

    def move_adagrad(self, name, w, g, k):
        s = self.keep("s", name, k, self.old("s", name) + g * g)
        return w - self.rate * g / (sqrt(s) + self.rates["epsilon"])

    def move_rmsprop(self, name, w, g, k):
        rho = self.rates["decay"]
        s = self.keep("s", name, k, rho * self.old("s", name) + (1 - rho) * g * g)
        return w - self.rate * g / (sqrt(s) + self.rates["epsilon"])

    def move_adam(self, name, w, g, k):
        one, two, t = self.rates["beta1"], self.rates["beta2"], k + 1
        m = self.keep("m", name, k, one * self.old("m", name) + (1 - one) * g)
        v = self.keep("v", name, k, two * self.old("v", name) + (1 - two) * g * g)
        mhat = self.keep("hatm", name, k, m / (1 - one**t))
        vhat = self.keep("hatv", name, k, v / (1 - two**t))
        return w - self.rate * mhat / (sqrt(vhat) + self.rates["epsilon"])

    def move_adamw(self, name, w, g, k):
        return self.move_adam(name, w, g, k) - self.rate * self.rates["weight_decay"] * w


class Trainer:
    """What the parameters of a network go down on, and how they move."""

    def __init__(self, model: Model, spec: dict, shape: list, count: int) -> None:
        self.model, self.spec, self.count = model, spec, count
        self.weights = [w for e in shape for row in e["weights"] for w in row]
        self.biases = [b for e in shape for b in e["biases"]]
        self.penalty = spec.get("regularisation") or spec.get("regularization") or {}
        self.size = int(str(spec.get("batch_size", count)))
        self.batches = -(-count // self.size) if self.size < count else 0
        self.give()
        rate = num(spec.get("learning_rate", "0"))
        self.mover = Mover(model, spec.get("optimizer", {}), rate)

    def give(self) -> None:
        model = self.model
        if "learning_rate" in self.spec:
            model.give("alpha", self.spec["learning_rate"])
        both = "l1" in self.penalty and "l2" in self.penalty
        for key in ("l1", "l2"):
            if key in self.penalty:
                model.give(f"lambda{key[1]}" if both else "lambda", self.penalty[key])

    def objectives(self, k: int) -> None:
        model, end = self.model, suffix(k)
        parts = (
            [model.nodes[f"Es{s}{end}"] for s in range(1, self.count + 1)]
            if self.count > 1
            else [model.nodes.pop("Esum" + end)]
        )
        data = self.reduce(parts)
        if not self.penalty:
            model.put("Etotal" + end, data)
        else:
            model.put("Edata" + end, data)
            model.put("R" + end, self.punish(k))
            model.put("Etotal" + end, model.nodes["Edata" + end] + model.nodes["R" + end])
        for b in range(self.batches):
            some = parts[b * self.size : (b + 1) * self.size]
            model.put(f"Ebatch,{b + 1}{end}", self.reduce(some))
            if self.penalty:
                total = model.nodes[f"Ebatch,{b + 1}{end}"] + model.nodes["R" + end]
                model.put(f"J{b + 1}{end}", total)

    def reduce(self, parts: list) -> Node:
        total = sum(parts[1:], parts[0])
        return total / mpf(len(parts)) if self.spec.get("reduction", "mean") == "mean" else total

    def now(self, name: str, k: int) -> Node:
        return self.model.nodes.get(name + suffix(k), self.model.nodes[name])

    def punish(self, k: int):
        total = mpf(0)
        weights = [self.now(w, k) for w in self.weights]
        if "l2" in self.penalty:
            squares = [raise_power(w, mpf(2)) for w in weights]
            total = total + num(self.penalty["l2"]) / 2 * sum(squares, mpf(0))
        if "l1" in self.penalty:
            sizes = [apply("abs", w) for w in weights]
            total = total + num(self.penalty["l1"]) * sum(sizes, mpf(0))
        return total

    def objective(self, k: int) -> str:
        if not self.batches:
            return "Etotal" + suffix(k)
        letter = "J" if self.penalty else "Ebatch,"
        return f"{letter}{k % self.batches + 1}{suffix(k)}"

    def update(self, k: int) -> None:
        slopes = self.model.derive(self.model.nodes[self.objective(k)], local=False)
        moving = self.weights + (self.biases if self.spec.get("update_biases", True) else [])
        for name in moving:
            node = self.now(name, k)
            value = self.mover.move(name, node.value, slopes.get(id(node), mpf(0)), k)
            self.model.put_leaf(name, k + 1, value)
