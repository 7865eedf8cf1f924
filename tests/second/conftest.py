"""The helpers of tests/ are found from here too, also when this folder is run alone."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))
