"""The update by an optimizer with a memory: what it keeps, why, a table of states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from derive.algebra.expressions import Name
from derive.algebra.rules import row_text
from derive.derivation.steps import Step
from derive.derivation.updates import list_updated
from derive.naming import LEARNING_RATE
from derive.ops.optimizers import MEANS, Method
from derive.pages.document import Block, Cell, Grid, Lines, Part, Row, Say, Words, cell

if TYPE_CHECKING:
    from derive.pages.sheet import Sheet


def optimizer_blocks(sheet: Sheet, method: Method) -> Iterator[Block]:
    """What the method does, one parameter step by step, the others as a table."""
    first, *others = sheet.graph.parameters
    yield Say(Words(method.words, {"rate": Name(LEARNING_RATE)}))
    if sheet.graph.ascends:
        yield sheet.say("optimizer_up", gradient=Name("g_1"), output=Name(sheet.graph.total))
    yield sheet.say("states_zero", parameter=Name(first))
    if sheet.level != "blank":
        yield from unrolled(sheet, method)
        yield sheet.say("update_first", parameter=Name(first))
    treatment = sheet.treatment(first=True)
    yield from sheet.write.block(sheet.steps(*_name_new(sheet, first)), treatment)
    if others:
        yield sheet.say("update_others")
        yield states(sheet, method, others)


def later_updates(sheet: Sheet, method: Method, steps: Iterable[Step]) -> Iterator[Block]:
    """What every update after the first needs, and then a row for each parameter."""
    number = 1
    for is_update, group in groupby(steps, lambda step: step.stage == "update"):
        if is_update:
            yield states(sheet, method, sheet.graph.parameters, number)
        else:
            number += 1
            yield sheet.under("later_step", number=str(number))
            yield sheet.table_of(group)


def _name_new(sheet: Sheet, parameter: str, update: int = 1) -> list[str]:
    """The ids of all that an update finds for a parameter: `v_W5+`, `W5+`."""
    graph = sheet.graph
    return [graph.after(name, update) for name in list_updated(graph, parameter)]


def unrolled(sheet: Sheet, method: Method) -> Iterator[Block]:
    """The first states written out, so that it is seen what an old gradient still counts."""
    yield sheet.say("unrolled", gradient=Name("g_1"), state=Name(method.unrolled[0].letter + "_1"))
    rows: list[Row] = []
    for line in method.unrolled:
        texts = (line.text, line.result) if line.result else (line.text,)
        left = Name(f"{line.letter}_{line.count}")
        rows.append(Row(left, tuple(Part("=", row_text(text)) for text in texts)))
    yield Lines(tuple(rows))
    yield sheet.say(method.meaning)
    if any(not track.kept for track in method.tracks):
        yield from corrected(sheet)


def corrected(sheet: Sheet) -> Iterator[Block]:
    """Why a mean that starts at 0 is divided by 1 - beta^t: its weights add up to that."""
    start, *rest = MEANS
    yield sheet.say("weights_before", sum=row_text("1-beta1^(t-1)"), share=row_text("1-beta1"))
    rows = [Row(None, (Part("", row_text(start.text)),))]
    rows += [
        Row(None, (Part("=", row_text(line.text)),), (Words(f"rule.{line.rule}"),))
        for line in rest
    ]
    yield Lines(tuple(rows))
    yield sheet.say("weights_after", sum=row_text("1-beta1^t"), other=row_text("1-beta2^t"))


def states(sheet: Sheet, method: Method, parameters: Iterable[str], update: int = 1) -> Grid:
    """A row per parameter: what is kept and found beside it, its new value."""
    letters = tuple(Words("column.state", {"name": Name(t.letter)}) for t in method.tracks)
    columns = (Words("column.parameter"), *letters, Words("column.new_value"))
    rows: list[tuple[Cell, ...]] = []
    for parameter in parameters:
        numbers = [_number(sheet, name) for name in _name_new(sheet, parameter, update)]
        rows.append((cell(Name(parameter)), *numbers))
    return Grid(columns, tuple(rows))


def _number(sheet: Sheet, name: str) -> Row:
    if sheet.level != "full":
        return cell(sheet.write.blank(name))
    return Row(None, (sheet.write.value(name),))
