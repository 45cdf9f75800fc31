"""Writing bookings and their days. The people are locked first, in the order of ids; the database judges."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from quoin.base.db.context import current_tenant
from quoin.kernel.errors import invalid
from quoin.people.models import Person
from quoin.people.queries.capacity import capacities, work_times
from quoin.people.rules.capacity import workable_minutes
from quoin.resourcing.models import Booking, BookingDay, DayLoad
from quoin.resourcing.rules.spreading import spread
from quoin.resourcing.types import Effort

Days = Mapping[date, int]
LONGEST_DAYS = 1100


def lock_people(people: Collection[UUID]) -> None:
    """Take the rows of the people, so that nobody else changes their bookings or absences until commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT resourcing_lock_people(%s, %s)", [current_tenant(), list(people)])


def spread_days(booking: Booking) -> dict[date, int]:
    """Minutes of each day of the booking by the person's capacity now; Invalid if no day takes any."""
    span = (booking.ends_on - booking.starts_on).days + 1
    if span > LONGEST_DAYS:
        raise invalid("/ends_on", "A booking lasts three years at most. Check both days.")
    capacity = capacities([booking.person_id], booking.starts_on, booking.ends_on)[booking.person_id]
    minutes = spread(Effort(booking.effort), booking.amount, capacity)
    found = {booking.starts_on + timedelta(days=at): one for at, one in enumerate(minutes) if one}
    if not found:
        raise invalid(
            "/starts_on", "Nobody works in these days: they are holidays, weekends or days off. Choose others."
        )
    if max(found.values()) > _FULL_DAY:
        raise invalid("/amount", "A day has 24 hours.")
    return found


_FULL_DAY = 1440


def days_of(bookings: Iterable[UUID]) -> dict[UUID, dict[date, int]]:
    """Minutes by day of the bookings."""
    found: dict[UUID, dict[date, int]] = {booking: {} for booking in bookings}
    for booking_id, day_on, minutes in BookingDay.objects.filter(
        tenant_id=current_tenant(), booking_id__in=list(found)
    ).values_list("booking_id", "day_on", "minutes"):
        found[booking_id][day_on] = minutes
    return found


def write_days(booking: Booking, days: Days) -> None:
    """Make the days of the booking these. Only what differs is touched: a day in conflict may stay as it is."""
    tenant_id = current_tenant()
    rows = BookingDay.objects.filter(tenant_id=tenant_id, booking_id=booking.id)
    there = {row.day_on: row for row in rows}
    kept = {day for day, row in there.items() if _is_same(row, booking, days.get(day))}
    rows.filter(day_on__in=set(there) - kept).delete()
    BookingDay.objects.bulk_create(
        [
            BookingDay(
                tenant_id=tenant_id, booking_id=booking.id, person_id=booking.person_id, day_on=day, minutes=minutes,
                is_firm=booking.is_firm,
            )
            for day, minutes in sorted(days.items())
            if day not in kept
        ]
    )  # fmt: skip


def _is_same(row: BookingDay, booking: Booking, minutes: int | None) -> bool:
    return (row.minutes, row.person_id, row.is_firm) == (minutes, booking.person_id, booking.is_firm)


def restore_days(booking: Booking, days: Days) -> None:
    """Make the days of the booking what they were. A day that an absence has taken since stands in conflict, just as
    it would had the booking never gone; what others took in the meantime, or the calendar, is refused all the same.
    """
    rows = BookingDay.objects.filter(tenant_id=current_tenant(), booking_id=booking.id)
    kept = {row.day_on: row.minutes for row in rows if _is_same(row, booking, days.get(row.day_on))}
    write_days(booking, kept)
    if booking.is_firm:
        _stand_in_conflict(booking.person_id, {day: minutes for day, minutes in days.items() if day not in kept})
    write_days(booking, days)


def _stand_in_conflict(person_id: UUID, days: Days) -> None:
    """Mark what an absence makes too much; the trigger that adds the minutes lets a marked day stand."""
    if not days:
        return
    first, last = min(days), max(days)
    time = work_times([person_id], first, last)[person_id]
    if not time.absences:
        return
    whole = workable_minutes(time, first, (last - first).days + 1)
    loads = DayLoad.objects.filter(tenant_id=current_tenant(), person_id=person_id, day_on__in=list(days))
    for load in loads.order_by("day_on"):
        firm = load.firm_minutes + days[load.day_on]
        over = firm - load.capacity_minutes - load.override_minutes
        fits_without_absence = firm <= whole[(load.day_on - first).days] + load.override_minutes
        if over > load.conflict_minutes and fits_without_absence:
            loads.filter(day_on=load.day_on).update(conflict_minutes=over)


def add_bookings(bookings: Sequence[Booking]) -> list[Booking]:
    """Many new bookings with their days, for loads and templates: all or none, whatever the database refuses."""
    if not bookings:
        return []
    lock_people({booking.person_id for booking in bookings})
    first, last = min(one.starts_on for one in bookings), max(one.ends_on for one in bookings)
    known = capacities({booking.person_id for booking in bookings}, first, last)
    rows = []
    for booking in bookings:
        begin = (booking.starts_on - first).days
        capacity = known[booking.person_id][begin : (booking.ends_on - first).days + 1]
        minutes = spread(Effort(booking.effort), booking.amount, capacity)
        rows += [
            BookingDay(
                tenant_id=current_tenant(), booking_id=booking.id, person_id=booking.person_id,
                day_on=booking.starts_on + timedelta(days=at), minutes=one, is_firm=booking.is_firm,
            )
            for at, one in enumerate(minutes)
            if one
        ]  # fmt: skip
    made = Booking.objects.bulk_create(bookings, batch_size=1000)
    rows.sort(key=lambda row: (str(row.person_id), row.day_on))
    BookingDay.objects.bulk_create(rows, batch_size=5000)
    return made


def names_of(people: Iterable[UUID]) -> dict[UUID, str]:
    """Names of people, for sentences."""
    return dict(Person.objects.filter(id__in=list(people)).values_list("id", "name"))


def snapshot(booking: Booking, days: Days) -> dict[str, Any]:
    """A booking as plain values that `restore` takes."""
    fields = (
        "id", "person_id", "project_id", "task_id", "demand_id", "job_role_id", "starts_on", "ends_on", "effort",
        "amount", "is_firm", "note", "booked_by_id", "booked_at",
    )  # fmt: skip
    return {
        **{name: getattr(booking, name) for name in fields},
        "days": {day.isoformat(): minutes for day, minutes in sorted(days.items())},
    }
