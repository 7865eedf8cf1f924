"""How a variant is drawn, written again from SECURITY.md alone; imports nothing of derive."""

import hashlib
import hmac
import json
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

VERSION, CODE = "derive-variant/1", "derive-code/1"
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
KEYS = {
    "network": ["inputs", "targets", "upstream", "learning_rate", "layers"],
    "circuit": ["update", "values"],
    "perceptron": ["bias", "inputs", "learning_rate", "weights"],
}
SETTINGS = ("vocabulary", "from", "mask")
BOUNDS = {"sigmoid": (0, 1), "softmax": (0, 1), "tanh": (-1, 1), "relu": (0, None)}
BOUNDS["softplus"] = BOUNDS["relu"]
LOSS_BOUNDS = {"binary_cross_entropy": (0, 1), "cross_entropy": (0, 1)}
LABELLED = ("cross_entropy", "kl_divergence", "hinge")
"""Losses whose targets are two numbers, or add up to 1."""


def digest(plain):
    """Step 1."""
    untitled = {key: value for key, value in plain.items() if key != "title"}
    text = json.dumps(untitled, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class Bytes:
    """Steps 2 and 3."""

    def __init__(self, secret, named, index, attempt):
        self.secret, self.head = secret, [VERSION, named, str(index), str(attempt)]
        self.left, self.block = [], 0

    def one(self):
        if not self.left:
            message = "\n".join([*self.head, str(self.block)]).encode()
            self.left = list(hmac.new(self.secret, message, hashlib.sha256).digest())
            self.block += 1
        return self.left.pop(0)

    def below(self, n):
        if n == 1:
            return 0
        length = next(b for b in range(1, 99) if 256**b >= n)
        while True:
            number = 0
            for _ in range(length):
                number = number * 256 + self.one()
            if number < 256**length - 256**length % n:
                return number % n


def is_number(value):
    try:
        return isinstance(value, str) and Decimal(value).is_finite()
    except ArithmeticError:
        return False


def walk(value, path=()):
    """Every number with its path: names in sorted order, lists as they stand."""
    if isinstance(value, dict):
        for name in sorted(value):
            if not (path and path[0] == "layers" and name in SETTINGS):
                yield from walk(value[name], (*path, name))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from walk(part, (*path, place))
    elif is_number(value):
        yield path, value


def at(plain, path):
    for part in path:
        plain = plain[part]
    return plain


def list_numbers(plain, *, labels=False):
    """Step 4: paths and numbers as typed of all that may vary; with the labels, if asked."""
    for path, typed in walk({key: plain[key] for key in KEYS[plain["kind"]] if key in plain}):
        if path[0] == "update" and path[1:] != ("learning_rate",):
            continue
        if path[0] == "layers" and len(path) == 3:
            continue  # neither a list nor a table
        if labels or not is_label(plain, path):
            yield path, typed


def is_label(plain, path):
    key = path[0]
    if key == "inputs":
        given = [Fraction(typed) for _, typed in walk(plain["inputs"])]
        tokens = plain.get("input") == "tokens" or plain.get("layers", [{}])[0].get("table")
        if tokens or set(given) <= {0, 1, -1}:
            return True
    if key == "targets" and plain["loss"] in LABELLED:
        return True
    if key in ("inputs", "targets"):
        row = [Fraction(value) for value in at(plain, path[:-1])]
        return len(row) > 1 and sorted(row) == [0] * (len(row) - 1) + [1]
    return False


def name_key(path):
    names = [part for part in path if isinstance(part, str)]
    return names[1] if names[0] in ("layers", "update") else names[0]


def count_decimals(typed):
    return max(0, -Decimal(typed).as_tuple().exponent)


def list_grid(given):
    """Step 5: the numbers of a grid, as text."""
    decimals = max(count_decimals(given["from"]), count_decimals(given["step"]))
    number, last, step = (Decimal(given[key]) for key in ("from", "to", "step"))
    while number <= last:
        yield f"{number:.{decimals}f}"
        number += step


def list_own(plain, path, typed):
    """Step 5: what a number is drawn from that no range names, as text."""
    decimals = count_decimals(typed)
    low, high = Decimal("-Infinity"), Decimal("Infinity")
    if path[0] == "targets":
        for bounds in (
            BOUNDS.get(plain["layers"][-1]["activation"], (None, None)),
            LOSS_BOUNDS.get(plain["loss"], (None, None)),
        ):
            low = bounds[0] if low.is_infinite() and bounds[0] is not None else low
            high = bounds[1] if high.is_infinite() and bounds[1] is not None else high
            low, high = Decimal(low), Decimal(high)
    most = 9 * 10 ** max(decimals - 1, 0)
    for whole in range(-most, most + 1):
        number = Decimal(whole).scaleb(-decimals)
        if whole and low < number < high and (whole > 0 or Decimal(typed) < 0):
            yield f"{number:.{decimals}f}"


def list_choices(plain):
    """Paths with what their numbers are drawn from, in order; ids are not known here."""
    table = plain.get("variants", {})
    ranges = {k: v for k, v in table.items() if k not in ("keep", "distance")}
    for path, typed in list_numbers(plain):
        key = name_key(path)
        if key in table.get("keep", ()):
            continue
        if key in ranges:
            given = ranges[key]
            choices = given if isinstance(given, list) else list(list_grid(given))
        else:
            choices = [] if Decimal(typed) == 0 else list(list_own(plain, path, typed))
        if choices:
            yield path, choices


def find_pool(plain, path):
    key = name_key(path)
    if path[0] == "layers":
        return None if key.endswith("biases") else "layers"
    if key == "weights" and plain["kind"] == "perceptron":
        return "layers"
    return key if key in ("inputs", "values") else None


def draw(plain, secret, index, attempt, named=None):
    """Step 6: the numbers by their paths; `named` stands in the place of the digest."""
    stream = Bytes(secret, digest(plain) if named is None else named, index, attempt)
    drawn, pools = {}, {}
    varying = dict(list_choices(plain))
    for path, typed in list_numbers(plain, labels=True):
        if path not in varying:
            pools.setdefault(find_pool(plain, path), []).append(Fraction(typed))
    for path, choices in varying.items():
        taken = pools.setdefault(find_pool(plain, path), [])
        if find_pool(plain, path) is None:
            taken.clear()
        left = [text for text in choices if Fraction(text) not in taken]
        if not left:
            taken.clear()
            left = choices
        drawn[path] = left[stream.below(len(left))]
        taken.append(Fraction(drawn[path]))
    return drawn


def find_roomy(plain):
    """Step 7: the pools whose numbers can all be different, by Hall's theorem on few."""
    varying = dict(list_choices(plain))
    staying, sets = {}, {}
    for path, typed in list_numbers(plain, labels=True):
        pool = find_pool(plain, path)
        if path in varying:
            sets.setdefault(pool, []).append(frozenset(map(Fraction, varying[path])))
        else:
            staying.setdefault(pool, set()).add(Fraction(typed))
    return {
        pool
        for pool, each in sets.items()
        if pool is not None and meets_hall([one - staying.get(pool, set()) for one in each])
    }


def meets_hall(sets):
    """Every union of kinds of sets has as many members as there are sets inside it."""
    kinds = set(sets)
    for size in range(1, len(kinds) + 1):
        for some in combinations(kinds, size):
            union = frozenset().union(*some)
            if len(union) < sum(one <= union for one in sets):
                return False
    return True


def has_equal(plain, drawn):
    """Step 7: whether two numbers of a pool with room are equal."""
    roomy = find_roomy(plain)
    varying = dict(list_choices(plain))
    seen = [
        (find_pool(plain, path), Fraction(typed))
        for path, typed in list_numbers(plain, labels=True)
        if path not in varying
    ]
    for path, text in drawn.items():
        key = find_pool(plain, path), Fraction(text)
        if key[0] in roomy and key in seen:
            return True
        seen.append(key)
    return False


def times_x(number):
    return number * 2 if number < 16 else (number * 2) ^ 0b100101


def code(plain, secret, index):
    """The paragraph on codes."""
    bits = f"{index:035b}"
    left, right = bits[:17], bits[17:]
    for step in range(8):
        message = "\n".join([CODE, digest(plain), str(step), str(int(right, 2))])
        mac = hmac.new(secret, message.encode(), hashlib.sha256).digest()[:4]
        last = "".join(f"{byte:08b}" for byte in mac)[-len(left) :]
        mixed = "".join("01"[a != b] for a, b in zip(left, last, strict=True))
        left, right = right, mixed
    bits = left + right
    letters = [int(bits[place : place + 5], 2) for place in range(0, 35, 5)]
    check = 0
    for letter in letters:
        check = times_x(check ^ letter)
    return "".join(LETTERS[number] for number in [*letters, check])
