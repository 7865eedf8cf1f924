"""What `--json` of check, working and audit prints, as JSON schemas for other programs."""

from __future__ import annotations

from typing import Any, get_args

from derive.checking.verdicts import Verdict
from derive.workings import STATUSES
from derive.workings.edits import RULES

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
ID: Schema = {
    "type": ["string", "null"],
    "description": "The canonical id, such as dE_total/dW5; null where there is none.",
}
CODES: Schema = {
    "type": "array",
    "items": {"type": "string", "pattern": "^M[0-9]+[a-z]?$"},
    "description": "Known mistakes that lead there, in the order of the catalogue.",
}
LISTS: Schema = {"type": "array", "items": CODES}


def _object(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _document(title: str, properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    return {"$schema": DIALECT, "title": title, **_object(properties, optional)}


CHAIN: Schema = {
    "line": {"type": "integer", "minimum": 1, "description": "Where the chain begins."},
    "status": {
        "enum": list(STATUSES),
        "description": "rounded: holds with numbers that round to those written; carried: "
        "follows from a false chain above; unread: some part has no value here.",
    },
    "false_at": {
        "type": ["integer", "null"],
        "minimum": 1,
        "description": "The first false sign of the chain, counted from 1.",
    },
    "id": ID,
    "rule": {"enum": [*RULES, None], "description": "What was broken at the false sign."},
    "misconceptions": CODES,
    "message": TEXT,
}
SIDE: Schema = {
    "type": ["string", "null"],
    "description": "The value on this side of the sign in question.",
}
SUMMARY = _object({"chains": COUNT, **dict.fromkeys(STATUSES, COUNT)})


def make_working() -> Schema:
    """What `derive working --json` prints."""
    chain = _object({**CHAIN, "student": TEXT}, ("student",))
    chains = {"type": "array", "items": chain}
    return _document("derive working --json", {"chains": chains, "summary": SUMMARY})


def make_audit() -> Schema:
    """What `derive audit --json` prints."""
    chain = _object({"file": TEXT, **CHAIN, "left": SIDE, "right": SIDE})
    chains = {"type": "array", "items": chain}
    return _document("derive audit --json", {"chains": chains, "summary": SUMMARY})


def make_check() -> Schema:
    """What `derive check --json` prints, of one sheet or of a class."""
    student = {"type": ["string", "null"]}
    result = _object(
        {
            "student": student,
            "id": TEXT,
            "answer": TEXT,
            "verdict": {"enum": list(get_args(Verdict))},
            "misconceptions": CODES,
            "message": TEXT,
            "first_error": ID,
            "code": TEXT,
        },
        ("code",),
    )
    properties = {
        "results": {"type": "array", "items": result},
        "together": {
            "type": "array",
            "items": _object(
                {"student": student, "explanations": LISTS, "ask": ID, "code": TEXT}, ("code",)
            ),
            "description": "What explains one member's answers together, and what to ask next.",
        },
        "summary": {
            "type": "object",
            "properties": {"asked": COUNT, "right": COUNT},
            "required": ["asked", "right"],
        },
    }
    return _document("derive check --json", properties)


SCHEMAS = {"check": make_check, "working": make_working, "audit": make_audit}
"""The makers by the command whose output they describe."""
