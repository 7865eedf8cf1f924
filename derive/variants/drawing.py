"""Numbers out of a stream of bytes that only the holder of the secret can make.

SECURITY.md describes the same so that another program can write it again; a change of
any byte needs another VERSION.
"""

from __future__ import annotations

import hashlib
import hmac
from fractions import Fraction
from functools import lru_cache

import msgspec

from derive.graph import Spec
from derive.spec import to_plain
from derive.spec.varying import Variation

VERSION = "derive-variant/1"
BYTE = 256


def digest_untitled(spec: Spec) -> str:
    """Sha256 of the spec's compact sorted-key JSON without its title, as hexadecimal text."""
    plain = to_plain(spec)
    del plain["title"]
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()


class Stream:
    """The bytes of one attempt at the numbers of one variant."""

    def __init__(self, secret: bytes, digest: str, index: int, attempt: int) -> None:
        """`index` is the variant's, from 1; `attempt` counts the draws for it from 0."""
        self._secret = secret
        self._start = f"{VERSION}\n{digest}\n{index}\n{attempt}\n"
        self._block = 0
        self._bytes = b""

    def below(self, count: int) -> int:
        """A number from 0 to count - 1, each as likely as the others.

        As many bytes as count - 1 takes, the first one the highest; numbers from the
        last whole multiple of count on are thrown away. One choice takes no byte.
        """
        if count == 1:
            return 0
        size = ((count - 1).bit_length() + 7) // 8
        most = BYTE**size // count * count
        while True:
            number = int.from_bytes(self._take(size), "big")
            if number < most:
                return number % count

    def _take(self, size: int) -> bytes:
        while len(self._bytes) < size:
            message = f"{self._start}{self._block}".encode()
            self._bytes += hmac.digest(self._secret, message, "sha256")
            self._block += 1
        taken, self._bytes = self._bytes[:size], self._bytes[size:]
        return taken


@lru_cache(maxsize=4096)
def read_fraction(text: str) -> Fraction:
    """The exact value of a number as typed."""
    return Fraction(text)


def draw_numbers(variation: Variation, stream: Stream) -> tuple[str, ...]:
    """A text for each number that varies, in order.

    Numbers of one pool are drawn from what no earlier one has taken, and none that stays,
    as long as there is any; then from all again.
    """
    taken = {pool: set(values) for pool, values in variation.staying.items()}
    texts = []
    for number in variation.numbers:
        used = taken.setdefault(number.pool, set()) if number.pool else set()
        gone = sorted(number.choices.places_of(used))
        if len(gone) == number.choices.count:
            used.clear()
            gone = []
        place = stream.below(number.choices.count - len(gone))
        for other in gone:
            place += other <= place
        texts.append(number.choices.text(place))
        used.add(read_fraction(texts[-1]))
    return tuple(texts)
