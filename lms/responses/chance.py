"""Rules: shuffles and draws that come out the same on every machine and in every year.

Python's own generator may change between versions; this one is SHA-256 over a seed and a counter, so
that an attempt can be laid out again exactly as it was shown.
"""

from __future__ import annotations

from hashlib import sha256


def seed_for(owner: int | str, key: str, number: int) -> str:
    """The seed of one attempt: 32 hex digits from enrollment, content key and attempt number."""
    return sha256(f"{owner}\n{key}\n{number}".encode()).hexdigest()[:32]


class Dice:
    """A row of fair numbers that follows from the seed alone."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._counter = 0

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` - 1, each as likely as the other."""
        if limit < 1:
            raise ValueError("limit must be at least 1")
        fair = 2**64 - 2**64 % limit
        while True:
            block = sha256(self._seed + self._counter.to_bytes(8, "big")).digest()
            self._counter += 1
            number = int.from_bytes(block[:8], "big")
            if number < fair:
                return number % limit

    def shuffled(self, count: int) -> tuple[int, ...]:
        """The places 0 to `count` - 1 in a random order."""
        places = list(range(count))
        for last in range(count - 1, 0, -1):
            other = self.below(last + 1)
            places[last], places[other] = places[other], places[last]
        return tuple(places)

    def drawn(self, count: int, wanted: int) -> tuple[int, ...]:
        """`wanted` different places below `count`, in the author's order."""
        return tuple(sorted(self.shuffled(count)[:wanted]))
