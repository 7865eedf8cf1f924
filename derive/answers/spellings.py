"""What the grammar asks of whoever knows the names of a text."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Protocol

from derive.answers.names import Table


class Spellings(Table, Protocol):
    """The names that a text may use, in every spelling."""

    @property
    def symbols(self) -> Mapping[str, str]:
        """Signs of the sheet by role, as TeX; the sigmoid's among them."""

    @property
    def quantities(self) -> Container[str]:
        """The ids of all quantities."""

    def find(self, text: str) -> str | None:
        """The id that a text names, and nothing but names."""

    def find_nearest(self, text: str) -> str | None:
        """The id most like a misspelt one."""

    def split(self, text: str) -> tuple[str, ...] | None:
        """Ids whose names, written without a space, make up the text."""
