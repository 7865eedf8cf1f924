"""Random formulas over the whole grammar, and circuits made of them.

A logarithm of a negative number, a name used twice, a constant inside and a
subject of cases that is always 0 all occur; a logarithm, a root and a power have a
value often enough that most circuits have one.
"""

from __future__ import annotations

from random import Random

from derive.ops import FUNCTIONS

NUMBERS = ("0.5", "2", "3", "0", "1", "0.25", "1.5", "10")
DEPTH = 4
"""Operations inside one another."""
SHAPES = (
    "{a}+{b}",
    "{a}-{b}",
    "{a}+{b}-{c}",
    "{a}*{b}",
    "{a}*{b}*{c}",
    "{a}/{b}",
    "{n}{m}",
    "{n}({a})",
    "-{a}",
    "{a}^2",
    "{a}^{n}",
    "{n}^{a}",
    "{a}^{b}",
    "(1+({a})^2)^{b}",
    "{a}^{n}^{b}",
    "{a}-{a}",
    "{a}*{a}",
)
"""Joints of smaller formulas; `n` is a number, `m` a name, the others any formula."""
FUNCTIONS_OF_FORMULAS = sorted(FUNCTIONS.keys() - {"step"})
"""All functions; a sheet refuses `step`, through whose slope nothing is learned."""
OF_POSITIVE = ("log", "ln", "sqrt")
MOST_EXTREME = 3
"""Values of max and min."""


def random_formula(draw: Random, names: tuple[str, ...], depth: int = DEPTH) -> str:
    """One formula in the given names, of at most so many operations inside one another."""
    if depth == 0 or draw.random() < 0.15:
        return draw.choice(names) if draw.random() < 0.75 else draw.choice(NUMBERS)
    if draw.random() < 0.4:
        return random_call(draw, names, depth)
    shape = draw.choice(SHAPES)
    smaller = {letter: random_formula(draw, names, depth - 1) for letter in "abc"}
    whole = {"{" + letter + "}": text for letter, text in smaller.items()}
    whole |= {"{n}": draw.choice(NUMBERS), "{m}": draw.choice(names)}
    for place, text in whole.items():
        bare = shape == place or f"({place})" in shape or text.isalnum()
        shape = shape.replace(place, text if bare else f"({text})")
    return shape


def random_call(draw: Random, names: tuple[str, ...], depth: int) -> str:
    """A function with as many values as it may take, max and min with two or three."""
    function = FUNCTIONS[draw.choice(FUNCTIONS_OF_FORMULAS)]
    counts = [n for n in function.arities if n <= MOST_EXTREME]
    values = (random_formula(draw, names, depth - 1) for _ in range(draw.choice(counts)))
    inside = ",".join(values)
    if function.name in OF_POSITIVE and draw.random() < 0.7:
        inside = f"1+({inside})^2"
    return f"{function.name}({inside})"


def random_value(draw: Random) -> str:
    """A number of either sign, now and then 0."""
    if draw.random() < 0.1:
        return "0"
    return f"{draw.choice(('', '-'))}{draw.randint(1, 300) / 100}"


def random_circuit(seed: int, depth: int = DEPTH) -> str:
    """A circuit of one to three values and one to four definitions as TOML."""
    draw = Random(seed)  # noqa: S311  reproducible exercises, not secrets
    known = tuple(draw.sample(("x", "y", "z", "pi"), draw.randint(1, 3)))
    values = [f"{name} = {random_value(draw)}" for name in known]
    definitions = []
    for index in range(draw.randint(1, 4)):
        definitions.append(f'q{index} = "{random_formula(draw, known, depth)}"')
        known = (*known, f"q{index}")
    lines = ['kind = "circuit"', f'output = "{known[-1]}"', "steps = 0"]
    return "\n".join([*lines, "[values]", *values, "[definitions]", *definitions, ""])
