"""Keys and forms of one exercise for the numbers of any sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec

from derive.derivation.steps import Step
from derive.numbers import Numbers, may_be_corner
from derive.pages.choosing import Choice
from derive.render import forms
from derive.render.key import FIELDS, record
from derive.render.notation import choose_notation
from derive.render.origin import with_sheet
from derive.spec import Spec

ORIGIN, CODE = "\U00100000", "\U00100001"
"""Letters that stand for what differs from form to form."""
Write = Callable[[Numbers], str]
encode = msgspec.json.Encoder().encode


class PrintedKey:
    """The key of an exercise in JSON: what numbers do not change is written once."""

    def __init__(self, spec: Spec, numbers: Numbers) -> None:
        """`numbers` are those of any sheet."""
        self._spec = spec
        notation = choose_notation(spec)
        self._records: list[Write] = []
        for step in numbers.derivation.steps():
            if step.expr is not None and may_be_corner(step.expr):
                write = partial(_write_anew, step=step, notation=notation)
            else:
                fixed = record(numbers, step, notation, FIELDS)
                write = partial(_write_values, step=step, start=_cut_values(fixed))
            self._records.append(write)

    def write(self, numbers: Numbers, plain: Mapping[str, Any], digest: str, code: str) -> str:
        """The key with the numbers of a sheet, whose spec is given as data with its digest."""
        head = forms.key_head(self._spec, plain, digest, {forms.CODE: code})
        return forms.join_key(head, [write(numbers) for write in self._records])


def _write_anew(numbers: Numbers, step: Step, notation: Any) -> str:  # noqa: ANN401
    return encode(record(numbers, step, notation, FIELDS)).decode()


def _cut_values(fixed: dict[str, Any]) -> str:
    """A record up to its values."""
    kept = {name: fixed[name] for name in FIELDS[: FIELDS.index("value")]}
    return encode(kept).decode().removesuffix("}")


def _write_values(numbers: Numbers, step: Step, start: str) -> str:
    answer = numbers.answer(step)
    text = f'{start},"value":"{answer.value}","shown":"{answer.shown.text}"'
    if answer.exact is not None:
        text += f',"exact":"{answer.exact}"'
    if answer.unrounded is not None:
        text += f',"exact_value":"{answer.unrounded}"'
    return text + "}"


class PrintedForms:
    """The forms of a sheet: written once, with letters for origin and code."""

    def __init__(
        self, asked: Mapping[int, Step], language: str, level: str, choice: Choice
    ) -> None:
        """`asked` are the steps by the numbers of their blanks."""
        made = with_sheet(ORIGIN, level, choice)
        self._toml = forms.answers_toml(asked, made, language, code=CODE)
        self._csv = forms.answers_csv(asked, made, CODE)

    def write(self, origin: str, code: str) -> dict[str, str]:
        """Both by their names, with the origin and the code of a sheet."""
        texts = {"answers.toml": self._toml, "answers.csv": self._csv}
        return {
            name: text.replace(ORIGIN, origin).replace(CODE, code) for name, text in texts.items()
        }
