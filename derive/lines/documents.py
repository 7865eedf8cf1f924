"""Documents of other people as numbered lines: Markdown, LaTeX, HTML, plain text, PDF.

What is code, or no text at all, is left out; the numbers stay those of the file, and of a
PDF they count the lines that its text has.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser

from derive.errors import SpecError
from derive.lines.mathml import MathWriter
from derive.lines.signs import CELL

Numbered = tuple[int, str]
FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*([\w-]*)")
MATHEMATICS = ("math", "latex", "tex")
"""Languages of a block that is no program."""
INLINE = re.compile(r"(?<!`)`(?!`)([^`$\n]+)`(?!`)")
CODE = re.compile(
    r"(?<!\\)\b(?:def|import|print|return|self|torch|np|tf|elif|lambda|const|var)\b\s?[.(\w]"
    r"|[\w\])]\s?(?:==|!=|\+=|-=|\*=|/=)\s?\S|\w\[\w{1,40}\]\s?=|//|/\*"
    r"|\bfor\b[^:]{1,80}\bin\b[^:]{1,80}:\s*$"
    r"|(?<!\w)[A-Za-z_]\w{0,40}\.\w{1,40}\(|\bpip\s+install\b|^\s*\$\s|https?:"
)
"""What stands in a line of a program and in no line of mathematics."""
DENIED = re.compile(
    r"\b(?:is|are|was|would be|be)\s+(?:wrong|false|incorrect)\b|\b(?:wrong|incorrect)(?:ly)?\s*:"
    r"|\(\s*(?:wrong|false|incorrect)\b|\b(?:mistake|error)s?\s*:|~~"
    r"|\bnot\s+(?:true|correct|the\s+case)\b|[❌✗]|[?？]\s*$"  # noqa: RUF001
    r"|틀린\s*(?:예|식|답|계산)|틀렸|틀립니다|잘못된|오답|실수\s*:|(?:이|가)\s*아니(?:다|라|고|며)|아닙니다",
    re.IGNORECASE,
)
"""What says that a line is no statement: a question, an example of what is wrong."""
LOOKED = 2_000
"""Characters of a line that show whether it is one."""
COMMENT = re.compile(r"(?<!\\)%.*")
VERBATIM = re.compile(
    r"\\(begin|end)\{(?:verbatim|lstlisting|minted|algorithm|algorithmic|tikzpicture)"
)
ESCAPED = re.compile(r"\\([*_<>#+.!-])")
"""What Markdown writes behind a backslash so that it is itself."""
BAR = re.compile(r"(?<!\\)\|")
TABLE = re.compile(r"\\begin\{(?:tabular|tabularx|longtable|tabu|tblr)\*?\}|\\halign")
TABLE_END = re.compile(r"\\end\{(?:tabular|tabularx|longtable|tabu|tblr)\*?\}")
COLUMN = re.compile(r"(?<!\\)&|\\\\|\\cr(?![A-Za-z])")
PREAMBLE = ("\\newcommand", "\\renewcommand", "\\def", "\\usepackage")
LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()]*\))*\)|<https?:[^>]*>|https?://\S+")
SILENT = ("script", "style", "noscript", "code", "pre", "title", "svg", "textarea", "kbd", "samp")
EMPTY = ("br", "img", "hr", "input", "link", "meta", "wbr")
CELLS = ("td", "th")
BLOCKS = ("p", "div", "li", "tr", "br", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "section")
HEADINGS = BLOCKS[5:11]
UNCLOSED = 10_000
"""Characters of a tag or a program that is never closed, after which it is left out."""
SCRIPTS = {"sub": "_{", "sup": "^{"}
TEX_SCRIPT = "math/tex"


def read_markdown(lines: Iterable[str]) -> Iterator[Numbered]:
    """Markdown without blocks of code, code in a line, addresses."""
    fence, program = "", False
    for number, line in enumerate(lines, 1):
        mark = FENCE.match(line)
        if mark is not None and not fence:
            fence, program = mark.group(1), mark.group(2).lower() not in MATHEMATICS
        elif mark is not None and mark.group(1).startswith(fence) and not mark.group(2):
            fence, program = "", False
        elif not program:
            row = _split_row(line) if line.lstrip().startswith("|") else line
            bare = LINK.sub(r"\1", row).replace("$`", "$").replace("`$", "$")
            yield number, ESCAPED.sub(r"\1", INLINE.sub(_keep_formula, bare))


def _split_row(line: str) -> str:
    """A row of a table with its cells set apart, but for bars inside a formula."""
    parts = line.split("$")
    return "$".join(part if i % 2 else BAR.sub(CELL, part) for i, part in enumerate(parts))


def _keep_formula(code: re.Match[str]) -> str:
    """Code in a line only where it is a name or a number, and no statement."""
    return code.group(1) if re.fullmatch(r"[\w.\s^{}+*/()-]*", code.group(1)) else " "


def read_latex(lines: Iterable[str]) -> Iterator[Numbered]:
    """LaTeX without comments, programs and pictures; of a document only its body."""
    inside = rows = 0
    for number, line in enumerate(lines, 1):
        bare = COMMENT.sub("", line)
        rows += len(TABLE.findall(bare)) - len(TABLE_END.findall(bare))
        bare = COLUMN.sub(CELL, bare) if rows > 0 else bare
        marks = VERBATIM.findall(bare)
        if marks:
            inside = max(0, inside + marks.count("begin") - marks.count("end"))
        elif "\\end{document}" in bare:
            return
        elif not inside and not bare.lstrip().startswith(PREAMBLE):
            yield number, bare


def read_text(lines: Iterable[str]) -> Iterator[Numbered]:
    """Plain text as it stands."""
    yield from enumerate(lines, 1)


class _Words(HTMLParser):
    """The text of a page; formulas as TeX: of scripts, of annotations, of MathML."""

    def __init__(self) -> None:
        """Nothing is read."""
        super().__init__()
        self.lines: list[Numbered] = []
        self._silent: list[str] = []
        self._math: MathWriter | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, a formula, or what is left out."""
        given = dict(attrs)
        if self._silent:
            self._silent += [tag] if tag == self._silent[0] else []
        elif self._math is not None:
            self._math.open(tag, given)
        elif tag == "math":
            self._math = MathWriter()
        elif _is_silent(tag, given):
            self._silent.append(tag)
        elif tag in BLOCKS:
            self.flush()
            self._text = "# " if tag in HEADINGS else CELL if tag in CELLS else ""
        elif tag == "img" and "\\" in (given.get("alt") or ""):
            self._text += f" ${given['alt']}$ "
        else:
            self._text += SCRIPTS.get(tag, "")

    def handle_endtag(self, tag: str) -> None:
        """End what was begun."""
        if self._silent:
            if tag == self._silent[0]:
                self._silent.pop()
        elif tag == "math" and self._math is not None:
            self._text += f" {self._math.write()} "
            self._math = None
        elif self._math is not None:
            self._math.close(tag)
        elif tag in BLOCKS:
            self.flush()
        else:
            self._text += "}" if tag in SCRIPTS else ""

    def handle_data(self, data: str) -> None:
        """Take the text, a line of the file at a time."""
        if self._silent:
            return
        if self._math is not None:
            self._math.take(data)
            return
        for place, piece in enumerate(data.split("\n")):
            if place:
                self.flush()
            self._text += piece

    def flush(self) -> None:
        """End the line."""
        if self._text.strip(f" #{CELL}"):
            self.lines.append((self.getpos()[0], self._text))
        self._text = ""


def _is_silent(tag: str, given: dict[str, str | None]) -> bool:
    """Whether an element is no text to read: a program, or a picture of what is there already."""
    program = tag in SILENT and TEX_SCRIPT not in (given.get("type") or "")
    return tag not in EMPTY and (program or given.get("aria-hidden") == "true")


def read_html(lines: Iterable[str]) -> Iterator[Numbered]:
    """The text of a page without scripts, styles and code."""
    page = _Words()
    for line in lines:
        page.feed(line)
        if len(page.rawdata) > UNCLOSED:
            page.rawdata = ""
        yield from page.lines
        page.lines.clear()
    page.close()
    page.flush()
    yield from page.lines


def read_pdf(raw: bytes) -> Iterator[Numbered]:
    """The lines of text that a PDF holds; raises SpecError for one that cannot be read."""
    try:
        from pypdf import PdfReader  # noqa: PLC0415  an extra
        from pypdf.errors import PyPdfError  # noqa: PLC0415
    except ImportError:
        raise SpecError("", "a PDF needs: pip install 'derive-by-hand[audit]'") from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    number = 0
    try:
        for page in PdfReader(io.BytesIO(raw)).pages:
            for line in page.extract_text().split("\n"):
                number += 1
                yield number, line
    except (PyPdfError, ValueError, KeyError, RecursionError) as error:
        raise SpecError("", f"is no PDF that can be read ({error})") from None


READERS: dict[str, Callable[[Iterable[str]], Iterator[Numbered]]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".rst": read_markdown,
    ".tex": read_latex,
    ".html": read_html,
    ".htm": read_html,
    ".txt": read_text,
}
"""How a file is read, by its ending; any other one is plain text."""


def drop_programs(lines: Iterable[Numbered]) -> Iterator[Numbered]:
    """The lines that are no part of a program."""
    return ((number, line) for number, line in lines if CODE.search(line[:LOOKED]) is None)


def is_denied(line: str) -> bool:
    """Whether a line is a question, or says itself that it is wrong."""
    return DENIED.search(line[-LOOKED:]) is not None
