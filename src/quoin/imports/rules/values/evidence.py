"""Deciding between two readings of a column from all of its values, never from one.

A value can prove one reading, prove the other, or fit both. A column with proofs of both is mixed; a column
without any proof takes the reading that the other columns of the same file prove, because one program wrote
them; if none does, the reader must be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Vote(StrEnum):
    """What one value says: first or second reading, both differ, or both agree (no matter)."""

    FIRST = "first"
    SECOND = "second"
    EITHER = "either"
    NONE = "none"


class Verdict(StrEnum):
    FIRST = "first"
    SECOND = "second"
    MIXED = "mixed"
    OPEN = "open"
    NO_MATTER = "no_matter"


@dataclass(frozen=True, slots=True)
class Count:
    """How many distinct values of a column say what, with an undecided example."""

    first: int
    second: int
    either: int
    example: str

    @property
    def own(self) -> Verdict:
        """The verdict of this column alone."""
        if self.first and self.second:
            return Verdict.MIXED
        if self.first:
            return Verdict.FIRST
        if self.second:
            return Verdict.SECOND
        return Verdict.OPEN if self.either else Verdict.NO_MATTER


def count(values: Iterable[str], vote: Callable[[str], Vote]) -> Count:
    """Votes of distinct values."""
    tally = dict.fromkeys(Vote, 0)
    example = ""
    for value in values:
        said = vote(value)
        tally[said] += 1
        if said is Vote.EITHER and not example:
            example = value
    return Count(tally[Vote.FIRST], tally[Vote.SECOND], tally[Vote.EITHER], example)


def settle(counts: Mapping[str, Count]) -> dict[str, Verdict]:
    """The verdict per column; an open column follows the others if these agree."""
    own = {column: counted.own for column, counted in counts.items()}
    proven = {verdict for verdict in own.values() if verdict in {Verdict.FIRST, Verdict.SECOND}}
    shared = proven.pop() if len(proven) == 1 and Verdict.MIXED not in own.values() else None
    return {column: shared if verdict is Verdict.OPEN and shared else verdict for column, verdict in own.items()}


def rows_saying(values: Sequence[str], vote: Callable[[str], Vote], said: Vote, limit: int = 20) -> tuple[int, ...]:
    """Indexes of the first rows whose value says so."""
    found: list[int] = []
    for index, value in enumerate(values):
        if len(found) == limit:
            break
        if vote(value) is said:
            found.append(index)
    return tuple(found)
