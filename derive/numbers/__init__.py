"""Numbers: exact leaves in, certified digits out; cases settled; nothing else rounds."""

from derive.numbers.numbers import NOTHING, Answer, Back, Numbers, Settled, may_be_corner
from derive.numbers.rounding import Shown

__all__ = ["NOTHING", "Answer", "Back", "Numbers", "Settled", "Shown", "may_be_corner"]
