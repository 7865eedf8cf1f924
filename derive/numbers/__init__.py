"""Numbers: exact leaves in, certified digits out; cases settled; nothing else rounds."""

from derive.numbers.numbers import Answer, Numbers, Settled
from derive.numbers.rounding import Shown

__all__ = ["Answer", "Numbers", "Settled", "Shown"]
