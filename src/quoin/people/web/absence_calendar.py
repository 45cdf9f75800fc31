"""The team's absences: people by days, what waits for a decision, and what is left of the year's leave."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, asked_day, object_id, page
from quoin.base.ui import respond
from quoin.people.queries import absences
from quoin.people.queries.capacity import holidays_of
from quoin.people.queries.within import people_within, teams_within
from quoin.people.types import AbsenceKind

_WEEKS, _MOST_PEOPLE, _SATURDAY = 5, 60, 5
_LETTERS = {AbsenceKind.VACATION: "V", AbsenceKind.TRAINING: "T"}


@dataclass(frozen=True, slots=True)
class Day:
    """A person's day: a letter and its words where they are away or the firm is closed."""

    on: date
    letter: str = ""
    words: str = ""
    look: str = ""
    url: str = ""


@page(absences.VIEW_ABSENCE)
def absence_calendar(request: ActorRequest) -> HttpResponse:
    first = _first(request)
    days = [first + timedelta(days=at) for at in range(_WEEKS * 7)]
    team = request.GET.get("team", "")
    rows = people_within(request.actor, absences.VIEW_ABSENCE).exclude(kind="placeholder").filter(left_on=None)
    if team:
        rows = rows.filter(team_id=object_id("tea", team))
    shown = list(rows.select_related("team")[:_MOST_PEOPLE])
    away = _away(request, first, days[-1])
    holidays = holidays_of([person.id for person in shown], first, days[-1])
    context: dict[str, Any] = {
        "title": _("Who is away"), "area": _("People"),
        "crumbs": ((_("Absence"), reverse("people:absences")),),
        "days": days, "first": first, "last": days[-1], "team": team,
        "teams": teams_within(request.actor, absences.VIEW_ABSENCE),
        "earlier": first - timedelta(weeks=_WEEKS), "later": first + timedelta(weeks=_WEEKS),
        "lines": [
            (person, [_day(day, away[person.id], holidays.get(person.id, {})) for day in days]) for person in shown
        ],
        "present": [sum(1 for person in shown if not _is_away(away[person.id], day)) for day in days],
        "waiting": _waiting(request),
    }  # fmt: skip
    return respond.page(request, "people/absence_calendar.html", context)


def _first(request: ActorRequest) -> date:
    on = asked_day(request, "from", request.actor.today)
    return on - timedelta(days=on.weekday())


def _away(request: ActorRequest, first: date, last: date) -> defaultdict[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in absences.absences_between(request.actor, first, last):
        found[row.person_id].append(row)
    return found


def _is_away(rows: list[Any], day: date) -> bool:
    return any(row.status == "approved" and row.starts_on <= day <= row.ends_on for row in rows)


def _day(day: date, rows: list[Any], holidays: dict[date, str]) -> Day:
    for row in rows:
        if row.starts_on <= day <= row.ends_on:
            # Why somebody is away is theirs: only what is no secret has a letter of its own.
            kind = AbsenceKind(row.kind)
            words = str(absences.KINDS[absences.AWAY if kind.is_private else kind].label)
            is_waiting = row.status == "requested"
            look = "is-waiting" if is_waiting else "is-off"
            asked = f"{words}, {_('asked for')}" if is_waiting else words
            url = reverse("people:absence", args=[row.public_id])
            return Day(day, "A" if kind.is_private else _LETTERS[kind], asked, look, url)
    if day in holidays:
        return Day(day, "H", holidays[day] or _("Holiday"), "is-holiday")
    return Day(day, look="is-weekend" if day.weekday() >= _SATURDAY else "")


def _waiting(request: ActorRequest) -> list[tuple[Any, Any, Any, Any]]:
    """Requests to decide about: kind, length in working days, and the balance of the year."""
    rows = list(absences.waiting_absences(request.actor)[:20])
    people = {row.person_id for row in rows}
    seen = set(people_within(request.actor, absences.VIEW_ALLOWANCE).filter(id__in=people).values_list("id", flat=True))
    years = {(row.person_id, row.starts_on.year) for row in rows if row.person_id in seen}
    balances, lengths = absences.balances_of(request.actor, years), absences.lengths_of(rows)
    kinds = [absences.KINDS[absences.shown_kind(request.actor, row)] for row in rows]
    return [
        (row, kind, length, balances.get((row.person_id, row.starts_on.year)))
        for row, kind, length in zip(rows, kinds, lengths, strict=True)
    ]
