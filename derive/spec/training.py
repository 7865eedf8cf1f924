"""What `[optimizer]` and `[regularisation]` must satisfy, and their defaults."""

from __future__ import annotations

from msgspec.structs import replace

from derive.algebra.literals import Typed
from derive.errors import SpecError, excerpt, nearest, spell
from derive.layers import DENSE
from derive.ops.optimizers import CONVENTIONS, METHODS, OPTIMIZERS, PLAIN, SETTINGS, Method
from derive.spec.model import Network, Optimizer, Regularisation


def method_of(spec: Network) -> Method | None:
    """The row of a spec's optimizer; None for plain gradient descent."""
    chosen = spec.optimizer
    if chosen is None:
        return None
    default = next(iter(CONVENTIONS[chosen.name]), "")
    return METHODS[chosen.name, chosen.convention or default]


def check_optimizer(spec: Network) -> None:
    """Raise SpecError for an unknown method, a key it does not have, a number out of range."""
    chosen = spec.optimizer
    if chosen is None:
        return
    if chosen.name not in OPTIMIZERS:
        hint = nearest(chosen.name, OPTIMIZERS)
        raise SpecError("optimizer.name", f"unknown optimizer {excerpt(chosen.name)}{hint}")
    _check_convention(chosen)
    row = None if chosen.name == PLAIN else method_of(spec)
    own = {setting.key: setting for setting in row.settings} if row else {}
    for key in SETTINGS:
        given = getattr(chosen, key)
        if given is None:
            continue
        if key not in own:
            takers = dict.fromkeys(
                name
                for (name, _), other in METHODS.items()
                if any(setting.key == key for setting in other.settings)
            )
            raise SpecError(
                f"optimizer.{key}", f"{chosen.name} has no {key}; these have: {', '.join(takers)}"
            )
        if own[key].share and not 0 <= given.exact < 1:
            raise SpecError(
                f"optimizer.{key}", f"expected a number from 0 to below 1, got {given}"
            )
        if given.exact < 0:
            raise SpecError(f"optimizer.{key}", f"expected 0 or a number above it, got {given}")
    rate = spec.learning_rate
    if row is not None and rate is not None and rate.exact < 0:
        raise SpecError("learning_rate", f"{chosen.name} takes a rate above 0, got {rate}")


def _check_convention(chosen: Optimizer) -> None:
    allowed = CONVENTIONS[chosen.name]
    if chosen.convention is None or chosen.convention in allowed:
        return
    if not allowed:
        takers = ", ".join(name for name, conventions in CONVENTIONS.items() if conventions)
        problem = f"{chosen.name} has one form only; these have a convention: {takers}"
        raise SpecError("optimizer.convention", problem)
    hint = nearest(chosen.convention, allowed)
    raise SpecError(
        "optimizer.convention", f"unknown convention {excerpt(chosen.convention)}{hint}"
    )


def check_matrices(spec: Network) -> None:
    """Raise SpecError where matrices would have to show what they do not show yet."""
    plain = spec.optimizer is None or spec.optimizer.name == PLAIN
    tables = {
        "optimizer": not plain,
        "regularisation": spec.regularisation is not None,
        "batch_size": spec.batch_size not in (None, len(spec.inputs)),
        "input_derivatives": bool(spec.input_derivatives),
        "layers without weights": any(layer.type != DENSE.name for layer in spec.layers),
    }
    for key, given in tables.items():
        if given and spec.notation == "matrix":
            raise SpecError(
                "notation",
                "matrix shows plain gradient descent of dense layers only, "
                f"not {key}; take indexed",
            )


def check_batches(spec: Network) -> None:
    """Raise SpecError for a batch of no sample, or of more than there are."""
    size, count = spec.batch_size, len(spec.inputs)
    if size is not None and not 1 <= size <= count:
        shown = excerpt(spell(size), 32)
        raise SpecError("batch_size", f"expected 1 to {count}, as many as samples, got {shown}")


def check_regularisation(given: Regularisation | None) -> None:
    """Raise SpecError where nothing is given, or a factor that is not above 0."""
    if given is None:
        return
    if given.l2 is None and given.l1 is None:
        raise SpecError("regularisation", "an empty table; give l2, l1 or both")
    for key in ("l2", "l1"):
        factor = getattr(given, key)
        if factor is not None and factor.exact <= 0:
            raise SpecError(f"regularisation.{key}", f"expected a number above 0, got {factor}")


def complete_spec(spec: Network) -> Network:
    """The same spec with the defaults of its optimizer.

    Plain gradient descent has no table, and a batch of all samples no size.
    """
    if spec.batch_size == len(spec.inputs):
        spec = replace(spec, batch_size=None)
    chosen = spec.optimizer
    if chosen is None:
        return spec
    if chosen.name == PLAIN:
        return replace(spec, optimizer=None)
    row = method_of(spec)
    assert row is not None
    given = {
        setting.key: getattr(chosen, setting.key) or Typed(setting.default)
        for setting in row.settings
    }
    return replace(spec, optimizer=replace(chosen, convention=row.convention or None, **given))
