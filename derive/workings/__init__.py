"""A member's lines of working: the first false sign of each chain, the rule it breaks.

Every member of a chain is read by the answer grammar. Signs are compared on the sheet, then
in what the member has gone on from; nothing is called false that is only unread.
"""

from derive.workings.judging import Working
from derive.workings.line import STATUSES, Line

__all__ = ["STATUSES", "Line", "Working"]
