"""The exercises of the planted workings: their formulas, and their values in plain decimals."""

import ast
import math
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import NamedTuple

DERIVATIVE = re.compile(r"\bd(\w+)/d(\w+)")
OVER = "_over_"


class Span(NamedTuple):
    """The numbers that a typed number may stand for."""

    low: Decimal
    high: Decimal


class Exercise(NamedTuple):
    """Given numbers, and the ways to write each id; the first way computes it."""

    name: str
    spec: str
    given: dict[str, str]
    ways: dict[str, tuple[str, ...]]


@cache
def parse(formula: str) -> ast.expr:
    """A formula in ids as a tree; a derivative is one name in it."""
    named = DERIVATIVE.sub(rf"d\1{OVER}d\2", formula).replace("^", "**")
    return ast.parse(named, mode="eval").body


def id_of(name: str) -> str:
    """The id that a name of a tree stands for."""
    return name.replace(OVER, "/")


def names_in(formula: str) -> set[str]:
    """The ids that a formula uses."""
    nodes = ast.walk(parse(formula))
    called = {"sigmoid", "exp", "sin", "cos"}
    return {id_of(node.id) for node in nodes if isinstance(node, ast.Name)} - called


def sigmoid(value: Decimal) -> Decimal:
    """The logistic function."""
    return 1 / (1 + (-value).exp())


def by_float(function: Callable[[float], float]) -> Callable[[Decimal], Decimal]:
    """A function of floats for decimals."""
    return lambda value: Decimal(repr(function(float(value))))


FUNCTIONS: dict[str, Callable[[Decimal], Decimal]] = {
    "sigmoid": sigmoid,
    "exp": Decimal.exp,
    "sin": by_float(math.sin),
    "cos": by_float(math.cos),
}
OPERATIONS: dict[type, Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a ** int(b),
}


def span_of(values: list[Decimal]) -> Span:
    """The smallest span that holds all values."""
    return Span(min(values), max(values))


def measure(node: ast.expr, leaf: Callable[[str], Span]) -> Span:
    """What a tree may be worth when each of its names may be worth a span."""
    match node:
        case ast.Name(id=name):
            return leaf(id_of(name))
        case ast.Constant(value=value):
            return Span(Decimal(str(value)), Decimal(str(value)))
        case ast.UnaryOp(operand=operand):
            inner = measure(operand, leaf)
            return Span(-inner.high, -inner.low)
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return span_of([FUNCTIONS[name](end) for end in measure(argument, leaf)])
        case ast.BinOp(left=left, op=op, right=right):
            ends = measure(left, leaf), measure(right, leaf)
            work = OPERATIONS[type(op)]
            return span_of([work(a, b) for a in ends[0] for b in ends[1]])
    raise AssertionError(ast.dump(node))


def compute(formula: str, env: dict[str, Decimal]) -> Decimal:
    """What a formula is worth."""
    return measure(parse(formula), lambda name: Span(env[name], env[name])).low


def values_of(exercise: Exercise) -> dict[str, Decimal]:
    """The right number of every id."""
    env = {name: Decimal(text) for name, text in exercise.given.items()}
    for name, ways in exercise.ways.items():
        env[name] = compute(ways[0], env)
    return env


def list_forward(biases: bool) -> dict[str, tuple[str, ...]]:  # noqa: FBT001  one of two nets
    """Forward formulas of a net of two inputs, two hidden units and two outputs."""
    ways: dict[str, tuple[str, ...]] = {}
    for unit in (1, 2, 3, 4):
        ends = ("x1", "x2") if unit < 3 else ("h1", "h2")
        bias = f" + b{unit}" if biases else ""
        out = f"h{unit}" if unit < 3 else f"o{unit - 2}"
        sums = f"W{2 * unit - 1}*{ends[0]} + W{2 * unit}*{ends[1]}{bias}"
        ways[f"z{unit}"] = (sums,)
        ways[out] = (f"sigmoid(z{unit})", f"1/(1 + exp(-z{unit}))")
    order = ["z1", "z2", "h1", "h2", "z3", "z4", "o1", "o2"]
    ways = {name: ways[name] for name in order}
    ways |= {f"E_o{k}": (f"1/2*(t{k} - o{k})^2",) for k in (1, 2)}
    return ways | {"E_total": ("E_o1 + E_o2", "1/2*(t1 - o1)^2 + 1/2*(t2 - o2)^2")}


def list_output_side(k: int) -> dict[str, tuple[str, ...]]:
    """Derivatives from the error back to the weights of one output."""
    o, t, z, e = f"o{k}", f"t{k}", f"z{k + 2}", f"dE_total/do{k}"
    ways = {
        e: (f"-({t} - {o})", f"{o} - {t}"),
        f"d{o}/d{z}": (f"{o}*(1 - {o})", f"{o} - {o}^2"),
        f"dE_total/d{z}": (f"{e}*d{o}/d{z}", f"({o} - {t})*{o}*(1 - {o})"),
    }
    for j in (1, 2):
        w = f"W{2 * k + 2 + j}"
        ways[f"d{z}/d{w}"] = (f"h{j}",)
        ways[f"dE_total/d{w}"] = (
            f"{e}*d{o}/d{z}*d{z}/d{w}",
            f"dE_total/d{z}*d{z}/d{w}",
            f"dE_total/d{z}*h{j}",
            f"-({t} - {o})*{o}*(1 - {o})*h{j}",
        )
        ways[f"d{z}/dh{j}"] = (w,)
        ways[f"dE_{o}/dh{j}"] = (f"dE_total/d{z}*d{z}/dh{j}", f"dE_total/d{z}*{w}")
    return ways


def list_hidden_side(j: int) -> dict[str, tuple[str, ...]]:
    """Derivatives from the outputs back to the weights of one hidden unit."""
    h, z, e = f"h{j}", f"z{j}", f"dE_total/dh{j}"
    ways: dict[str, tuple[str, ...]] = {
        e: (f"dE_o1/d{h} + dE_o2/d{h}", f"dE_total/dz3*W{4 + j} + dE_total/dz4*W{6 + j}"),
        f"d{h}/d{z}": (f"{h}*(1 - {h})", f"{h} - {h}^2"),
        f"dE_total/d{z}": (f"{e}*d{h}/d{z}", f"{e}*{h}*(1 - {h})"),
    }
    for i in (1, 2):
        w = f"W{2 * j - 2 + i}"
        ways[f"d{z}/d{w}"] = (f"x{i}",)
        ways[f"dE_total/d{w}"] = (
            f"{e}*d{h}/d{z}*d{z}/d{w}",
            f"dE_total/d{z}*d{z}/d{w}",
            f"dE_total/d{z}*x{i}",
        )
    return ways


def list_updates(weights: list[str]) -> dict[str, tuple[str, ...]]:
    """One step of gradient descent."""
    return {f"{w}+": (f"{w} - learning_rate*dE_total/d{w}",) for w in weights}


def make_net(name: str, given: str) -> Exercise:
    """A net of two inputs, two hidden units and two outputs."""
    numbers = dict(pair.split("=") for pair in given.split())
    ways = list_forward("b1" in numbers)
    for k in (1, 2):
        ways |= list_output_side(k)
    for j in (1, 2):
        ways |= list_hidden_side(j)
    ways |= list_updates([f"W{number}" for number in range(1, 9)])
    return Exercise(name, name, numbers, ways)


def make_neuron() -> Exercise:
    """One sigmoid unit with a bias."""
    given = {"x1": "0.6", "x2": "-0.4", "t1": "1", "learning_rate": "0.3"}
    given |= {"W1": "0.8", "W2": "0.5", "b1": "0.1"}
    ways: dict[str, tuple[str, ...]] = {
        "z1": ("W1*x1 + W2*x2 + b1",),
        "o1": ("sigmoid(z1)", "1/(1 + exp(-z1))"),
        "E_total": ("1/2*(t1 - o1)^2",),
        "dE_total/do1": ("-(t1 - o1)", "o1 - t1"),
        "do1/dz1": ("o1*(1 - o1)", "o1 - o1^2"),
        "dE_total/dz1": ("dE_total/do1*do1/dz1", "-(t1 - o1)*o1*(1 - o1)"),
    }
    for w, x in (("W1", "x1"), ("W2", "x2"), ("b1", "1")):
        ways[f"dz1/d{w}"] = (x,)
        ways[f"dE_total/d{w}"] = (f"dE_total/do1*do1/dz1*dz1/d{w}", f"dE_total/dz1*dz1/d{w}")
    return Exercise("neuron", "neuron", given, ways | list_updates(["W1", "W2", "b1"]))


def make_circuit(name: str, given: str, definitions: str, backward: str) -> Exercise:
    """A circuit by its text; lines are `id = way | other way`."""
    numbers = dict(pair.split("=") for pair in given.split())
    lines = [line.strip().split(" = ") for line in (definitions + backward).strip().splitlines()]
    ways = {left: tuple(right.split(" | ")) for left, right in lines}
    formulas = [line.strip().split(" = ") for line in definitions.strip().splitlines()]
    spec = 'kind="circuit"\noutput="f"\n[values]\n' + "\n".join(given.split())
    spec += "\n[definitions]\n" + "\n".join(f'{a} = "{b.split(" | ")[0]}"' for a, b in formulas)
    return Exercise(name, name if name == "circuit" else spec + "\n", numbers, ways)


TWO = make_net(
    "two-two-two",
    "x1=0.1 x2=0.2 t1=0.4 t2=0.6 learning_rate=0.5 W1=0.3 W2=0.25 W3=0.4 W4=0.35 "
    "W5=0.45 W6=0.4 W7=0.7 W8=0.6",
)
SHARED = make_net(
    "shared-biases",
    "x1=0.05 x2=0.10 t1=0.01 t2=0.99 learning_rate=0.5 W1=0.15 W2=0.20 W3=0.25 W4=0.30 "
    "W5=0.40 W6=0.45 W7=0.50 W8=0.55 b1=0.35 b2=0.35 b3=0.60 b4=0.60",
)
NEURON = make_neuron()
CIRCUIT = make_circuit(
    "circuit",
    "x=-2 y=5 z=-4",
    "q = x + y\nf = q*z | (x + y)*z\n",
    "df/dq = z\ndf/dz = q | x + y\ndq/dx = 1\ndq/dy = 1\n"
    "df/dx = df/dq*dq/dx\ndf/dy = df/dq*dq/dy\n",
)
USED_TWICE = make_circuit(
    "used-twice",
    "x=0.7 y=1.3",
    "u = x*y + 2\nf = u*x*x | u*x^2\n",
    "df/du = x*x | x^2\ndu/dx = y\ndu/dy = x\n"
    "df/dx = df/du*du/dx + 2*u*x | x^2*y + 2*u*x\ndf/dy = df/du*du/dy | x^2*x\n",
)
SINE = make_circuit("sine", "x=1.2", "f = sin(x)*x\n", "df/dx = cos(x)*x + sin(x)\n")
DECAY = make_circuit(
    "decay", "x=0.8", "f = x*exp(-x)\n", "df/dx = exp(-x) - x*exp(-x) | (1 - x)*exp(-x)\n"
)
POWERS = make_circuit(
    "powers", "x=1.5 y=0.6", "f = x^2*y + y^3\n", "df/dx = 2*x*y\ndf/dy = x^2 + 3*y^2\n"
)
BRACKETS = make_circuit(
    "brackets",
    "x=1.7",
    "f = (x^2 + 1)*(x - 3)\n",
    "df/dx = 2*x*(x - 3) + x^2 + 1 | 3*x^2 - 6*x + 1\n",
)
ROUTES = make_circuit(
    "routes",
    "x=1.4 y=0.5",
    "p = x^2\nq = x + y\nf = p*q | x^2*(x + y)\n",
    "df/dp = q\ndf/dq = p\ndp/dx = 2*x\ndq/dx = 1\ndq/dy = 1\n"
    "df/dx = df/dp*dp/dx + df/dq*dq/dx | q*2*x + p\ndf/dy = df/dq*dq/dy\n",
)
NETS = (TWO, SHARED)
OWN = (USED_TWICE, SINE, DECAY, POWERS, BRACKETS, ROUTES)
EXERCISES = (TWO, SHARED, NEURON, CIRCUIT, *OWN)
