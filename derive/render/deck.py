"""A deck of slides: fragments in files of their own, and a document that shows them in order."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from derive.pages import Worksheet
from derive.pages.document import Block, Say, Words
from derive.pages.frames import Frame, drawings, frames, list_ids
from derive.render.formats import Format
from derive.render.overlays import Slide
from derive.render.page import Page
from derive.render.safe import Safe

FOLDER = "slides"
"""Where the fragments lie, beside the deck."""
ROOM = 6.2
"""Centimetres under the title of a slide."""

Content = str | bytes


class Shown(msgspec.Struct, frozen=True):
    """One fragment on a slide: its file, or its text, and the steps of the slide before it.

    `route` is the number of the route that it follows, in the colour of the drawing.
    """

    name: Safe
    text: Safe
    after: int
    route: int = 0


def file_name(base: str, updates: int) -> str:
    """The file of a step by its id before any update: `dE_total-dW5`, `W5-new`, `W5-new2`."""
    new = "" if updates == 0 else "-new" if updates == 1 else f"-new{updates}"
    return base.replace("/", "-").replace("|", "-") + new


def fragments(sheet: Worksheet, form: Format, width: str = "full") -> dict[str, Content]:
    """Every step and every drawing in one format, by the name of its file."""
    page = Page(sheet.spec, form, sheet.numbers, width)
    files: dict[str, Content] = {
        place: page.fragment_file(sheet.fragment(name))
        for name, place in _places(sheet, form).items()
    }
    for name, picture in drawings(sheet).items():
        files[f"{FOLDER}/{name}.{form.extension}"] = page.fragment_file((picture,))
    return files


def pictures(
    sheet: Worksheet, form: Format, width: str = "full", *, caption: bool = False
) -> dict[str, Content]:
    """The same as pictures without a background, numbered as they are taught.

    With a caption the title of its slide stands above each.
    """
    page = Page(sheet.spec, form, sheet.numbers, width)
    shown = list(_list_pictures(sheet))
    digits = len(str(len(shown)))
    files: dict[str, Content] = {}
    for number, (name, title, blocks) in enumerate(shown, 1):
        head = (Say(title),) if caption else ()
        place = f"{FOLDER}/{number:0{digits}}-{name}.{form.extension}"
        files[place] = page.picture_file((*head, *blocks))
    return files


def _list_pictures(sheet: Worksheet) -> Iterator[tuple[str, Words, tuple[Block, ...]]]:
    """Name, title and blocks of every picture; steps that no slide shows come last."""
    drawn = drawings(sheet)
    left = {step.id: None for step in sheet.asked().values()}
    title = Words("heading.given")
    for frame in frames(sheet):
        title = frame.title
        if frame.drawing:
            yield frame.drawing, title, (replace(drawn[frame.drawing], caption=None),)
        for name in (*frame.steps, *list_ids(frame.blocks)):
            if name in left:
                del left[name]
                yield file_name(*sheet.graph.split(name)), title, sheet.fragment(name)
    for name in left:
        later = Words("heading.later")
        yield file_name(*sheet.graph.split(name)), later, sheet.fragment(name)


def deck(sheet: Worksheet, form: Format, width: str = "full") -> str:
    """The document that shows the fragments, slide by slide."""
    page = Page(sheet.spec, form, sheet.numbers, width)
    places = _places(sheet, form)
    slides = [
        {"title": page.lines.words(frame.title), "shown": shown, "tall": height > ROOM}
        for frame in frames(sheet)
        for shown, height in _slides(sheet, page, frame, places)
    ]
    return page.deck(slides)


def _places(sheet: Worksheet, form: Format) -> dict[str, str]:
    """The file of each id."""
    taken: set[str] = set()
    places: dict[str, str] = {}
    for step in sheet.derivation.steps(("forward", "backward", "update", "check")):
        place = _free(taken, file_name(*sheet.graph.split(step.id)), form.extension)
        taken.add(place.casefold())
        places[step.id] = place
    return places


def _free(taken: set[str], name: str, extension: str) -> str:
    """A file name that differs from the others in more than capitals."""
    place, number = f"{FOLDER}/{name}.{extension}", 1
    while place.casefold() in taken:
        number += 1
        place = f"{FOLDER}/{name}-{number}.{extension}"
    return place


def _slides(
    sheet: Worksheet, page: Page, frame: Frame, places: dict[str, str]
) -> Iterator[tuple[list[Shown], float]]:
    """A frame on as many slides as it needs, each with its height in centimetres."""
    if frame.drawing:
        yield [Shown(Safe(f"{FOLDER}/{frame.drawing}"), Safe(), 0)], 0.0
    if frame.blocks:
        text, height = page.body(frame.blocks)
        yield [Shown(Safe(), text, 0)], height
    shown: list[Shown] = []
    height, steps, routes = 0.0, 0, 0
    for name in frame.steps:
        on_route = sheet.step(name).kind == "route"
        routes += on_route
        slide: Slide = page.slide(sheet.fragment(name))
        if shown and height + slide.height > ROOM:
            yield shown, height
            shown, height, steps = [], 0.0, 0
        place = Safe(places[name].removesuffix(".tex"))
        shown.append(Shown(place, Safe(), steps, routes if on_route else 0))
        height, steps = height + slide.height, steps + slide.steps
    if shown:
        yield shown, height
