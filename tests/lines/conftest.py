"""Texts for these tests are mutated workings of another folder."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "workings"))
