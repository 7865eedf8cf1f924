"""The text of a page with marks between its cells, as the file of a Jupyter notebook.

Format: nbformat 4.5. Ids are counted, not drawn, and nothing is dated, so that
the same page has the same bytes.
"""

from __future__ import annotations

import json
import re
from typing import Any

MARK = re.compile(r"^<!-- cell (markdown|code) -->\n", re.MULTILINE)
"""A line of our templates; text of a file cannot hold one, for its `<` is escaped."""
METADATA: dict[str, Any] = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(text: str) -> str:
    """The JSON of a notebook; what stands before the first mark is Markdown."""
    pieces = ["markdown", *MARK.split(text)]
    pairs = zip(pieces[::2], pieces[1::2], strict=True)
    written = [(kind, source.strip("\n")) for kind, source in pairs]
    filled = [pair for pair in written if pair[1].strip()]
    whole = {
        "cells": [_cell(number, kind, source) for number, (kind, source) in enumerate(filled)],
        "metadata": METADATA,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _cell(number: int, kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": source.splitlines(keepends=True),
    }
    return cell if kind == "markdown" else cell | {"execution_count": None, "outputs": []}
