"""Numbers in the places of names: is the second tree the first one with numbers put in?"""

from __future__ import annotations

from collections.abc import Callable

from tokens import RELATIONS, negate

Texts = Callable[[str], set[str]]


def canon(tree: tuple) -> tuple:
    """One form for what reads alike: no brackets, signs at the first factor."""
    kind = tree[0]
    if kind in {"par", "box"}:
        return canon(tree[1])
    if kind in {"num", "sym", "blank"}:
        return tree
    if kind == "neg":
        return minus(canon(tree[1]))
    if kind == "cases":
        return (kind, *((canon(v), (r, canon(a), canon(b))) for v, (r, a, b) in tree[1:]))
    if kind == "mat":
        return (kind, *(tuple(canon(c) for c in row) for row in tree[1:]))
    rest = tuple(canon(t) if isinstance(t, tuple) else t for t in tree[1:])
    if kind == "mul":
        rest = tuple(g for f in rest for g in (f[1:] if f[0] == "mul" else (f,)))
    return (kind, *rest)


def minus(tree: tuple) -> tuple:
    if tree[0] == "num":
        return negate(tree)
    if tree[0] == "neg":
        return tree[1]
    if tree[0] in {"mul", "div"}:
        return (tree[0], minus(tree[1]), *tree[2:])
    return ("neg", tree)


def toggle(text: str) -> str:
    return text[1:] if text.startswith("-") else "-" + text


def fits(symbols: tuple, numbers: tuple, texts: Texts) -> str:
    """Empty where the numbers are those of the names; else what does not fit."""
    return match(canon(symbols), canon(numbers), texts)


def match(a: tuple, b: tuple, texts: Texts) -> str:
    if a == b:
        return ""
    name, turned = (a[1], True) if a[0] == "neg" and a[1][0] == "sym" else (a, False)
    if name[0] == "sym" and b[0] == "num":
        allowed = {toggle(t) if turned else t for t in texts(name[1])}
        return "" if b[1] in allowed or not allowed else f"{name[1]} is {allowed}, not {b[1]}"
    if a[0] == "sym" and b[0] == "mat":
        return "matrix"
    if a[0] != b[0] or len(a) != len(b) or a[0] in {"num", "sym", "blank"}:
        return f"{a[:2]} became {b[:2]}"
    if a[0] == "add":
        return match_terms(list(a[1:]), list(b[1:]), texts)
    pairs = (match_part(x, y, texts) for x, y in zip(a[1:], b[1:], strict=True))
    return next((wrong for wrong in pairs if wrong), "")


def match_terms(names: list, numbers: list, texts: Texts) -> str:
    """Terms of a sum, in any order; what is said is what the first term lacks."""
    for name in names:
        misfits = [match(name, n, texts) for n in numbers]
        if "" not in misfits:
            return misfits[0]
        del numbers[misfits.index("")]
    return ""


def match_part(x, y, texts: Texts) -> str:
    """Trees, or rows and conditions made of trees and words."""
    if not (isinstance(x, tuple) and isinstance(y, tuple)):
        return "" if x == y else f"{x} became {y}"
    if x and isinstance(x[0], str) and len(x) > 1 and x[0] not in RELATIONS:
        return match(x, y, texts)
    if len(x) != len(y):
        return "other shape"
    parts = (match_part(p, q, texts) for p, q in zip(x, y, strict=True))
    return next((wrong for wrong in parts if wrong), "")


def has(tree, kind: str) -> bool:
    if not isinstance(tree, tuple):
        return False
    return bool(tree) and (tree[0] == kind or any(has(t, kind) for t in tree))


def symbols(tree) -> set[str]:
    if not isinstance(tree, tuple):
        return set()
    if len(tree) == 2 and tree[0] == "sym":
        return {tree[1]}
    own = {tree[1]} if tree and tree[0] == "D" else set()
    return own.union(*(symbols(t) for t in tree))


def literal(tree: tuple) -> str | None:
    """The text of a number that stands alone, perhaps in a box."""
    while tree[0] == "box":
        tree = tree[1]
    return tree[1] if tree[0] == "num" else None
