"""The answers in a file as `derive check` reads them, for the deck's network."""

import derive
from derive.grading.asking import AskedIds
from derive.grading.assessment import open_marker
from derive.grading.tables import open_table

IDS = AskedIds(open_marker(derive.sheet("two-two-two").numbers))


def rows(path):
    """All answers of a table, in order."""
    with open_table(str(path), IDS) as table:
        return list(table.rows)
