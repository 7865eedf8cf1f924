"""Boxes in MathML, for pages in a browser: no script, no font, no network."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from derive.render import boxes
from derive.render.boxes import Box, fold
from derive.spec.symbols import GREEK

Write = Callable[[Box], str]
NAMES = (
    *(*GREEK, "ell", "partial", "times", "cdot", "approx", "le", "ge"),
    *("prime", "star", "ast", "dagger", "odot", "top", "minus", "-", "langle", "rangle"),
)
CHARACTERS = "αβγδϵεζηθϑικλμνξπρστυϕφχψωΓΔΘΛΞΠΣΦΨΩℓ∂×⋅≈≤≥′⋆∗†⊙⊤−−⟨⟩"  # noqa: RUF001
SIGNS = dict(zip(NAMES, CHARACTERS, strict=True))
"""Characters by the name of their command."""
ROOMS = {"thin": 0.17, "thick": 0.28, "quad": 1.0}
"""Room in em."""
APPLY = "<mo>\u2061</mo>"
NORMAL = '<mi mathvariant="normal">{}</mi>'
STYLES = {"mathrm": NORMAL, "operatorname": NORMAL, "function": NORMAL + APPLY}
"""Words in a style; others have one of `style.css`."""
ACCENTS = {"hat": "^", "bar": "¯", "tilde": "~"}
COMMANDS = {"sqrt": "<msqrt>{}</msqrt>", "boxed": '<mrow class="framed">{}</mrow>'}
TABLES = {
    "cases": '<mrow><mo>{{</mo><mtable class="cases">{}</mtable></mrow>',
    "bmatrix": '<mrow><mo>[</mo><mtable class="matrix">{}</mtable><mo>]</mo></mrow>',
}


def _symbol(box: boxes.Symbol, _: Write) -> str:
    """The minus of a number is a sign, and stands close."""
    if box.text in ROOMS:
        return f'<mspace width="{ROOMS[box.text]}em"/>'
    text = SIGNS.get(box.text) or escape(box.text)
    if text.isalpha() or text == "∂":
        return f"<mi>{text}</mi>"
    if text in "()[]|":
        return _fence(text)
    return f'<mo form="prefix">{text}</mo>' if box.text == "minus" else f"<mo>{text}</mo>"


def _operator(box: boxes.Operator, _: Write) -> str:
    """A plus or minus says whether it stands between: it may begin a piece of a line."""
    sign = SIGNS.get(box.text) or escape(box.text)
    form = f' form="{"prefix" if box.opens else "infix"}"' if box.text in "+-" else ""
    return f"<mo{form}>{sign}</mo>"


def _fence(sign: str) -> str:
    return "" if sign == "." else f'<mo stretchy="false">{sign}</mo>'


def _word(box: boxes.Word, _: Write) -> str:
    return STYLES.get(box.style, f'<mi class="{box.style}">{{}}</mi>').format(escape(box.text))


def _one(box: Box | None, write: Write) -> str:
    """A box as exactly one element."""
    if type(box) is boxes.Row and len(box.parts) == 1:
        return _one(box.parts[0], write)
    text = "" if box is None else write(box)
    several = type(box.base if type(box) is boxes.Scripted else box) in (boxes.Row, boxes.Fenced)
    return f"<mrow>{text}</mrow>" if several else text


def _scripted(box: boxes.Scripted, write: Write) -> str:
    """The scripts of a pair stand at the sign that closes it, those of a function at its name."""
    before, base, behind = "", _one(box.base, write), ""
    if type(box.base) is boxes.Fenced:
        before = _fence(box.base.opening) + write(box.base.inside)
        base = _fence(box.base.closing)
    elif base.endswith(APPLY):
        base, behind = base.removesuffix(APPLY), APPLY
    scripts = [_one(script, write) for script in (box.below, box.above) if script is not None]
    kind = ("sub" if box.below is not None else "") + ("sup" if box.above is not None else "")
    return f"{before}<m{kind}>{base}{''.join(scripts)}</m{kind}>{behind}"


def _fraction(box: boxes.Fraction, write: Write) -> str:
    text = f"<mfrac>{_one(box.top, write)}{_one(box.bottom, write)}</mfrac>"
    return f'<mstyle displaystyle="false">{text}</mstyle>' if box.small else text


def _wrapped(box: boxes.Wrapped, write: Write) -> str:
    if box.command in ACCENTS:
        sign = ACCENTS[box.command]
        return f'<mover accent="true">{_one(box.inside, write)}<mo>{sign}</mo></mover>'
    return COMMANDS.get(box.command, "<mrow>{}</mrow>").format(write(box.inside))


def _blank(box: boxes.Blank, _: Write) -> str:
    line = f'<mspace class="blank" width="{box.width}em" height="0.9em"/>'
    return f"<munder>{line}<mtext>({box.number})</mtext></munder>" if box.number else line


def _table(box: boxes.Table, write: Write) -> str:
    rows = ("".join(f"<mtd>{write(cell)}</mtd>" for cell in row) for row in box.rows)
    return TABLES[box.kind].format("".join(f"<mtr>{row}</mtr>" for row in rows))


WRITERS: dict[type, Callable[[Any, Write], str]] = {
    boxes.Symbol: _symbol,
    boxes.Operator: _operator,
    boxes.Number: lambda box, _: f"<mn>{box.text}</mn>",
    boxes.Word: _word,
    boxes.Text: lambda box, _: f"<mtext>{escape(box.text)}</mtext>",
    boxes.Row: lambda box, write: "".join(map(write, boxes.join_texts(box.parts))),
    boxes.Scripted: _scripted,
    boxes.Fraction: _fraction,
    boxes.Fenced: lambda box, write: _fence(box.opening) + write(box.inside) + _fence(box.closing),
    boxes.Wrapped: _wrapped,
    boxes.Blank: _blank,
    boxes.Table: _table,
}
"""How each box is written."""

write = fold(WRITERS)
