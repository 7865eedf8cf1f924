"""Typst source into PDF, SVG and PNG, by the typst package (the extra `pdf`)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Literal

from derive.errors import InternalError, SpecError
from derive.render import escape
from derive.render.escape import has_hangul

Kind = Literal["pdf", "svg", "png"]
MARK = "// block\n"
"""Stands before each block of a page that is taken apart."""
PARTS = "parts.json"
NAMES = ("blank", "footnoted", "framed", "tones", "wire", "drawing")
"""What blocks use of the functions that stand above them."""
DRAWN = ", ".join(f"{name}: {name}" for name in NAMES)
WRITE = f"""#let write-parts(page, scope) = for part in json("{PARTS}").at(page) [
  #eval(part, mode: "markup", scope: scope)

]
"""
"""Sets blocks from a file beside the page. What is set again at the same place with the same
text is not set anew: were it part of the page, each number's length would move all behind it."""
RESOLUTION = 200
"""Pixels per inch of a PNG."""
KOREAN_FONTS = (
    "Noto Sans KR",
    "Noto Sans CJK KR",
    "Pretendard",
    "NanumGothic",
    "NanumMyeongjo",
    "Noto Serif CJK KR",
    "Apple SD Gothic Neo",
    "Malgun Gothic",
)
"""Font families with Hangul, the best for this page first."""
DOCUMENT = "#set document("
"""How the line begins that only a whole file may have."""
LATIN = "Libertinus Serif"
"""Comes with the package, so that pages look the same everywhere."""


def typeset(kind: Kind) -> Callable[[str], bytes]:
    """What makes a file of this kind from a page's source.

    It raises SpecError where the package, or a font for the page's Hangul, is
    not installed. The engine reads nothing but the source and the fonts.
    """

    def made(source: str) -> bytes:
        return compile_pages([source], kind)

    return made


def compile_pages(sources: Sequence[str], kind: Kind, title: str = "") -> bytes:
    """The file of pages one behind the other, each beginning on an odd side as number 1.

    Of a kind without pages one of them. A `title` is that of the whole.
    """
    fonts = [LATIN]
    korean = any(map(has_hangul, sources))
    if korean:
        fonts.append(korean_font())
    engine = compiler(tuple(fonts), system=korean)
    try:
        pages: bytes | list[bytes] = engine.compile(
            _take_apart(sources, title), format=kind, ppi=RESOLUTION, timestamp=0
        )
    except RuntimeError as error:
        raise InternalError(f"Typst refuses a page of ours: {error}") from None
    return pages if isinstance(pages, bytes) else pages[0]


def _take_apart(sources: Sequence[str], title: str) -> dict[str, bytes]:
    """The page as the main file, its blocks as data."""
    heads, blocks = [], []
    for page, source in enumerate(sources):
        head, *parts = source.split(MARK)
        heads.append(f"{head}\n{_call(page)}" if parts else head)
        blocks.append(parts)
    body = heads[0] if len(heads) == 1 else _join(heads, title)
    data = json.dumps(blocks, ensure_ascii=False)
    return {"main": f"{WRITE}{body}".encode(), PARTS: data.encode()}


def _call(page: int) -> str:
    return f"#write-parts({page}, ({DRAWN}))\n"


def _join(heads: Sequence[str], title: str) -> str:
    """The heads of several pages in one file, which has a title of its own."""
    text = [f"{DOCUMENT}title: [{escape.typst(title)}], date: none)"]
    for page, head in enumerate(heads):
        lines = (line for line in head.split("\n") if not line.startswith(DOCUMENT))
        start = ['#pagebreak(to: "odd")'] if page else []
        text += [*start, "#counter(page).update(1)", "#[", *lines, "]"]
    return "\n".join(text)


@cache
def compiler(fonts: tuple[str, ...], *, system: bool) -> Any:  # noqa: ANN401  the package is an extra
    """One engine for all pages of a process; below its root, a device, no file can lie."""
    inputs = {"fonts": ",".join(fonts)}
    return package().Compiler(root=os.devnull, ignore_system_fonts=not system, sys_inputs=inputs)


@cache
def korean_font() -> str:
    """An installed font family with Hangul; raises SpecError with what to install."""
    installed = set(package().Fonts(include_system_fonts=True).families())
    for family in KOREAN_FONTS:
        if family in installed:
            return family
    raise SpecError(
        "--format",
        "no Korean font is installed; install one of: " + ", ".join(KOREAN_FONTS[:5]),
    )


def package() -> Any:  # noqa: ANN401
    """The typst package; raises SpecError with the extra that brings it."""
    try:
        import typst  # noqa: PLC0415  an extra, and only these formats need it
    except ImportError:
        raise SpecError(
            "--format", "pdf, svg and png need the extra pdf; pip install 'derive-by-hand[pdf]'"
        ) from None
    return typst
