"""What a new expected day of goods does to plan, visits and people, before anybody decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from quoin.base.actor import Actor
from quoin.field.models import Delivery, Visit, VisitDelivery
from quoin.field.rules.slip import IsWorked, change_for, governing_day, risk_days, shifted
from quoin.field.types import DeliveryStatus, VisitStatus
from quoin.kernel.workcal import instant_of
from quoin.projects.queries.plan import Preview, load_plan, try_out
from quoin.projects.rules.effect import Effect
from quoin.projects.rules.plan import Change, Plan
from quoin.projects.types import ScheduleMode
from quoin.resourcing.models import Booking
from quoin.resourcing.queries import VIEW as VIEW_BOOKINGS

MOVE_BOOKINGS = "resourcing.booking.move"
_COMING = (DeliveryStatus.ORDERED, DeliveryStatus.SHIPPED)


@dataclass(frozen=True, slots=True)
class VisitMove:
    """A visit that the goods or the task push to another day."""

    visit: Visit
    starts_at: datetime
    ends_at: datetime

    @property
    def is_promised(self) -> bool:
        """Published: it is told, and moves only by somebody's hand."""
        return self.visit.status != VisitStatus.DRAFT


@dataclass(frozen=True, slots=True)
class BookingMove:
    """A booking for a task that moves: it goes along by so many days."""

    booking: Booking
    days: int

    @property
    def starts_on(self) -> date:
        return self.booking.starts_on + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Slip:
    """The effect of a new expected day."""

    delivery: Delivery
    expected_on: date | None
    changes: tuple[Change, ...]
    preview: Preview | None
    visits: tuple[VisitMove, ...]
    bookings: tuple[Booking, ...]
    """Hold people on days on which the task no longer begins; for somebody to look at."""
    booked: tuple[BookingMove, ...] = ()
    """Go along with their task."""

    @property
    def moved(self) -> tuple[VisitMove, ...]:
        return tuple(one for one in self.visits if not one.is_promised)

    @property
    def flagged(self) -> tuple[VisitMove, ...]:
        return tuple(one for one in self.visits if one.is_promised)

    @property
    def effect(self) -> Effect | None:
        return self.preview.effect if self.preview else None


def slip_of(actor: Actor, delivery: Delivery, expected_on: date | None) -> Slip:
    """The effect of the day on the plan, on visits that have a time, and on people booked for the tasks that move."""
    plan = load_plan(delivery.project_id, today=actor.today) if delivery.task_id else None
    changes = _changes(plan, delivery, expected_on) if plan else ()
    preview = try_out(actor, plan, changes) if plan and changes else None
    shifts = _shifts(preview.effect) if preview else {}
    return Slip(
        delivery, expected_on, changes, preview,
        visits=_visits(
            actor, delivery, expected_on=expected_on, shifts=shifts, is_worked=_worked(plan, delivery.project_id)
        ),
        bookings=_bookings(actor, delivery, shifts),
        booked=_booked(actor, delivery, shifts),
    )  # fmt: skip


def risk_of(delivery: Delivery) -> int | None:
    """Days of float left on the task that waits; None once the goods are there, or where nothing waits."""
    if delivery.task is None or delivery.status not in _COMING or delivery.task.status in {"done", "cancelled"}:
        return None
    return risk_days(delivery.expected_on, delivery.task.starts_on, delivery.task.total_float_minutes)


def _changes(plan: Plan, delivery: Delivery, expected_on: date | None) -> tuple[Change, ...]:
    task = plan.tasks.get(delivery.task_id) if delivery.task_id else None
    if task is None or any(one.parent_id == task.id for one in plan.tasks.values()):
        return ()
    others = (
        Delivery.objects.filter(task=task.id, status__in=_COMING)
        .exclude(id=delivery.id)
        .values_list("expected_on", flat=True)
    )
    days = list(others)
    change = change_for(
        task,
        was_on=governing_day([*days, delivery.expected_on]),
        arrives_on=governing_day([*days, expected_on]),
        by_hand=plan.projects[delivery.project_id].schedule is ScheduleMode.BY_HAND,
        is_worked=_worked(plan, delivery.project_id),
    )
    return (change,) if change else ()


def _worked(plan: Plan | None, project_id: UUID) -> IsWorked:
    if plan is None:
        return lambda day: day.isoweekday() <= 5  # noqa: PLR2004  Monday to Friday where there is no plan to ask
    calendar = plan.calendars.get(plan.projects[project_id].calendar_id) or plan.calendars[None]
    return lambda day: calendar.minutes_on(day) > 0


def _shifts(effect: Effect) -> dict[UUID, tuple[date, date]]:
    """The first day of each task that moves, before and after."""
    starts = {
        one.task_id: (instant_of(one.before.start).date(), instant_of(one.after.start).date()) for one in effect.moved
    }
    return {key: days for key, days in starts.items() if days[0] != days[1]}


def _visits(
    actor: Actor,
    delivery: Delivery,
    *,
    expected_on: date | None,
    shifts: Mapping[UUID, tuple[date, date]],
    is_worked: IsWorked,
) -> tuple[VisitMove, ...]:
    carries = set(VisitDelivery.objects.filter(delivery=delivery).values_list("visit_id", flat=True))
    rows = (
        Visit.objects.select_related("site", "project")
        .filter(project=delivery.project_id, starts_at__isnull=False, status__in=["draft", "published"])
        .filter(Q(id__in=carries) | Q(task__in=list(shifts)))
        .order_by("starts_at", "number")
    )
    zone = ZoneInfo(actor.zone)
    found = []
    for row in rows:
        assert row.starts_at is not None
        assert row.ends_at is not None
        starts = row.starts_at.astimezone(zone)
        days = _days(
            starts.date(), expected_on if row.id in carries else None, shifts.get(row.task_id) if row.task_id else None
        )
        if days:
            begins = shifted(starts, days, is_worked=is_worked)
            found.append(VisitMove(row, begins, begins + (row.ends_at - row.starts_at)))
    return tuple(found)


def _days(day: date, arrives_on: date | None, moved: tuple[date, date] | None) -> int:
    """By how many days the visit moves: with its task, and at least until its goods are there."""
    with_task = (moved[1] - moved[0]).days if moved else 0
    if arrives_on is None:
        return with_task
    return max((arrives_on - day).days, with_task) if arrives_on > day or with_task else 0


def _bookings(actor: Actor, delivery: Delivery, shifts: Mapping[UUID, tuple[date, date]]) -> tuple[Booking, ...]:
    """Bookings of the project that are for no task, on days on which one of those that move no longer begins."""
    if not shifts or not actor.may(VIEW_BOOKINGS):
        return ()
    rows = Booking.objects.select_related("person", "task").filter(project=delivery.project_id)
    rows = rows.filter(ends_on__gte=min(days[0] for days in shifts.values()))
    if actor.may(MOVE_BOOKINGS):
        rows = rows.filter(task=None)
    return tuple(row for row in rows.order_by("starts_on", "id") if _is_hit(row, shifts))


def _booked(actor: Actor, delivery: Delivery, shifts: Mapping[UUID, tuple[date, date]]) -> tuple[BookingMove, ...]:
    """Bookings for the very tasks that move, from the day of the move on, where the actor may move bookings."""
    if not shifts or not actor.may(VIEW_BOOKINGS) or not actor.may(MOVE_BOOKINGS):
        return ()
    rows = Booking.objects.select_related("person", "task").filter(
        project=delivery.project_id, task__in=list(shifts), starts_on__gte=actor.today
    )
    found = []
    for row in rows.order_by("starts_on", "id"):
        assert row.task_id is not None
        before, after = shifts[row.task_id]
        found.append(BookingMove(row, (after - before).days))
    return tuple(found)


def _is_hit(row: Booking, shifts: Mapping[UUID, tuple[date, date]]) -> bool:
    if row.task_id is not None and row.task_id not in shifts:
        return False
    wanted = list(shifts.values()) if row.task_id is None else [shifts[row.task_id]]
    return any(row.starts_on < max(days) and row.ends_on >= min(days) for days in wanted)
