"""Chains of equals signs in a text: where each begins, what stands between its signs.

Pure text: nothing is read as mathematics here, and nothing is judged.
"""

from derive.lines.chains import Chain, list_chains
from derive.lines.prose import trim

__all__ = ["Chain", "list_chains", "trim"]
