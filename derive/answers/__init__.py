"""Reading answers: what a member typed, as numbers and formulas of the exercise.

A pure function from text to reading or reason. Text is cut by regular
expressions, given to derive's own grammar and to nothing else; it is counted
before any work is begun.
"""

from derive.answers.aliases import Aliases
from derive.answers.errors import Unreadable
from derive.answers.left import find_id, name_left
from derive.answers.numbers import Member
from derive.answers.reading import Reading, is_blank, read, read_member
from derive.answers.spellings import Spellings

__all__ = [
    "Aliases",
    "Member",
    "Reading",
    "Spellings",
    "Unreadable",
    "find_id",
    "is_blank",
    "name_left",
    "read",
    "read_member",
]
