"""The code of a member's sheet as a page shows it: letters, and a QR code for paper."""

from __future__ import annotations

import io
from functools import cached_property
from itertools import groupby
from typing import Any

from derive.render.safe import Safe

CELL = 0.5
"""Millimetres of a cell of the QR code in TeX."""
QUIET = 2
"""Cells that stay white around it."""


class Mark:
    """A code of letters and digits; its QR code as SVG and as a box of TeX, each in one line."""

    def __init__(self, code: str) -> None:
        """Draw nothing yet."""
        self.text = Safe(code)

    @cached_property
    def svg(self) -> Safe:
        """A picture for browsers and Typst."""
        return Safe(_write_svg(_encode(self.text)))

    @cached_property
    def rules(self) -> Safe:
        """Black and white rules."""
        return Safe(_write_rules(_encode(self.text)))


def _encode(code: str) -> Any:  # noqa: ANN401  the library's own type
    import segno  # noqa: PLC0415  only sheets with a code

    return segno.make(code, error="m", micro=False)


def _write_svg(symbol: Any) -> str:  # noqa: ANN401
    """The code without size, as a picture that fills its room; with no double quotes."""
    text = io.BytesIO()
    symbol.save(
        text,
        kind="svg",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,
        nl=False,
        border=QUIET,
    )
    return text.getvalue().decode().replace('"', "'")


def _write_rules(symbol: Any) -> str:  # noqa: ANN401
    """The code as rows of rules."""
    rows = (_write_row(row) for row in symbol.matrix)
    return rf"\vbox{{\offinterlineskip{''.join(rows)}}}"


def _write_row(row: bytes) -> str:
    runs = ((dark, len(list(cells)) * CELL) for dark, cells in groupby(row))
    parts = (
        rf"\vrule width{width}mm height{CELL}mm depth0mm" if dark else rf"\kern{width}mm"
        for dark, width in runs
    )
    return rf"\hbox{{{''.join(parts)}}}"
