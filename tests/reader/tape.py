"""Numbers that remember what they were made of, so that derivatives can be asked for."""

from __future__ import annotations

from mpmath import cos, cosh, erfc, exp, log, mp, mpf, pi, sin, sqrt, tanh

DIGITS = 420
"""So many that a saturated unit is not taken for an exact one."""
mp.dps = DIGITS
ONE, ZERO, LEAK = mpf(1), mpf(0), mpf("0.01")


class Node:
    """A value with its parents and the partial by each."""

    __slots__ = ("parents", "value")

    def __init__(self, value: mpf, parents: tuple = ()) -> None:
        self.value, self.parents = mpf(value), parents

    def __add__(self, other):
        return Node(self.value + val(other), pairs((self, ONE), (other, ONE)))

    __radd__ = __add__

    def __neg__(self):
        return Node(-self.value, ((self, -ONE),))

    def __sub__(self, other):
        return Node(self.value - val(other), pairs((self, ONE), (other, -ONE)))

    def __rsub__(self, other):
        return Node(val(other) - self.value, ((self, -ONE),))

    def __mul__(self, other):
        return Node(self.value * val(other), pairs((self, val(other)), (other, self.value)))

    __rmul__ = __mul__

    def __truediv__(self, other):
        low = val(other)
        partial = (self, 1 / low), (other, -self.value / low**2)
        return Node(self.value / low, pairs(*partial))

    def __rtruediv__(self, other):
        return Node(val(other) / self.value, ((self, -val(other) / self.value**2),))


def val(number) -> mpf:
    return number.value if isinstance(number, Node) else number


def pairs(*items: tuple) -> tuple:
    return tuple((n, p) for n, p in items if isinstance(n, Node))


def adjoints(root: Node, cut: frozenset = frozenset()) -> dict[int, mpf]:
    """The derivative of root by every node it is made of; nothing goes on behind `cut`."""
    order: list[Node] = []
    seen: set[int] = set()
    stack = [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            if node is root or id(node) not in cut:
                stack += [(parent, False) for parent, _ in node.parents]
    total = {id(root): ONE}
    for node in reversed(order):
        if node is root or id(node) not in cut:
            for parent, partial in node.parents:
                total[id(parent)] = total.get(id(parent), 0) + total[id(node)] * partial
    return total


def sigmoid(z):
    return 1 / (1 + exp(-z))


def cdf(z):
    return erfc(-z / sqrt(mpf(2))) / 2


def pdf(z):
    return exp(-z * z / 2) / sqrt(2 * pi)


def elu(z, a=ONE):
    return z if z > 0 else a * (exp(z) - 1)


def leaky(z, a=LEAK):
    return z if z > 0 else a * z


def step(z, a=ONE, low=ZERO):
    return ONE if z > 0 else a if z == 0 else low


def slope_elu(z, a=ONE):
    return (ONE, mpf(0)) if z > 0 else (a * exp(z), exp(z) - 1)


def slope_leaky(z, a=LEAK):
    return (ONE, mpf(0)) if z > 0 else (a, z)


def shares(pick):
    def slope(*values):
        best = [v == pick(values) for v in values]
        return tuple(mpf(b) / sum(best) for b in best)

    return slope


FUNCTIONS = {
    "exp": (exp, lambda z: (exp(z),)),
    "log": (log, lambda z: (1 / z,)),
    "ln": (log, lambda z: (1 / z,)),
    "sqrt": (sqrt, lambda z: (1 / (2 * sqrt(z)),)),
    "sin": (sin, lambda z: (cos(z),)),
    "cos": (cos, lambda z: (-sin(z),)),
    "abs": (abs, lambda z: (mpf((z > 0) - (z < 0)),)),
    "max": (lambda *v: max(v), shares(max)),
    "min": (lambda *v: min(v), shares(min)),
    "sigmoid": (sigmoid, lambda z: (sigmoid(z) * (1 - sigmoid(z)),)),
    "tanh": (tanh, lambda z: (1 - tanh(z) ** 2,)),
    "cosh": (cosh, lambda z: (tanh(z) * cosh(z),)),
    "softplus": (lambda z: log(1 + exp(z)), lambda z: (sigmoid(z),)),
    "silu": (lambda z: z * sigmoid(z), lambda z: (sigmoid(z) * (1 + z * sigmoid(-z)),)),
    "normal_cdf": (cdf, lambda z: (pdf(z),)),
    "normal_pdf": (pdf, lambda z: (-z * pdf(z),)),
    "gelu": (lambda z: z * cdf(z), lambda z: (cdf(z) + z * pdf(z),)),
    "elu": (elu, slope_elu),
    "relu": (lambda z: z if z > 0 else mpf(0), lambda z: (mpf(z > 0),)),
    "leaky_relu": (leaky, slope_leaky),
    "step": (step, lambda *z: (mpf(0),) * len(z)),
}
FUNCTIONS["sigma"] = FUNCTIONS["sigmoid"]
FUNCTIONS["Phi"], FUNCTIONS["varphi"] = FUNCTIONS["normal_cdf"], FUNCTIONS["normal_pdf"]


def apply(name: str, *args):
    """A function of numbers or nodes by its name."""
    function, slopes = FUNCTIONS[name]
    plain = tuple(val(a) for a in args)
    value = function(*plain)
    if not any(isinstance(a, Node) for a in args):
        return value
    return Node(value, pairs(*zip(args, slopes(*plain), strict=False)))


def raise_power(base, exponent):
    """base to the exponent; a whole exponent takes any base."""
    low, high = val(base), val(exponent)
    value = low ** int(high) if high == int(high) else low**high
    partials = []
    if isinstance(base, Node):
        partials.append(
            (
                base,
                high * low ** (int(high) - 1 if high == int(high) else high - 1)
                if high
                else mpf(0),
            )
        )
    if isinstance(exponent, Node):
        partials.append((exponent, value * log(low) if low else mpf(0)))
    return Node(value, tuple(partials)) if partials else value
