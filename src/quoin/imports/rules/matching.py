"""Which existing record a name of the file means: by decision, by external id, by number, by mail, by name.

A match must be the only one. A name that could mean two people, or an initial that fits somebody, is asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from quoin.imports.rules.planned import Candidate, Existing
from quoin.imports.rules.values.words import fold

K = TypeVar("K", str, tuple[str, str])
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Match:
    """`found` is the record that is meant; `candidates` are those that may be, when none is certain."""

    found: Existing | None = None
    by: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """Existing records of one kind by what they can be found by; names are below their parent."""

    by_id: dict[str, Existing]
    by_external: dict[str, list[Existing]]
    by_number: dict[str, list[Existing]]
    by_email: dict[str, list[Existing]]
    by_name: dict[tuple[str, str], list[Existing]]
    by_any_name: dict[str, list[Existing]]


def index_of(existing: Iterable[Existing]) -> Index:
    """An index over records; blank numbers and mails find nothing."""
    rows = tuple(existing)
    return Index(
        by_id={row.id: row for row in rows},
        by_external=_grouped(rows, lambda row: row.external_ids),
        by_number=_grouped(rows, lambda row: (fold(row.number),)),
        by_email=_grouped(rows, lambda row: (fold(row.email),)),
        by_name=_grouped(rows, lambda row: ((row.parent_id, fold(row.name)),)),
        by_any_name=_grouped(rows, lambda row: (fold(row.name),)),
    )


def match_party(index: Index, *, name: str, external_id: str = "", number: str = "", parent_id: str = "") -> Match:
    """The client, project or task that is meant. A number counts below the same parent or with the same name."""
    folded = fold(name)
    numbered = [
        row for row in index.by_number.get(fold(number), []) if row.parent_id == parent_id or fold(row.name) == folded
    ]
    for by, rows in (
        ("external id", index.by_external.get(external_id, [])),
        ("number", numbered),
        ("name", index.by_name.get((parent_id, folded), [])),
    ):
        if rows:
            return _only(rows, by)
    return Match()


def match_person(index: Index, *, name: str, email: str = "", external_id: str = "", number: str = "") -> Match:
    """The person that is meant. Equal names with different mail addresses are not taken for one person."""
    for by, rows in (
        ("external id", index.by_external.get(external_id, [])),
        ("mail", index.by_email.get(fold(email), [])),
        ("number", index.by_number.get(fold(number), [])),
    ):
        if rows:
            return _only(rows, by)
    namesakes = index.by_any_name.get(fold(name), [])
    if len(namesakes) == 1 and not (email and namesakes[0].email):
        return Match(namesakes[0], "name")
    if namesakes:
        return Match(candidates=_candidates(namesakes))
    return Match(candidates=_candidates(_by_initial(index, name)))


def _by_initial(index: Index, name: str) -> list[Existing]:
    """People whom `A. Ruiz` or `Ruiz, Ana` can mean."""
    parts = fold(name).replace(",", " ").split()
    if len(parts) < 2:  # noqa: PLR2004 - one word is no first and last name
        return []
    found: list[Existing] = []
    for other, rows in index.by_any_name.items():
        words = other.replace(",", " ").split()
        if len(words) > 1 and (sorted(words) == sorted(parts) or _is_shortened(parts, words)):
            found.extend(rows)
    return found


def _is_shortened(parts: Sequence[str], words: Sequence[str]) -> bool:
    """Whether `a. ruiz` shortens `ana ruiz`: same last word, and the first is an initial of the other."""
    initial = parts[0].rstrip(".")
    return parts[-1] == words[-1] and len(initial) == 1 and words[0].startswith(initial)


def _only(rows: Sequence[Existing], by: str) -> Match:
    if len({row.id for row in rows}) == 1:
        return Match(rows[0], by)
    return Match(candidates=_candidates(rows))


def _candidates(rows: Sequence[Existing]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(row.id, f"{row.name} <{row.email}>" if row.email else f"{row.name} {row.number}".strip())
        for row in rows[:_SHOWN]
    )


def _grouped(rows: Iterable[Existing], keys: Callable[[Existing], Iterable[K]]) -> dict[K, list[Existing]]:
    groups: dict[K, list[Existing]] = defaultdict(list)
    for row in rows:
        for key in keys(row):
            if key:
                groups[key].append(row)
    return dict(groups)
