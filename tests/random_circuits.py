"""Random circuits as TOML text: every function of the grammar, values that stay tame."""

from __future__ import annotations

from random import Random

NAMES = ("x", "y", "lambda", "print", "torch", "nn", "value", "E_total", "count", "after", "is")
SHAPES = (
    "{a}*{b} - {n}",
    "{a} + {n}{b}",
    "-{a}^2/{m} + {b}",
    "{a}/(1+{b}^2)",
    "({a} - {b})^3/{m}^2",
    "exp(-{a}^2) - {b}",
    "log(1+{a}^2)*{b}",
    "ln({m} + {a}^2) + ln({m})",
    "sqrt(1+{a}^2)-{b}",
    "sin({a})*cos({b})",
    "tanh({a}) + sigmoid({b})",
    "softplus({n}{a}) - abs({b})",
    "relu({a} - {n}) + {b}",
    "leaky_relu({a}) - leaky_relu({b}, {n})",
    "leaky_relu({a}, {b})",
    "max({a}, {b}) - min({a}, {n})",
    "max({a}, {n}) + min({m}, {b})",
    "max({a}, {b}, {n}) - min({m}, {b}, {a})",
    "(1 + {a}^2)^(tanh {b} - 1)",
    "{m}^({a}/{m}) - {m}^2^0.5 + {b}",
    "{a}",
    "{m}/{n} - 007",
    "{m} + 3",
    "leaky_relu({a}, 1 + 1)",
)


def random_circuit(seed: int) -> str:
    """One spec: up to four values, up to six definitions, perhaps one that leads nowhere."""
    draw = Random(seed)  # noqa: S311 - reproducible exercises, not secrets
    names = draw.sample(NAMES, 4)
    known = names[: draw.randint(1, 4)]
    values = [f"{name} = {draw.choice(('', '-'))}{draw.randint(1, 300) / 100}" for name in known]
    given, definitions = list(known), []
    for index in range(draw.randint(1, 6)):
        shape = draw.choice(SHAPES).replace("tanh {b}", "tanh({b})")
        text = shape.format(
            a=draw.choice(known),
            b=draw.choice(known[-3:]),
            n=draw.choice(("0.25", "2", "3", "1.5")),
            m=draw.choice(("2", "3", "4")),
        )
        known.append(f"q{index}")
        definitions.append(f'q{index} = "{text}"')
    lines = ['kind = "circuit"', f'output = "{known[-1]}"', f"steps = {draw.randint(0, 3)}"]
    lines += ["[values]", *values, "[definitions]", *definitions]
    if draw.random() < 0.7:
        moving = draw.sample(given, draw.randint(1, len(given)))
        quoted = ", ".join(f'"{name}"' for name in moving)
        direction = draw.choice(("ascent", "descent"))
        rate = draw.choice(("0.01", "-0.002", "0.1"))
        lines += ["[update]", f"parameters = [{quoted}]", f"learning_rate = {rate}"]
        lines += [f'direction = "{direction}"']
    return "\n".join(lines) + "\n"
