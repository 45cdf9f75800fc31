"""Bookings spread over the days people work, never over what a day can take, and every change can be taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection

from quoin.base.actions import REGISTRY
from quoin.base.actor import Scope
from quoin.base.audit.checks import SCHEMA
from quoin.base.audit.models import AuditAction
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from quoin.people.actions import edit_person
from quoin.people.actions.absences import approve_absence, cancel_absence, request_absence
from quoin.people.actions.calendars import create_calendar, set_calendar_day
from quoin.people.actions.skills import create_certificate, give_certificate, require_certificates
from quoin.resourcing import queries
from quoin.resourcing.actions import bookings as acts
from quoin.resourcing.models import Booking, BookingDay, DayLoad, Override
from quoin.resourcing.types import NotCertified, OverCapacity
from tests.make import World, resourcing
from tests.make.resourcing import booked, day, load


def last_undo(world: World) -> None:
    with world.inside():
        found = AuditAction.objects.filter(undo__isnull=False).order_by("-id").first()
    assert found is not None
    REGISTRY[found.undo["action"]].run(world.actor, **found.undo["arguments"])


def invariants_hold(world: World) -> bool:
    with world.inside(), connection.cursor() as cursor:
        for number in ("31", "31r", "31d"):
            cursor.execute(f"SELECT * FROM {SCHEMA}.inv_{number}")
            if cursor.fetchall():
                return False
    return True


@pytest.fixture
def job(world: World):
    return resourcing.project(world)


def test_a_percentage_books_the_working_days(world: World, job) -> None:
    ana = world.person()

    made = booked(world, ana, job, first=0, last=8, percent=80)

    with world.inside():
        days = queries.days_of_booking(queries.booking_for(world.actor, made.id))
    assert days == [(day(at), 384) for at in (0, 1, 2, 3, 4, 7, 8)]
    assert load(world, ana) == [(384, 0, 480, 0, 0)] * 7
    assert invariants_hold(world)


def test_a_total_is_met_to_the_minute(world: World, job) -> None:
    ana = world.person()

    acts.create_booking(
        world.actor, person_id=ana.id, project_id=job.id, starts_on=day(0), ends_on=day(6), effort="total", amount=1000
    )

    assert [row[1] for row in load(world, ana)] == [200] * 5


def test_more_than_the_day_is_refused_in_words(world: World, job) -> None:
    ana = world.person()
    booked(world, ana, job, percent=80)

    with pytest.raises(OverCapacity) as fault:
        booked(world, ana, job, first=4, last=7, percent=30)

    assert fault.value.detail.startswith(
        "Ana Ruiz has 8:00 on Fri 5 Jun 2026; 6:24 are booked firmly ("
        + job.name
        + ", by Eva Berg), 2:24 more do not fit."
    )
    assert [problem.pointer for problem in fault.value.problems] == ["/days/2026-06-05"]
    assert load(world, ana) == [(384, 0, 480, 0, 0)] * 5


def test_tentative_time_may_overlap(world: World, job) -> None:
    ana = world.person()
    booked(world, ana, job)

    second = booked(world, ana, job, is_firm=False)

    assert load(world, ana) == [(480, 480, 480, 0, 0)] * 5
    with pytest.raises(OverCapacity):
        acts.set_firm(world.actor, booking_ids=[second.id])
    assert load(world, ana) == [(480, 480, 480, 0, 0)] * 5


def test_a_reason_and_an_approver_make_room(world: World, job) -> None:
    ana = world.person()
    booked(world, ana, job, last=0)

    booked(world, ana, job, last=1, percent=50, override_reason="Go-live")

    assert load(world, ana) == [(720, 0, 480, 240, 0), (240, 0, 480, 0, 0)]
    with world.inside():
        given = Override.objects.get()
    assert (given.reason, given.approved_by_id, given.minutes) == ("Go-live", world.boss.id, 240)
    with pytest.raises(Conflict):
        acts.withdraw_override(world.actor, override_id=given.id)
    own = replace(world.actor, person_id=ana.id)
    with pytest.raises(Forbidden):
        acts.create_booking(
            own, person_id=ana.id, project_id=job.id, starts_on=day(1), ends_on=day(1), is_firm=True,
            override_reason="I want to",
        )  # fmt: skip
    assert invariants_hold(world)


def test_no_statement_gets_past_the_database(world: World, job) -> None:
    ana = world.person()
    made = booked(world, ana, job)

    def too_much() -> None:
        BookingDay.objects.filter(tenant_id=world.tenant_id, booking_id=made.id, day_on=day(2)).update(minutes=481)

    with pytest.raises(Conflict, match="over its capacity"):
        world.do(too_much)
    assert load(world, ana) == [(480, 0, 480, 0, 0)] * 5


def test_illness_is_never_refused_and_marks_the_bookings(world: World, job) -> None:
    ana = world.person()
    made = booked(world, ana, job)

    sick = request_absence(world.actor, person_id=ana.id, kind="sick", starts_on=day(1), ends_on=day(2), ends_half=True)

    assert load(world, ana)[1:3] == [(480, 0, 0, 0, 480), (480, 0, 240, 0, 240)]
    with world.inside():
        assert [row.day_on for row in queries.conflict_days(world.actor)] == [day(1), day(2)]
        assert [row.id for row in queries.bookings_in_conflict(world.actor)] == [made.id]
    with pytest.raises(OverCapacity):
        acts.create_booking(
            world.actor, person_id=ana.id, project_id=job.id, starts_on=day(2), ends_on=day(2), effort="per_day",
            amount=1, is_firm=True,
        )  # fmt: skip
    # A change of the note leaves the days as they are; a change of the span settles them.
    acts.edit_booking(world.actor, booking_id=made.id, note="Ana is ill")
    assert load(world, ana)[1:3] == [(480, 0, 0, 0, 480), (480, 0, 240, 0, 240)]
    cancel_absence(world.actor, absence_id=sick.id)
    assert load(world, ana) == [(480, 0, 480, 0, 0)] * 5
    assert invariants_hold(world)


def test_approved_leave_flags_and_moving_settles(world: World, job) -> None:
    ana = world.person()
    made = booked(world, ana, job)
    asked = request_absence(world.actor, person_id=ana.id, kind="vacation", starts_on=day(4), ends_on=day(4))
    assert load(world, ana) == [(480, 0, 480, 0, 0)] * 5

    approve_absence(world.actor, absence_id=asked.id)

    assert load(world, ana)[4] == (480, 0, 0, 0, 480)
    acts.edit_booking(world.actor, booking_id=made.id, ends_on=day(3))
    assert load(world, ana) == [(480, 0, 480, 0, 0)] * 4
    assert invariants_hold(world)


def test_a_new_holiday_and_a_leaver_mark_what_was_booked(world: World, job) -> None:
    ana = world.person()
    calendar = create_calendar(world.actor, name="Firm", is_default=True)
    booked(world, ana, job)

    set_calendar_day(world.actor, calendar_id=calendar.id, day_on=day(0), label="Founders' day")
    edit_person(world.actor, person_id=ana.id, left_on=day(4))

    assert [row[4] for row in load(world, ana)] == [480, 0, 0, 0, 480]
    assert invariants_hold(world)


def test_move_split_copy_delete_and_back(world: World, job) -> None:
    ana, ben = world.person(), world.person("Ben Okoye")
    made = booked(world, ana, job, percent=60)

    acts.move_bookings(world.actor, booking_ids=[made.id], by_days=7, person_id=ben.id)
    assert (load(world, ana), load(world, ben)) == ([], [(288, 0, 480, 0, 0)] * 5)
    last_undo(world)
    assert (load(world, ana), load(world, ben)) == ([(288, 0, 480, 0, 0)] * 5, [])

    first, second = acts.split_booking(world.actor, booking_id=made.id, on=day(3))
    assert (first.ends_on, second.starts_on, second.ends_on) == (day(2), day(3), day(4))
    last_undo(world)
    with world.inside():
        assert list(Booking.objects.values_list("starts_on", "ends_on")) == [(day(0), day(4))]

    copied = acts.copy_booking(world.actor, booking_id=made.id, person_id=ben.id, starts_on=day(1))
    assert (copied.ends_on, load(world, ben)) == (day(5), [(288, 0, 480, 0, 0)] * 4)
    acts.delete_bookings(world.actor, booking_ids=[made.id, copied.id])
    assert (load(world, ana), load(world, ben)) == ([], [])
    last_undo(world)
    assert (len(load(world, ana)), len(load(world, ben))) == (5, 4)
    assert invariants_hold(world)


def test_a_row_of_bookings_moves_into_its_own_places(world: World, job) -> None:
    ana = world.person()
    ids = [booked(world, ana, job, first=week * 7, last=week * 7 + 4).id for week in range(3)]

    acts.move_bookings(world.actor, booking_ids=ids, by_days=7)

    assert len(load(world, ana)) == 15


def test_many_are_booked_or_none(world: World, job) -> None:
    ana, ben = world.person(), world.person("Ben Okoye")
    booked(world, ben, job, percent=50)
    common = {"project_id": job.id, "starts_on": day(0), "ends_on": day(4), "is_firm": True}

    with pytest.raises(OverCapacity, match="Ben Okoye"):
        acts.create_bookings(
            world.actor, bookings=[{**common, "person_id": ana.id}, {**common, "person_id": ben.id, "amount": 51}]
        )

    assert load(world, ana) == []
    made = acts.create_bookings(
        world.actor, bookings=[{**common, "person_id": ana.id}, {**common, "person_id": ben.id, "amount": 50}]
    )
    assert len(made) == 2


def test_a_lapsed_certificate_stops_the_booking_where_the_role_needs_it(world: World, job) -> None:
    ana = world.person(role="Crane technician")
    licence = create_certificate(world.actor, name="Crane licence", valid_months=12)
    require_certificates(world.actor, job_role_id=ana.job_role_id, certificate_ids=[licence.id])
    with pytest.raises(NotCertified, match="there is none"):
        booked(world, ana, job)

    give_certificate(world.actor, person_id=ana.id, certificate_id=licence.id, issued_on=day(-363))

    with pytest.raises(NotCertified, match="needs Crane licence on 2026-06-04, and it ended on 2026-06-03"):
        booked(world, ana, job)
    booked(world, ana, job, last=2)


def test_nothing_to_work_is_no_booking(world: World, job) -> None:
    with pytest.raises(Invalid, match="Nobody works"):
        booked(world, world.person(), job, first=5, last=6)


def test_a_project_manager_books_others_tentatively_and_only_on_own_projects(world: World, job) -> None:
    ana, pia = world.person(), world.person("Pia Moe")
    other = resourcing.project(world, rate="")
    world.do(lambda: type(job).objects.filter(id=job.id).update(manager=pia))
    pm = world.with_rights("resourcing.booking.create", "resourcing.booking.view", scope=Scope.TEAM, person=pia)
    fields = {"person_id": ana.id, "starts_on": day(0), "ends_on": day(1)}

    acts.create_booking(pm, project_id=job.id, **fields)

    with pytest.raises(Forbidden, match="another team"):
        acts.create_booking(pm, project_id=job.id, is_firm=True, **fields)
    with pytest.raises(NotFound):
        acts.create_booking(pm, project_id=other.id, **fields)
    assert load(world, ana) == [(0, 480, 480, 0, 0)] * 2


def test_load_that_was_tampered_with_is_found(world: World, job) -> None:
    ana = world.person()
    booked(world, ana, job)
    world.do(lambda: DayLoad.objects.filter(tenant_id=world.tenant_id).update(conflict_minutes=60, firm_minutes=500))

    assert not invariants_hold(world)
