"""The answer key: one record per id, cut from the same derivation as the sheet."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from derive.algebra.expressions import names
from derive.algebra.grammar import to_text
from derive.derivation.steps import STAGES, Stage, Step
from derive.errors import check_list
from derive.numbers import Numbers
from derive.render import tex
from derive.render.notation import Notation, choose_notation

FORMAT = "derive-key/1"
FIELDS = (
    "id",
    "stage",
    "asked",
    "latex",
    "formula",
    "depends_on",
    "value",
    "shown",
    "exact",
    "exact_value",
    "note",
)
"""Every field a record can have, in order; the last three only where they apply."""


def stages_from(text: str | None) -> tuple[Stage, ...]:
    """`backward,update` as stages in the key's order; raises SpecError for others."""
    if text is None:
        return STAGES
    asked = check_list("--only", "stage", text, STAGES)
    return tuple(stage for stage in STAGES if stage in asked)


def fields_from(text: str | None) -> tuple[str, ...]:
    """`id,value` as fields in the key's order; raises SpecError for others."""
    if text is None:
        return FIELDS
    asked = check_list("--fields", "field", text, FIELDS)
    return tuple(field for field in FIELDS if field in asked)


def records(
    numbers: Numbers,
    stages: Collection[Stage] = STAGES,
    fields: Collection[str] = FIELDS,
) -> Iterator[dict[str, Any]]:
    """The key's records, streamed: nothing is kept but what later steps need."""
    notation = choose_notation(numbers.derivation.graph.spec)
    wanted = frozenset(fields)
    for step in numbers.derivation.steps(stages):
        yield record(numbers, step, notation, wanted)


def record(
    numbers: Numbers, step: Step, notation: Notation, wanted: Collection[str]
) -> dict[str, Any]:
    """One record with the wanted fields."""
    fields: dict[str, Any] = {
        "id": step.id,
        "stage": step.stage,
        "asked": step.stage != "given",
    }
    if "latex" in wanted:
        fields["latex"] = tex.write(notation.symbol(step.id))
    if "formula" in wanted or "depends_on" in wanted or "note" in wanted:
        fields |= _formula(numbers, step)
    answer = numbers.answer(step)
    fields["value"] = answer.value
    fields["shown"] = answer.shown.text
    if answer.exact is not None:
        fields["exact"] = answer.exact
    if answer.unrounded is not None:
        fields["exact_value"] = answer.unrounded
    return {field: fields[field] for field in FIELDS if field in wanted and field in fields}


def _formula(numbers: Numbers, step: Step) -> dict[str, Any]:
    if step.expr is None:
        return {"formula": "", "depends_on": []}
    settled = numbers.settle_cases(step)
    fields: dict[str, Any] = {
        "formula": to_text(settled.expr),
        "depends_on": list(names(settled.expr)),
    }
    if settled.kink:
        fields["note"] = "kink"
    return fields
