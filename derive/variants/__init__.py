"""Own numbers for every member: drawn with a secret, and only where they teach."""

from derive.variants.drawing import Stream, draw_numbers
from derive.variants.members import Drawn, Variants

__all__ = ["Drawn", "Stream", "Variants", "draw_numbers"]
