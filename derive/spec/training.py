"""What `[optimizer]` and `[regularisation]` must satisfy, and their defaults."""

from __future__ import annotations

from msgspec.structs import replace

from derive.algebra.literals import Typed
from derive.errors import SpecError, excerpt, nearest, spell
from derive.graph import Spec
from derive.layers import ACTIVATION, DENSE
from derive.ops.optimizers import CONVENTIONS, METHODS, OPTIMIZERS, PLAIN, SETTINGS, Method
from derive.spec.model import Circuit, Network, Optimizer, Regularisation


def optimizer_of(spec: Spec) -> Optimizer | None:
    """What a spec says of its optimizer: a network by itself, a circuit in its update."""
    if isinstance(spec, Circuit):
        return spec.update.optimizer if spec.update else None
    return spec.optimizer if isinstance(spec, Network) else None


def method_of(spec: Spec) -> Method | None:
    """The row of a spec's optimizer; None for plain gradient descent."""
    chosen = optimizer_of(spec)
    if chosen is None or chosen.name == PLAIN:
        return None
    return find_method(chosen)


def find_method(chosen: Optimizer) -> Method:
    """The row of an optimizer by its name and convention."""
    default = next(iter(CONVENTIONS[chosen.name]), "")
    return METHODS[chosen.name, chosen.convention or default]


def check_optimizer(chosen: Optimizer | None, rate: Typed | None, section: str = "") -> None:
    """Raise SpecError for an unknown method, a key it does not have, a number out of range.

    `section` is the table in which optimizer and learning rate stand, such as `update.`.
    """
    if chosen is None:
        return
    place = f"{section}optimizer"
    if chosen.name not in OPTIMIZERS:
        hint = nearest(chosen.name, OPTIMIZERS)
        raise SpecError(f"{place}.name", f"unknown optimizer {excerpt(chosen.name)}{hint}")
    _check_convention(chosen, place)
    row = None if chosen.name == PLAIN else find_method(chosen)
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
                f"{place}.{key}", f"{chosen.name} has no {key}; these have: {', '.join(takers)}"
            )
        if own[key].share and not 0 <= given.exact < 1:
            raise SpecError(f"{place}.{key}", f"expected a number from 0 to below 1, got {given}")
        if given.exact < 0:
            raise SpecError(f"{place}.{key}", f"expected 0 or a number above it, got {given}")
    if row is not None and rate is not None and rate.exact < 0:
        raise SpecError(
            f"{section}learning_rate", f"{chosen.name} takes a rate above 0, got {rate}"
        )


def _check_convention(chosen: Optimizer, place: str) -> None:
    allowed = CONVENTIONS[chosen.name]
    if chosen.convention is None or chosen.convention in allowed:
        return
    if not allowed:
        takers = ", ".join(name for name, conventions in CONVENTIONS.items() if conventions)
        problem = f"{chosen.name} has one form only; these have a convention: {takers}"
        raise SpecError(f"{place}.convention", problem)
    hint = nearest(chosen.convention, allowed)
    raise SpecError(
        f"{place}.convention", f"unknown convention {excerpt(chosen.convention)}{hint}"
    )


def check_matrices(spec: Network) -> None:
    """Raise SpecError where matrices would have to show what they do not show yet."""
    plain = spec.optimizer is None or spec.optimizer.name == PLAIN
    tables: dict[str, bool] = {
        "optimizer": not plain,
        "regularisation": spec.regularisation is not None,
        "batch_size": spec.batch_size not in (None, len(spec.inputs)),
        "functions": spec.functions is not None,
        "input_derivatives": bool(spec.input_derivatives),
    }
    others = dict.fromkeys(layer.type for layer in spec.layers if layer.type != DENSE.name)
    for name in others:
        tables["layers without weights" if name == ACTIVATION.name else f"{name} layers"] = True
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


def complete_spec(spec: Spec) -> Spec:
    """The same spec with the defaults of its optimizer.

    Plain gradient descent has no table, and a batch of all samples no size.
    """
    if isinstance(spec, Circuit) and spec.update is not None:
        chosen = complete_optimizer(spec.update.optimizer)
        return replace(spec, update=replace(spec.update, optimizer=chosen))
    if not isinstance(spec, Network):
        return spec
    if spec.batch_size == len(spec.inputs):
        spec = replace(spec, batch_size=None)
    return replace(spec, optimizer=complete_optimizer(spec.optimizer))


def complete_optimizer(chosen: Optimizer | None) -> Optimizer | None:
    """An optimizer with its default settings; None for plain gradient descent."""
    if chosen is None or chosen.name == PLAIN:
        return None
    row = find_method(chosen)
    given = {
        setting.key: getattr(chosen, setting.key) or Typed(setting.default)
        for setting in row.settings
    }
    return replace(chosen, convention=row.convention or None, **given)
