"""The texts of max and min of more than two values; each may be `max` or `min`."""

from __future__ import annotations


def define(name: str, values: tuple[str, ...]) -> str:
    """The first against the best of the others."""
    first, best = values[0], _choose(name, values[1:])
    low, high = (best, first) if name == "max" else (first, best)
    return f"cases({first}-{best},{low},{first},{high})"


def differentiate(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """1 for the winner, 0 for the others, and the same share for each of those that tie."""
    low, high = (0, 1) if name == "max" else (1, 0)
    rest = [(*values[:i], *values[i + 1 :]) for i in range(len(values))]
    return tuple(
        f"kink({value}-{_choose(name, others)},{low},{_share(name, others, 1)},{high})"
        for value, others in zip(values, rest, strict=True)
    )


def _share(name: str, others: tuple[str, ...], tied: int) -> str:
    """One over the number of equal winners: `tied`, and those among the others."""
    alone = f"1/{tied + 1}"
    if len(others) == 1:
        return alone
    first, rest = others[0], others[1:]
    without, both = _share(name, rest, tied), _share(name, rest, tied + 1)
    low, high = (without, alone) if name == "max" else (alone, without)
    return f"cases({first}-{_choose(name, rest)},{low},{both},{high})"


def _choose(name: str, values: tuple[str, ...]) -> str:
    return values[0] if len(values) == 1 else f"{name}({','.join(values)})"
