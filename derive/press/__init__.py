"""Sheets with other numbers each, printed by what numbers do not change."""

from derive.press.sheets import Press, PrintedSheet, UnlikeError

__all__ = ["Press", "PrintedSheet", "UnlikeError"]
