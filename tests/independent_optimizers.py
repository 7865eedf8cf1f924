"""Gradient descent with a memory on one linear unit, in fractions: a third way, for tests.

The error is half the square of w x + b - t, so every gradient is rational; only
a root leaves the fractions, and mpmath takes over there.
"""

from fractions import Fraction

from mpmath import mp, mpf


def text(value):
    return mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else value


def run(case, updates):
    """The parameters (weights, then the bias) after each update, and the states at the end."""
    with mp.workdps(60):
        numbers = {key: text(Fraction(value)) for key, value in case["settings"].items()}
        x = [*(text(Fraction(v)) for v in case["x"]), mpf(1)]
        w = [text(Fraction(v)) for v in (*case["w"], case["b"])]
        t, rate = text(Fraction(case["t"])), text(Fraction(case["rate"]))
        l2, l1 = (text(Fraction(case.get(key, 0))) for key in ("l2", "l1"))
        memory = [{} for _ in w]
        found = []
        for k in range(1, updates + 1):
            off = sum(a * b for a, b in zip(w, x, strict=True)) - t
            slopes = [off * a for a in x]
            for i in range(len(w) - 1):
                slopes[i] += l2 * w[i] + l1 * mp.sign(w[i])
            w = [
                one(case["form"], w[i], slopes[i], memory[i], k, rate, numbers)
                for i in range(len(w))
            ]
            found.append(list(w))
        return found, memory


def one(form, w, g, memory, k, rate, n):  # noqa: PLR0913, PLR0917  the numbers of one update
    if form == "gradient_descent":
        return w - rate * g
    if form in ("velocity", "nesterov"):
        memory["v"] = n["momentum"] * memory.get("v", 0) + g
        moved = g + n["momentum"] * memory["v"] if form == "nesterov" else memory["v"]
        return w - rate * moved
    if form == "step":
        memory["v"] = n["momentum"] * memory.get("v", 0) - rate * g
        return w + memory["v"]
    if form in ("adagrad", "rmsprop"):
        share = (1, 1) if form == "adagrad" else (n["decay"], 1 - n["decay"])
        memory["s"] = share[0] * memory.get("s", 0) + share[1] * g * g
        return w - rate * g / (mp.sqrt(memory["s"]) + n["epsilon"])
    if form == "adamw":
        w -= rate * n["weight_decay"] * w
    memory["m"] = n["beta1"] * memory.get("m", 0) + (1 - n["beta1"]) * g
    memory["v"] = n["beta2"] * memory.get("v", 0) + (1 - n["beta2"]) * g * g
    fair = memory["m"] / (1 - n["beta1"] ** k)
    wide = memory["v"] / (1 - n["beta2"] ** k)
    return w - rate * fair / (mp.sqrt(wide) + n["epsilon"])
