"""What a calendar feed shows: it reads with the rights that its owner has now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.accounts.models import Door, Membership
from quoin.accounts.queries.standing import actor_of_member, tenant_now
from quoin.base.actions import permission
from quoin.base.actor import Actor, Source
from quoin.base.db.context import tenant_transaction
from quoin.kernel.errors import NotFound
from quoin.people.models import Absence, Person, Team
from quoin.people.queries.absences import VIEW_ABSENCE, absences_between, shown_kind
from quoin.people.queries.within import people_within
from quoin.projects.models import Project, Task
from quoin.projects.queries import visible_projects
from quoin.resourcing.models import Booking, Feed
from quoin.resourcing.queries import VIEW, bookings_between
from quoin.resourcing.types import Entry

VIEW_FEED = permission("resourcing.feed.view", gettext_lazy("See one's calendar feeds"))
_BEFORE, _AFTER = timedelta(days=31), timedelta(days=366)
_GONE = "This calendar address is not valid any more. Make a new one in Quoin."


MoreEntries = Callable[[Actor, Feed, date, date], Iterable[Entry]]
_more: list[MoreEntries] = []


def add_entries(source: MoreEntries) -> None:
    """Register what an app above shows in feeds: from the actor, the feed, and its first and last day."""
    _more.append(source)


def digest_of(secret: str) -> str:
    """What is stored of a feed's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def own_feeds(actor: Actor) -> QuerySet[Feed]:
    """Feeds that the actor made and that still work."""
    actor.require(VIEW_FEED)
    rows = Feed.objects.filter(membership_id=actor.membership_id, revoked_at=None) if actor.membership_id else None
    return (Feed.objects.none() if rows is None else rows).order_by("created_at", "id")


def feed_behind(secret: str) -> tuple[Actor, Feed]:
    """The feed of a secret and its owner as an actor; NotFound if it was revoked or the owner may not enter."""
    digest = digest_of(secret)
    door = Door.objects.filter(kind="feed", key=digest).first()
    if door is None:
        raise NotFound(_GONE)
    doorman = Actor(
        tenant_id=door.tenant_id, grants={}, now=tenant_now(door.tenant_id), name="Calendar feed", source=Source.PORTAL,
    )  # fmt: skip
    with tenant_transaction(doorman, read_only=True):
        feed = Feed.objects.filter(digest=digest, revoked_at=None).first()
        member = Membership.objects.filter(id=feed.membership_id, is_active=True).first() if feed else None
    actor = actor_of_member(member) if member else None
    if feed is None or actor is None:
        raise NotFound(_GONE)
    return actor, feed


def entries_of(actor: Actor, feed: Feed) -> tuple[str, list[Entry]]:
    """Title and entries of the feed; NotFound if the owner may not see its subject any more."""
    first, last = actor.today - _BEFORE, actor.today + _AFTER
    title, entries = _own_entries(actor, feed, first, last)
    return title, [*entries, *(entry for source in _more for entry in source(actor, feed, first, last))]


def _own_entries(actor: Actor, feed: Feed, first: date, last: date) -> tuple[str, list[Entry]]:
    bookings, absences = bookings_between(actor, first, last), absences_between(actor, first, last)
    match feed.kind:
        case "person":
            person = _seen(people_within(actor, VIEW), feed.subject_id)
            own = [_booking(feed, row, who="") for row in bookings.filter(person=person)]
            away = [_absence(actor, row, who="") for row in absences.filter(person=person)]
            return person.name, [*own, *away, *_tasks(actor, Task.objects.filter(assignee=person))]
        case "team":
            team = Team.objects.filter(id=feed.subject_id).first()
            people = people_within(actor, VIEW_ABSENCE).filter(team=feed.subject_id)
            if team is None or not people.exists():
                raise NotFound(_GONE)
            rows = absences.filter(person__in=people.order_by().values("id"))
            return team.name, [_absence(actor, row, who=row.person.name) for row in rows]
        case _:
            project: Project = _seen(visible_projects(actor), feed.subject_id)
            tasks = Task.objects.filter(project=project, is_milestone=True)
            entries = [_booking(feed, row, who=row.person.name) for row in bookings.filter(project=project)]
            return f"{project.number} {project.name}", [*entries, *_tasks(actor, tasks)]


def subject_name(actor: Actor, kind: str, subject_id: UUID) -> str:
    """The name of what a feed is about; NotFound if the actor may not see it."""
    if kind == "person":
        return str(_seen(people_within(actor, VIEW), subject_id).name)
    if kind == "project":
        return str(_seen(visible_projects(actor), subject_id).name)
    people = people_within(actor, VIEW_ABSENCE).filter(team=subject_id)
    if not people.exists():
        raise NotFound("There is no such team, or you may not see its people.")
    return Team.objects.values_list("name", flat=True).get(id=subject_id)


def _seen(rows: QuerySet[Person] | QuerySet[Project], subject_id: UUID) -> Any:
    found = rows.filter(id=subject_id).first()
    if found is None:
        raise NotFound(_GONE)
    return found


def _booking(feed: Feed, row: Booking, *, who: str) -> Entry:
    title = {"project": row.project.name, "client": row.project.client.name, "busy": _("Booked")}[feed.detail]
    return Entry(
        uid=f"{row.public_id}@quoin", title=f"{who}: {title}" if who else title, starts_on=row.starts_on,
        ends_on=row.ends_on, stamped_at=row.booked_at, sequence=row.version, is_tentative=not row.is_firm,
        description=row.note if feed.detail == "project" else "",
        url=f"{settings.QUOIN_URL}{reverse('resourcing:booking', args=[row.public_id])}",
    )  # fmt: skip


def _absence(actor: Actor, row: Absence, *, who: str) -> Entry:
    kind = shown_kind(actor, row)
    title = _("Away") if kind == "absent" else str(_(kind.capitalize()))
    return Entry(
        uid=f"{row.public_id}@quoin", title=f"{who}: {title}" if who else title, starts_on=row.starts_on,
        ends_on=row.ends_on, stamped_at=row.decided_at or row.requested_at, is_tentative=row.status == "requested",
    )  # fmt: skip


def _tasks(actor: Actor, tasks: QuerySet[Task]) -> list[Entry]:
    rows = tasks.filter(due_on__gte=actor.today - _BEFORE, due_on__lte=actor.today + _AFTER)
    open_rows = rows.exclude(status__in=["done", "closed"]).select_related("project").order_by("due_on", "id")
    return [
        Entry(
            uid=f"{row.public_id}@quoin", title=f"{row.name} ({row.project.name})", starts_on=row.due_on,
            ends_on=row.due_on, stamped_at=actor.now, is_busy=False,
        )
        for row in open_rows
        if row.due_on is not None
    ]  # fmt: skip
