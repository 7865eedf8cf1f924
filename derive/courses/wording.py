"""Questions in words: the paragraphs, names and remarks of every format of course files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.algebra.expressions import Name
from derive.checking.targets import count_significant
from derive.courses.questions import Group, Question, Quiz
from derive.pages.document import Row, Words
from derive.render import escape, mathml, tex
from derive.render.escape import one_line
from derive.render.formats import Format
from derive.render.lines import LineWriter
from derive.render.origin import origin
from derive.render.wording import sentence, translate_title

ENTITIES = str.maketrans({sign: f"&#{ord(sign)};" for sign in "\\$["})
"""Signs that begin a formula or a command inside HTML, in one course system or another."""


def escape_html(text: str) -> str:
    """Any text for HTML that a course system searches for formulas and commands."""
    return escape.html(text).translate(ENTITIES)


TEX = Format(
    "tex-in-html",
    "html",
    escape_html,
    lambda box: escape.html(tex.write(box)),
    inline=r"\({}\)".format,
    draws=False,
)
r"""HTML with formulas as `\( \)`, for a TeX filter or MathJax."""
XHTML = Format(
    "mathml-in-xhtml",
    "xml",
    escape.html,
    mathml.write,
    inline="<math>{}</math>".format,
    draws=False,
)
"""XHTML with formulas in MathML, no namespace named."""


def write_paragraphs(question: Question, form: Format = TEX) -> str:
    """What a learner reads: what to compute, from what, and how to write the number."""
    lines = LineWriter(question.spec, form)
    return "".join(f"<p>{text}</p>" for text in _list_paragraphs(question, lines))


def _list_paragraphs(question: Question, lines: LineWriter) -> Iterator[str]:
    number, symbol = str(question.number), Name(question.id)
    yield lines.words(Words("quiz.ask", {"number": number, "id": question.id, "symbol": symbol}))
    yield from _list_rows("quiz.formula", [question.formula] if question.formula else [], lines)
    yield from _list_rows("quiz.functions", question.functions, lines)
    yield from _list_rows("quiz.known", question.known, lines)
    if question.spec.rounding == "stepwise":
        yield lines.words(Words("say.stepwise", {"decimals": str(question.spec.decimals)}))
    yield lines.words(_tell_how(question))


def _list_rows(key: str, rows: Iterable[Row], lines: LineWriter) -> Iterator[str]:
    """A word and the lines behind it, with commas; nothing without lines."""
    written = [lines.inline(row) for row in rows]
    if written:
        yield f"{lines.words(Words(key))} {', '.join(written)}"


def _tell_how(question: Question) -> Words:
    """How to write the number, as picky as the strictest of the course systems."""
    if "e" in question.shown:
        return Words("quiz.write_small", {"count": str(count_significant(question.shown))})
    return Words("quiz.write", {"decimals": str(question.spec.decimals)})


def write_rounded(question: Question) -> str:
    """What is said to whoever gets half of the marks."""
    return escape_html(sentence(question.spec.language, f"quiz.rounded_{question.spec.rounding}"))


def name_quiz(quiz: Quiz) -> str:
    """The title of the first worksheet, on one line, or what it is."""
    spec = quiz.specs[0]
    title = one_line(translate_title(spec.language, spec.title)).strip()
    return title or sentence(spec.language, "kind.worksheet")


def name_group(group: Group) -> str:
    """What a list of questions shows: the number of the blank, which sorts, and the id."""
    return f"({group.number}) {group.id}"


def name_questions(group: Group) -> Iterator[tuple[str, Question]]:
    """Each question by a name of its own: numbered where there are several for an id."""
    several = len(group.questions) > 1
    for number, question in enumerate(group.questions, 1):
        yield name_group(group) + (f" #{number}" if several else ""), question


def tell_origins(quiz: Quiz) -> Iterator[str]:
    """Which program made a file, and of which specs."""
    return map(origin, quiz.specs)
