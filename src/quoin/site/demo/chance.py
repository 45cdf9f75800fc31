"""Seeded choice. Each part of the company draws from a stream of its own, so that a change of one part leaves the
others as they were.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Numbers and choices that are the same for the same seed and name."""

    def __init__(self, seed: int, name: str) -> None:
        self._seed, self._name = seed, name
        # Text as a seed is hashed with SHA-512, the same on every machine.
        self._random = Random(f"{seed}/{name}")  # noqa: S311  an invented company, no secret

    def part(self, name: str) -> Chance:
        """The stream of a part."""
        return Chance(self._seed, f"{self._name}/{name}")

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(least, most)

    def is_so(self, percent: float) -> bool:
        """True in that many cases of a hundred."""
        return self._random.random() * 100 < percent

    def one_of(self, choices: Sequence[T]) -> T:
        return self._random.choice(choices)

    def some_of(self, choices: Sequence[T], count: int) -> list[T]:
        return self._random.sample(list(choices), min(count, len(choices)))

    def weighted(self, choices: Sequence[T], weights: Sequence[float]) -> T:
        # As `Random.choices` does it, without its checks and its list.
        sums = list(accumulate(weights))
        return choices[bisect(sums, self._random.random() * sums[-1], 0, len(sums) - 1)]

    def shuffled(self, items: Iterable[T]) -> list[T]:
        found = list(items)
        self._random.shuffle(found)
        return found
