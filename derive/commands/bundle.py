"""What `derive worksheet` writes: every file of one exercise, as text, before any is written."""

from __future__ import annotations

from collections.abc import Sequence

from derive.api import Content, practice_page, write_page
from derive.errors import unknown
from derive.pages import LEVELS, Worksheet
from derive.pages.choosing import Choice
from derive.pages.worksheet import WHOLE
from derive.render import forms
from derive.render.formats import Format
from derive.render.forms import answers_csv, answers_toml
from derive.render.origin import form_origin


def bundle(
    sheet: Worksheet,
    formats: Sequence[Format],
    level: str,
    choice: Choice = WHOLE,
    *,
    practice: bool = False,
) -> dict[str, Content]:
    """File name to content, in the order in which they are written and listed.

    `practice` adds the page on which answers are typed.
    """
    if level not in LEVELS:
        raise unknown("--level", "level", level, LEVELS)
    document = sheet.document(level, choice=choice)
    key = sheet.document("full", "key")
    files: dict[str, Content] = {}
    for form in formats:
        files[f"worksheet.{form.extension}"] = write_page(sheet, document, form)
        files[f"key.{form.extension}"] = write_page(sheet, key, form)
    if practice:
        files["practice.html"] = practice_page(sheet, level, choice)
    asked, made = sheet.asked(document), form_origin(sheet.spec, level, choice)
    files["key.json"] = "".join(forms.key_json(sheet.numbers))
    files["answers.toml"] = answers_toml(asked, made, sheet.spec.language)
    files["answers.csv"] = answers_csv(asked, made)
    return files
