"""The deck audited, and the table of derivations by others, as pages of output/."""

import sys
import tomllib
from contextlib import chdir
from pathlib import Path

from derive.cli import main
from derive.render.escape import markdown

ROOT = Path(__file__).resolve().parents[1]
DECK = "tests/audits/deck.txt"
"""The formulas of the study group's deck, each in its own line of it."""
DOCUMENTS = ROOT / "tests" / "audits" / "published.toml"
COUNTS = ("true", "rounded", "false", "unread")
HEAD = """# Derivations by others

What `derive audit` reads in published derivations, and every line that it calls false, each
checked by hand. Chains count where they begin; *rounded* are those that hold only because
printed numbers were rounded.

"""


def write_audits(folder: str) -> None:
    """Write both pages."""
    target = Path(folder).resolve()
    with chdir(ROOT):
        specs = ["--spec", "two-two-two", "--spec", "circuit"]
        if main(["audit", DECK, *specs, "--report", str(target / "audit.md")]) != 1:
            sys.exit("the deck holds something false, and that was not found")
    documents = tomllib.loads(DOCUMENTS.read_text("utf-8"))["document"]
    text = HEAD + write_counts(documents) + write_allegations(documents)
    (target / "audits.md").write_text(text, "utf-8")


def write_counts(documents: list[dict]) -> str:
    """A row for each document, and their sums."""
    rows = ["| document | about | " + " | ".join(COUNTS) + " |", "| --- | --- |" + " --- |" * 4]
    for document in documents:
        name = f"[{markdown(document['title'])}]({document['link']})"
        counts = " | ".join(str(document[count]) for count in COUNTS)
        rows.append(f"| {name} | {markdown(document['about'])} | {counts} |")
    sums = " | ".join(str(sum(d[count] for d in documents)) for count in COUNTS)
    rows.append(f"| {len(documents)} documents | | {sums} |")
    return "\n".join(rows) + "\n"


def write_allegations(documents: list[dict]) -> str:
    """What is false, where, and why."""
    rows = ["\n## False lines\n", "| document | line | chain | printed | right | why |"]
    rows.append("| --- |" + " --- |" * 5)
    for document in documents:
        for found in document.get("allegation", ()):
            cells = [str(found[key]) for key in ("line", "chain", "printed", "right", "why")]
            name = f"[{markdown(document['title'])}]({document['link']})"
            rows.append(f"| {name} | " + " | ".join(map(markdown, cells)) + " |")
    return "\n".join(rows) + "\n"
