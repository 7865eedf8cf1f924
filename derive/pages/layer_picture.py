"""The drawing of a network with places: a box for each layer, and who takes whose output."""

from __future__ import annotations

from collections.abc import Iterator

from derive.graph import Block, Graph
from derive.pages.document import Dot, Picture, Wire, Words

WIDTH, HEIGHT, STEP, MARGIN = 7.0, 0.9, 1.6, 0.3
BESIDE = 0.6
"""Room for each line that goes around other layers."""

Point = tuple[float, float]


def draw_layers(graph: Graph) -> Picture:
    """Boxes from the input down; what skips layers runs beside them."""
    blocks = [b for b in graph.blocks if b.sample == graph.blocks[0].sample]
    sources = [find_sources(graph, blocks, block) for block in blocks]
    skips = [(low, high) for high, lows in enumerate(sources, 1) for low in lows if low < high - 1]
    x = MARGIN + WIDTH / 2
    dots = [Dot(Words("drawing.input"), x, _height(0), WIDTH)]
    for at, block in enumerate(blocks, 1):
        kind = Words(f"layer_type.{block.type or 'copies'}")
        words = Words("drawing.layer", {"number": str(block.layer), "type": kind})
        dots.append(Dot(words, x, _height(at), WIDTH))
    direct = (at for at, lows in enumerate(sources, 1) if at - 1 in lows)
    wires = [Wire((x, _height(at - 1)), (x, _height(at))) for at in direct]
    for number, skip in enumerate(skips, 1):
        wires += _go_around(skip, MARGIN + WIDTH + BESIDE * number)
    width = round(2 * MARGIN + WIDTH + BESIDE * len(skips), 2)
    height = round(_height(len(blocks)) + HEIGHT / 2 + MARGIN, 2)
    return Picture(width, height, tuple(dots), tuple(wires), ())


def find_sources(graph: Graph, blocks: list[Block], block: Block) -> list[int]:
    """The places of the blocks whose outputs a block takes, from 1; 0 is the input.

    A layer that only hands on has its outputs from other ones, or from the input; the
    nearest counts of which all is taken.
    """
    if not block.inputs:
        return [0]
    before = [(at, b) for at, b in enumerate(blocks, 1) if b.layer < block.layer]
    taken = set(block.inputs)
    whole = [(at, b) for at, b in reversed(before) if taken.issuperset(b.out)]
    found: dict[int, None] = {}
    for name in block.inputs:
        known = [at for at, b in whole if name in b.out]
        known += [0] * (graph[name].role == "input")
        known += [at for at, b in reversed(before) if name in b.out]
        found[known[0]] = None
    return list(found)


def _height(at: int) -> float:
    return round(MARGIN + HEIGHT / 2 + STEP * at, 2)


def _go_around(skip: tuple[int, int], x: float) -> Iterator[Wire]:
    """From the side of one box, down, to the side of another."""
    top, bottom = _height(skip[0]), _height(skip[1])
    side = MARGIN + WIDTH
    yield Wire((side, top), (x, top))
    yield Wire((x, top), (x, bottom))
    yield Wire((x, bottom), (side, bottom))
