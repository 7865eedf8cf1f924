"""Formulas in Typst's mathematics."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from derive.render.formula import (
    Accented,
    Blank,
    Boxed,
    Cases,
    Fraction,
    Function,
    Letter,
    Matrix,
    Node,
    Number,
    Root,
    Row,
    Scripted,
    Sign,
    Space,
    Styled,
    Text,
    parsed,
)

SIGNS = {
    "epsilon": "epsilon.alt",
    "varepsilon": "epsilon",
    "vartheta": "theta.alt",
    "phi": "phi.alt",
    "varphi": "phi",
    "cdot": "dot.op",
    "le": "lt.eq",
    "ge": "gt.eq",
    "star": "star.op",
    "odot": "dot.o",
    "top": "top",
}
"""Signs whose name is another one in Typst."""
LETTERS = {"|": "bar.v", ",": "\\,", "/": "slash", '"': '"\\""', "#": '"#"'}
"""Characters that Typst would read otherwise."""
STYLES = {
    "mathrm": "upright({})",
    "mathit": "italic({})",
    "mathbf": "bold(upright({}))",
    "mathcal": "cal({})",
    "operatorname": "op({})",
}
ACCENTS = {"hat": "hat({})", "bar": "overline({})", "tilde": "tilde({})"}
SPACES = {0.17: "thin", 0.25: "thin", 0.28: "thick", 1.0: "quad"}


def string(text: str) -> str:
    """A Typst string literal: nothing in it is read as Typst."""
    return json.dumps(text, ensure_ascii=False)


def translated(tex: str) -> str:
    """A formula of ours in Typst's mathematics; raises InternalError for TeX that is not ours."""
    return _row(parsed(tex))


def written(node: Node) -> str:
    """One node; a row of several parts without anything around it."""
    return WRITERS[type(node)](node)


def _row(node: Row) -> str:
    return " ".join(grouped(p) if isinstance(p, Row) else written(p) for p in node.parts)


def grouped(node: Node) -> str:
    """A node as one thing; an empty place is an empty string."""
    text = written(node)
    if isinstance(node, Row) and len(node.parts) != 1:
        return f"({text})" if text else '""'
    return text


def _scripted(node: Scripted) -> str:
    below = "" if node.below is None else f"_({written(node.below)})"
    above = "" if node.above is None else f"^({written(node.above)})"
    return grouped(node.base) + below + above


def _fraction(node: Fraction) -> str:
    text = f"frac({written(node.top)}, {written(node.bottom)})"
    return f"inline({text})" if node.small else text


def _blank(node: Blank) -> str:
    line = f"#blank({node.width}em)"
    return f'attach(limits({line}), b: "({node.number})")' if node.number else line


def _matrix(node: Matrix) -> str:
    rows = (", ".join(written(cell) or '""' for cell in row) for row in node.rows)
    return f'mat(delim: "[", {"; ".join(rows)})'


def _cases(node: Cases) -> str:
    rows = (" & quad ".join(written(cell) for cell in row) for row in node.rows)
    return f"cases({', '.join(rows)})"


WRITERS: dict[type, Callable[[Any], str]] = {
    Letter: lambda node: LETTERS.get(node.text, node.text),
    Number: lambda node: node.text,
    Sign: lambda node: SIGNS.get(node.name, node.name),
    Function: lambda node: node.name,
    Space: lambda node: SPACES[node.width],
    Text: lambda node: string(node.text),
    Row: _row,
    Scripted: _scripted,
    Fraction: _fraction,
    Styled: lambda node: STYLES[node.style].format(written(node.inside)),
    Accented: lambda node: ACCENTS[node.accent].format(written(node.inside)),
    Root: lambda node: f"sqrt({written(node.inside)})",
    Boxed: lambda node: f"#framed(${written(node.inside)}$)",
    Blank: _blank,
    Cases: _cases,
    Matrix: _matrix,
}
"""How each node is written."""
