"""What waits for an approver: people's weeks, each clean or with the reasons to look at it first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from quoin.base.actor import Actor, Scope
from quoin.people.models import Person
from quoin.people.queries.capacity import capacities
from quoin.projects.models import ProjectMember
from quoin.timesheets.models import Timesheet
from quoin.timesheets.queries import facts, prices
from quoin.timesheets.queries.facts import entries_from
from quoin.timesheets.queries.week import RowNames, budgets_of, names_of
from quoin.timesheets.rules.checks import approval_flags
from quoin.timesheets.types import WEEK_DAYS, Check, Entry, Policy, RowKey, Work

APPROVE = "timesheets.time.approve"
MOST_WEEKS = 100


@dataclass(frozen=True, slots=True)
class WaitingWeek:
    """What one person handed in for one week, as far as the approver decides on it."""

    person_id: UUID
    person: str
    week_on: date
    submitted_at: datetime | None
    entries: tuple[Entry, ...]
    flags: tuple[Check, ...]
    names: dict[RowKey, RowNames]
    targets: dict[date, int]

    @property
    def minutes(self) -> int:
        return sum(entry.minutes for entry in self.entries)

    @property
    def billable_minutes(self) -> int:
        return sum(entry.minutes for entry in self.entries if entry.is_billable)

    @property
    def is_clean(self) -> bool:
        return not self.flags

    @property
    def differences(self) -> tuple[Entry, ...]:
        """Entries that were approved before: only what changed is decided on again."""
        return tuple(entry for entry in self.entries if entry.previous_minutes is not None)


_WAITING = """
SELECT e.id, e.project_id, e.task_id, e.work_on, e.minutes, e.note, e.is_billable, e.status, e.version, e.started_at,
  e.return_note, e.previous_minutes, e.person_id, p.name, date_trunc('week', e.work_on)::date, e.submitted_at
FROM timesheets_timeentry e
JOIN people_person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id
JOIN projects_project j ON j.tenant_id = e.tenant_id AND j.id = e.project_id
WHERE e.tenant_id = %(tenant)s AND e.status = 'submitted' AND e.person_id IS DISTINCT FROM %(me)s
  AND (%(all)s OR p.team_id = %(team)s OR p.manager_id = %(me)s OR j.manager_id = %(me)s)
  AND (%(person)s::uuid IS NULL OR e.person_id = %(person)s)
  AND (%(week)s::date IS NULL OR (e.work_on >= %(week)s::date AND e.work_on < %(week)s::date + 7))
ORDER BY 15, p.name, e.person_id, e.work_on, e.entered_at, e.id
LIMIT %(most)s
"""
_MOST_ENTRIES = 20_000


def waiting_weeks(
    actor: Actor, *, person_id: UUID | None = None, week_on: date | None = None
) -> tuple[WaitingWeek, ...]:
    """Weeks within reach that wait for a decision, oldest first, clean ones before flagged ones. Never one's own."""
    scope = actor.scope(APPROVE)
    if scope is None or scope is Scope.OWN:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            _WAITING,
            {
                "tenant": actor.tenant_id, "me": actor.person_id, "team": actor.team_id, "all": scope is Scope.ALL,
                "person": person_id, "week": week_on, "most": _MOST_ENTRIES,
            },
        )  # fmt: skip
        rows = cursor.fetchall()
    groups: defaultdict[tuple[UUID, date], list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        groups[row[12], row[14]].append(row)
    kept = dict(list(groups.items())[:MOST_WEEKS])
    return _flagged(actor, kept)


def _flagged(actor: Actor, groups: dict[tuple[UUID, date], list[tuple[Any, ...]]]) -> tuple[WaitingWeek, ...]:
    if not groups:
        return ()
    entries = {key: tuple(entries_from(row[:12] for row in rows)) for key, rows in groups.items()}
    keys = list(dict.fromkeys(entry.row for week in entries.values() for entry in week))
    people = {person for person, _ in groups}
    works = {key: one.work for key, one in facts.works_of(actor, next(iter(people)), keys).items()}
    names = names_of(actor, keys)
    left = _budget_left(actor, keys)
    first = min(week_on for _person, week_on in groups)
    last = max(week_on for _person, week_on in groups) + timedelta(days=WEEK_DAYS - 1)
    due = capacities(people, first, last)
    plans = _plans(people)
    missing = prices.unpriced(actor, [(person, entry) for (person, _), week in entries.items() for entry in week])
    found = []
    for (person, week_on), rows in groups.items():
        days = [week_on + timedelta(days=offset) for offset in range(WEEK_DAYS)]
        targets = {day: due[person][(day - first).days] for day in days}
        week = entries[person, week_on]
        flags = approval_flags(
            week, targets=targets, works=_known(works, week), planned=_planned(plans[person], targets),
            budget_left=left, unpriced=missing, policy=Policy(),
        )  # fmt: skip
        found.append(WaitingWeek(person, rows[0][13], week_on, rows[0][15], week, flags, names, targets))
    return tuple(sorted(found, key=lambda one: (not one.is_clean, one.week_on, one.person)))


def _known(works: dict[RowKey, Work], week: Iterable[Entry]) -> dict[RowKey, Work]:
    return {entry.row: works[entry.row] for entry in week}


def _budget_left(actor: Actor, keys: list[RowKey]) -> dict[UUID, int]:
    found = budgets_of(actor, [RowKey(key.project_id) for key in keys])
    return {key.project_id: planned - spent for key, (planned, spent) in found.items() if planned}


def _plans(people: Iterable[UUID]) -> dict[UUID, list[ProjectMember]]:
    plans: dict[UUID, list[ProjectMember]] = {person: [] for person in people}
    for member in ProjectMember.objects.filter(person__in=list(plans), minutes_per_day__gt=0):
        plans[member.person_id].append(member)
    return plans


def _planned(members: Iterable[ProjectMember], targets: dict[date, int]) -> dict[UUID, int]:
    """Minutes planned per project this week: the daily plan on each working day that it covers."""
    planned: defaultdict[UUID, int] = defaultdict(int)
    for member in members:
        for day, target in targets.items():
            if target and (member.starts_on or day) <= day <= (member.ends_on or day):
                planned[member.project_id] += member.minutes_per_day
    return dict(planned)


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody who has not handed a finished week in."""

    person_id: UUID
    person: str
    week_on: date


def unsubmitted(actor: Actor, week_on: date) -> tuple[Missing, ...]:
    """People within reach who should have handed the week in and have not."""
    scope = actor.scope(APPROVE)
    if scope is None or scope is Scope.OWN:
        return ()
    last_day = week_on + timedelta(days=WEEK_DAYS - 1)
    people = Person.objects.filter(Q(hired_on=None) | Q(hired_on__lte=last_day)).filter(
        Q(left_on=None) | Q(left_on__gt=week_on), user__isnull=False
    )
    if scope is Scope.TEAM:
        people = people.filter(_near(actor))
    done = Timesheet.objects.filter(week_on=week_on, submitted_at__isnull=False).values("person_id")
    rows = (
        people.exclude(id__in=done)
        .exclude(id__in=[actor.person_id] if actor.person_id else [])
        .order_by("name", "id")
        .values_list("id", "name")
    )
    return tuple(Missing(person, name, week_on) for person, name in rows[:MOST_WEEKS])


def _near(actor: Actor) -> Q:
    near = Q(manager_id=actor.person_id)
    return near | Q(team_id=actor.team_id) if actor.team_id else near


def clean_entries(actor: Actor) -> list[UUID]:
    """Entries of all weeks without a flag, for approving them in one go."""
    return [entry.id for week in waiting_weeks(actor) if week.is_clean for entry in week.entries]
