"""A page cut into blocks: headings, paragraphs, footnotes, tables, aligned lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass
class Block:
    """A piece of a page: its kind, the number of its first line, its text or rows."""

    kind: str
    line: int
    text: str = ""
    rows: list = field(default_factory=list)


def cut(text: str) -> list[Block]:
    """The blocks of a page in Markdown."""
    lines = text.split("\n")
    blocks: list[Block] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.strip() == "$$":
            end = lines.index("$$", at + 1)
            blocks.append(Block("aligned", at + 2, rows=aligned(lines, at + 1, end)))
            at = end
        elif line.startswith("|"):
            end = at
            while end < len(lines) and lines[end].startswith("|"):
                end += 1
            rows = [(n + 1, cells(lines[n])) for n in range(at, end)]
            del rows[1]
            blocks.append(Block("table", at + 1, rows=rows))
            at = end - 1
        elif line.strip():
            kind = (
                "heading" if line.startswith("#") else "note" if line.startswith("> ") else "text"
            )
            blocks.append(Block(kind, at + 1, line))
        at += 1
    return blocks


def cells(line: str) -> list[str]:
    return [c.strip() for c in re.split(r"(?<!\\)\|", line.strip()[1:-1])]


def aligned(lines: list[str], start: int, end: int) -> list[tuple[int, str]]:
    rows = []
    for n in range(start, end):
        line = lines[n]
        if not re.match(r"\\(begin|end)\{(aligned|align\*)\}", line):
            rows.append((n + 1, re.sub(r"\s*\\\\\*?$", "", line)))
    return rows


def cut_tex(text: str) -> list[Block]:
    """The blocks of a page in LaTeX."""
    return cut(to_markdown(text))


def to_markdown(text: str) -> str:
    """The same page with Markdown's marks; lines keep their order, not their numbers."""
    body = text.split("\\begin{document}", 1)[1].replace("\\right|", "\\right\\vert ")
    body = re.sub(
        r"\\setbox0.*?\\leavevmode\\hbox to\\linewidth\{\\hss\\box0\\hss\}",
        "",
        body,
        flags=re.DOTALL,
    )
    body = re.sub(
        r"\\begin\{align\*\}(.*?)\\end\{align\*\}",
        lambda m: "\n$$\n\\begin{aligned}" + m[1] + "\\end{aligned}\n$$\n",
        body,
        flags=re.DOTALL,
    )
    body = re.sub(r"\{\\deriverows.*?\\cr(.*?)\n\}\\vskip1\.2ex\}", table, body, flags=re.DOTALL)
    body = re.sub(r"\\begin\{tabular\}\{\w+\}(.*?)\\end\{tabular\}", table, body, flags=re.DOTALL)
    body = re.sub(r"\\section\*\{(.*)\}", r"## \1", body)
    body = re.sub(r"\\subsection\*\{(.*)\}", r"### \1", body)
    body = re.sub(r"\\footnotesize \$\{\}\^\{\\dagger\}\$ (.*?)\\par\}", r"> † \1", body)
    body = re.sub(r"(\\par)?\\nopagebreak", "", body.replace("{> †", "> †"))
    body = re.sub(r"\\postdisplaypenalty=\d+", "", body)
    body = re.sub(r"\{([-?!'`<>])\}", r"\1", body)
    return re.sub(r"\\(begin|end)\{(center|document)\}|\\setlength\{.*?\}\{.*?\}", "", body)


def table(match: re.Match) -> str:
    plain = re.sub(r"\\multispan\{\d+\}\\hrulefill(\\derivekept|\\cr)", "", match[1])
    plain = re.sub(r"\\derivekept|\\cr", r"\\\\", plain)
    rows = [r for r in plain.replace("\\hline", "").split("\\\\\n") if r.strip()]
    lines = [
        "| " + " | ".join(c.strip() for c in re.split(r"(?<!\\)&", r.strip())) + " |" for r in rows
    ]
    return "\n" + "\n".join([lines[0], "| --- |", *lines[1:]]) + "\n"


@dataclass
class Chain:
    """Members in a row with the relation before each, what is said beside, and marks."""

    line: int
    members: list[tuple[str, str]]
    reasons: list[str] = field(default_factory=list)
    dagger: bool = False
    notes: list[str] = field(default_factory=list)
    raw: str = ""
    alone: str = ""
    operands: object = None
    key: str = ""
    prefix: str = ""
    due: bool = False
    condition: bool = False
    entries: list = field(default_factory=list)
    """Of a matrix: the true value of each entry that does not multiply back, and what does."""


def chains(rows: list[tuple[int, str]]) -> list[Chain]:
    """Rows of an aligned block joined to chains; a row that starts with `&` goes on."""
    found: list[Chain] = []
    after_reason = False
    for line, row in rows:
        reason = re.fullmatch(r"\s*& (?:\\quad ?)+(.*)", row)
        if reason and found:
            found[-1].reasons.append(reason[1])
            after_reason = True
            continue
        body, _, beside = row.partition("&&")
        head, rest = part_at_mark(body)
        alone = rest.startswith(" ") and not re.match(r"\s*(=|\\approx)", rest)
        if not found or head.strip() or alone:
            found.append(Chain(line, [], raw=""))
        chain = found[-1]
        if re.match(r"\s*[+-]", rest) and after_reason:
            chain.notes.append("reason-inside-line")
        after_reason = False
        if re.match(r"\s*\+ -", rest):
            chain.notes.append("bare-negative")
        if beside:
            chain.reasons.append(beside)
        chain.raw += " " + head + " " + rest
    for chain in found:
        chain.dagger = "{}^{\\dagger}" in chain.raw
        chain.raw = re.sub(r"\\(enspace|;|:) ?\{\}\^\{\\dagger\}", "", chain.raw)
    return found


def part_at_mark(row: str) -> tuple[str, str]:
    """What stands before and behind the first `&` outside of environments."""
    depth = 0
    for piece in re.finditer(r"\\begin|\\end|&", row):
        depth += {"\\begin": 1, "\\end": -1, "&": 0}[piece[0]]
        if piece[0] == "&" and depth == 0:
            return row[: piece.start()], row[piece.end() :]
    return row, ""
