"""From a derivation and its numbers to a page of blocks; no format, no wording."""

from derive.pages.document import LEVELS, Document, Level
from derive.pages.worksheet import Worksheet

__all__ = ["LEVELS", "Document", "Level", "Worksheet"]
