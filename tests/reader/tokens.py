"""TeX of a page as tokens; what cannot be read is an `Unread` with the place."""

from __future__ import annotations

import re

TOKEN = re.compile(
    r"\\(?:begin|end)\{[a-z*]+\}|\\(?:left|right)\s*(?:\\[lr]?vert|[.()\[\]])|\\[a-zA-Z]+|\\.|"
    r"\d+(?:\.\d+)?|[a-zA-Z]|\S"
)
SPACES = {"\\thinspace", "\\,", "\\quad", "\\enspace", "\\;", "\\ "}
RELATIONS = {"=", "\\approx", "<", ">", "\\le", "\\ge", "\\leq", "\\geq"}
GREEK = {"alpha", "beta", "lambda", "mu", "rho", "epsilon", "delta", "gamma", "eta", "theta"}
GREEK |= {"Delta", "pi", "kappa", "tau", "omega", "phi", "psi", "xi", "zeta", "chi", "nu", "iota"}
GREEK |= {"Gamma", "Theta", "Lambda", "Pi", "Sigma", "Omega", "Xi", "Psi", "upsilon", "Upsilon"}
CALLS = {"sigma", "tanh", "ln", "max", "min", "Phi", "varphi", "cosh", "sin", "cos", "exp", "log"}
POSTFIX = re.compile(r"(\(\d+\)|\(l[+-]?1?\))?(\+|\[[\dk]+\])?")


class Unread(Exception):  # noqa: N818 - a verdict, not a failure
    """What stands here is not in the reader's language."""


def tokenize(text: str) -> list[str]:
    return [t for t in TOKEN.findall(text.replace("_ {", "_{")) if t not in SPACES]


def split_top(tokens: list[str], marks: set[str]) -> list[tuple[str, list[str]]]:
    """The parts between marks outside every bracket, each with the mark before it."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    depth = 0
    for token in tokens:
        depth += token in {"{", "("} or token.startswith(("\\left", "\\begin"))
        depth -= token in {"}", ")"} or token.startswith(("\\right", "\\end"))
        if depth == 0 and token in marks:
            parts.append((token, []))
        else:
            parts[-1][1].append(token)
    return parts


def negate(tree: tuple) -> tuple:
    if tree[0] == "num":
        text = tree[1]
        return ("num", text[1:] if text.startswith("-") else "-" + text)
    return ("neg", tree)
