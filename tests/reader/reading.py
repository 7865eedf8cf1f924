"""Atoms of a formula: numbers, names with their scripts, calls, brackets, cases, matrices."""

from __future__ import annotations

import re

from tokens import CALLS, GREEK, POSTFIX, RELATIONS, Unread, split_top

NAMES = {"\\mathit", "\\mathrm", "\\mathbf", "\\hat", "\\operatorname", "\\mathsf"}


def read_atom(p) -> tuple:
    token = p.peek()
    if re.match(r"\d", token):
        return read_number(p)
    if token in {"\\frac", "\\tfrac", "\\dfrac"}:
        return read_fraction(p)
    if token.startswith("\\left") or token == "(":
        return read_bracket(p)
    if token in {"\\begin{cases}", "\\begin{bmatrix}"}:
        return read_rows(p)
    if token == "\\sqrt":
        p.take()
        return ("call", "sqrt", p.inner())
    if token == "\\boxed":
        p.take()
        return ("box", p.inner())
    if token in {"\\underline", "\\underset"}:
        return read_blank(p)
    if token == "{" and p.peek(1) == "}":
        raise Unread("empty braces")
    if token == "e" and p.peek(1) == "^" and not is_step(p):
        p.at += 2
        return ("call", "exp", p.inner())
    return read_name(p)


def is_step(p) -> bool:
    """A value of the name e after updates."""
    text = "".join(p.tokens[p.at + 2 : p.at + 7])
    return bool(re.match(r"\{(\+|\[\d+\])\}", text))


def read_number(p) -> tuple:
    text = p.take()
    if p.peek() == "e" and (p.peek(1) == "-" or re.match(r"\d", p.peek(1))):
        p.notes.append("e-notation")
        p.take()
        sign = p.take() if p.peek() == "-" else ""
        return ("num", f"{text}e{sign}{p.take()}")
    if re.fullmatch(r"\d(\.\d+)?", text) and p.tokens[p.at : p.at + 4][:3] == [
        "\\times",
        "10",
        "^",
    ]:
        saved = p.at
        p.at += 3
        exponent = "".join(p.group())
        if re.fullmatch(r"-?\d+", exponent):
            return ("num", f"{text}e{exponent}")
        p.at = saved
    return ("num", text)


def read_blank(p) -> tuple:
    if p.take() == "\\underset":
        number = "".join(p.group())
        p.group()
        return ("blank", number)
    p.group()
    return ("blank", "")


def read_fraction(p) -> tuple:
    p.take()
    top, bottom = p.group(), p.group()
    if top[:1] != ["\\partial"]:
        return ("div", p.parse(top), p.parse(bottom))
    below = key_of(bottom[1:])
    if len(top) == 1:
        if p.peek().startswith("\\left"):
            p.take()
            tree = p.sum()
            if not p.take().startswith("\\right"):
                raise Unread("derivative without its bracket")
            return ("D", below, tree)
        raise Unread("derivative of nothing")
    return ("sym", f"d({key_of(top[1:])})/d({below})")


def read_bracket(p) -> tuple:
    opening = p.take().replace(" ", "")
    if opening == "\\left.":
        tree = p.sum()
        p.take()
        if p.tokens[p.at : p.at + 1] == ["_"]:
            p.take()
            where = "".join(p.group()).replace("\\mathrm", "").strip("{}")
            return ("sym", f"{tree[1]}|{where}")
        raise Unread("bar without its place")
    tree = p.sum()
    closing = p.take().replace(" ", "")
    if opening == "\\left\\lvert":
        return ("call", "abs", tree)
    if (opening, closing) not in {("(", ")"), ("\\left(", "\\right)"), ("\\left[", "\\right]")}:
        raise Unread(f"{opening} closed by {closing}")
    return ("par", tree)


def read_rows(p) -> tuple:
    kind = p.take()
    start, depth = p.at, 1
    while depth:
        token = p.take()
        depth += token.startswith("\\begin") - token.startswith("\\end")
    body = p.tokens[start : p.at - 1]
    rows = [part for _, part in split_top(body, {"\\cr", "\\\\"})]
    cells = [[cell for _, cell in split_top(row, {"&"})] for row in rows]
    if kind == "\\begin{bmatrix}":
        return ("mat", *(tuple(p.parse(c) for c in row) for row in cells))
    return ("cases", *((p.parse(v), condition(p, c)) for v, c in cells))


def condition(p, tokens: list[str]) -> tuple:
    (_, left), (relation, right) = split_top(tokens, RELATIONS)
    return (relation, p.parse(left), p.parse(right))


def read_name(p) -> tuple:
    start = p.at
    base = take_base(p)
    take_scripts(p)
    raw = p.tokens[start : p.at]
    if base.startswith("call:"):
        return read_call(p, base[5:])
    return ("sym", key_of(raw))


def take_base(p) -> str:
    token = p.take()
    if token == "\\operatorname":
        return "call:" + "".join(p.group()).replace("\\_", "_")
    if token in NAMES:
        return "".join(p.group())
    if token[:1] == "\\" and token[1:] in CALLS:
        return "call:" + token[1:]
    if token[:1] == "\\" and token[1:] in GREEK:
        return token[1:]
    if token == "f" and p.tokens[p.at : p.at + 4] == ["^", "{", "\\prime", "}"]:
        p.at += 4
        return "call:slope"
    if re.fullmatch(r"[a-zA-Z]", token):
        return token
    if token == "{":
        p.at -= 1
        inner = p.group()
        return "".join(inner)
    raise Unread(f"name expected at {token!r}")


def take_scripts(p) -> None:
    """Subscripts, and those superscripts that belong to the name."""
    while p.peek() in {"_", "^"}:
        saved = p.at
        mark = p.take()
        inside = p.group()
        text = "".join(inside)
        if mark == "^" and not (text and POSTFIX.fullmatch(text)):
            p.at = saved
            return


def read_call(p, name: str) -> tuple:
    name = {"ln": "log", "leakyrelu": "leaky_relu"}.get(name, name)
    if p.peek() == "^":  # tanh^2(x) is a power of the value
        p.take()
        exponent = p.inner()
        if exponent[0] == "num" and exponent[1].startswith("-"):
            p.notes.append("inverse-function")
        return ("pow", read_call(p, name), exponent)
    opening = p.take()
    if opening not in {"(", "\\left("}:
        raise Unread(f"{name} of nothing")
    args = [p.sum()]
    while p.peek() == ",":
        p.take()
        args.append(p.sum())
    if p.take() not in {")", "\\right)"}:
        raise Unread(f"{name} is not closed")
    return ("call", name, *args)


def key_of(tokens: list[str]) -> str:
    """A name as plain text: the letter, its layer, its index, its sample, its step."""
    text = "".join(t for t in tokens if t not in NAMES and t != "\\partial")
    parts = re.split(r"([_^])(\{(?:[^{}]|\{[^{}]*\}|\{[^{}]*\{[^{}]*\}[^{}]*\})*\}|\S)", text)
    base, sub, layer, step = "", "", "", ""
    base = parts[0]
    for mark, inner in zip(parts[1::3], parts[2::3], strict=False):
        if mark == "_":
            sub += strip(inner)
        else:
            found = POSTFIX.fullmatch(strip(inner))
            if not found:
                raise Unread(f"power inside a name: {text}")
            layer += found[1] or ""
            step += found[2] or ""
    prefix = "hat" if "\\hat" in tokens else ""
    bold = "bf" if "\\mathbf" in tokens else ""
    return prefix + bold + strip(base) + layer + sub + step


def strip(text: str) -> str:
    return re.sub(r"[\\{}_\s^]", "", text)
