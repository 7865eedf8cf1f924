"""Sheets with other numbers each, printed by what numbers do not change."""

from derive.press.sheets import PlainSheet, Press, PrintedSheet, UnlikeError

__all__ = ["PlainSheet", "Press", "PrintedSheet", "UnlikeError"]
