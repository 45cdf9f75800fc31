"""Profiles of exports and how well a file's headers fit them.

A header fits by its folded name. A currency in brackets (`Amount (EUR)`) is taken off and remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quoin.imports.rules.fields import name_of
from quoin.imports.rules.values.words import fold
from quoin.imports.types import Detection, Field, Table
from quoin.kernel.currency import CODES
from quoin.kernel.words import Sentence, listed, say

_BRACKET = re.compile(r"(.*?)\s*\(([a-z]{3})?\)")
_FULL = 100
_HALF = 50


class Holds(StrEnum):
    """What the rows of a table are."""

    ENTRIES = "entries"
    PROJECTS = "projects"
    CLIENTS = "clients"
    EXPENSES = "expenses"


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """Headers (folded) that mean a field. A name that ends in ` ()` may hold a currency in the brackets."""

    field: Field
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of export of one tool.

    Each group of `needs` must be met by at least one of its fields. `ignored` are headers of the tool that
    are known and not read. `weight` is below 100 for profiles that fit nearly everything.
    """

    key: str
    label: str
    source: str
    holds: Holds
    columns: tuple[ColumnRule, ...]
    needs: tuple[tuple[Field, ...], ...]
    ignored: tuple[str, ...] = ()
    weight: int = _FULL
    has_breaks: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands, and the currency in its header."""

    field: Field
    index: int
    header: str
    currency: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of a table. `doubled` are headers that occur twice, `unread` those that mean nothing."""

    places: tuple[Place, ...]
    doubled: tuple[str, ...]
    unread: tuple[str, ...]
    missing: tuple[tuple[Field, ...], ...]

    def place(self, field: Field) -> Place | None:
        return next((place for place in self.places if place.field is field), None)

    def has(self, field: Field) -> bool:
        return self.place(field) is not None


def fold_header(header: str) -> tuple[str, str]:
    """The comparable name of a header and the currency in it: `Amount (EUR)` is `amount ()` and `EUR`."""
    name = fold(header).strip("* ").rstrip("?").strip()
    found = _BRACKET.fullmatch(name)
    if found is None:
        return name, ""
    code = (found[2] or "").upper()
    if code and code not in CODES:
        return name, ""
    return f"{found[1]} ()", code


def lay_out(table: Table, profile: Profile, chosen: Sequence[tuple[str, Field]] = ()) -> Layout:
    """Which column means what, by the profile and by the headers that a person chose."""
    by_name = {name: rule.field for rule in profile.columns for name in rule.names}
    by_choice = {fold(header): field for header, field in chosen}
    taken = set(by_choice.values())
    places: dict[Field, Place] = {}
    doubled: list[str] = []
    unread: list[str] = []
    for index, header in enumerate(table.headers):
        name, currency = fold_header(header)
        field = by_choice.get(fold(header))
        if field is None:
            field = by_name.get(name)
            field = None if field in taken else field
        if field is None:
            unread.append(header)
        elif field not in places:
            places[field] = Place(field, index, header, currency)
        elif fold_header(places[field].header)[0] == name:
            doubled.append(header)
        else:
            unread.append(header)
    missing = tuple(group for group in profile.needs if not any(field in places for field in group))
    return Layout(tuple(places.values()), tuple(doubled), tuple(unread), missing)


def fit(table: Table, profile: Profile) -> Detection:
    """How well the headers fit the profile."""
    layout = lay_out(table, profile)
    known = set(profile.ignored)
    foreign = [header for header in layout.unread if header.strip() and fold_header(header)[0] not in known]
    filled = sum(1 for header in table.headers if header.strip()) or 1
    share = (filled - len(foreign)) * _FULL // filled
    met = len(profile.needs) - len(layout.missing)
    if layout.missing:
        lacking = listed(listed(map(name_of, group), say(" or ")) for group in layout.missing)
        reason = say("no column for %(fields)s", fields=lacking)
        return Detection(profile.key, share * met // (len(profile.needs) * 4), reason)
    reason = say(
        "%(known)s of %(all)s headers are those of %(source)s",
        known=filled - len(foreign), all=filled, source=Sentence(profile.label),
    )  # fmt: skip
    if foreign:
        reason = say("%(reason)s; not known: %(headers)s", reason=reason, headers=", ".join(foreign[:5]))
    return Detection(profile.key, (_HALF + share // 2) * profile.weight // _FULL, reason)


def rank(table: Table, profiles: Iterable[Profile]) -> tuple[Detection, ...]:
    """Profiles by fit, best first."""
    fits = [fit(table, profile) for profile in profiles]
    return tuple(sorted(fits, key=lambda detection: (-detection.score, detection.profile)))
