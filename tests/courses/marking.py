"""How a course system marks a number: plain fractions, the first answer that is near enough."""

from fractions import Fraction

VERDICTS = {"correct": 100, "rounded": 50}
"""What the verdicts of derive check are worth in a course file."""


def mark(accepted, text):
    """The percent of the marks for a typed number; `accepted` holds value, tolerance, percent."""
    number = Fraction(text)
    for value, tolerance, percent in accepted:
        if abs(number - Fraction(value)) <= Fraction(tolerance):
            return percent
    return 0
