"""From plain data to a checked spec; what does not fit is told by its place, in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from derive.algebra.literals import Typed
from derive.errors import SpecError, excerpt, nearest, spell
from derive.graph import Spec
from derive.layers import DENSE, LAYERS, Layer
from derive.layers.shapes import VECTOR
from derive.ops import LOSSES
from derive.spec import checks
from derive.spec.classes import read_classes
from derive.spec.layouts import read_layout
from derive.spec.model import (
    AMERICAN,
    BRITISH,
    IN_PLACE_OF_TARGETS,
    KINDS,
    Circuit,
    Network,
    Perceptron,
)
from derive.spec.own_functions import read_functions
from derive.spec.places import read_places
from derive.spec.refusals import keys_of, locate
from derive.spec.samples import choose_kind
from derive.spec.training import complete_spec
from derive.spec.typed import read_typed
from derive.spec.variants import SECTION, read_variants

NEEDED: dict[type[Spec], tuple[str, ...]] = {
    Network: ("inputs", "layers"),
    Circuit: ("output", "values", "definitions"),
    Perceptron: ("inputs", "targets", "weights", "learning_rate"),
}
"""Keys without a default, by kind."""
GENERAL = ("inputs", "targets", "upstream")
"""Keys whose depth follows from the shapes of input and outputs."""
TARGETS = ("targets", *IN_PLACE_OF_TARGETS)
"""One of these a network has besides."""


def convert(plain: dict[str, Any], *, numbers_as_text: bool) -> Spec:
    """The checked spec; a table is named in messages as its author named it."""
    ours, theirs = plain, {}
    if AMERICAN in plain:
        if BRITISH in plain:
            raise SpecError(AMERICAN, f"stands there as {BRITISH} too; give one")
        ours = {BRITISH if key == AMERICAN else key: value for key, value in plain.items()}
        theirs[BRITISH] = AMERICAN
    if plain.get("kind") == "circuit" and "optimizer" in plain:
        ours = _into_update(ours)
        theirs["update.optimizer"] = "optimizer"
    table = ours.get(SECTION)
    ours = {key: value for key, value in ours.items() if key != SECTION}
    try:
        spec = _check_entries(ours, numbers_as_text=numbers_as_text)
        if table is None:
            return spec
        return replace(spec, variants=read_variants(table, numbers_as_text=numbers_as_text))
    except SpecError as error:
        place = error.place
        for key, own in theirs.items():
            place = place.replace(key, own)
        raise SpecError(place, error.problem) from None


def _into_update(plain: dict[str, Any]) -> dict[str, Any]:
    """A circuit's `[optimizer]` as part of its `[update]`."""
    update = plain.get("update")
    if not isinstance(update, dict):
        raise SpecError("optimizer", "needs [update] with a learning_rate beside it")
    if "optimizer" in update:
        raise SpecError("optimizer", "stands there as update.optimizer too; give one")
    rest = {key: value for key, value in plain.items() if key != "optimizer"}
    return rest | {"update": update | {"optimizer": plain["optimizer"]}}


def _check_entries(plain: dict[str, Any], *, numbers_as_text: bool) -> Spec:
    kind = plain.get("kind", "network")
    model = KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        shown = spell(kind)
        raise SpecError("kind", f"unknown kind {excerpt(shown)}{nearest(shown, KINDS)}")
    author, plain = plain, dict(plain)
    _missing(plain, NEEDED[model])
    given: dict[str, Any] = {}
    if model is Network:
        _choose_targets(plain)
        listed = plain["layers"]
        kind = choose_kind(plain.get("input"), listed if isinstance(listed, list | tuple) else ())
        if kind != VECTOR:
            given = {key: plain.pop(key) for key in GENERAL if key in plain}
            plain |= dict.fromkeys(given, ())
        samples = {"inputs", "targets", "upstream"} & plain.keys()
        plain |= {key: _as_samples(plain[key]) for key in samples}
    elif model is Perceptron:
        plain |= {"inputs": _as_samples(plain["inputs"]), "targets": _as_rows(plain["targets"])}

    _no_decimal_for_text(plain)

    def typed(wanted: type, value: object) -> object:
        return read_typed(value, numbers_as_text=numbers_as_text) if wanted is Typed else value

    listed = plain.get("layers")
    try:
        layers = tuple(_layers(listed, typed)) if isinstance(listed, list | tuple) else None
        rest = plain if layers is None else plain | {"layers": ()}
        spec: Spec = msgspec.convert(rest, model, dec_hook=typed)
    except msgspec.ValidationError as error:
        raise locate(str(error), author, numbers_as_text=numbers_as_text) from None
    if layers is not None:
        spec = replace(spec, layers=layers)
    if isinstance(spec, Network):
        named = read_functions(spec)
        spec = _read_forms(read_places(named, given, numbers_as_text=numbers_as_text))
    checks.check(spec)
    return complete_spec(spec)


def _choose_targets(plain: dict[str, Any]) -> None:
    """Raise SpecError unless a network has one of the keys that say what its outputs should be."""
    loss = plain.get("loss")
    takes = LOSSES[loss].given if isinstance(loss, str) and loss in LOSSES else TARGETS[0]
    given = [key for key in TARGETS if key in plain]
    if not given:
        _missing(plain, (takes,))
    if len(given) > 1:
        raise SpecError(given[1], f"stands there beside {given[0]}; give one of them")
    if takes != TARGETS[0] and given != [takes]:
        raise SpecError(given[0], f"loss {loss} takes {takes} in its place")
    if given == ["upstream"] and takes != "upstream":
        raise SpecError("upstream", 'needs loss = "upstream"; other losses take targets')


def _read_forms(spec: Network) -> Network:
    """The spec in the one form that all else knows."""
    spec = read_layout(spec)
    if spec.classes is not None:
        checks.check_samples(spec)
        return read_classes(spec)
    return spec if spec.upstream is None else replace(spec, targets=spec.upstream)


def _layers(given: Sequence[object], typed: Callable[[type, object], object]) -> Iterator[Layer]:
    """Each layer by the keys of its type."""
    for index, plain in enumerate(given):
        kind = plain.get("type", DENSE.name) if isinstance(plain, dict) else DENSE.name
        if isinstance(kind, str) and kind not in LAYERS:
            place = f"layers[{index + 1}].type"
            raise SpecError(place, f"unknown type {excerpt(kind)}{nearest(kind, LAYERS)}")
        row = LAYERS[kind] if isinstance(kind, str) else DENSE
        if isinstance(plain, dict) and "formula" in plain:
            place = f"layers[{index + 1}].formula"
            raise SpecError(place, f"unknown key{nearest('formula', keys_of(row))}")
        if row.read is not None and isinstance(plain, dict):
            plain = row.read(plain, f"layers[{index + 1}]")  # noqa: PLW2901  the same in a regular form
        try:
            yield msgspec.convert(plain, row.model, dec_hook=typed)
        except msgspec.ValidationError as error:
            problem, at, path = str(error).partition(" - at `$")
            where = f"{at or ' - at `$'}.layers[{index}]{path or '`'}"
            raise msgspec.ValidationError(problem + where) from None


def _no_decimal_for_text(plain: dict[str, Any]) -> None:
    """A decimal is text to msgspec, since we keep it as typed; it is none to the author."""
    for key in ("title", "language", "loss", "output"):
        if isinstance(plain.get(key), Typed):
            raise SpecError(key, "expected a string, got a decimal")
    for section in ("definitions", "symbols", "functions"):
        table = plain.get(section)
        for name, value in table.items() if isinstance(table, dict) else ():
            if isinstance(value, Typed):
                place = f"{section}.{excerpt(name)}"
                raise SpecError(place, "expected a string, got a decimal")


def _missing(plain: dict[str, Any], keys: tuple[str, ...]) -> None:
    for key in keys:
        if key not in plain:
            typo = nearest(key, [k for k in plain if k not in keys])
            hint = typo if typo.startswith("; did") else "; see: derive new NAME"
            raise SpecError(key, f"is missing{hint}")


def _as_samples(value: object) -> object:
    """One bare sample is a list of one sample."""
    if isinstance(value, list | tuple) and not any(
        isinstance(item, list | tuple) for item in value
    ):
        return [value]
    return value


def _as_rows(value: object) -> object:
    """One number per sample is a row of one number per sample."""
    if not isinstance(value, list | tuple):
        return value
    return [item if isinstance(item, list | tuple) else [item] for item in value]
