"""Reads a whole page beside the spec of its exercise; imports nothing of derive."""

from __future__ import annotations

import re

from aliases import add_aliases
from chains import learn, read_chain
from circuit import build_circuit, build_perceptron
from context import Context
from corners import stands_at_corner
from model import Model
from network import build_network
from page import Block, chains, cut, cut_tex
from results import gives
from rounding import close
from sentences import read_heading, read_note, read_text
from tables import read_table
from tex import parse

OTHER = ("kink", "printed_nothing")
"""Footnotes that name no number."""
KINDS = {"network": build_network, "circuit": build_circuit, "perceptron": build_perceptron}


def build(spec: dict) -> Model:
    """Every number of an exercise to 100 digits."""
    model = KINDS[spec.get("kind", "network")](spec)
    add_aliases(model, spec)
    model.facts |= {"spec": spec, "twin": lambda: build_network(with_relu(spec))}
    return model


def with_relu(spec: dict) -> dict:
    hidden = [{**layer, "activation": "relu"} for layer in spec["layers"][:-1]]
    return {**spec, "layers": [*hidden, spec["layers"][-1]], "steps": 0}


def read(text: str, spec: dict, model: Model | None = None) -> Context:
    """All findings on one page."""
    model = model or build(spec)
    ctx = Context(model, int(str(spec.get("decimals", 8))), spec.get("rounding") == "stepwise")
    ctx.language = spec.get("language", "en")
    blocks = cut_tex(text) if text.startswith("%") else cut(text)
    for chain in (c for b in blocks if b.kind == "aligned" for c in chains(b.rows)):
        learn(chain, ctx)
    for number, block in enumerate(blocks):
        ctx.lines += max(1, len(block.rows))
        read_block(block, blocks[number + 1 :], ctx)
    return ctx


def read_block(block: Block, following: list[Block], ctx: Context) -> None:
    if block.kind == "heading":
        read_heading(block, ctx)
    elif block.kind == "text":
        read_text(block, ctx, following)
    elif block.kind == "aligned":
        found = chains(block.rows)
        for chain in found:
            read_chain(chain, ctx)
        read_notes(found, following, ctx)
    elif block.kind == "table":
        ctx.carried += read_table(block, ctx)
        if not following or following[0].kind != "table":  # a long table goes on in the next
            read_notes(ctx.carried, following, ctx)
            ctx.carried = []


def read_notes(marked: list, following: list[Block], ctx: Context) -> None:
    """The footnotes right behind a block against the marks in it."""
    notes = []
    for block in following:
        if block.kind != "note":
            break
        notes.append(read_note(block, ctx))
    wanted = [c for c in marked if c.dagger]
    told = [note for note in notes if note]
    for chain in wanted:
        told = judge_entries(chain, told, ctx)
        if not chain.entries:
            judge_notes(chain, [n for n in told if n[0] == chain_key(chain)], ctx)
    keys = [chain_key(c) for c in wanted]
    for note in told:
        if note[0] not in keys:
            ctx.report("footnote-without-dagger", following[0].line, str(note))


def judge_entries(chain, notes: list, ctx: Context) -> list:
    """Each entry of a matrix that does not multiply back has its footnote; the others are left."""
    left = list(notes)
    for true, operands in chain.entries:
        fitting = [
            note
            for note in left
            if note[1] not in OTHER
            and gives(operands, note[1], ctx.decimals)
            and (ctx.stepwise or close(ctx.model.lookup(note[0]).value, true))
        ]
        if not fitting:
            ctx.report("matrix-footnote-missing", chain.line, chain.raw, str(operands))
            continue
        left.remove(fitting[0])
    return left


def judge_notes(chain, notes: list, ctx: Context) -> None:
    """A mark has its footnote; the one on digits is due and names the right number."""
    digits = [number for _, number in notes if re.match(r"-?\d", number)]
    if any(number == "kink" for _, number in notes) and not stands_at_corner(ctx, notes[0][0]):
        ctx.report("note-of-corner-where-none-is", chain.line, chain.raw)
    if not notes:
        ctx.report(chain.prefix + "dagger-without-footnote", chain.line, chain.raw)
    elif digits and not chain.due:
        why = f"printed numbers give {chain.alone}"
        ctx.report(chain.prefix + "footnote-not-due", chain.line, chain.raw, why)
    elif digits and not gives(chain.operands, digits[0], ctx.decimals):
        why = f"{digits[0]}, the printed numbers give {chain.alone}"
        ctx.report(chain.prefix + "footnote-wrong-number", chain.line, chain.raw, why)
    elif chain.due and not digits:
        ctx.report(chain.prefix + "footnote-missing", chain.line, chain.raw, chain.alone)


def chain_key(chain) -> str:
    if chain.key:
        return chain.key
    head = re.split(r"=|\\approx", chain.raw)[0]
    tree = parse(head)
    return tree[1] if tree[0] == "sym" else head
