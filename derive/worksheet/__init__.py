"""From a derivation and its numbers to a page of blocks; no format, no wording."""

from derive.worksheet.document import LEVELS, Document, Level
from derive.worksheet.worksheet import Worksheet

__all__ = ["LEVELS", "Document", "Level", "Worksheet"]
