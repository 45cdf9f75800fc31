"""The running clock and what could be clocked next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from quoin.base.actor import Actor
from quoin.base.audit.models import AuditAction
from quoin.timesheets.models import TimeEntry, Timer
from quoin.timesheets.queries.week import RowNames, Week, names_of
from quoin.timesheets.rules.idle import Question, question
from quoin.timesheets.types import RowKey

_RECENT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that runs."""

    row: RowKey
    names: RowNames
    note: str
    started_at: datetime
    minutes: int
    question: Question | None = None
    """What it asks, when it ran on while nobody worked."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the clock may be started on."""

    row: RowKey
    names: RowNames
    is_planned: bool = False


def running_timer(actor: Actor, *, seen_at: datetime | None = None) -> Running | None:
    """The actor's running clock. `seen_at` is told by a page to which somebody came back."""
    if actor.person_id is None:
        return None
    timer = Timer.objects.filter(person=actor.person_id).first()
    if timer is None:
        return None
    row = RowKey(timer.project_id, timer.task_id)
    minutes = max(int((actor.now - timer.started_at).total_seconds()) // 60, 0)
    asked = question(
        started_at=timer.started_at, now=actor.now, zone=actor.zone, kept_at=timer.kept_at, seen_at=seen_at,
        is_back=seen_at is not None,
    )  # fmt: skip
    if asked is not None and asked.cut_at is None:
        known = _last_done(actor, timer.kept_at or timer.started_at)
        again = question(
            started_at=timer.started_at, now=actor.now, zone=actor.zone, kept_at=timer.kept_at, seen_at=known
        )
        asked = again or asked
    return Running(row, names_of(actor, [row])[row], timer.note, timer.started_at, minutes, asked)


def _last_done(actor: Actor, since: datetime) -> datetime | None:
    """When the actor last did something that the trail knows."""
    rows = AuditAction.objects.filter(actor_id=actor.user_id, at__gt=since, at__lt=actor.now)
    found: datetime | None = rows.aggregate(last=Max("at"))["last"]
    return found


def last_clocked(actor: Actor, person_id: UUID) -> TimeEntry | None:
    """The entry that `continue` goes on with: the last clocked one, else the last typed one."""
    recent = TimeEntry.objects.filter(person=person_id, work_on__gt=actor.today - _RECENT)
    return (
        recent.filter(started_at__isnull=False).order_by("-started_at").first()
        or recent.order_by("-work_on", "-entered_at", "-id").first()
    )


def choices_of(week: Week, *, limit: int = 9) -> list[Choice]:
    """Today's plan first, then the rows of the week."""
    suggested = {one.row for one in week.suggestions}
    rows = sorted(week.rows, key=lambda row: row.key not in suggested)
    return [Choice(row.key, row.names, is_planned=row.key in suggested) for row in rows[:limit]]
