"""Typst source into PDF, SVG and PNG, by the typst package (the extra `pdf`)."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Any, Literal

from derive.errors import InternalError, SpecError
from derive.render.escape import has_hangul

Kind = Literal["pdf", "svg", "png"]
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
LATIN = "Libertinus Serif"
"""Comes with the package, so that pages look the same everywhere."""


def typeset(kind: Kind) -> Callable[[str], bytes]:
    """What makes a file of this kind from a page's source.

    It raises SpecError where the package, or a font for the page's Hangul, is
    not installed. The engine reads nothing but the source and the fonts.
    """

    def made(source: str) -> bytes:
        fonts = [LATIN]
        korean = has_hangul(source)
        if korean:
            fonts.append(korean_font())
        return compile_pages(source, kind, tuple(fonts), system=korean)

    return made


def compile_pages(source: str, kind: Kind, fonts: tuple[str, ...], *, system: bool) -> bytes:
    """The file, one page of it where the kind has no pages."""
    engine = compiler(system=system)
    try:
        pages: bytes | list[bytes] = engine.compile(
            source.encode(),
            format=kind,
            ppi=RESOLUTION,
            sys_inputs={"fonts": ",".join(fonts)},
            timestamp=0,
        )
    except RuntimeError as error:
        raise InternalError(f"Typst refuses a page of ours: {error}") from None
    return pages if isinstance(pages, bytes) else pages[0]


@cache
def compiler(*, system: bool) -> Any:  # noqa: ANN401  the package is an extra
    """One engine for all pages of a process; below its root, a device, no file can lie."""
    return package().Compiler(root=os.devnull, ignore_system_fonts=not system)


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
