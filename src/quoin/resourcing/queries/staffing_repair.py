"""What trouble does to bookings, and the smallest repairs of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from quoin.base.actor import Actor
from quoin.kernel.errors import NotFound, invalid
from quoin.people.queries import VIEW as VIEW_PEOPLE
from quoin.people.queries.skills import certificates_of_roles
from quoin.people.queries.within import people_within, person_within
from quoin.resourcing.models import Booking, BookingDay
from quoin.resourcing.queries import VIEW, visible_bookings
from quoin.resourcing.queries.demands import certificate_names, need_of, worked_minutes
from quoin.resourcing.queries.staffing_case import workers_of
from quoin.resourcing.rules.staffing.repairing import Repair, repairs
from quoin.resourcing.rules.staffing.values import Ask, Case, Goal, Worker
from quoin.resourcing.types import Need

SLACK_WEEKS = 4
_MOST_BOOKINGS, _MOST_WEEKS, _WORKDAYS = 25, 26, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Somebody is away from a day to a day, or work on a task or project is so many weeks later from a day on."""

    from_on: date
    person_id: UUID | None = None
    until_on: date | None = None
    project_id: UUID | None = None
    task_id: UUID | None = None
    weeks: int = 0

    @classmethod
    def of(cls, given: dict[str, Any]) -> Trouble:
        """From plain values; Invalid if they name no trouble."""
        person, project, task = (given.get(name) or None for name in ("person_id", "project_id", "task_id"))
        if (person is None) == (project is None and task is None):
            raise invalid("/person_id", "Say who is away, or which project or task is later.", code="required")
        first, last = _day(given.get("from_on")), _day(given.get("until_on"))
        if first is None or (person is not None and (last is None or last < first)):
            raise invalid("/from_on", "Say from which day to which day.", code="required")
        weeks = int(given.get("weeks") or 0)
        if person is None and not 1 <= weeks <= _MOST_WEEKS:
            raise invalid("/weeks", "Work is later by 1 to 26 weeks.")
        return cls(
            from_on=first, until_on=last, weeks=0 if person else weeks,
            **{name: UUID(str(one)) for name, one in
               (("person_id", person), ("project_id", project), ("task_id", task)) if one},
        )  # fmt: skip


def _day(given: Any) -> date | None:
    if given is None or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise invalid("/from_on", "This is no day. Write it as 2026-06-01.") from None


@dataclass(frozen=True, slots=True)
class Hurt:
    """A booking that cannot stay as it is, and which of its days."""

    booking: Booking
    days: dict[date, int]
    """Minutes that need another place, where they stand now."""


@dataclass(frozen=True, slots=True)
class Damage:
    """The hurt bookings as a case for repairs."""

    hurts: tuple[Hurt, ...]
    case: Case
    originals: tuple[int, ...]


def hurt_bookings(actor: Actor, trouble: Trouble) -> list[Hurt]:
    """Bookings with days in the trouble, from today on, by start; NotFound for people out of reach."""
    first = max(trouble.from_on, actor.today)
    rows = visible_bookings(actor).filter(ends_on__gte=first)
    if trouble.person_id:
        person_within(actor, VIEW, trouble.person_id)
        assert trouble.until_on is not None
        rows = rows.filter(person=trouble.person_id, starts_on__lte=trouble.until_on)
    else:
        rows = rows.filter(Q(task=trouble.task_id) if trouble.task_id else Q(project=trouble.project_id))
    bookings = list(rows.select_related("demand", "demand__project", "project")[: _MOST_BOOKINGS + 1])
    if len(bookings) > _MOST_BOOKINGS:
        raise invalid("/from_on", "More than 25 bookings are hurt: repair a shorter time, or solve all open again.")
    days = BookingDay.objects.filter(
        tenant_id=actor.tenant_id, booking_id__in=[one.id for one in bookings], day_on__gte=first
    )
    if trouble.until_on and trouble.person_id:
        days = days.filter(day_on__lte=trouble.until_on)
    by_booking: dict[UUID, dict[date, int]] = {}
    for booking_id, day, minutes in days.order_by("day_on").values_list("booking_id", "day_on", "minutes"):
        by_booking.setdefault(booking_id, {})[day] = minutes
    return [Hurt(one, by_booking[one.id]) for one in bookings if one.id in by_booking]


def damage(actor: Actor, trouble: Trouble) -> Damage:
    """The case of the hurt bookings: their days must find people, or later weeks. NotFound if nothing is hurt."""
    hurts = hurt_bookings(actor, trouble)
    if not hurts:
        raise NotFound("No booking is hurt by this: there is nothing to repair.")
    people = list(people_within(actor, VIEW_PEOPLE).exclude(kind="placeholder").filter(left_on=None))
    known = {one.id for one in people}
    people += [one.booking.person for one in hurts if one.booking.person_id not in known]
    people = sorted({one.id: one for one in people}.values(), key=lambda one: (one.name, str(one.id)))
    shift = timedelta(weeks=trouble.weeks)
    first = min(min(one.days) for one in hurts)
    last = max(max(one.days) for one in hurts) + shift + timedelta(weeks=SLACK_WEEKS)
    workers = [_freed(one, hurts, trouble) for one in workers_of(actor, people, first, last)]
    places = {one.candidate.person_id: at for at, one in enumerate(workers)}
    ids = [one.id for one in people]
    asks = tuple(_ask(at, one, trouble, ids) for at, one in enumerate(hurts))
    case = Case(asks=asks, workers=tuple(workers), goal=Goal("repair", {}, 0), keeps_tentative=True)
    return Damage(tuple(hurts), case, tuple(places[one.booking.person_id] for one in hurts))


def repairs_of(found: Damage) -> tuple[Repair, ...]:
    """Three ways out, the smallest first."""
    return repairs(found.case, found.originals)


def _freed(worker: Worker, hurts: Sequence[Hurt], trouble: Trouble) -> Worker:
    """Somebody without the hurt bookings, and not there while they are away."""
    one = worker.candidate
    firm, tentative, capacity = dict(one.firm), dict(one.tentative), dict(one.capacity)
    for hurt in hurts:
        if hurt.booking.person_id == one.person_id:
            book = firm if hurt.booking.is_firm else tentative
            for day, minutes in hurt.days.items():
                book[day] = book.get(day, 0) - minutes
    if one.person_id == trouble.person_id and trouble.until_on:
        capacity = {
            day: 0 if trouble.from_on <= day <= trouble.until_on else minutes for day, minutes in capacity.items()
        }
    return replace(worker, candidate=replace(one, firm=firm, tentative=tentative, capacity=capacity))


def _ask(at: int, hurt: Hurt, trouble: Trouble, people: list[UUID]) -> Ask:
    booking, step = hurt.booking, timedelta(weeks=trouble.weeks)
    first, last = min(hurt.days), max(hurt.days)
    days = tuple(first + step + timedelta(days=one) for one in range((last - first).days + 1))
    need = need_of(booking.demand) if booking.demand else Need(days=days, client_id=booking.project.client_id)
    role = booking.job_role_id or need.job_role_id
    certificates = dict(need.certificates)
    certificates |= dict(certificate_names(certificates_of_roles().get(role, []) if role else []))
    effort = _effort(hurt, days)
    return Ask(
        id=booking.id, number=at + 1, title=booking.project.name, slack_weeks=SLACK_WEEKS,
        need=replace(
            need, days=days, job_role_id=role, curve=(), certificates=tuple(sorted(certificates.items(), key=str)),
            percent=effort[0], minutes_per_week=effort[1],
        ),
        worked=dict(worked_minutes(people, booking.project.client_id, booking.project_id)),
    )  # fmt: skip


def _effort(hurt: Hurt, days: Sequence[date]) -> tuple[int | None, int | None]:
    """Per cent as booked, or the hours of the hurt days as hours per week."""
    if hurt.booking.effort == "percent":
        return hurt.booking.amount, None
    working = sum(1 for day in days if day.weekday() < _WORKDAYS) or 1
    return None, -(-sum(hurt.days.values()) * _WORKDAYS // working)
