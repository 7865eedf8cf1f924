"""The spec as a JSON schema, for editors of TOML: made of the models, with what they check."""

from __future__ import annotations

from typing import Any

import msgspec

from derive import limits
from derive.algebra.literals import Typed
from derive.errors import InternalError
from derive.layers import DENSE, LAYERS
from derive.ops import ACTIVATIONS, LOSSES, OPTIMIZERS
from derive.spec.conversion import NEEDED, TARGETS
from derive.spec.model import AMERICAN, BRITISH, KINDS, Network
from derive.spec.symbols import ROLES

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
OWN_NAME = "^[A-Za-z][A-Za-z0-9_]*$"
"""An activation that `[functions]` names."""
REF = "#/$defs/{name}"
NUMBER: Schema = {
    "title": "Number",
    "description": "A typed decimal: 0.50 prints as 0.50 and computes as 1/2.",
    "type": "number",
    "maximum": float(f"1e{limits.NUMBER_DIGITS}"),
    "minimum": -float(f"1e{limits.NUMBER_DIGITS}"),
}
MATRIX = 2
"""Levels of a matrix. Kernels have more: the last ones may stand alone, for a single map."""
DEEPEST = 4
"""Levels of the deepest list: samples x channels x rows x columns."""
WORDS: dict[str, dict[str, Schema]] = {
    "Network": {"loss": {"enum": list(LOSSES)}},
    "Optimizer": {"name": {"enum": list(OPTIMIZERS)}},
}
"""Keys that take one of a few words, by model; those of layers stand with their activation."""


def make_schema() -> Schema:
    """What a spec may hold, as JSON schema; numbers are decimals."""
    _, parts = msgspec.json.schema_components(
        list(KINDS.values()), schema_hook=_number, ref_template=REF
    )
    parts.pop("Layer", None)
    for name, part in parts.items():
        _complete(part, WORDS.get(name, {}))
    for kind, model in KINDS.items():
        _complete_kind(parts[model.__name__], kind, model.__name__)
    parts |= {_layer_name(kind): _layer(kind) for kind in LAYERS} | {"Number": NUMBER}
    whole: Schema = {
        "$schema": DIALECT,
        "title": "An exercise of derive",
        "oneOf": [_ref(model.__name__) for model in KINDS.values()],
        "$defs": parts,
    }
    schema: Schema = msgspec.json.decode(msgspec.json.encode(whole))
    return schema


def _number(wanted: type) -> Schema:
    if wanted is not Typed:
        raise InternalError(f"spec/schema.py: {wanted.__name__} has no schema")
    return _ref("Number")


def _ref(name: str) -> Schema:
    return {"$ref": REF.format(name=name)}


def _complete(part: Schema, words: dict[str, Schema]) -> None:
    """A model as TOML has it: no null; words instead of any text."""
    keys = part["properties"]
    for key, value in keys.items():
        keys[key] = _without_null(value) | words.get(key, {})
    part["description"] = " ".join(part["description"].split())


def _without_null(value: Schema) -> Schema:
    """A key that may be left out, as one that is given."""
    options = value.get("anyOf", [])
    given = [option for option in options if option != {"type": "null"}]
    if len(given) == len(options):
        return value
    return given[0] if len(given) == 1 else {"anyOf": given}


def _complete_kind(part: Schema, kind: str, name: str) -> None:
    """The keys that need more than their type says."""
    keys = part["properties"]
    keys["kind"] = {"const": kind}
    keys["decimals"] |= {"minimum": 1, "maximum": limits.DECIMALS}
    keys["steps"] |= {"minimum": 0, "maximum": limits.STEPS}
    keys["symbols"]["propertyNames"] = {"enum": list(ROLES)}
    part["required"] = [*NEEDED[KINDS[kind]], *(["kind"] if name != Network.__name__ else [])]
    if name == Network.__name__:
        part["oneOf"] = [{"required": [key]} for key in TARGETS]
    for key in ("inputs", "targets", "upstream"):
        if key in keys:
            keys[key] = {"anyOf": [_nest(_ref("Number"), 1), _nest(_ref("Number"), 2)]}
    if "layers" in keys:
        _complete_samples(keys)
        keys["layers"] = {
            "type": "array",
            "items": {"oneOf": [_ref(_layer_name(layer)) for layer in LAYERS]},
        }
        built_in: Schema = {"properties": {"activation": {"enum": list(ACTIVATIONS)}}}
        part["if"] = {"required": ["functions"]}
        part["else"] = {"properties": {"layers": {"items": built_in}}}
    if BRITISH in keys:
        keys[AMERICAN] = keys[BRITISH]


def _complete_samples(keys: Schema) -> None:
    """The numbers of a network's samples, as deep as an image is, and the words of tokens."""
    deep = [_nest(_ref("Number"), depth) for depth in range(1, DEEPEST + 1)]
    for key in ("targets", "upstream"):
        keys[key] = {"anyOf": deep}
    keys["inputs"] = {"anyOf": [*deep, *(_nest({"type": "string"}, depth) for depth in (1, 2))]}


def _nest(entry: Schema, depth: int) -> Schema:
    """Lists that stand inside each other so many times."""
    return entry if depth == 0 else {"type": "array", "items": _nest(entry, depth - 1)}


def _measure_depth(part: Schema) -> int:
    return 1 + _measure_depth(part["items"]) if "items" in part else 0


def _layer_name(kind: str) -> str:
    return f"{kind.capitalize()}Layer"


def _layer(kind: str) -> Schema:
    """A layer of one type; which one is said where it is not the usual one."""
    part = msgspec.json.schema(LAYERS[kind].model, schema_hook=_number, ref_template=REF)
    own: Schema = part["$defs"][LAYERS[kind].model.__name__]
    del own["properties"]["formula"]
    _complete(own, {"activation": {"pattern": OWN_NAME}, "type": {"const": kind}})
    own["properties"]["type"].pop("type")
    for key, value in own["properties"].items():
        if (depth := _measure_depth(value)) > MATRIX:
            alone = _nest(_ref("Number"), depth - MATRIX)
            own["properties"][key] = {"anyOf": [value, alone]}
    if kind != DENSE.name:
        own["required"] = [*own["required"], "type"]
    return own
