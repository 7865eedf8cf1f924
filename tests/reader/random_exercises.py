"""Random exercises of every kind as TOML text: whatever a spec can say, in small numbers."""

from __future__ import annotations

from random import Random

ACTIVATIONS = (
    "identity",
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "prelu",
    "elu",
    "softplus",
    "silu",
    "gelu",
)
LOSSES = ("half_squared_error", "squared_error", "mean_squared_error", "huber", "log_cosh")
OPTIMIZERS = ("momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")
CALLS = (
    "exp({a})",
    "log(1+{a}^2)",
    "sqrt(1+{a}^2)",
    "sin({a})",
    "cos({b})",
    "tanh({a})",
    "sigmoid({a})",
    "relu({a})",
    "leaky_relu({a})",
    "elu({a})",
    "softplus({b})",
    "silu({a})",
    "gelu({a})",
    "abs({a})",
    "max({a}, {b})",
    "min({a}, {n}, {b})",
    "cosh({a})",
    "normal_cdf({a})",
)
SHAPES = (
    "{a}*{b}",
    "{a} + {b}",
    "{a} - {n}{b}",
    "{n}*{a}^2",
    "-{a}/{n}",
    "({a} - {b})^2/{n}",
    "{a}*({b} + {n})",
    "{c} + {a}",
    "{c}*{b}",
    "{n} - {c}",
    "-{c}*{a}",
    "{a}/(1 + {b}^2)",
)


def random_exercise(seed: int) -> str:
    """One spec; the same seed gives the same text."""
    draw = Random(seed)  # noqa: S311 - reproducible exercises, not secrets
    kind = draw.choice(("network",) * 5 + ("circuit",) * 3 + ("perceptron",))
    return {"network": network, "circuit": circuit, "perceptron": perceptron}[kind](draw)


def number(draw: Random) -> str:
    kind = draw.random()
    if kind < 0.08:
        return draw.choice(("0", "1", "-1", "0.0", "2", "-0.5"))
    digits = draw.randint(1, 3)
    sign = "-" if draw.random() < 0.4 else ""
    return f"{sign}0.{draw.randint(1, 10**digits - 1):0{digits}d}"


def row(draw: Random, count: int) -> str:
    return f"[{', '.join(number(draw) for _ in range(count))}]"


def rows(draw: Random, height: int, width: int) -> str:
    return f"[{', '.join(row(draw, width) for _ in range(height))}]"


def common(draw: Random) -> list[str]:
    return [
        f"decimals = {draw.choice((2, 3, 4, 6, 8, 10))}",
        f'rounding = "{draw.choice(("exact", "exact", "stepwise"))}"',
    ]


def network(draw: Random) -> str:
    widths = [draw.randint(1, 3) for _ in range(draw.randint(1, 3) + 1)]
    samples = draw.choice((1, 1, 2, 3))
    activations = [draw.choice(ACTIVATIONS) for _ in widths[1:]]
    lines = [*common(draw), f"inputs = {rows(draw, samples, widths[0])}"]
    lines += finish(draw, activations, samples, widths[-1])
    notation = draw.choice(("flat", "indexed", "matrix"))
    lines += [f'notation = "{notation}"', f"steps = {draw.randint(0, 2)}"]
    if notation != "matrix":
        lines += training(draw, samples)
    else:
        lines.append("learning_rate = 0.3")
    for activation, width, units in zip(activations, widths, widths[1:], strict=False):
        lines += ["[[layers]]", f'activation = "{activation}"']
        lines.append(f"weights = {rows(draw, units, width)}")
        if draw.random() < 0.5:
            lines.append(f"biases = {row(draw, units)}")
    return "\n".join(lines) + "\n"


def finish(draw: Random, activations: list[str], samples: int, width: int) -> list[str]:
    """Targets and a loss that go together; the last activation may change for them."""
    kind = draw.choice(("plain", "plain", "plain", "yes", "classes", "logs", "sides"))
    if kind == "plain":
        return [
            f"targets = {rows(draw, samples, width)}",
            f'loss = "{draw.choice(LOSSES)}"',
            f'reduction = "{draw.choice(("mean", "sum"))}"',
        ]
    if kind == "yes":
        activations[-1] = "sigmoid"
        values = [[draw.choice("01") for _ in range(width)] for _ in range(samples)]
        loss = "binary_cross_entropy"
    elif kind == "sides":
        values = [[draw.choice(("-1", "1")) for _ in range(width)] for _ in range(samples)]
        loss = "hinge"
    else:
        activations[-1] = "softmax" if kind == "classes" else "log_softmax"
        values = []
        for _ in range(samples):
            one = draw.randrange(width)
            values.append(["1" if i == one else "0" for i in range(width)])
        loss = "cross_entropy" if kind == "classes" else "negative_log_likelihood"
    text = ", ".join(f"[{', '.join(v)}]" for v in values)
    return [f"targets = [{text}]", f'loss = "{loss}"']


def training(draw: Random, samples: int) -> list[str]:
    lines = [f"learning_rate = {draw.choice(('0.5', '0.1', '0.05', '0.25'))}"]
    lines.append(f"update_biases = {draw.choice(('true', 'true', 'false'))}")
    tables: list[str] = []
    if samples > 1 and draw.random() < 0.3:
        lines.append(f"batch_size = {draw.randint(1, samples - 1)}")
    if draw.random() < 0.3:
        tables += ["[optimizer]", f'name = "{draw.choice(OPTIMIZERS)}"']
    if draw.random() < 0.25:
        tables.append("[regularisation]")
        tables += draw.choice((["l2 = 0.1"], ["l1 = 0.05"], ["l2 = 0.1", "l1 = 0.05"]))
    return lines + tables


def circuit(draw: Random) -> str:
    names = draw.sample(
        ("x", "y", "w1", "lambda", "value", "u", "n_in", "alpha", "eta"), draw.randint(1, 3)
    )
    lines = ['kind = "circuit"', f"steps = {draw.randint(0, 2)}", *common(draw)]
    known, definitions = list(names), []
    for index in range(draw.randint(1, 4)):
        place = {"a": draw.choice(known), "b": draw.choice(known[-2:])}
        place["n"] = draw.choice(("2", "3", "0.5", "1.5"))
        inner = draw.choice(CALLS).format(**place)
        known.append(f"q{index}")
        definitions.append(f'q{index} = "{draw.choice(SHAPES).format(c=inner, **place)}"')
    lines += [f'output = "{known[-1]}"', "[values]"]
    lines += [f"{name} = {number(draw)}" for name in names]
    lines += ["[definitions]", *definitions]
    if draw.random() < 0.6:
        lines += ["[update]", "learning_rate = 0.1"]
        lines.append(f'direction = "{draw.choice(("ascent", "descent"))}"')
    return "\n".join(lines) + "\n"


def perceptron(draw: Random) -> str:
    width, count = draw.randint(1, 3), draw.randint(2, 4)
    low = draw.choice(("0", "-1"))
    wanted = ", ".join(draw.choice((low, "1")) for _ in range(count))
    lines = ['kind = "perceptron"', f"inputs = {rows(draw, count, width)}"]
    lines += [f"targets = [{wanted}]", f"weights = {row(draw, width)}", "epochs = 4"]
    lines += [f"learning_rate = {draw.choice(('0.5', '0.1'))}", *common(draw)[:1]]
    if draw.random() < 0.7:
        lines.append(f"bias = {number(draw)}")
    return "\n".join(lines) + "\n"
