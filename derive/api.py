"""The commands as functions: the same nouns, typed, for use from Python."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from derive import limits
from derive.algebra import grammar
from derive.algebra.lemmas import Derivative, derivative
from derive.derivation.steps import STAGES, Stage, Step
from derive.errors import SpecError, check_known
from derive.pages import Level
from derive.pages import Worksheet as Plain
from derive.pages.choosing import Choice
from derive.pages.document import Document
from derive.pages.worksheet import WHOLE
from derive.render import forms
from derive.render.formats import FORMATS, Format
from derive.render.key import FIELDS
from derive.render.page import Page
from derive.spec import Spec, builtin_names
from derive.spec import load as load_spec

if TYPE_CHECKING:
    from derive.grading.reports.audits import Audited
    from derive.pages.training import Line
    from derive.second import Report
    from derive.workings import Line as WorkingLine

Source = str | Path | Spec | Plain
"""A built-in name, a path, a spec, or a worksheet made before."""
Content = str | bytes
"""A page as text, or as the bytes of a file where its format is no text."""


class Worksheet(Plain):
    """The derivation of one spec with its numbers, which a notebook shows as its page."""

    def symbolic(self, name: str, *, expand: bool = False) -> Any:  # noqa: ANN401  SymPy has no types
        """A neuron, an error or a derivative by its id as a SymPy expression: see `symbolic`."""
        return symbolic(self, name, expand=expand)

    def _repr_html_(self) -> str | None:
        return self._page(lambda page, document: page.embed(document), "html")

    def _repr_markdown_(self) -> str | None:
        return self._page(lambda page, document: page.render(document), "md")

    def _page(self, write: Callable[[Page, Document], str], form: str) -> str | None:
        """The guided page; None where it is too large, so that a notebook shows any object."""
        try:
            return write(Page(self.spec, FORMATS[form], self.numbers), self.document())
        except SpecError:
            return None


def sheet(source: Source) -> Plain:
    """The derivation of a spec with its numbers; raises SpecError for bad input."""
    if isinstance(source, Plain):
        return source
    return Worksheet(source if isinstance(source, Spec) else load_spec(source))


def page(
    source: Source, form: str = "md", level: Level = "guided", choice: Choice = WHOLE
) -> Content:
    """The worksheet in a format at a level (full, guided, blank).

    A `choice` asks for some blanks, or some parameters, only.
    """
    worksheet = sheet(source)
    document = worksheet.document(level, choice=choice)
    return write_page(worksheet, document, whole_format(form))


def key_page(source: Source, form: str = "md") -> Content:
    """The whole worked solution with the table of all answers, in a format."""
    worksheet = sheet(source)
    return write_page(worksheet, worksheet.document("full", "key"), whole_format(form))


def write_page(worksheet: Plain, document: Document, form: Format, code: str = "") -> Content:
    """A page as the content of its file; with cells of code where the format can run some.

    `code` is that of a member's own sheet, which is printed on it.
    """
    if form.code:
        from derive.exports.notebook import add_code  # noqa: PLC0415  only formats that run code

        try:
            document = add_code(document, worksheet)
        except SpecError as error:
            problem = f"{error.problem}; leave the format {form.extension} out"
            raise SpecError(error.place, problem) from None
    return Page(worksheet.spec, form, worksheet.numbers).file(document, code)


def practice_page(
    source: Source, level: Level = "guided", choice: Choice = WHOLE, code: str = ""
) -> str:
    """The worksheet as an HTML page that takes answers; its source holds all of them.

    `code` is that of a member's own sheet, which the answers are handed on with.

    Raises SpecError for a level without blanks and an exercise too large for it.
    """
    from derive.grading.practice import practice_page as make_page  # noqa: PLC0415  no other page needs it

    return make_page(sheet(source), level, choice, code)


def key(
    source: Source, stages: Collection[Stage] = STAGES, fields: Collection[str] = FIELDS
) -> dict[str, Any]:
    """The answer key as data, in the format derive-key/1."""
    data: dict[str, Any] = msgspec.json.decode("".join(key_json(source, stages, fields)))
    return data


def key_json(
    source: Source, stages: Collection[Stage] = STAGES, fields: Collection[str] = FIELDS
) -> Iterator[str]:
    """The answer key as JSON, piece by piece; a whole one says what its answers can tell.

    `diagnosability` is null where the exercise has too many steps to compare.
    """
    from derive.checking.diagnosability import measure_diagnosability  # noqa: PLC0415  only a whole key

    numbers = sheet(source).numbers
    more: dict[str, object] = {}
    if set(stages) == set(STAGES) and set(fields) == set(FIELDS):
        more["diagnosability"] = msgspec.to_builtins(measure_diagnosability(numbers))
    return forms.key_json(numbers, stages, fields, more)


def fragment(source: Source, name: str, form: str = "tex", width: str = "full") -> Content:
    """One step, by its id, ready to be included in another document.

    `width` is `full`, or `half`: lines broken to fit half a slide.
    """
    worksheet = sheet(source)
    page = Page(worksheet.spec, format_named(form), worksheet.numbers, width)
    return page.fragment_file(worksheet.fragment(name))


def draw(source: Source, name: str = "", show: str = "values", form: str = "svg") -> Content:
    """The exercise as a drawing: values over the names, derivatives under them.

    `show` is `names`, `values` or `updated`; with the id of a derivative its
    routes are highlighted instead. Raises SpecError for a format that cannot draw.
    """
    worksheet = sheet(source)
    chosen = format_named(form)
    if not chosen.draws:
        able = ", ".join(row.name for row in FORMATS.values() if row.draws)
        raise SpecError("--format", f"{form} cannot hold a drawing; take one of {able}")
    return Page(worksheet.spec, chosen, worksheet.numbers).fragment_file(
        (worksheet.drawing(show, name),)
    )


def gradient_check(source: Source, name: str = "", form: str = "md") -> Content:
    """Difference quotients in binary64 against the certified derivative by one parameter.

    A table of h against the errors of the forward and the central quotient, the
    best h and why it is there; where they do not agree, the page says so. Raises
    SpecError for an id that is no parameter.
    """
    return gradient_verification(source, name, form)[0]


def gradient_verification(source: Source, name: str, form: str) -> tuple[Content, bool]:
    """The page of a gradient check, and whether the quotients agree with the derivative."""
    worksheet = sheet(source)
    page = Page(worksheet.spec, whole_format(form))
    document, agrees = worksheet.gradient_check(name)
    return page.file(document), agrees


def plot(source: Source, what: str, form: str = "svg") -> bytes:
    """A plot as svg, pdf or png: `training`, `gradients`, or the id of a parameter.

    `training` is the error after each update, `gradients` the size of each
    layer's gradients; of a parameter, the error over it with tangent and step.
    Raises SpecError for bad input and where matplotlib (the extra `plot`) or a
    Korean font that is needed is missing.
    """
    from derive import plots  # noqa: PLC0415  no other function needs it

    return plots.plot(sheet(source), what, form)


HANDOUT = "\\PassOptionsToClass{handout}{beamer}\n\\input{slides}\n"
"""The deck with each slide on one page, nothing hidden."""


def slides(
    source: Source,
    forms: Sequence[str] = ("tex",),
    width: str = "full",
    *,
    caption: bool = False,
) -> dict[str, Content]:
    """Every step and drawing as a file of its own, and a Beamer deck that shows them.

    By file name: `slides.tex`, `slides_handout.tex` (a page for each slide),
    `slides/dE_total-dW5.tex`, `slides/W5-new.tex`; the same steps in each further
    format. Pictures (svg, png) are transparent and numbered as they are taught,
    `slides/07-z1.svg`, with a `caption` the title of the slide stands above each.
    `width` is `full`, or `half`: lines broken to fit half a slide.
    Raises SpecError for an exercise too large for slides.
    """
    from derive.render.deck import deck, fragments, pictures  # noqa: PLC0415  used here alone

    worksheet = sheet(source)
    worksheet.check_size(limits.SLIDE_STEPS)
    files: dict[str, Content] = {}
    for form in map(format_named, forms):
        if form.uncover:
            files[f"slides.{form.extension}"] = deck(worksheet, form, width)
            files[f"slides_handout.{form.extension}"] = HANDOUT
        if form.single:
            files |= pictures(worksheet, form, width, caption=caption)
        else:
            files |= fragments(worksheet, form, width)
    return files


def diff(expression: str, wrt: str) -> Derivative:
    """One derivative line by line, each rule named and each line proved by SymPy.

    Raises SpecError for a text that is no expression or a name that is none.
    """
    expr = grammar.parse(expression, "EXPR")
    grammar.check_name(wrt, "--wrt")
    return derivative(expr, wrt)


def diff_page(expression: str, wrt: str, form: str = "text", language: str = "en") -> Content:
    """The same as text for a terminal, or as a fragment in a page format."""
    from derive.render.derivative import derivative_page  # noqa: PLC0415  a page of its own

    return derivative_page(diff(expression, wrt), form, language)


def export(source: Source, to: str = "torch") -> str:
    """The same computation as a script for another tool (PyTorch, or SymPy).

    Raises SpecError for bad input and for a tool that is not known.
    """
    from derive.exports import EXPORTS  # noqa: PLC0415  only scripts

    check_known("--to", "tool", to, EXPORTS)
    return EXPORTS[to](sheet(source))


def symbolic(source: Source, name: str, *, expand: bool = False) -> Any:  # noqa: ANN401  SymPy has no types
    """A quantity by its id (`o1`, `E_total`, `dE_total/dW5`) as a SymPy expression.

    Its symbols are the ids that its formula uses, such as `z3`; with `expand` only
    given numbers (`W5`, `x1`) are left. Raises SpecError for an id that there is not.
    """
    from derive.exports.symbolic import express  # noqa: PLC0415  only here

    return express(sheet(source), name, expand=expand)


def train(
    source: Source,
    form: str = "md",
    watch: Callable[[Iterator[Line]], Iterator[Line]] = iter,
) -> bytes | Iterator[str]:
    """The training run as a table: the error after 0, 1, 2, ... updates, up to 12 parameters.

    In a page format, or as `csv` or `json`; text comes piece by piece. Printed
    numbers are as certain as those of a key. `watch` passes on the lines while
    they are computed. Raises SpecError for bad input and where nothing is trained.
    """
    from derive.pages.training import table  # noqa: PLC0415
    from derive.render.training import check_format, write_run  # noqa: PLC0415  only for a run

    run = table(sheet(source).spec)
    check_format(run, form)
    return write_run(run, form, watch(run.lines()))


def verify(source: Source) -> Report:
    """Every number of the sheet beside those of independent checks; whether all agree."""
    from derive.second import verify as verify_answers  # noqa: PLC0415  it imports mpmath

    worksheet = sheet(source)
    answers = (
        (step.id, answer.value, answer.shown.text)
        for step in worksheet.derivation.steps()
        for answer in (worksheet.numbers.answer(step),)
    )
    return verify_answers(worksheet.spec, answers, lambda: export(worksheet))


def verification(source: Source) -> tuple[str, bool]:
    """The checks' numbers as a table of text and what answers can tell; whether all agree."""
    from derive.checking.diagnosability import measure_diagnosability  # noqa: PLC0415
    from derive.grading.reports.diagnosis import diagnosis  # noqa: PLC0415
    from derive.render.comparison import comparison  # noqa: PLC0415

    worksheet = sheet(source)
    report = verify(worksheet)
    diagnosed = diagnosis(measure_diagnosability(worksheet.numbers))
    return f"{comparison(report)}\n{diagnosed}", report.agrees


def verification_json(source: Source) -> tuple[str, bool]:
    """The same as JSON: a row for each number, and `diagnosability` as in a key."""
    from derive.checking.diagnosability import measure_diagnosability  # noqa: PLC0415

    worksheet = sheet(source)
    report = verify(worksheet)
    diagnosed = measure_diagnosability(worksheet.numbers)
    more = {"agrees": report.agrees, "diagnosability": msgspec.to_builtins(diagnosed)}
    return forms.pretty_json(msgspec.to_builtins(report) | more), report.agrees


def schema(of: str = "spec") -> dict[str, Any]:
    """The JSON schema of a spec: what `load` reads, as an editor of TOML can check it.

    `of` may also be `check`, `working` or `audit`: what these print with `--json`. Raises
    SpecError for anything else.
    """
    from derive.grading.reports.schemas import SCHEMAS  # noqa: PLC0415  no other function needs it
    from derive.spec.schema import make_schema  # noqa: PLC0415

    makers = {"spec": make_schema, **SCHEMAS}
    check_known("--of", "schema", of, makers)
    return makers[of]()


def asked(source: Source, level: Level | None = None, choice: Choice = WHOLE) -> list[Step]:
    """The steps whose values the sheet of a level asks for, in the order of its blanks.

    Of no level every one that a learner can be asked for.
    """
    worksheet = sheet(source)
    document = worksheet.document(level, choice=choice) if level else None
    return list(worksheet.asked(document).values())


def format_named(name: str) -> Format:
    """The format of a name; raises SpecError with the nearest one."""
    check_known("--format", "format", name, FORMATS)
    return FORMATS[name]


def whole_format(name: str) -> Format:
    """The format of a name, if it holds whole pages; raises SpecError otherwise."""
    form = format_named(name)
    if form.single:
        raise SpecError("--format", f"{name} holds a single step: derive fragment SPEC ID")
    return form


def examples() -> tuple[str, ...]:
    """The names of the built-in exercises."""
    return builtin_names()


def working(source: Source, text: str, name: str = "") -> list[WorkingLine]:
    """A member's lines of working, each chain with its first false sign.

    `source` is the exercise, `name` the id that lines without a name are about. Lines below
    a false one are judged as following from it. Raises SpecError for bad input.
    """
    from derive.grading.workings import judge_text  # noqa: PLC0415  no page needs it

    return judge_text(sheet(source), text, name)


def audit(files: str | Path | Sequence[str | Path], specs: Sequence[Source] = ()) -> list[Audited]:
    """The chains of numbers in documents, each with its first false sign.

    `specs` are exercises whose names the files use. Raises SpecError for a file that cannot
    be read.
    """
    from derive.grading.audits import audit_files  # noqa: PLC0415  no page needs it

    names = [files] if isinstance(files, str | Path) else files
    return list(audit_files([str(name) for name in names], [sheet(spec) for spec in specs]))
