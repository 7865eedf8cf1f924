"""One exercise, derived and computed, ready to be cut into pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from derive import limits
from derive.algebra.expressions import Name, Value
from derive.derivation.derived import derive_graph
from derive.derivation.steps import Step
from derive.errors import SpecError, check_known, nearest
from derive.graph import Graph
from derive.naming import DIRECT, USE, Role
from derive.numbers import Numbers
from derive.numbers.differences import check_gradient
from derive.pages import scenes
from derive.pages.choosing import Choice, Excerpt
from derive.pages.differences import gradient_blocks
from derive.pages.document import (
    Block,
    Cell,
    Document,
    Grid,
    Heading,
    Level,
    Part,
    Picture,
    Row,
    Scene,
    Words,
)
from derive.pages.handout import hand_out, list_blanks
from derive.pages.picture import NAMES, picture
from derive.pages.picture import Scene as Told
from derive.pages.writing import Writer
from derive.spec import Spec, build

if TYPE_CHECKING:
    from derive.pages.sheet import Sheet

SCENES: dict[str, Callable[[Numbers], Told]] = {
    "names": lambda _: NAMES,
    "given": scenes.show_given,
    "forward": scenes.show_forward,
    "values": scenes.show_values,
    "updated": scenes.show_updated,
}
"""What a drawing of the whole exercise can tell."""
SCENES_OF = {
    "perceptron": SCENES
    | {
        "forward": scenes.show_presentation,
        "values": scenes.show_presentation,
        "updated": scenes.show_last_weights,
    }
}
"""The same for kinds of which a drawing tells something else."""
FREE: tuple[Role, ...] = ("parameter", "constant", "value")
"""Kinds of given numbers that something is differentiated by."""
WHOLE = Choice()
"""Every blank, every parameter."""
PAIRS, WIDE_PAIRS = 3, 2
"""Answers side by side in the table of all answers; fewer where derivatives name their uses."""


def has_use(step: Step) -> bool:
    """Whether a derivative is that by one use of a parameter."""
    return USE in step.id and not step.id.endswith(DIRECT)


class Worksheet:
    """The derivation of one spec with its numbers, and the pages made of it."""

    def __init__(self, spec: Spec) -> None:
        """Build the graph; nothing is derived or computed before it is asked for."""
        self.spec = spec
        self.graph: Graph = build(spec)
        self.derivation = derive_graph(self.graph)
        self.numbers = Numbers(self.derivation)

    def document(
        self,
        level: Level = "guided",
        kind: Literal["worksheet", "key"] = "worksheet",
        choice: Choice = WHOLE,
    ) -> Document:
        """The page at a level; a key is the full page and a table of all answers.

        Raises SpecError for an exercise too large for a page, and for a choice that
        names no parameter or no number of blanks.
        """
        outline = self.outline(level, kind, choice)
        drawn = (self.drawing(b.show) if isinstance(b, Scene) else b for b in outline.blocks)
        return replace(outline, blocks=tuple(drawn))

    def outline(
        self,
        level: Level = "guided",
        kind: Literal["worksheet", "key"] = "worksheet",
        choice: Choice = WHOLE,
    ) -> Document:
        """The same page, with scenes that are still to be drawn."""
        self.check_size(limits.PAGE_STEPS)
        for step in self.derivation.steps({"forward"}):  # the first without a value is named
            self.numbers.require(step.id)
        blocks: list[Block] = list(self.pages(level).blocks())
        if choice.weights:
            blocks = list(Excerpt(self.numbers, choice.weights).blocks(blocks))
        if level == "guided" or (level == "blank" and choice.blanks is not None):
            steps = self.derivation.steps(("forward", "backward", "update", "check"))
            names = [step.id for step in steps]
            blocks = hand_out(self.numbers, blocks, names, choice.blanks)
        if kind == "key":
            blocks += [Heading(1, Words("heading.answers")), self._answers()]
        return Document(self.spec.title, kind, level, tuple(blocks))

    def pages(self, level: Level) -> Sheet:
        """The parts of the sheet of this kind of exercise."""
        if self.graph.presented is not None:
            from derive.pages.perceptron import PerceptronSheet  # noqa: PLC0415  the checker needs none

            return PerceptronSheet(self.numbers, level)
        if self.graph.blocks:
            if not self.graph.by_units:
                from derive.pages.places import PlacesSheet  # noqa: PLC0415  nor this one

                return PlacesSheet(self.numbers, level)
            from derive.pages.network import NetworkSheet  # noqa: PLC0415  nor this one

            return NetworkSheet(self.numbers, level)
        from derive.pages.circuit import CircuitSheet  # noqa: PLC0415  nor this one

        return CircuitSheet(self.numbers, level)

    def fragment(self, name: str) -> tuple[Block, ...]:
        """The blocks of one step; raises SpecError for an unknown id."""
        step = self.step(name)
        return tuple(Writer(self.numbers).block([step]))

    def drawing(self, show: str = "values", name: str = "") -> Picture:
        """The exercise as a drawing; with the id of a derivative, its routes highlighted.

        `show` is one of SCENES. Raises SpecError for an unknown one, for an id that is no
        derivative, for any id of a network with places, and for `updated` where nothing
        is updated.
        """
        if name:
            step = self.step(name)
            if self.graph.blocks and not self.graph.by_units:
                raise SpecError(
                    name,
                    "this network is drawn with a box for each layer, which shows no routes; "
                    "take: derive draw SPEC",
                )
            return picture(self.graph, scenes.show_routes(self.graph, step))
        known = SCENES_OF.get(self.spec.kind, SCENES)
        check_known("--show", "drawing", show, known)
        if show == "updated" and not self.derivation.updates:
            raise SpecError("--show", "nothing is updated; take values, or a spec with steps = 1")
        return picture(self.graph, known[show](self.numbers))

    def gradient_check(self, name: str = "") -> tuple[Document, bool]:
        """Difference quotients by one parameter against its derivative; whether they agree.

        Without a name by the first parameter. Raises SpecError for an id that
        is none, and where there is none.
        """
        if self.graph.presented is not None:
            raise SpecError(
                "kind",
                "a perceptron has no derivatives to check: a step function passes none back; "
                "take: derive verify SPEC",
            )
        if not name:
            free = (q.id for q in self.graph.of_role(*FREE))
            name = next(free, "")
        numbers = self.numbers
        if numbers.stepwise:
            numbers = Worksheet(replace(self.spec, rounding="exact")).numbers
        check = check_gradient(numbers, name)
        blocks = tuple(gradient_blocks(check, numbers))
        return Document(self.spec.title, "gradient_check", "full", blocks), check.agrees

    def step(self, name: str) -> Step:
        """The step of an id as a person types it; raises SpecError with the nearest id."""
        step = self.derivation.step(name)
        if step is None:
            step = self.derivation.step(self._full(name))
        if step is None:
            raise SpecError(name, f"no such id{self._hint(name)}")
        return step

    def _full(self, name: str) -> str:
        """`dE/dW5` for `dE_total/dW5`, where E means nothing else."""
        base, updates = self.graph.split(name)
        pair = self.graph.parts(base)
        if pair is None or pair[0] != "E" or "E" in self.graph.quantities:
            return name
        return self.graph.after(self.graph.derivative(self.graph.total, pair[1]), updates)

    def _hint(self, name: str) -> str:
        return nearest(name, (step.id for step in self.derivation.steps()))

    def asked(self, document: Document | None = None) -> dict[int, Step]:
        """The steps asked for by the numbers of their blanks: those of a page, or all."""
        steps = self.derivation.steps(("forward", "backward", "update", "check"))
        numbered = dict(enumerate(steps, 1))
        if document is None:
            return numbered
        return {number: numbered[number] for number in sorted(list_blanks(document.blocks))}

    def check_size(self, most: int) -> None:
        """Keep every step at hand; raises SpecError for an exercise of more than `most`."""
        if not self.derivation.hold(most):
            raise SpecError(
                "",
                f"more than {most} steps do not fit on a page; "
                "take: derive key SPEC --format json",
            )

    def _answers(self) -> Grid:
        """Every asked id behind the number of its blank, and its value; several in a row."""
        asked = self.asked()
        cells: list[Cell] = []
        for number, step in asked.items():
            named = Words("term.numbered", {"number": str(number), "quantity": Name(step.id)})
            cells += [named, Row(None, (Part("is", Value(step.id)),))]
        pairs = WIDE_PAIRS if any(map(has_use, asked.values())) else PAIRS
        wide = 2 * pairs
        cells += [Words("term.nothing")] * (-len(cells) % wide)
        rows = tuple(tuple(cells[i : i + wide]) for i in range(0, len(cells), wide))
        return Grid((Words("column.quantity"), Words("column.value")) * pairs, rows)
