"""What a template may place as it is."""


class Safe(str):
    """Text that is already in the language of the format."""

    __slots__ = ()


PLAIN = frozenset({Safe, int})
"""Types whose values a template may place as they are."""
