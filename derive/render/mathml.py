"""Formulas in MathML, for pages in a browser: no script, no font, no network."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
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

LETTERS = "αβγδϵεζηθϑικλμνξπρστυϕφχψωΓΔΘΛΞΠΣΦΨΩℓ"
SIGNS = dict(
    zip(
        "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu "  # noqa: SIM905  a list of words reads best as words
        "nu xi pi rho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi "
        "Sigma Phi Psi Omega ell".split(),
        LETTERS,
        strict=True,
    )
)
"""Letters by the name of their command."""
OPERATORS = {
    "times": "×",  # noqa: RUF001
    "cdot": "⋅",
    "approx": "≈",
    "le": "≤",
    "ge": "≥",
    "prime": "′",  # noqa: RUF001
    "star": "⋆",
    "dagger": "†",
    "odot": "⊙",
    "top": "⊤",  # noqa: RUF001
}
ACCENTS = {"hat": "^", "bar": "¯", "tilde": "~"}


MINUS = Letter("-")


def translated(tex: str) -> str:
    """The inside of a `math` element; raises InternalError for TeX that is not ours."""
    return written(parsed(tex))


def inline(mathml: str) -> str:
    """A formula inside a sentence."""
    return f"<math>{mathml}</math>"


def written(node: Node) -> str:
    """One element, or the elements of a row side by side."""
    return WRITERS[type(node)](node)


def _one(node: Node | None) -> str:
    """A node as exactly one element."""
    if node is None:
        return "<mrow></mrow>"
    text = written(node)
    single = not isinstance(node, Row) or len(node.parts) == 1
    return text if single else f"<mrow>{text}</mrow>"


def _row(node: Row) -> str:
    """A minus with nothing before it to subtract from is a sign, and stands close."""
    found: list[str] = []
    last: Node | None = None
    for part in node.parts:
        if part == MINUS and (last is None or _is_operator(last)):
            found.append('<mo form="prefix">−</mo>')  # noqa: RUF001
        else:
            found.append(_one(part) if isinstance(part, Row) else written(part))
        last = part
    return "".join(found)


def _is_operator(node: Node) -> bool:
    if isinstance(node, Sign):
        return node.name in ("times", "cdot", "approx", "le")
    return isinstance(node, Letter) and node.text in "=+-(["


def _letter(node: Letter) -> str:
    text = "−" if node == MINUS else escape(node.text)  # noqa: RUF001
    if node.text.isalpha():
        return f"<mi>{text}</mi>"
    if node.text in "()[]|":
        return f'<mo stretchy="false">{text}</mo>'
    return f"<mo>{text}</mo>"


def _sign(node: Sign) -> str:
    if node.name in SIGNS:
        return f"<mi>{SIGNS[node.name]}</mi>"
    if node.name == "partial":
        return "<mi>∂</mi>"
    return f"<mo>{OPERATORS[node.name]}</mo>"


def _scripted(node: Scripted) -> str:
    base = _one(node.base)
    if node.below is None:
        return f"<msup>{base}{_one(node.above)}</msup>"
    if node.above is None:
        return f"<msub>{base}{_one(node.below)}</msub>"
    return f"<msubsup>{base}{_one(node.below)}{_one(node.above)}</msubsup>"


def _fraction(node: Fraction) -> str:
    text = f"<mfrac>{_one(node.top)}{_one(node.bottom)}</mfrac>"
    return f'<mstyle displaystyle="false">{text}</mstyle>' if node.small else text


def _styled(node: Styled) -> str:
    if not isinstance(node.inside, Text):
        return f"<mrow>{written(node.inside)}</mrow>"
    text = escape(node.inside.text)
    if node.style in ("mathrm", "operatorname"):
        return f'<mi mathvariant="normal">{text}</mi>'
    return f'<mi class="{node.style}">{text}</mi>'


def _blank(node: Blank) -> str:
    line = f'<mspace class="blank" width="{node.width}em" height="0.9em"/>'
    return f"<munder>{line}<mtext>({node.number})</mtext></munder>" if node.number else line


def _table(node: Matrix | Cases) -> str:
    return "".join(
        "<mtr>" + "".join(f"<mtd>{written(cell)}</mtd>" for cell in row) + "</mtr>"
        for row in node.rows
    )


def _matrix(node: Matrix) -> str:
    return f'<mrow><mo>[</mo><mtable class="matrix">{_table(node)}</mtable><mo>]</mo></mrow>'


def _cases(node: Cases) -> str:
    return f'<mrow><mo>{{</mo><mtable class="cases">{_table(node)}</mtable></mrow>'


WRITERS: dict[type, Callable[[Any], str]] = {
    Letter: _letter,
    Number: lambda node: f"<mn>{node.text}</mn>",
    Sign: _sign,
    Function: lambda node: f'<mi mathvariant="normal">{node.name}</mi><mo>\u2061</mo>',
    Space: lambda node: f'<mspace width="{node.width}em"/>',
    Text: lambda node: f"<mtext>{escape(node.text)}</mtext>",
    Row: _row,
    Scripted: _scripted,
    Fraction: _fraction,
    Styled: _styled,
    Accented: lambda node: (
        f'<mover accent="true">{_one(node.inside)}<mo>{ACCENTS[node.accent]}</mo></mover>'
    ),
    Root: lambda node: f"<msqrt>{written(node.inside)}</msqrt>",
    Boxed: lambda node: f'<mrow class="framed">{written(node.inside)}</mrow>',
    Blank: _blank,
    Cases: _cases,
    Matrix: _matrix,
}
"""How each node is written."""
