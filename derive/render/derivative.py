"""`derive diff` as text or as a page fragment: every line with its rules."""

from __future__ import annotations

from derive.algebra.expressions import Cases, Diff, Expr, Name, has_node
from derive.algebra.grammar import to_text
from derive.algebra.lemmas import Derivative
from derive.errors import check_known
from derive.pages.document import Block, Lines, Part, Row, Say, Slot, Words
from derive.render.formats import FORMATS
from derive.render.page import Page
from derive.render.wording import sentence, wording
from derive.spec import Circuit, Typed

TEXT = "text"


def derivative_page(steps: Derivative, form: str, language: str) -> str | bytes:
    """A derivative line by line in a format; raises SpecError for an unknown one."""
    wording(language)
    check_known("--format", "format", form, (TEXT, *FORMATS))
    question = steps.lines[0].expr
    assert isinstance(question, Diff)
    expr = question.expr
    if form == TEXT:
        return _text(steps, expr, language)
    name, text = question.wrt, to_text(expr)
    spec = Circuit(
        output="f", values={name: Typed("0")}, definitions={"f": text}, language=language
    )
    return Page(spec, FORMATS[form]).fragment_file(tuple(_blocks(steps, expr)))


def _rules(rules: tuple[str, ...]) -> tuple[Words, ...]:
    return tuple(Words(f"rule.{rule}") for rule in rules)


def _blocks(steps: Derivative, expr: Expr) -> list[Block]:
    rows = [
        Row(None if index else steps.lines[0].expr, (Part("=", line.expr),), _rules(line.rules))
        for index, line in enumerate(steps.lines[1:])
    ]
    blocks: list[Block] = [Lines(tuple(rows))]
    if _names_output(steps):
        slots: dict[str, Slot] = {"output": Name(steps.output), "function": expr}
        blocks.append(Say(Words("say.output_name", slots)))
    blocks += [Say(Words(key)) for key in _remarks(steps)]
    return blocks


def _text(steps: Derivative, expr: Expr, language: str) -> str:
    lines = [to_text(steps.lines[0].expr)]
    shown = [to_text(line.expr) for line in steps.lines[1:]]
    width = max(len(text) for text in shown)
    for text, line in zip(shown, steps.lines[1:], strict=True):
        rules = ", ".join(sentence(language, f"rule.{rule}") for rule in line.rules)
        lines.append(f"  = {text:<{min(width, 60)}}   {rules}".rstrip())
    if _names_output(steps):
        named = sentence(language, "say.output_name")
        lines.append(named.format(output=steps.output, function=to_text(expr)))
    lines += [sentence(language, key) for key in _remarks(steps)]
    return "\n".join([*lines, ""])


def _names_output(steps: Derivative) -> bool:
    return "name_output" in steps.lines[-1].rules


def _remarks(steps: Derivative) -> list[str]:
    keys = []
    if any(has_node(line.expr, Cases) for line in steps.lines):
        keys.append("say.kink")
    if steps.evidence != "proved":
        keys.append(f"say.{steps.evidence}")
    return keys
