"""The chain rule in reverse, for any graph: dE/du is the sum over every use of u.

`Chain` says which derivative follows from which: a part is the derivative by
the user times that user's local slope, `dE/dv * dv/du`, and there is one for
each user v. What a teacher adds rewrites the parts:

- an error that the root only sums is not differentiated by: its slope by an
  output is that of the root;
- a parameter with one use has three factors, error by activation, slope, last
  factor; behind a softmax, where each activation depends on every
  pre-activation, it is error signal times last factor;
- in front of the outputs the parts of a hidden unit have names of their own,
  `dE_o1/dh1` (the deck, "역전파");
- the derivative of a sum of errors, over samples or with a penalty, is the sum
  of theirs;
- where a parameter is used at several places, the part through each use has an id,
  `dE_total/dU1|t2`, and the derivative is their sum.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from derive.algebra import vectors
from derive.algebra.expressions import ONE, ZERO, Add, Div, Expr, Mul, Name, add, names, rename
from derive.algebra.lemmas import slope
from derive.algebra.vectors import Units
from derive.derivation.local import LocalSlopes, keep_terms_with
from derive.derivation.steps import Step, StepKind
from derive.graph import Graph, Quantity
from derive.naming import DIRECT, PENALTY, Role, name_use, split_use

FREE: tuple[Role, ...] = ("parameter", "value")
"""Roles of given numbers that the root is differentiated by."""
INNER = ("preactivation", "activation", "inner", "definition")
ERRORS = ("error", "penalty")
THREE = ("W", "b")
"""Letters of the parameters of a dense layer, whose gradients have three factors."""


class Edge(msgspec.Struct, frozen=True):
    """One use of a quantity in a formula: `o1` uses `z3`, with the slope `do1/dz3`."""

    user: str
    used: str
    slope: Expr


class Chain:
    """The derivatives of a graph, one pair such as (`E_total`, `W5`) at a time."""

    def __init__(self, graph: Graph) -> None:
        """Keep the graph; everything else is derived when asked for."""
        self.graph = graph
        self._slopes = LocalSlopes()
        self._reaching: dict[str, frozenset[str]] = {}
        self._users: dict[str, tuple[str, ...]] = {}
        self._uses: dict[tuple[str, str], dict[str, str]] = {}
        self._shares: dict[str, dict[str, tuple[Expr, ...]]] = {}
        self._sums = {graph.data, graph.total, PENALTY}
        self._sums |= {name for batch in graph.batches for name in (batch.data, batch.objective)}

    def derive(self, of: str, wrt: str) -> Step | None:
        """The step of the derivative of `of` by `wrt`; None if the exercise has none."""
        name, use = split_use(wrt)
        top, low = self.graph.quantities.get(of), self.graph.quantities.get(name)
        if top is None or low is None or not self.is_differentiated(low):
            return None
        if use and wrt != name + DIRECT:
            return self._derive_use(top, low, use)
        if use:
            both = of in self.graph.roots and name in top.uses and self.list_through(of, name)
            return self._derive_local(top, name, wrt) if both else None
        if of in self.graph.roots:
            belongs = low.role in FREE or self._belongs(low, top)
            return self._derive_root(top, low) if belongs else None
        if top.role in ERRORS:
            return self._derive_sum(top, low) if top.id in self._sums else None
        if top.role == "unit_error":
            return self._derive_route(top, low)
        return self._derive_local(top, name, name) if name in top.uses else None

    def is_differentiated(self, low: Quantity) -> bool:
        """Whether errors are differentiated by a quantity: by inputs only where that is asked."""
        asked = low.role == "input" and self.graph.input_derivatives
        return asked or low.role in (*FREE, *INNER)

    def read(self, name: str) -> Step | None:
        """The step of an id; None if the exercise has no such derivative."""
        pair = self.graph.parts(name)
        return None if pair is None else self.derive(*pair)

    def list_edges(self, root: str) -> Iterator[Edge]:
        """Every use on the way back from a root: a quantity's own uses come before its inputs'.

        Errors that the root only sums are left out, as they are in the steps.
        """
        for user in reversed(self.graph.quantities.values()):
            merged = user.id in self.share_errors(root) or self._is_step_error(user, root)
            if merged or not self._reaches(root, user.id):
                continue
            if user.id == root and self.share_errors(root):
                yield from self._list_sum_edges(user)
                continue
            for used in user.uses:
                if self.graph[used].role in (*FREE, *INNER) and used not in user.held:
                    yield Edge(user.id, used, self._write_slope(user, used))

    def _list_sum_edges(self, root: Quantity) -> Iterator[Edge]:
        for error in self.share_errors(root.id):
            for used in self.graph[error].uses:
                if self.graph[used].role in INNER:
                    yield Edge(root.id, used, self._write_name(root.id, used))

    def _write_slope(self, user: Quantity, used: str) -> Expr:
        """Of a pre-activation the formula; of anything else the id, to be computed once."""
        if user.role == "preactivation":
            return self._slopes.slope(user, used)
        direct = user.id in self.graph.roots
        if direct and self.list_through(user.id, used):
            return Name(self.graph.direct(user.id, used))
        return self._write_name(user.id, used)

    def _reaches(self, root: str, name: str) -> bool:
        """Whether the root depends on a quantity; in layers it does on all of its own sample."""
        if not self.graph.blocks:
            return name in self._collect_reaching(root)
        quantity = self.graph[name]
        passed = quantity.role in (*INNER, "unit_error")
        return name == root or (passed and self._belongs(quantity, self.graph[root]))

    def _belongs(self, low: Quantity, root: Quantity) -> bool:
        """Whether a quantity is one of the root's sample; a root of all samples has all."""
        return not root.sample or low.sample in (root.sample, 0)

    def _collect_reaching(self, root: str) -> frozenset[str]:
        """Everything that the root depends on, itself included."""
        known = self._reaching.get(root)
        if known is None:
            reaching, waiting = {root}, [root]
            while waiting:
                fresh = [u for u in self.graph[waiting.pop()].uses if u not in reaching]
                reaching.update(fresh)
                waiting.extend(fresh)
            known = self._reaching[root] = frozenset(reaching)
        return known

    def list_users(self, root: str, name: str) -> tuple[str, ...]:
        """The quantities that use one and that the root depends on, in order."""
        users = self.graph.consumers.get(name, ())
        return tuple(c for c in users if self._reaches(root, c) and name not in self.graph[c].held)

    def is_passed(self, root: str, q: Quantity) -> bool:
        """Whether the way back from a root passes a quantity inside a layer."""
        return q.role in INNER and self._reaches(root, q.id)

    def list_inner_users(self, root: str, name: str) -> tuple[str, ...]:
        """The users of a quantity inside the layers: without the error."""
        return tuple(u for u in self.list_users(root, name) if self.graph[u].role in INNER)

    def name_use(self, root: str, parameter: str, user: str) -> str:
        """The place of one use of a parameter; empty where it has one use alone."""
        coupled = not self.graph[root].sample
        if not self.list_uses(root, parameter):
            return ""
        return name_use(self.graph[user].place, with_sample=coupled)

    def list_uses(self, root: str, name: str) -> dict[str, str]:
        """The users of a parameter by their places; none where these do not tell them apart."""
        known = self._uses.get((root, name))
        if known is None:
            users = self.list_users(root, name)
            coupled = not self.graph[root].sample
            places = {
                name_use(self.graph[user].place, with_sample=coupled): user for user in users
            }
            apart = len(places) == len(users) > 1 and "" not in places
            shared = apart and self.graph[name].role == "parameter"
            known = self._uses[root, name] = places if shared else {}
        return known

    def list_receivers(self, a: str) -> tuple[str, ...]:
        """The pre-activations that use an activation; none for an output."""
        known = self._users.get(a)
        if known is None:
            users = self.graph.consumers.get(a, ())
            known = tuple(c for c in users if self.graph[c].role == "preactivation")
            self._users[a] = known
        return known

    def is_vector(self, a: str) -> bool:
        """Whether an activation depends on all pre-activations of its layer."""
        return bool(self.graph[a].vector)

    def find_error_behind(self, z: str) -> str | None:
        """The error of one output, `E_o1`, right above `z`, where it has routes of its own."""
        if not self.graph.output_routes:
            return None
        users = self.graph.consumers[z]
        above = self.graph.consumers[users[0]][0]
        return above if len(users) == 1 and self.graph[above].role == "unit_error" else None

    def is_penalised(self, name: str) -> bool:
        """Whether a parameter stands in the penalty: weights do, biases do not."""
        return PENALTY in self.graph.consumers.get(name, ())

    def _choose_formula(self, top: Quantity, wrt: str) -> Expr:
        """The formula that is differentiated by `wrt`: of a penalty only the terms with it."""
        assert top.expr is not None
        return keep_terms_with(top.expr, wrt) if top.role == "penalty" else top.expr

    def choose_units(self, top: Quantity, wrt: str) -> Units:
        """The two units of an entry of a softmax's Jacobian: that of `top`, and that of `wrt`.

        A name stands for the sum of the exponentials.
        """
        other = self.graph.activation_of(wrt)
        total = Name(vectors.SUM)
        return Units(Name(top.uses[0]), Name(top.id), Name(wrt), Name(other), total)

    def share_errors(self, root: str) -> dict[str, tuple[Expr, ...]]:
        """The errors of outputs that a root only adds up, each with the factors before it.

        They are none but the share of a sample or a step in a mean; nothing where the
        root is no sum of errors.
        """
        known = self._shares.get(root)
        if known is None:
            known = self._shares[root] = dict(self._list_shares(self.graph[root], ()))
        return known

    def _list_shares(
        self, error: Quantity, factors: tuple[Expr, ...]
    ) -> Iterator[tuple[str, tuple[Expr, ...]]]:
        mean = error.expr.factors[0] if isinstance(error.expr, Mul) else None
        before = (*factors, mean) if isinstance(mean, Div) else factors
        for used in error.uses:
            if self.graph[used].role == "unit_error":
                yield used, before
            elif self.graph[used].role == "error":
                yield from self._list_shares(self.graph[used], before)

    def _is_step_error(self, user: Quantity, root: str) -> bool:
        """Whether a quantity is an error between the root and the errors of outputs."""
        return user.role == "error" and user.id != root and bool(self.share_errors(root))

    def list_through(self, root: str, name: str) -> list[str]:
        """The users, other than the root, over which a quantity reaches it."""
        return [user for user in self.list_users(root, name) if user != root]

    def _write_name(self, of: str, wrt: str) -> Name:
        return Name(self.graph.derivative(of, wrt))

    def _make_step(self, kind: StepKind, of: str, wrt: str, expr: Expr) -> Step:
        return Step(self.graph.derivative(of, wrt), kind, "backward", expr, of, wrt)

    def _derive_use(self, root: Quantity, low: Quantity, use: str) -> Step | None:
        """The part of a derivative by a parameter that comes through one of its uses."""
        user = self.list_uses(root.id, low.id).get(use) if root.id in self.graph.roots else None
        if user is None:
            return None
        part = Mul((self._write_name(root.id, user), self._write_name(user, low.id)))
        return self._make_step("route", root.id, self.graph.use(low.id, use), part)

    def _derive_local(self, top: Quantity, wrt: str, shown: str) -> Step:
        if top.vector:
            expr = vectors.take_slope(top.vector, self.choose_units(top, wrt))
        elif top.role == "penalty":
            expr = slope(self._choose_formula(top, wrt), wrt)
        else:
            expr = self._slopes.slope(top, wrt)
        return self._make_step("local", top.id, shown, expr)

    def _derive_root(self, root: Quantity, low: Quantity) -> Step:
        """The step of the root by a quantity: the sum over all uses of the quantity."""
        if low.id == root.id:
            return self._make_step("unit", root.id, low.id, ONE)
        users = self.list_users(root.id, low.id)
        if not users:
            return self._make_step("none", root.id, low.id, ZERO)
        if len(users) == 1 and self._adds_up(root, users[0]):
            local = self._derive_local(self.graph[users[0]], low.id, low.id)
            factors = self.share_errors(root.id).get(users[0], ())
            expr = local.expr or ONE
            share = Mul((*factors, expr)) if factors else expr
            return self._make_step("local", root.id, low.id, share)
        uses = self.list_uses(root.id, low.id)
        if uses:
            through = (self._write_name(root.id, self.graph.use(low.id, use)) for use in uses)
            return self._make_step("routes", root.id, low.id, add(*through))
        parts = [self._write_part(root, user, low, alone=len(users) == 1) for user in users]
        parts.sort(key=lambda part: isinstance(part, Name) and part.id.endswith(DIRECT))
        return self._make_step(self._choose_kind(low, len(parts)), root.id, low.id, add(*parts))

    def _adds_up(self, root: Quantity, user: str) -> bool:
        """Whether a user is the root, or an error that the root only sums."""
        return user in self.share_errors(root.id) or user == root.id

    def _choose_kind(self, low: Quantity, parts: int) -> StepKind:
        """The kind of a step with a sum: by the role, in a circuit by the number of routes."""
        if low.role == "preactivation":
            return "signal"
        if low.role in ("activation", "input") or (low.role == "inner" and parts > 1):
            return "routes"
        if low.role == "inner":
            return "signal"
        if self.graph.blocks and parts == 1:
            return "gradient"
        return "routes" if parts > 1 else "signal"

    def _write_part(self, root: Quantity, user: str, low: Quantity, *, alone: bool) -> Expr:
        """The part of one use: the derivative by the user times the slope, or its own id."""
        if user == root.id:
            return Name(self.graph.direct(user, low.id))
        if self._adds_up(root, user):
            return self._write_name(user, low.id)
        if low.role == "activation":
            error = (
                self.find_error_behind(user) if self.graph[user].role == "preactivation" else None
            )
            if error is not None:
                return self._write_name(error, low.id)
        plain = low.role == "parameter" and low.place.letter in THREE and alone
        signal = self._write_signal(root.id, user) if plain else ()
        factors = signal or (self._write_name(root.id, user),)
        return Mul((*factors, self._write_name(user, low.id)))

    def _write_signal(self, root: str, z: str) -> tuple[Name, ...]:
        """The two factors of `dE/dz1`, `dE/dh1 * dh1/dz1`; none behind a softmax."""
        users = self.graph.consumers[z]
        if self.graph[z].role != "preactivation" or len(users) > 1:
            return ()
        return self._write_name(root, users[0]), self._write_name(users[0], z)

    def _derive_route(self, error: Quantity, low: Quantity) -> Step | None:
        """The part of one output, `dE_o1/dh1`: its error signal passed back over the weight."""
        if low.role not in INNER or low.sample != error.sample:
            return None
        root = self.graph.root_of(error.sample)
        if low.id in error.uses:
            several = len(self.list_users(root, low.id)) > 1
            return self._derive_local(error, low.id, low.id) if several else None
        for z in (z for output in error.uses for z in self.graph[output].uses):
            receives = self.graph[z].role == "preactivation" and low.id in self.graph[z].uses
            if receives and self.find_error_behind(z) == error.id:
                chain = Mul((self._write_name(root, z), self._write_name(z, low.id)))
                return self._make_step("route", error.id, low.id, chain)
        return None

    def _derive_sum(self, top: Quantity, low: Quantity) -> Step | None:
        """The derivative by a parameter of a sum over samples, a penalty, or both together."""
        if low.role != "parameter":
            return None
        if top.role == "penalty":
            return self._derive_local(top, low.id, low.id) if self.is_penalised(low.id) else None
        assert top.expr is not None
        penalised = PENALTY in top.uses
        expr = top.expr
        if penalised and not self.is_penalised(low.id):
            assert isinstance(expr, Add)
            expr = add(*(term for term in expr.terms if names(term) != (PENALTY,)))
        kind: StepKind = "regularised" if penalised else "reduction"
        derived = rename(expr, lambda name: self.graph.derivative(name, low.id))
        return self._make_step(kind, top.id, low.id, derived)
