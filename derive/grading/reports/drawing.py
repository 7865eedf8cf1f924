"""The network of a report, coloured by how many answers are right."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from derive.grading.reports.tallies import StepLine
from derive.pages import Worksheet
from derive.pages.picture import picture
from derive.pages.scenes import show_shares
from derive.render.formats import FORMATS
from derive.render.page import Page


def draw_shares(sheet: Worksheet, steps: Iterable[StepLine], language: str) -> str:
    """The drawing as part of an HTML page; nothing where no step is answered."""
    shares = {step.id: round(100 * step.right / step.answered) for step in steps}
    if not shares:
        return ""
    drawing = picture(sheet.graph, show_shares(sheet.graph, shares))
    page = Page(replace(sheet.spec, language=language), FORMATS["html"])
    return page.fragment((drawing,))
