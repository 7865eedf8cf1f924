"""Mistakes at layers with places: shared parameters, windows, recurrence, attention, norms."""

from __future__ import annotations

from functools import partial

from derive.algebra import vectors
from derive.algebra.expressions import (
    ONE,
    Add,
    Call,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Pick,
    add,
)
from derive.checking.exercise import Exercise
from derive.checking.misconceptions.row import Misconception, replace_names
from derive.derivation.steps import Step
from derive.graph import Quantity

GATES = (("f", "i"), ("i", "f"), ("o", "f"), ("c", "i"), ("u", "r"), ("r", "u"))
"""Gates whose error signals are taken for one another: the own one, and the other."""
TWO = 2


def find_local(step: Step, exercise: Exercise) -> tuple[Quantity, Quantity] | None:
    """A quantity inside a layer and what it is differentiated by; None for other steps."""
    if step.kind != "local" or exercise.graph.by_units:
        return None
    top = exercise.graph.quantities.get(step.of)
    low = exercise.graph.quantities.get(exercise.graph.source(step.wrt))
    inside = top is not None and low is not None and top.role != "error"
    return (top, low) if inside and top is not None and low is not None else None


def list_routes(step: Step, exercise: Exercise) -> tuple[tuple[Expr, Quantity], ...]:
    """The terms of a sum over the users of a quantity, each with its user."""
    terms = step.expr.terms if step.kind == "routes" and isinstance(step.expr, Add) else ()
    found = []
    for term in terms:
        last = term.factors[-1] if isinstance(term, Mul) else term
        pair = exercise.pair(last.id) if isinstance(last, Name) else None
        user = exercise.graph.quantities.get(pair[0]) if pair else None
        if user is not None and pair is not None and pair[1] == step.wrt:
            found.append((term, user))
    return tuple(found) if len(found) == len(terms) else ()


def keep_own_unit(step: Step, exercise: Exercise) -> Expr | None:
    """Goes back over a recurrence with the diagonal of its matrix alone."""
    low = exercise.graph.quantities.get(step.wrt)
    if low is None or low.place.time is None or exercise.graph.by_units:
        return None
    kept = [
        term
        for term, user in list_routes(step, exercise)
        if user.place.layer != low.place.layer or user.place.index == low.place.index
    ]
    return add(*kept) if kept and add(*kept) != step.expr else None


def hold_statistics(step: Step, exercise: Exercise) -> Expr | None:
    """Takes mean and deviation of a norm for constants."""
    routes = list_routes(step, exercise)
    if not {user.place.letter for _, user in routes} & {"mu", "var", "ms"}:
        return None
    kept = [term for term, user in routes if user.place.letter not in ("mu", "var", "ms")]
    return add(*kept) if kept else None


def divide_by_less(step: Step, exercise: Exercise) -> Expr | None:
    """Divides the sum of squares by n - 1, where the sheet divides by n."""
    base = exercise.graph.split(step.id)[0]
    quantity = exercise.graph.quantities.get(base)
    if quantity is None or quantity.place.letter != "var" or not isinstance(step.expr, Div):
        return None
    squares, below = step.expr.top, step.expr.bottom
    count = len(squares.terms) if isinstance(squares, Add) else 1
    if not isinstance(below, Num) or below.value != count or count < TWO:
        return None
    return Div(step.expr.top, Num(str(int(below.value) - 1)))


def keep_last_use(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the last use of a shared parameter alone."""
    parts = step.expr.terms if isinstance(step.expr, Add) else ()
    shared = all(isinstance(part, Name) and "|" in part.id for part in parts)
    if step.kind != "routes" or len(parts) < TWO or not shared:
        return None
    del exercise
    return parts[-1]


def drop_root(step: Step, exercise: Exercise, *, forward: bool, backward: bool) -> Expr | None:
    """Forgets to divide a score by the root of the width."""
    if not isinstance(step.expr, Div) or not isinstance(step.expr.bottom, Call):
        return None
    local = find_local(step, exercise)
    base = exercise.graph.split(step.id)[0]
    own = exercise.graph.quantities.get(local[0].id if local else base)
    if own is None or own.place.letter != "s" or step.expr.bottom.function != "sqrt":
        return None
    return step.expr.top if (backward if local else forward) else None


def find_turned(name: str, exercise: Exercise) -> str | None:
    """The cell of a kernel that stands where this one does once the kernel is turned."""
    place = exercise.graph[name].place
    cells = {
        q.place.index: q.id
        for q in exercise.graph.quantities.values()
        if q.place.letter == "K" and q.place.layer == place.layer
        and q.place.index[:TWO] == place.index[:TWO]
    }  # fmt: skip
    sizes = [max(axis) for axis in zip(*cells, strict=True)][TWO:]
    behind = (size + 1 - at for size, at in zip(sizes, place.index[TWO:], strict=True))
    turned = cells[(*place.index[:TWO], *behind)]
    return turned if turned != name else None


def leave_unturned(step: Step, exercise: Exercise) -> Expr | None:
    """Hands an error signal back through the kernel as it stands."""
    local = find_local(step, exercise)
    if local is None or local[1].role == "parameter" or not isinstance(step.expr, Name):
        return None
    base, done = exercise.graph.split(step.expr.id)
    if exercise.kind(base) != "parameter" or exercise.graph[base].place.letter != "K":
        return None
    turned = find_turned(base, exercise)
    return None if turned is None else exercise.state(turned, done)


def turn_for_kernel(step: Step, exercise: Exercise) -> Expr | None:
    """Turns the kernel where the derivative by its cells is taken."""
    local = find_local(step, exercise)
    if local is None or local[1].place.letter != "K":
        return None
    turned = find_turned(local[1].id, exercise)
    if turned is None:
        return None
    graph = exercise.graph
    other = exercise.step(graph.after(graph.derivative(step.of, turned), step.updates))
    return None if other is None else other.expr


def hand_to_all(step: Step, exercise: Exercise) -> Expr | None:
    """Hands the error signal of a window to each of its cells in full."""
    local = find_local(step, exercise)
    if local is None or local[0].expr is None or local[1].role == "parameter":
        return None
    pooled = isinstance(local[0].expr, Pick) or exercise.type_of(local[0]).endswith("avg_pool")
    return ONE if pooled and local[0].place.letter in "az" and step.expr != ONE else None


def overwrite(step: Step, exercise: Exercise) -> Expr | None:
    """Of a cell that wins in several windows keeps what the last one hands back."""
    routes = list_routes(step, exercise)
    won = [
        term
        for term, user in routes
        if isinstance(user.expr, Pick)
        and exercise.numbers.shown(exercise.graph.derivative(user.id, step.wrt)).text != "0"
    ]
    return won[-1] if len(won) > 1 and len(won) <= len(routes) else None


def change_dropout(step: Step, exercise: Exercise, what: str) -> Expr | None:
    """Forgets the mask or the division of a dropout, forward or on the way back."""
    local = find_local(step, exercise)
    own = exercise.graph.quantities.get(exercise.graph.split(step.id)[0])
    top = local[0] if local else own
    if top is None or top.expr is None or exercise.type_of(top) != "dropout":
        return None
    mask = next((u for u in top.uses if exercise.kind(u) == "mask"), "")
    if not mask or step.expr is None:
        return None
    share = top.expr.bottom if isinstance(top.expr, Div) else None
    if local is None:
        forward = what == "forward" and isinstance(step.expr, Div)
        return step.expr.top if forward and isinstance(step.expr, Div) else None
    if what == "division":
        return Name(mask) if share is not None else None
    if what == "mask":
        return Div(ONE, share) if share is not None else ONE
    return None


def subtract_from_one(step: Step, exercise: Exercise) -> Expr | None:
    """Hands back 1 minus an error signal through 1 - u."""
    own = exercise.graph.quantities.get(step.wrt)
    if own is None or own.place.letter != "gu" or step.kind != "signal":
        return None
    (user,) = (exercise.graph[u] for u in exercise.graph.consumers[step.wrt])
    signal = exercise.state(exercise.graph.derivative(step.of, user.id), step.updates)
    _, state, candidate = (exercise.state(name, step.updates) for name in user.uses)
    kept = isinstance(user.expr, Add) and user.expr.terms[0] == Mul(
        (Name(step.wrt), Name(user.uses[1]))
    )
    plus, minus = (state, candidate) if kept else (candidate, state)
    return Add((Mul((signal, plus)), Add((ONE, Neg(Mul((signal, minus)))))))


def mix_gates(own: str, other: str, step: Step, exercise: Exercise) -> Expr | None:
    """Takes the error signal of another gate for the parameters of one."""
    low = exercise.graph.quantities.get(exercise.graph.source(step.wrt or ""))
    mixed = low is not None and low.role == "parameter" and low.place.letter.endswith(own)
    if low is None or not mixed or low.place.letter == own or step.kind not in USES:
        return None
    changed: dict[str, Expr] = {}
    for name in step.uses:
        pair = exercise.pair(name)
        top = exercise.graph.quantities.get(pair[1]) if pair else None
        if top is not None and pair is not None and top.place.letter == f"z{own}":
            taken = _find_like(top, f"z{other}", exercise)
            if taken:
                derivative = exercise.graph.derivative(pair[0], taken)
                changed[name] = exercise.state(derivative, step.updates)
    return replace_names(step.expr, changed)


USES = ("route", "gradient", "signal")
"""Kinds of steps that multiply an error signal by a last factor."""


def _find_like(q: Quantity, letter: str, exercise: Exercise, later: int = 0) -> str:
    """The quantity of another letter at the same place, or so many steps later."""
    time = None if q.place.time is None else q.place.time + later
    for other in exercise.graph.quantities.values():
        same = other.place.layer == q.place.layer and other.place.index == q.place.index
        alike = other.place.letter == letter and other.place.time == time
        if same and alike and other.place.sample in (q.place.sample, 0):
            return other.id
    return ""


def take_new_state(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the new state for the old one as last factor of a recurrent weight."""
    local = find_local(step, exercise)
    if local is None or not local[1].place.letter.startswith("U"):
        return None
    used = step.expr.id if isinstance(step.expr, Name) else ""
    state = exercise.graph.quantities.get(exercise.graph.split(used)[0])
    if state is None or state.place.time is None:
        return None
    new = _find_like(state, state.place.letter, exercise, 1)
    return exercise.state(new, step.updates) if new else None


def sum_columns(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the softmax of the scores of a key over the queries."""
    base, done = exercise.graph.split(step.id)
    own = exercise.graph.quantities.get(base)
    if own is None or own.place.letter != "p" or not own.vector or step.kind != "value":
        return None
    head, _, key = own.place.index
    scores = [
        q.id
        for q in exercise.graph.quantities.values()
        if q.place.letter == "s" and q.place.layer == own.place.layer
        and (q.place.index[0], q.place.index[TWO]) == (head, key) and q.sample == own.sample
    ]  # fmt: skip
    names = {name: exercise.state(name, done).id for name in scores}
    total = vectors.sum_exponentials(list(names.values()))
    return vectors.write_output("softmax", exercise.state(own.uses[0], done).id, total)


FAMILY = (
    Misconception("M12", keep_own_unit),
    Misconception("M25", hold_statistics),
    Misconception("M25b", divide_by_less),
    Misconception("M27", keep_last_use),
    Misconception("M28", partial(drop_root, forward=True, backward=False)),
    Misconception("M28", partial(drop_root, forward=False, backward=True)),
    Misconception("M28", partial(drop_root, forward=True, backward=True)),
    Misconception("M30", leave_unturned),
    Misconception("M30", turn_for_kernel),
    Misconception("M31", hand_to_all),
    Misconception("M31", overwrite),
    Misconception("M32", partial(change_dropout, what="division")),
    Misconception("M32", partial(change_dropout, what="mask")),
    Misconception("M32", partial(change_dropout, what="forward")),
    Misconception("M43b", take_new_state),
    Misconception("M54", subtract_from_one),
    *(Misconception("M55", partial(mix_gates, own, other)) for own, other in GATES),
    Misconception("M66", sum_columns),
)
"""Rows of this family in the order of the catalogue."""
