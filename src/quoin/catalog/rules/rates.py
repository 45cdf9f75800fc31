"""Rate resolution: the most specific valid row wins, and says whom it beat.

The place decides first: project, contract, client, the rate card in use, the company card. Within a place a
person beats a role and a role beats everybody. Among equals the later start wins.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from quoin.catalog.types import RateChoice, RateConsidered, RateKey, RateReason, RateRow, RateSubject


def resolve_rate(rows: Iterable[RateRow], *, subject: RateSubject, on: date) -> RateChoice:
    """The row that prices the subject on the day, with every row that fits the subject, strongest first.

    The result does not depend on the order of rows.
    """
    fitting = sorted((row for row in rows if fits(row.key, subject)), key=_strength, reverse=True)
    chosen = next((row for row in fitting if on in row.valid), None)
    return RateChoice(chosen, tuple(_considered(row, chosen=chosen, on=on) for row in fitting))


def fits(key: RateKey, subject: RateSubject) -> bool:
    """Whether a row with the key may price the subject: whatever the key names, the subject has."""
    return (
        key.project_id in {None, subject.project_id}
        and key.contract_id in {None, subject.contract_id}
        and key.client_id in {None, subject.client_id}
        and key.card_id in {None, subject.card_id}
        and key.person_id in {None, subject.person_id}
        and key.role_id in {None, subject.role_id}
    )


def place_rank(key: RateKey) -> int:
    """4 for a project, 3 for a contract, 2 for a client, 1 for a card, 0 for the company card."""
    places = (key.project_id, key.contract_id, key.client_id, key.card_id)
    return next((4 - i for i, place in enumerate(places) if place is not None), 0)


def who_rank(key: RateKey) -> int:
    """2 for a person, 1 for a role, 0 for everybody."""
    if key.person_id is not None:
        return 2
    return 1 if key.role_id is not None else 0


_PLACE_WORDS = ("the company card", "the rate card", "the client", "the contract", "the project")
_WHO_WORDS = ("everybody", "the role", "the person")


def key_words(key: RateKey) -> str:
    """`the role on the contract`, for sentences."""
    return f"{_WHO_WORDS[who_rank(key)]} on {_PLACE_WORDS[place_rank(key)]}"


@dataclass(frozen=True, slots=True)
class RateTimeline:
    """The rows that price one subject, day by day: `rows[i]` prices from `starts[i]` up to the next start."""

    starts: tuple[date, ...]
    rows: tuple[RateRow | None, ...]

    def at(self, on: date) -> RateRow | None:
        """The row that prices on the day."""
        index = bisect_right(self.starts, on)
        return self.rows[index - 1] if index else None


class RateBook:
    """Rows prepared for pricing many entries: the same answers as `resolve_rate`, one look-up each.

    The rows never change, so what was worked out for a subject is kept for the next entry of that subject.
    """

    def __init__(self, rows: Iterable[RateRow]) -> None:
        self._by_key: dict[RateKey, list[RateRow]] = {}
        for row in rows:
            self._by_key.setdefault(row.key, []).append(row)
        self._named = frozenset(one for key in self._by_key for one in _ids(key) if one is not None)
        self._timelines: dict[tuple[UUID | None, ...], RateTimeline] = {}

    def price(self, *, subject: RateSubject, on: date) -> RateRow | None:
        """The row that prices the subject on the day, or None if no row fits."""
        return self.timeline(subject).at(on)

    def choose(self, *, subject: RateSubject, on: date) -> RateChoice:
        """The same row with its path, for screens that explain."""
        return resolve_rate(self._fitting(subject), subject=subject, on=on)

    def timeline(self, subject: RateSubject) -> RateTimeline:
        """All days of one subject. Subjects that no row tells apart have one timeline."""
        told = tuple(one if one in self._named else None for one in _ids(subject))
        known = self._timelines.get(told)
        if known is None:
            known = self._timelines[told] = _timeline(sorted(self._fitting(subject), key=_strength, reverse=True))
        return known

    def _fitting(self, subject: RateSubject) -> Iterator[RateRow]:
        for key in set(_keys(subject)):
            yield from self._by_key.get(key, ())


def _ids(of: RateKey | RateSubject) -> tuple[UUID | None, ...]:
    return of.project_id, of.contract_id, of.client_id, of.card_id, of.person_id, of.role_id


def _keys(subject: RateSubject) -> Iterator[RateKey]:
    people = (
        RateKey(),
        RateKey(role_id=subject.role_id),
        RateKey(person_id=subject.person_id),
    )
    for who in people:
        person, role = who.person_id, who.role_id
        yield who
        yield RateKey(card_id=subject.card_id, person_id=person, role_id=role)
        yield RateKey(client_id=subject.client_id, person_id=person, role_id=role)
        yield RateKey(contract_id=subject.contract_id, person_id=person, role_id=role)
        yield RateKey(project_id=subject.project_id, person_id=person, role_id=role)


def _timeline(strongest_first: list[RateRow]) -> RateTimeline:
    starts = {row.valid.start for row in strongest_first}
    ends = {row.valid.end for row in strongest_first if row.valid.end is not None}
    days = sorted(starts | ends)
    rows = tuple(next((row for row in strongest_first if day in row.valid), None) for day in days)
    return RateTimeline(tuple(days), rows)


def _strength(row: RateRow) -> tuple[int, int, date, UUID]:
    return place_rank(row.key), who_rank(row.key), row.valid.start, row.id


def _considered(row: RateRow, *, chosen: RateRow | None, on: date) -> RateConsidered:
    what = f"The rate of {key_words(row.key)}"
    if row is chosen:
        return RateConsidered(row, RateReason.CHOSEN, f"{what} applies since {row.valid.start}.")
    if on < row.valid.start:
        return RateConsidered(row, RateReason.STARTS_LATER, f"{what} starts later, on {row.valid.start}.")
    if chosen is None or on not in row.valid:
        return RateConsidered(row, RateReason.ENDED, f"{what} ended before {row.valid.end}.")
    winner = f"beaten by the rate of {key_words(chosen.key)}"
    if place_rank(chosen.key) > place_rank(row.key):
        return RateConsidered(row, RateReason.MORE_SPECIFIC_PLACE, f"{what} is {winner}.", chosen.id)
    if who_rank(chosen.key) > who_rank(row.key):
        return RateConsidered(row, RateReason.MORE_SPECIFIC_WHO, f"{what} is {winner}.", chosen.id)
    words = f"{what} is {winner}: a newer version applies since {chosen.valid.start}."
    return RateConsidered(row, RateReason.NEWER_VERSION, words, chosen.id)
