"""From the data of a plot to the bytes of its file, the same every time."""

from __future__ import annotations

import io
from typing import Any

from derive.errors import check_known
from derive.pages import Worksheet
from derive.plots.data import compute_data
from derive.plots.drawing import draw_figure
from derive.plots.lettering import Lettering, import_matplotlib
from derive.render.origin import origin

FORMS: dict[str, dict[str, None]] = {
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
    "png": {},
}
"""The formats, each with the date that it would carry."""
MADE_BY = {"svg": "Creator", "pdf": "Creator", "png": "Software"}
RESOLUTION = 200
"""Pixels per inch of a PNG."""
STYLE: dict[str, Any] = {
    "svg.hashsalt": "derive",
    "svg.fonttype": "path",
    "mathtext.fontset": "dejavusans",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e5e7eb",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": "medium",
    "legend.fontsize": "medium",
}
"""Letters of an SVG are outlines, so that it needs no font where it is shown."""


def plot(sheet: Worksheet, what: str, form: str = "svg") -> bytes:
    """The plot of `training`, `gradients` or a parameter as a file.

    Raises SpecError for bad input, and where matplotlib or a font for Hangul
    is not installed. Nothing of the caller's matplotlib is changed.
    """
    check_known("--format", "format", form, FORMS)
    matplotlib = import_matplotlib()
    data = compute_data(sheet, what)
    made = io.BytesIO()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        letters = Lettering(sheet.spec)
        matplotlib.rcParams.update(STYLE | {"font.family": letters.families})
        metadata = FORMS[form] | {MADE_BY[form]: origin(sheet.spec)}
        draw_figure(data, letters).savefig(made, format=form, dpi=RESOLUTION, metadata=metadata)
    return made.getvalue()
