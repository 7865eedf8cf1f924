"""A page taken apart into text: its lines in our grammar, its blanks by their number.

A line reads `z4 = W7*h1+W8*h2 ≈ {?6}`: `{?6}` is the blank with number 6, `{?}` one
that nobody asks for, a dagger ends a line with a footnote, `[ ]` stands around a box.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from derive.algebra.expressions import ONE, Mul, Name, constant, names
from derive.algebra.grammar import to_text
from derive.pages import Worksheet
from derive.pages.document import Grid, Heading, Lines, Row, Say, Words
from derive.render.filling import Filler
from derive.spec import load, loads, override

COLUMNS_OF_WEIGHTS = 4
NUMBER = re.compile(r"[=≈] \[?-?\d+(\.\d+)?(e-?\d+)?\]?$")
NUMBERED = re.compile(r"\{\?(\d+)\}")


TITLED = """
title = {title}
inputs = [0.1]
targets = [0.4]
learning_rate = 0.5
[[layers]]
activation = "relu"
weights = [[0.3]]
biases = [-0.03]
"""
"""A small network whose title is text from a stranger."""


def titled(title):
    """A checked spec with this title, each of its characters escaped."""
    text = '"' + "".join(f"\\u{ord(c):04x}" for c in title) + '"'
    return loads(TITLED.format(title=text))


def sheet_of(source, **changes):
    """The worksheet of a built-in name or of a spec's text, with some keys changed."""
    spec = loads(source) if "\n" in source else load(source)
    return Worksheet(override(spec, changes))


def fill(blocks, numbers):
    """Blocks as they are written: with their digits, and the footnotes that are due."""
    return tuple(Filler(numbers).blocks(blocks))


def filled(sheet, level="guided", kind="worksheet"):
    """The blocks of a worksheet or of its key with their digits."""
    return fill(sheet.document(level, kind).blocks, sheet.numbers)


def drawing(sheet, show="values", name=""):
    """A drawing of an exercise with its digits."""
    (picture,) = fill([sheet.drawing(show, name)], sheet.numbers)
    return picture


@cache
def page(source, level="guided", **changes):
    """The page of an exercise."""
    return Page(filled(sheet_of(source, **changes), level))


def network(*layers, inputs="[0.5, 0.25]", targets="[1]", more=""):
    """A network as TOML text; a layer is its weights, or its weights and further keys."""
    text = f"inputs = {inputs}\ntargets = {targets}\nlearning_rate = 0.5\n{more}\n"
    for layer in layers:
        weights, keys = (layer, "") if isinstance(layer, str) else layer
        text += f"[[layers]]\nweights = {weights}\n{keys}\n"
    return text


def rectified(z, activation="relu"):
    """A network of one unit with this z, so that 0 is at its corner."""
    return network((f"[[{z}, 0]]", f'activation = "{activation}"'), inputs="[1, 0]")


def circuit(values, definitions, more=""):
    """A circuit with output f as TOML text."""
    given = "\n".join(f"{name} = {value}" for name, value in values.items())
    rows = "\n".join(f'{name} = "{text}"' for name, text in definitions.items())
    return (
        f'kind = "circuit"\noutput = "f"\n[values]\n{given}\n[definitions]\n{rows}\n'
        f"{more and '[update]'}\n{more}\n"
    )


def told(row):
    """A formula line or cell as text."""
    pieces = [] if row.left is None else [to_text(row.left)]
    for part in row.parts:
        shown = to_text(part.expr)
        pieces += [part.relation, f"[{shown}]" if part.boxed else shown]
    return " ".join(piece for piece in [*pieces, "†" if row.mark else ""] if piece)


def said(words):
    """The key of a sentence, with what stands in its slots if there are any."""
    slots: dict[str, Any] = {}
    for name, value in words.slots.items():
        if isinstance(value, Words):
            slots[name] = said(value)
        elif isinstance(value, Row):
            slots[name] = told(value)
        else:
            slots[name] = value if isinstance(value, str) else to_text(value)
    return (words.key, slots) if slots else words.key


@cache
def asked(source, **changes):
    """The asked ids in the order of the key."""
    steps = sheet_of(source, **changes).derivation.steps()
    return [step.id for step in steps if step.stage != "given"]


@cache
def copied(source, **changes):
    """The asked ids that are the value of another one, and so are printed, not asked."""
    sheet = sheet_of(source, **changes)
    return {i for i in asked(source, **changes) if isinstance(sheet.step(i).expr, Name)}


@cache
def read_off(source, **changes):
    """Of the samples after the first what tables leave out, or what a slope of 1 makes a copy."""
    sheet = sheet_of(source, **changes)
    found = set()
    for name in asked(source, **changes):
        step = sheet.step(name)
        if step.stage != "backward" or step.updates or sheet.graph[step.of].sample < 2:
            continue
        alone = step.kind == "local" and constant(step.expr) is not None
        factors = step.expr.factors if isinstance(step.expr, Mul) else ()
        if alone or (factors and sheet.step(names(factors[-1])[0]).expr == ONE):
            found.add(name)
    return found


@dataclass(frozen=True)
class Page:
    """Some blocks, and what they say."""

    blocks: tuple[Any, ...]

    def headings(self):
        return [said(b.words) for b in self.blocks if isinstance(b, Heading)]

    def sentences(self):
        return [said(b.words) for b in self.blocks if isinstance(b, Say) and not b.note]

    def notes(self):
        return [said(b.words) for b in self.blocks if isinstance(b, Say) and b.note]

    def rows(self):
        return [row for b in self.blocks if isinstance(b, Lines) for row in b.rows]

    def lines(self):
        return [told(row) for row in self.rows()]

    def grids(self):
        """Each table as its rows of cells."""
        tables = [b for b in self.blocks if isinstance(b, Grid)]
        return [[[_in_cell(c) for c in row] for row in table.rows] for table in tables]

    def of(self, name):
        """The lines of one id, with those below it that go on without a left side."""
        found = []
        mine = False
        for row in self.rows():
            mine = mine if row.left is None else _id(to_text(row.left)) == name
            found += [told(row)] * mine
        return found

    def worked(self):
        """The ids of which some line ends with its number."""
        found = set()
        name = ""
        for row in self.rows():
            name = name if row.left is None else _id(to_text(row.left))
            if NUMBER.search(told(row).removesuffix(" †")):
                found.add(name)
        return found

    def part(self, key, number=1):
        """What stands below a heading, of several the one numbered so, up to one no less."""
        found: list[Any] = []
        level = 0
        for block in self.blocks:
            if isinstance(block, Heading) and level and block.level <= level:
                break
            if level:
                found.append(block)
            elif isinstance(block, Heading) and block.words.key == f"heading.{key}":
                number -= 1
                level = 0 if number else block.level
        assert level, f"no heading {key}"
        return Page(tuple(found))

    def blanks(self):
        """Each numbered blank in reading order, with the id (in a table: its pattern)."""
        found: list[tuple[int, str]] = []
        for block in self.blocks:
            if isinstance(block, Lines):
                for row in block.rows:
                    found += [(n, _id(to_text(row.left))) for n in _numbers(told(row))]
            if isinstance(block, Grid):
                for row in block.rows:
                    found += _blanks_in_a_table(row)
        return found

    def daggers(self):
        """The ids of the lines with a dagger."""
        found = []
        name = ""
        for row in self.rows():
            name = name if row.left is None else _id(to_text(row.left))
            found += [name] * row.mark
        return found


def _blanks_in_a_table(row):
    """A weight's blanks belong to its last factor and its gradient, others to the id before.

    A cell that names the id whose value it holds needs neither.
    """
    named = [cell for cell in row if isinstance(cell, Row) and cell.of]
    if named:
        return [(number, cell.of) for cell in named for number in _numbers(told(cell))]
    cells = [_in_cell(cell) for cell in row]
    if len(cells) == COLUMNS_OF_WEIGHTS:
        weight, _, factor, gradient = cells
        found = [(number, f"dz*/d{weight}") for number in _numbers(factor)]
        return found + [(number, f"dE*/d{weight}") for number in _numbers(gradient)]
    texts = [cell for cell in cells if isinstance(cell, str)]
    return [(n, _id(a)) for a, b in pairwise(texts) for n in _numbers(b)]


def _in_cell(cell):
    return told(cell) if isinstance(cell, Row) else said(cell)


def _numbers(text):
    return [int(number) for number in NUMBERED.findall(text)]


def _id(text):
    return text.removeprefix("{").removesuffix("}")
