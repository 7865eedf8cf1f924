"""Sentences: each is one of the wording, and what stands in its slots is true."""

from __future__ import annotations

import re

from align import literal, symbols
from claims import CLAIMS
from context import Context
from page import Block
from tex import parse
from tokens import RELATIONS, Unread, split_top, tokenize
from wording import find, normal

MATH = re.compile(r"\$([^$]*)\$")


def read_heading(block: Block, ctx: Context) -> None:
    text = block.text.lstrip("#").strip()
    if block.text.startswith("# "):
        return
    if block.text.startswith("## "):
        number, _, text = text.partition(". ")
        ctx.sections += 1
        if number != str(ctx.sections):
            ctx.report("heading-number", block.line, block.text, f"{ctx.sections} expected")
        ctx.stands = None
    found = find(text, ctx.language, "heading")
    if not found:
        ctx.give_up(block.line, block.text, "heading")
        return
    if block.text.startswith("## "):
        ctx.appendix = found[0] == "proofs"
    if found[0] == "later_step":
        ctx.update += 1
        if found[1]["number"] != str(ctx.update):
            ctx.report("heading-number", block.line, block.text, f"{ctx.update} expected")
    formulas = MATH.findall(text)
    if ctx.appendix and len(formulas) == 1:
        ctx.stands = head_of(formulas[0], block, ctx)
    elif found[0] == "proof_coupled":
        ctx.stands = None
    judge_claim(block, found, ctx, [])


def head_of(formula: str, block: Block, ctx: Context) -> tuple | None:
    try:
        return parse(formula)
    except Unread as problem:
        ctx.give_up(block.line, block.text, str(problem))
        return None


def read_note(block: Block, ctx: Context):
    """The quantity of a footnote and the number it names; None where it names none."""
    found = find(re.sub(r"^> † ", "", block.text), ctx.language, "note")
    if not found:
        ctx.give_up(block.line, block.text, "footnote")
        return None
    key, slots, _ = found
    ctx.numbers += 1
    try:
        name = parse(slots["id"].strip("$"))[1]
        number = literal(parse(slots["printed"].strip("$"))) if "printed" in slots else key
    except Unread as problem:
        ctx.give_up(block.line, block.text, str(problem))
        return None
    if number is None:
        ctx.give_up(block.line, block.text, "a footnote without its number")
        return None
    return name, number


def read_title(block: Block, ctx: Context) -> None:
    """Above the first heading: who made it, the title, what kind of page it is."""
    text = normal(re.sub(r"\\textit\{(.*)\}|\*(.*)\*", r"\1\2", block.text))
    kind, _, level = text.partition(", ")
    named = find(kind, ctx.language, "kind") and find(level, ctx.language, "level")
    if not named and not text.startswith(("<!--", "{\\Large", "%")):
        ctx.give_up(block.line, block.text, "title")


def read_text(block: Block, ctx: Context, following: list[Block]) -> None:
    if not ctx.sections:
        read_title(block, ctx)
        return
    for code in re.findall(r"\\texttt\{U\+([0-9A-F]+)\}", block.text):
        ctx.report("sign-as-code-point", block.line, block.text, code)
        block.text = block.text.replace(f"\\texttt{{U+{code}}}", chr(int(code, 16)))
    found = find(block.text, ctx.language, "say", "drawing")
    if not found:
        ctx.give_up(block.line, block.text, "sentence")
        return
    one = re.search(r"(?<![\w.])(?<!- )1 [a-z]+s\b", MATH.sub("", block.text))
    if one and ctx.language == "en" and one[0] != "1 stands":
        ctx.report("plural-of-one", block.line, block.text, one[0])
    for formula in MATH.findall(normal(block.text)):
        try:
            for _, tokens in split_top(tokenize(formula), RELATIONS | {","}):
                unknown = [n for n in symbols(parse(" ".join(tokens))) if ctx.is_unknown(n)]
                if unknown:
                    ctx.report("sentence-name", block.line, block.text, unknown[0])
        except Unread as problem:
            ctx.give_up(block.line, block.text, str(problem))
    judge_claim(block, found, ctx, following)


def judge_claim(block: Block, found: tuple, ctx: Context, following: list[Block]) -> None:
    key, slots, part = found
    ctx.numbers += len(re.findall(r"\d+(?:\.\d+)?", " ".join(slots.values())))
    claim = CLAIMS.get(key) if part == "say" else None
    if claim is None:
        return
    try:
        wrong = claim(ctx, slots, following)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, Unread) as problem:
        ctx.give_up(block.line, block.text, f"{type(problem).__name__}: {problem}")
        return
    if wrong:
        ctx.report("sentence-" + key, block.line, block.text, wrong)
