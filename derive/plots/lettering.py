"""Fonts and texts of plots: nothing a person typed is read as a formula, no empty boxes."""

from __future__ import annotations

import textwrap
from functools import cache
from typing import Any

from derive.algebra.expressions import Expr, Name, Num
from derive.algebra.grammar import to_text
from derive.errors import SpecError
from derive.numbers import Shown
from derive.render import tex
from derive.render.escape import has_hangul, one_line
from derive.render.notation import choose_notation
from derive.render.printing import choose_printer
from derive.render.typesetting import KOREAN_FONTS
from derive.render.wording import agree, list_ones, section, sentence, translate_title
from derive.spec import Spec

LATIN = "DejaVu Sans"
"""Comes with matplotlib, so that plots look the same everywhere."""
WIDE, NARROW = 72, 40
"""Characters of a line of the title, in Latin letters and in Hangul."""


def import_matplotlib() -> Any:  # noqa: ANN401  the package is an extra
    """Matplotlib; raises SpecError with the extra that brings it."""
    try:
        import matplotlib as mpl  # noqa: PLC0415  an extra, and only plots need it
    except ImportError:
        raise SpecError(
            "plot", "plots need the extra plot; pip install 'derive-by-hand[plot]'"
        ) from None
    return mpl


@cache
def find_korean_font() -> str:
    """An installed font family with Hangul; raises SpecError with what to install."""
    import_matplotlib()
    from matplotlib import font_manager  # noqa: PLC0415

    family, _ = _find_korean(font_manager.fontManager)
    if family is None:
        family, files = _find_korean(font_manager.FontManager())
        if family is None:
            options = ", ".join(KOREAN_FONTS[:5])
            raise SpecError("plot", f"no Korean font is installed; install one of: {options}")
        for file in files:
            font_manager.fontManager.addfont(file)
    return family


def _find_korean(manager: Any) -> tuple[str | None, list[str]]:  # noqa: ANN401
    """The best family that a list of fonts has, with the files of all its weights.

    The list that matplotlib keeps between two runs does not know a font that
    was installed in the meantime. Which weight comes first in a list is chance:
    with all of them known, matplotlib takes the one that it needs.
    """
    files: dict[str, list[str]] = {family: [] for family in KOREAN_FONTS}
    for entry in manager.ttflist:
        if entry.name in files:
            files[entry.name].append(entry.fname)
    return next(((family, found) for family, found in files.items() if found), (None, []))


class Lettering:
    """The texts of one spec's plots, in its language and with its symbols."""

    def __init__(self, spec: Spec) -> None:
        """Choose the fonts; raises SpecError where one is missing."""
        self.language = spec.language
        self._print = choose_printer(choose_notation(spec))
        title = one_line(translate_title(spec.language, spec.title))
        korean = has_hangul(title + "".join(section(spec.language, "plot").values()))
        self.families = [find_korean_font(), LATIN] if korean else [LATIN]
        self.title = textwrap.fill(
            _replace_missing(title, self.families), NARROW if korean else WIDE
        )

    def write_words(self, key: str, **slots: str | Expr) -> str:
        """A sentence; formulas, equations and digits stand in its slots."""
        text = agree(sentence(self.language, key), list_ones(slots))
        filled = {k: v if isinstance(v, str) else self.write_formula(v) for k, v in slots.items()}
        return text.format(**filled)

    def write_number(self, number: Shown) -> str:
        """A number as the sheet prints it."""
        return self.write_formula(Num(number.text))

    def write_equation(self, name: str, number: Shown) -> str:
        """`W5 = 0.45`, `E_total ≈ 0.02397190`."""
        sign = "=" if number.exact else r"\approx"
        text = f"{self._write(Name(name))} {sign} {{{self._write(Num(number.text))}}}"
        return self.typeset(text.replace(r"\frac", r"\dfrac"), f"{name}: {number.text}")

    def write_formula(self, expr: Expr) -> str:
        """A name or a number."""
        return self.typeset(self._write(expr), to_text(expr))

    def _write(self, expr: Expr) -> str:
        return tex.write(self._print(expr))

    @staticmethod
    def typeset(formula: str, plain: str) -> str:
        """The TeX, where matplotlib can read it; else the ids and digits as they are typed."""
        try:
            _parser().parse(f"${formula}$")
        except ValueError:
            return plain
        return f"${formula}$"


@cache
def _parser() -> Any:  # noqa: ANN401
    from matplotlib.mathtext import MathTextParser  # noqa: PLC0415

    return MathTextParser("path")


def _replace_missing(text: str, families: list[str]) -> str:
    """The text; a character that no font has is written as its code point."""
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415

    fonts = [get_font(findfont(family)) for family in families]

    def has_glyph(character: str) -> bool:
        return any(font.get_char_index(ord(character)) for font in fonts)

    return "".join(c if has_glyph(c) else f"U+{ord(c):04X}" for c in text)
