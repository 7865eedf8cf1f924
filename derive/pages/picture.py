"""The exercise as a drawing: what feeds what, in columns from left to right.

Positions are in centimetres from the upper left corner; a format scales them.
One layout serves every format that can draw, and every scene: names alone,
values and derivatives, new weights, the routes of one derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from derive.algebra.expressions import Name
from derive.graph import Graph
from derive.pages.columns import Connection, list_columns, list_connections
from derive.pages.document import Dot, Label, Picture, Row, Tone, Wire, Words, cell
from derive.pages.layer_picture import draw_layers
from derive.pages.placing import LINE, Box, label_width, place_labels
from derive.pages.routes import Numbered
from derive.pages.summary import summary

MOST_ROWS = 5
"""Units of a column up to which a drawing shows each."""
MOST_COLUMNS = 7
LABELLED_ROWS = 3
"""Units of a column up to which every wire has its label."""
GRIDS = ((4.4, 2.0), (5.2, 2.6), (5.8, 3.4), (6.4, 4.2))
"""Distances of columns and rows that are tried until every label has room."""
WIDEST, HIGHEST = 24.0, 15.0
MARGIN = 0.15
HEIGHT = 0.9
"""Of a dot; one with a short name is a circle."""
LETTER = 0.22

Toned = tuple[Row, Tone]
Side = Callable[[str], tuple[Toned, ...]]
"""The lines of a label by the id that it belongs to."""


def _nothing(_: str) -> tuple[Toned, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Scene:
    """What a drawing tells beside the names.

    `above` and `below` give the label over and under a dot, `on` the lines of
    the label on a weight's wire, by id. `root` adds the error of a sample,
    `routes` highlights connections and what they touch; the weight `chosen` is
    named however many there are. `caption` says what is seen, `count` tells how many
    characters the number of an id has.
    """

    above: Side = _nothing
    below: Side = _nothing
    on: Side = field(default=lambda weight: ((cell(Name(weight)), "name"),))
    root: str = ""
    routes: Numbered = field(default_factory=dict)
    chosen: str = ""
    caption: Words | None = None
    count: Callable[[str], int] = len


NAMES = Scene()


def picture(graph: Graph, scene: Scene = NAMES) -> Picture:
    """The drawing of an exercise; layers as a whole where its units are too many to read."""
    if graph.blocks and not graph.by_units:
        return draw_layers(graph)
    shown = list_columns(graph, scene.root)
    if len(shown) > MOST_COLUMNS or max(map(len, shown)) > MOST_ROWS:
        return summary(graph)
    lines = tuple(list_connections(graph, [name for column in shown for name in column]))
    for grid in GRIDS:
        drawing = Drawing(scene, shown, lines, grid)
        if drawing.width > WIDEST or drawing.height > HIGHEST:
            break
        labels = drawing.wire_labels()
        if labels is not None:
            return drawing.picture(labels)
    return Drawing(scene, shown, lines, GRIDS[0]).picture([])


class Drawing:
    """One scene on one grid."""

    def __init__(
        self,
        scene: Scene,
        columns: Sequence[Sequence[str]],
        lines: tuple[Connection, ...],
        grid: tuple[float, float],
    ) -> None:
        """Put every dot in its place."""
        self.scene = scene
        self.lines = lines
        self.crowded = max(map(len, columns)) > LABELLED_ROWS
        across, down = grid
        rows = max(map(len, columns))
        names = [name for column in columns for name in column]
        left, right = self._half(columns[0]), self._half(columns[-1])
        over, under = (self._room(side, names) for side in (scene.above, scene.below))
        self.width = round(left + across * (len(columns) - 1) + right, 2)
        self.height = round(over + down * (rows - 1) + under, 2)
        lit = {name for ends in scene.routes for name in ends}
        self.dots = {
            name: Dot(
                cell(Name(name)),
                round(left + across * at, 2),
                round(over + down * (row + (rows - len(column)) / 2), 2),
                dot_width(name),
                name in lit,
            )
            for at, column in enumerate(columns)
            for row, name in enumerate(column)
        }

    def _half(self, column: Sequence[str]) -> float:
        """Half the width of a column, and a margin."""
        widths = [dot_width(name) for name in column]
        for name in column:
            texts = (*self.scene.above(name), *self.scene.below(name))
            widths += [label_width(text, self.scene.count) for text, _ in texts]
        return max(widths) / 2 + MARGIN

    def _room(self, side: Side, names: Sequence[str]) -> float:
        """Half a dot, what stands over or under one, and a margin."""
        return HEIGHT / 2 + MARGIN + (LINE if any(map(side, names)) else 0)

    def dot_labels(self) -> Iterator[tuple[Label, Box]]:
        """What stands over and under each dot, with the room it takes."""
        away = (HEIGHT + LINE) / 2 + 0.04
        for name, dot in self.dots.items():
            for texts, side in ((self.scene.above(name), -1), (self.scene.below(name), 1)):
                for text, tone in texts:
                    y = round(dot.y + side * away, 2)
                    yield (
                        Label(text, dot.x, y, tone),
                        Box(dot.x, y, label_width(text, self.scene.count), LINE),
                    )

    def wire_labels(self) -> list[Label] | None:
        """The labels of the weights; None where there is no room for one."""
        taken = [Box(dot.x, dot.y, dot.width, HEIGHT) for dot in self.dots.values()]
        taken += [box for _, box in self.dot_labels()]
        weighted = [line for line in self.lines if self._is_labelled(line.weight)]
        texts = [self.scene.on(line.weight) for line in weighted if line.weight]
        wanted = [
            (
                *self.ends(line),
                max(label_width(text, self.scene.count) for text, _ in lines),
                LINE * len(lines),
            )
            for line, lines in zip(weighted, texts, strict=True)
        ]
        boxes = place_labels(wanted, taken)
        if boxes is None:
            return None
        pairs = zip(boxes, texts, strict=True)
        return [label for box, lines in pairs for label in _stack_lines(box, lines)]

    def _is_labelled(self, weight: str | None) -> bool:
        return weight is not None and (weight == self.scene.chosen or not self.crowded)

    def ends(self, line: Connection) -> tuple[tuple[float, float], tuple[float, float]]:
        """Where a wire begins and ends."""
        low, high = self.dots[line.low], self.dots[line.high]
        return (low.x, low.y), (high.x, high.y)

    def picture(self, labels: list[Label]) -> Picture:
        """The drawing with these labels on its wires."""
        wires = tuple(
            Wire(*self.ends(line), self.scene.routes.get((line.low, line.high)))
            for line in self.lines
        )
        others = [label for label, _ in self.dot_labels()]
        return Picture(
            self.width,
            self.height,
            tuple(self.dots.values()),
            wires,
            (*others, *labels),
            self.scene.caption,
        )


def dot_width(name: str) -> float:
    """Wide enough for a user's own long name."""
    return round(max(HEIGHT, LETTER * len(name.replace("_", "")) + 0.3), 2)


def _stack_lines(box: Box, lines: tuple[Toned, ...]) -> Iterator[Label]:
    """The lines of one label from top to bottom."""
    top = box.y - LINE * (len(lines) - 1) / 2
    for index, (text, tone) in enumerate(lines):
        yield Label(text, box.x, round(top + LINE * index, 2), tone)
