"""The rule that each mistake of the catalogue breaks."""

from __future__ import annotations

from collections.abc import Sequence

RULES_OF_MISTAKES = {
    "sign": "M04 M05 M22 M49 M65",
    "factor": "M03 M08 M06 M13 M14 M15 M24 M28 M32 M47 M48 M57 M60 M62 M63",
    "route": "M02 M02b M12 M23 M25 M27 M31",
    "term": "M26 M50 M54",
    "power": "M09 M53 M58",
    "slope": "M07 M18 M18b M19 M20 M39 M40 M61",
    "function": "M21 M56 M66",
    "name": "M01 M10 M11 M38 M43 M43b M44 M46c M52 M55 M59 M64",
    "operation": "M16 M25b M41 M42 M51",
    "arithmetic": "M17 M45",
}
"""The codes of mistakes by rule; one that stands here nowhere breaks none of them by name."""
RULE = {code: rule for rule, codes in RULES_OF_MISTAKES.items() for code in codes.split()}


def find_rules(codes: Sequence[str]) -> set[str]:
    """The rules that some mistakes break."""
    return {RULE[code] for code in codes if code in RULE}
