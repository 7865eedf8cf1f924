"""Workings of students with labels: all true, or with one slip at a known place.

Nothing here knows the command that is judged with them: values come from plain decimals,
and every label is computed from what each side of a sign may stand for.
"""

# ruff: noqa: RUF001  signs that people type are what is written here
# ruff: noqa: S105  a token of a plan is no secret

from collections.abc import Iterator
from decimal import Decimal
from itertools import cycle, pairwise, zip_longest
from random import Random
from typing import NamedTuple

from planted_exercises import (
    EXERCISES,
    NETS,
    NEURON,
    TWO,
    Exercise,
    Span,
    compute,
    names_in,
    values_of,
)
from planted_pages import JOINTS, Chain, set_page
from planted_slips import Slip, list_slips
from planted_writing import (
    Look,
    Piece,
    as_result,
    in_both,
    in_names,
    in_numbers,
    is_short,
    shorten,
    write_name,
)

Env = dict[str, Decimal]


class Expected(NamedTuple):
    """What a marker should say of one chain."""

    line: int
    status: str
    false_at: int | None
    id: str | None
    rules: frozenset[str]


class Labelled(NamedTuple):
    """One working and its labels."""

    name: str
    spec: str
    text: str
    kind: str
    chains: tuple[Expected, ...]


class Claim(NamedTuple):
    """What a chain is about and how its pieces go; see `Slip` for plans."""

    id: str
    right: str
    second: str
    plan: str
    wrong: str = ""
    value: Decimal | None = None
    head: str = ""


class Draft(NamedTuple):
    """A chain before it has its line."""

    chain: Chain
    pieces: tuple[Piece, ...]
    status: str
    id: str | None
    false_at: int | None = None
    rules: frozenset[str] = frozenset()


KEYS = (
    Look(),
    Look(times=" * ", energy="E_total"),
    Look(times=" x ", digits=6, result=6, layout="rows"),
    Look(times=" × ", digits=5, result=5, bare=True),
    Look(times="·", digits=7, result=7, layout="trailing"),
    Look(times=" * ", digits=6, result=5, about="≈", close=True),
    Look(times=" * ", digits=6, result=6, comma=True),
    Look(times=" * ", digits=8, result=6, layout="bullets", energy="E_total"),
    Look(times="*", digits=5, result=5, layout="numbers", about="≈"),
    Look(times=" * ", digits=8, result=8, layout="english"),
    Look(times=" × ", digits=6, result=6, layout="korean"),
    Look(times=" * ", digits=7, result=7, layout="bold", energy="E_total"),
    Look(times="*", digits=6, result=6, layout="all bold", cut=True),
    Look(times="*", digits=6, result=6, layout="semicolon"),
    Look(times=" * ", digits=6, result=6, layout="typed arrow"),
    Look(times=" × ", digits=5, result=5, layout="arrow", bare=True),
    Look(times="*", digits=6, result=6, early=True, layout="rows"),
    Look(times=" × ", digits=8, result=8, comma=True, layout="korean"),
)
TEX = (
    Look("tex", r" \times ", energy="E_total", layout="dollars"),
    Look("tex", r" \times ", 6, 6, energy="E_total", layout="aligned"),
    Look("tex", r" \cdot ", 6, 6, layout="aligned line", about=r"\approx"),
    Look("tex", r" \cdot ", 7, 7, energy="E_total", layout="dollar", close=True),
    Look("tex", r" \times ", 5, 5, layout="displayed", rate="η"),
    Look("tex", r" \times ", 8, 6, layout="line", energy="E_total"),
    Look("tex", r" \times ", 6, 6, layout="tex korean", about=r"\approx"),
    Look("tex", r" \cdot ", 6, 6, layout="tex english", close=True, rate="η"),
    Look("tex", r" \times ", 6, 6, layout="tex arrow", energy="E_total"),
    Look("tex", r" \times ", 6, 6, layout="system", about=r"\approx"),
)
UNICODE = (
    Look("uni", " × ", rate="η"),
    Look("uni", " · ", 6, 6, about="≈"),
    Look("uni", "·", 6, 6, layout="rows", close=True),
    Look("uni", " × ", 6, 6, layout="korean", about="≈"),
    Look("uni", " × ", 7, 7, layout="bullets", energy="E_total"),
    Look("uni", " · ", 5, 5, layout="english", bare=True),
    Look("uni", " × ", 6, 6, layout="arrow", comma=True),
)
LOOKS = tuple(
    look for trio in zip(cycle(TEX), KEYS, cycle(UNICODE), strict=False) for look in trio
)
ROUGH = (
    Look(times="*", digits=4, result=4),
    Look(times=" × ", digits=4, result=4, early=True, layout="korean", about="≈"),
    Look("tex", r" \times ", 4, 4, early=True, layout="dollars", about=r"\approx"),
    Look("uni", " × ", 5, 4, layout="rows", about="≈"),
    Look(times=" * ", digits=5, result=5, cut=True, layout="bullets"),
    Look("uni", "·", 4, 4, early=True, layout="english", about="≈"),
    Look("tex", r" \cdot ", 5, 5, early=True, layout="aligned", energy="E_total"),
    Look(times=" x ", digits=4, result=4, early=True, cut=True, layout="rows"),
)
"""Hands that round early, or cut: only for true workings."""

PLANS = (
    "Rrt", "Rt", "R", "RQ", "RQqt", "rt", "Rmt", "t", "Qqt", "QRrt", "Rr", "-rt", "Qt", "Rrts",
)  # fmt: skip
UNMARKED = ("line", "rows", "trailing", "dollars", "dollar", "displayed", "aligned line")
"""Layouts in which nothing stands before a chain that could be read as part of a number."""


def from_seed(*seeds: object) -> Random:
    """Reproducible choices."""
    return Random(" ".join(map(str, seeds)))  # noqa: S311  no secret


def suit(look: Look, exercise: Exercise) -> Look:
    """A hand that does not take the sign for the name x."""
    if exercise in NETS or exercise is NEURON or look.script != "keys":
        return look
    return look._replace(close=False, times=" * " if look.times == " x " else look.times)


def head_piece(claim: Claim, look: Look, env: Env) -> Piece:
    """The name that a chain is about."""
    text = claim.head or write_name(claim.id, look)
    return Piece(text, Span(env[claim.id], env[claim.id]))


def keep_some(formula: str) -> set[str]:
    """Every second name, and never the learning rate."""
    return set(sorted(names_in(formula))[::2]) - {"learning_rate"}


def make_piece(token: str, claim: Claim, look: Look, env: Env) -> Piece:
    """One piece of a plan."""
    formula = {"q": claim.second, "w": claim.wrong}.get(token.lower(), claim.right)
    if token in "RQW":
        return in_names(formula, look, env)
    if token in "rqw":
        return in_numbers(formula, look, env)
    if token == "m":
        return in_both(formula, look, env, keep_some(formula))
    return as_result(result_of(token, claim, env), look if token != "s" else shorter(look))


def shorter(look: Look) -> Look:
    """The same hand with two digits less."""
    return look._replace(result=look.result - 2)


def result_of(token: str, claim: Claim, env: Env) -> Decimal:
    """The number at the end of a chain."""
    if token != "f":
        return compute(claim.right, env)
    return compute(claim.wrong, env) if claim.value is None else claim.value


def make_pieces(claim: Claim, look: Look, env: Env) -> list[Piece]:
    """All pieces of a plan; an early rounder goes on with the numbers that stand there."""
    headless = claim.plan.startswith("-")
    pieces = [] if headless else [head_piece(claim, look, env)]
    for token in claim.plan.lstrip("-"):
        piece = make_piece(token, claim, look, env)
        if token == "t" and pieces and pieces[-1].typed and (look.early or headless):
            piece = as_result(shorten(pieces[-1].early, look.result, cut=look.cut), look)
            span = piece.span
            unit = Decimal(1).scaleb(-look.result)
            piece = piece._replace(span=Span(span.low - unit, span.high + unit))
        pieces.append(piece)
    return pieces


def drop_repeated(pieces: list[Piece]) -> list[Piece]:
    """No piece twice in a row."""
    return pieces[:1] + [b for a, b in pairwise(pieces) if a.text != b.text]


def holds(left: Piece, right: Piece) -> bool:
    """Whether both sides may stand for the same number."""
    slack = Decimal("1e-12")
    return left.span.low <= right.span.high + slack and right.span.low <= left.span.high + slack


def gap(left: Piece, right: Piece) -> Decimal:
    """How far apart two sides are at least."""
    return max(left.span.low - right.span.high, right.span.low - left.span.high)


def is_clear(left: Piece, right: Piece, look: Look) -> bool:
    """Whether no rounding explains how far apart two sides are."""
    apart, size = gap(left, right), max(abs(end) for end in (*left.span, *right.span))
    unit = Decimal(1).scaleb(-min(look.digits, look.result))
    if not left.typed and not right.typed:
        return apart > size / 200
    return (apart > size / 50 and apart > 4 * unit) or apart > 50 * unit


def choose_signs(pieces: list[Piece], look: Look, claim: Claim) -> tuple[str, ...]:
    """An equals sign, before a long number perhaps the other one."""
    signs = []
    for piece in pieces[1:]:
        rounded = piece.typed and piece.span.low != piece.span.high
        signs.append(look.about if rounded else "=")
    named = claim.id.endswith("+") and not claim.plan.startswith("-")
    if named and look.script == "keys" and look.digits == 7:
        signs[0] = ":="
    return tuple(signs)


def draft_true(claim: Claim, look: Look, env: Env, truth: Env) -> Draft | None:
    """A chain in which every sign holds; nothing if rounding leaves that open."""
    pieces = drop_repeated(make_pieces(claim, look, env))
    if len(pieces) < 2 or not all(holds(a, b) for a, b in pairwise(pieces)):
        return None
    name = claim.id if not claim.plan.startswith("-") and claim.id in truth else None
    status = "true" if surely_true(claim, pieces, look, env) else "ok"
    chain = Chain(tuple(p.text for p in pieces), choose_signs(pieces, look, claim))
    return Draft(chain, tuple(pieces), status, name)


def surely_true(claim: Claim, pieces: list[Piece], look: Look, env: Env) -> bool:
    """Whether each number is the sheet's, and also what a calculator gives from those before."""
    if "m" in claim.plan or look.cut or claim.plan.endswith("s"):
        return not any(piece.typed for piece in pieces)
    if not pieces[-1].typed or not pieces[-2].typed:
        return True
    final = compute(claim.right, env)
    places = look.result
    shown = {shorten(pieces[-2].early, places), shorten(pieces[-2].early, places, cut=True)}
    return shorten(final, places) in shown


def draft_false(slip: Slip, plan: str, look: Look, env: Env) -> Draft | None:
    """A chain with the slip in it; nothing if it would not be clear."""
    claim = Claim(slip.id, slip.right, slip.second, plan, slip.wrong, wrong_value(slip, look))
    pieces = make_pieces(claim, look, env)
    tokens = plan.lstrip("-") if plan.startswith("-") else "h" + plan
    at = next(i for i, token in enumerate(tokens) if token in "Wwf")
    if at == 0 or any(a.text == b.text for a, b in pairwise(pieces)):
        return None
    before = pairwise(pieces[:at])
    if not all(holds(a, b) for a, b in before) or not is_clear(pieces[at - 1], pieces[at], look):
        return None
    chain = Chain(tuple(p.text for p in pieces), choose_signs(pieces, look, claim))
    name = None if plan.startswith("-") else slip.id
    return Draft(chain, tuple(pieces), "false", name, at, name_rules(slip, tokens, at))


def name_rules(slip: Slip, tokens: str, at: int) -> frozenset[str]:
    """The labels of a slip, and those that the place of the wrong piece makes fair, too."""
    rules = set(slip.rules)
    if tokens[at] == "f" or "h" not in tokens:
        rules.add("arithmetic")
    if tokens[at] == "w" and "name" in rules:
        rules.add("number")
    return frozenset(rules)


def wrong_value(slip: Slip, look: Look) -> Decimal | None:
    """The wrong number to write; a slip of the digits is one of the digits that are written."""
    if slip.value is None or is_short(slip.value, look.result):
        return slip.value
    return shorten(slip.value, look.result)


def draw_true(name: str, exercise: Exercise, look: Look, env: Env, draw: Random) -> Draft | None:
    """A true chain about an id, in one of its ways."""
    ways = exercise.ways[name]
    right = draw.choice(ways)
    second = draw.choice([way for way in ways if way != right] or [right])
    plans = [p for p in PLANS if look.layout in UNMARKED or not p.startswith("-")]
    claim = Claim(name, right, second, draw.choice(plans))
    return draft_true(claim, look, env, env)


def list_needed(exercise: Exercise, right: str) -> list[str]:
    """The ids in a formula that have formulas themselves."""
    return sorted(name for name in names_in(right) if name in exercise.ways)


def list_dependents(exercise: Exercise, wrong: str) -> set[str]:
    """All ids that a wrong one reaches, whichever way they are computed."""
    reached = {wrong}
    for name, ways in exercise.ways.items():
        if any(names_in(way) & reached for way in ways):
            reached.add(name)
    return reached


def carry(slip: Slip, look: Look, env: Env, draw: Random) -> list[Draft]:
    """Chains that go on with the wrong result, and do so rightly."""
    wrong = wrong_value(slip, look)
    mistaken = env | {slip.id: compute(slip.wrong, env) if wrong is None else wrong}
    written, drafts = {slip.id}, []
    for name, ways in slip.exercise.ways.items():
        right = next((way for way in ways if names_in(way) & written), None)
        if right is None or name in written or draw.random() < 0.4:
            continue
        mistaken[name] = compute(right, mistaken)
        claim = Claim(name, right, right, draw.choice(("Rrt", "Rrt", "rt", "Rt")))
        draft = draft_true(claim, look, mistaken, env)
        if draft is None or not is_clear(draft.pieces[-1], head_piece(claim, look, env), look):
            mistaken[name] = env[name]
            continue
        written.add(name)
        drafts.append(draft._replace(status="carried"))
    return drafts


def list_above(slip: Slip, look: Look, env: Env, draw: Random) -> list[Draft]:
    """True chains that lead to the one with the slip."""
    needed = list_needed(slip.exercise, slip.right)
    some = sorted(draw.sample(needed, draw.randint(0, min(2, len(needed)))))
    drafts = [draw_true(name, slip.exercise, look, env, draw) for name in some]
    return [draft for draft in drafts if draft is not None]


def list_beside(slip: Slip, look: Look, env: Env, draw: Random) -> list[Draft]:
    """A true chain below that the slip does not reach."""
    reached = list_dependents(slip.exercise, slip.id)
    free = [name for name in slip.exercise.ways if name not in reached]
    if not free or draw.random() < 0.6:
        return []
    draft = draw_true(draw.choice(free), slip.exercise, look, env, draw)
    return [] if draft is None else [draft._replace(status="ok")]


def list_below(slip: Slip, plan: str, look: Look, env: Env, draw: Random) -> list[Draft]:
    """What follows the slip on the page."""
    carried = carry(slip, look, env, draw) if plan.endswith("f") and plan[0] != "-" else []
    kept = carried[: draw.choice((0, 1, 2, 3))]
    return [*kept, *list_beside(slip, look, env, draw)]


def label(name: str, spec: str, kind: str, look: Look, drafts: list[Draft]) -> Labelled:
    """Set chains on a page and note where each begins."""
    page = set_page([draft.chain for draft in drafts], look, from_seed("page", name))
    expected = tuple(
        Expected(line, draft.status, draft.false_at, draft.id, draft.rules)
        for line, draft in zip(page.starts, drafts, strict=True)
    )
    return Labelled(name, spec, "\n".join(page.lines) + "\n", kind, expected)


def make_ordinary() -> Iterator[Labelled]:
    """True workings: some ids of an exercise in order, each hand with every exercise."""
    hands = cycle((*LOOKS, *ROUGH))
    exercises = (TWO, *EXERCISES, TWO, *NETS)
    for number in range(230):
        draw = from_seed("true", number)
        exercise = exercises[number % len(exercises)]
        look, env = suit(next(hands), exercise), values_of(exercise)
        names = list(exercise.ways)
        first = draw.randrange(max(1, len(names) - 5))
        some = [name for name in names[first : first + 9] if draw.random() < 0.5]
        drafts = [draw_true(name, exercise, look, env, draw) for name in some]
        kept = [draft for draft in drafts if draft is not None]
        if kept:
            yield label(f"true-{number}", exercise.spec, "true", look, kept)


IDENTITIES = (
    ("o1*(1 - o1)", "o1 - o1^2"),
    ("-(t1 - o1)", "o1 - t1"),
    ("h2*(1 - h2)", "h2 - h2^2"),
    ("(t2 - o2)^2", "(o2 - t2)^2"),
    ("1/2*(t1 - o1)^2", "(o1 - t1)^2/2"),
    ("1 - sigmoid(z1)", "sigmoid(-z1)"),
)
OWN_NAMES = {"d": "({o} - {t})*{o}*(1 - {o})", "s": "{o}*(1 - {o})", "A": "-({t} - {o})"}


def make_identities() -> Iterator[Labelled]:
    """True identities in names that lead nowhere."""
    looks = [look for look in LOOKS if look.layout in UNMARKED]
    for number, ((left, right), look) in enumerate(
        zip(IDENTITIES * 2, cycle(looks), strict=False)
    ):
        exercise = NETS[number // len(IDENTITIES)]
        env = values_of(exercise)
        pieces = (in_names(left, look, env), in_names(right, look, env))
        draft = Draft(Chain(tuple(p.text for p in pieces), ("=",)), pieces, "true", None)
        yield label(f"true-identity-{number}", exercise.spec, "true", look, [draft])


class Own(NamedTuple):
    """A name of the student's own, its chain, and where its output's weight is."""

    draft: Draft
    env: Env
    name: str
    weight: str
    start: dict[str, str]


def define_own(number: int, exercise: Exercise, look: Look) -> Own | None:
    """The chain that gives a name of the student's own."""
    k = number % 2 + 1
    letter = list(OWN_NAMES)[number % len(OWN_NAMES)]
    name = f"{letter}{k}"
    right = OWN_NAMES[letter].format(o=f"o{k}", t=f"t{k}")
    env = values_of(exercise)
    env |= {name: compute(right, env)}
    said = "let " if look.script == "keys" and look.layout == "line" else ""
    claim = Claim(name, right, right, ("Rrt", "Rt", "R")[number % 3])
    draft = draft_true(claim._replace(head=said + write_name(name, look)), look, env, env)
    if draft is None:
        return None
    rest = {"d": "{n}*h1", "s": "{e}*{n}*h1", "A": "{n}*{s}*h1"}[letter]
    start = {"n": name, "e": f"dE_total/do{k}", "s": f"do{k}/dz{k + 2}"}
    return Own(draft._replace(id=None), env, name, f"W{2 * k + 3}", start | {"rest": rest})


def list_own(count: int) -> Iterator[tuple[int, Exercise, Look, Own, str]]:
    """Own names in many hands, and the right formula that uses each."""
    hands = [look for look in LOOKS if look.layout not in {*JOINTS, "bold"}]
    for number, look in zip(range(count), cycle(hands), strict=False):
        exercise = NETS[number % 3 // 2]
        own = define_own(number, exercise, look)
        if own is not None:
            yield number, exercise, look, own, own.start["rest"].format(**own.start)


def make_own() -> Iterator[Labelled]:
    """True workings with names of the student's own."""
    for number, exercise, look, own, right in list_own(24):
        claim = Claim(f"dE_total/d{own.weight}", right, right, ("Rrt", "Rt", "R")[number % 3])
        draft = draft_true(claim, look, own.env, own.env)
        if draft is not None:
            drafts = [own.draft, draft]
            yield label(f"true-own-{number}", exercise.spec, "true", look, drafts)


def make_own_false() -> Iterator[Labelled]:
    """A slip behind a name of the student's own."""
    slips = (("wrong-symbol", "name", "h1", "h2"), ("last-factor-dropped", "factor", "*h1", ""))
    for number, exercise, look, own, right in list_own(30):
        kind, rule, old, new = slips[number % 5 % 2]
        name, wrong = f"dE_total/d{own.weight}", right.replace(old, new)
        plan = ("Wwf", "Wf", "Rwf", "W")[number % 4]
        slip = Slip(kind, frozenset({rule}), exercise, name, right, right, wrong, (plan,))
        draft = draft_false(slip, plan, look, own.env)
        if draft is not None:
            drafts = [own.draft, draft]
            yield label(f"false-own-{number}", exercise.spec, kind, look, drafts)


def make_true() -> list[Labelled]:
    """Workings with nothing false in them."""
    return [*make_ordinary(), *make_identities(), *make_own()]


PER_KIND = 18


def plant(slip: Slip, plan: str, look: Look, name: str) -> Labelled | None:
    """One working with one slip; nothing if the slip would not be clear."""
    draw, env = from_seed("plant", name), values_of(slip.exercise)
    false = draft_false(slip, plan, look, env)
    if false is None or (plan.startswith("-") and look.layout not in UNMARKED):
        return None
    above = list_above(slip, look, env, draw)
    drafts = [*above, false, *list_below(slip, plan, look, env, draw)]
    return label(name, slip.exercise.spec, slip.kind, look, drafts)


def mix(slips: list[Slip], draw: Random) -> Iterator[tuple[Slip, str]]:
    """Slips and plans in any order, the exercises in turn as long as they have some."""
    names = list(dict.fromkeys(slip.exercise.name for slip in slips))
    piles = [
        [(slip, plan) for slip in slips if slip.exercise.name == name for plan in slip.plans]
        for name in names
    ]
    for pile in piles:
        draw.shuffle(pile)
    for row in zip_longest(*piles):
        yield from (pair for pair in row if pair is not None)


def plant_kind(kind: str, slips: list[Slip], hands: Iterator[Look]) -> Iterator[Labelled]:
    """So many workings of one kind, in mixed places, plans and hands."""
    number = 0
    for slip, plan in mix(slips, from_seed("kind", kind)):
        look = suit(next(hands), slip.exercise)
        made = plant(slip, plan, look, f"false-{kind}-{number}")
        if made is not None:
            yield made
            number += 1
        if number == PER_KIND:
            return


def make_false() -> list[Labelled]:
    """Workings with exactly one planted slip each."""
    hands, slips = cycle(LOOKS), list_slips()
    kinds = dict.fromkeys(slip.kind for slip in slips)
    made: list[Labelled] = []
    for kind in kinds:
        made += plant_kind(kind, [slip for slip in slips if slip.kind == kind], hands)
    return [*made, *make_own_false()]
