"""Sixteen processes on the same days, and processes killed in the middle: never over capacity, all or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db.models import F

from quoin.people.actions.absences import request_absence
from quoin.resourcing.models import Booking, BookingDay, DayLoad
from tests.make import resourcing
from tests.make.resourcing import day
from tests.proof.forge import Answer, Call, Cut, answer_of, answers_of
from tests.proof.ground import Ground, broken, difference, exact, meaning, new_ground, shown

SIXTEEN = 16


def call(ground: Ground, person, job, key: str, *, first: int = 0, last: int = 11, percent: int = 30) -> Call:
    body = {
        "person_id": shown("per", person.id), "project_id": shown("prj", job.id), "is_firm": True, "amount": percent,
        "starts_on": day(first).isoformat(), "ends_on": day(last).isoformat(),
    }  # fmt: skip
    return Call("POST", "/api/v1/bookings", ground.token, body, key=key)


def counted(answers: list[Answer | None]) -> dict[int, int]:
    statuses = [answer.status if answer else -1 for answer in answers]
    return {status: statuses.count(status) for status in set(statuses)}


def over(ground: Ground) -> int:
    with ground.world.inside():
        rows = DayLoad.objects.filter(tenant_id=ground.world.tenant_id)
        return rows.filter(firm_minutes__gt=F("capacity_minutes") + F("override_minutes")).count()


def test_sixteen_book_the_same_days_and_only_what_fits_is_booked() -> None:
    ground = new_ground()
    person, job = ground.world.person(), resourcing.project(ground.world)

    answers = answers_of([call(ground, person, job, f"k{number}") for number in range(SIXTEEN)])

    # Three times 30 % fit into a day.
    assert counted(answers) == {201: 3, 409: 13}, answers
    assert {answer.body["code"] for answer in answers if answer and answer.status == 409} == {"over_capacity"}
    with ground.world.inside():
        assert BookingDay.objects.filter(tenant_id=ground.world.tenant_id).count() == 30
    assert over(ground) == 0
    assert broken(ground) == {}


def test_sixteen_move_across_each_other_and_none_waits_for_ever() -> None:
    ground = new_ground()
    job = resourcing.project(ground.world)
    people = [ground.world.person(f"P {number}") for number in range(2)]
    made = [
        resourcing.booked(ground.world, people[number % 2], job, percent=10, first=0, last=4)
        for number in range(SIXTEEN)
    ]
    calls = [
        Call(
            "POST", "/api/v1/bookings/move", ground.token,
            {
                "booking_ids": [shown("bok", one.id)], "by_days": 7 * (number % 3),
                "person_id": shown("per", people[(number + 1) % 2].id),
            },
            key=f"m{number}",
        )
        for number, one in enumerate(made)
    ]  # fmt: skip

    answers = answers_of(calls)

    assert counted(answers) == {200: SIXTEEN}, answers
    assert broken(ground) == {}


def test_illness_in_the_middle_leaves_no_day_over_without_a_mark() -> None:
    ground = new_ground()
    person, job = ground.world.person(), resourcing.project(ground.world)
    body = {
        "person_id": shown("per", person.id), "kind": "sick", "starts_on": day(2).isoformat(),
        "ends_on": day(3).isoformat(),
    }  # fmt: skip
    calls = [call(ground, person, job, f"k{number}", percent=10) for number in range(SIXTEEN - 1)]
    calls.insert(8, Call("POST", "/api/v1/absences", ground.token, body, key="ill"))

    answers = answers_of(calls)

    assert answers[8] is not None
    assert answers[8].status == 201
    with ground.world.inside():
        rows = DayLoad.objects.filter(tenant_id=ground.world.tenant_id)
        unmarked = rows.filter(
            firm_minutes__gt=F("capacity_minutes") + F("override_minutes") + F("conflict_minutes")
        ).count()
    assert unmarked == 0
    assert broken(ground) == {}


@pytest.mark.slow
def test_killed_at_every_statement_the_booking_is_there_whole_or_not_at_all() -> None:
    plain, call_of_plain = _arranged()
    faultless = answer_of(call_of_plain)
    assert faultless is not None
    assert faultless.status == 201
    expected = meaning(plain)
    ground, booking = _arranged()
    before = exact(ground)

    for cut in [*(Cut(statement=number) for number in range(1, faultless.statements + 1)), Cut(before_commit=True)]:
        assert _tried(booking, cut) is None, f"{cut} was not reached"
        with ground.world.inside():
            assert Booking.objects.count() == 1
    assert difference(exact(ground), before) == {}
    again = _tried(booking)

    assert again is not None
    assert again.status == 201
    assert difference(meaning(ground), expected) == {}
    assert broken(ground) == {}


def _arranged() -> tuple[Ground, Call]:
    """A person with a tentative booking and a sick day, about to be booked for three weeks."""
    ground = new_ground()
    person, job = ground.world.person(), resourcing.project(ground.world)
    resourcing.booked(ground.world, person, job, percent=40, is_firm=False)
    request_absence(ground.world.actor, person_id=person.id, kind="sick", starts_on=day(8), ends_on=day(8))
    return ground, replace(call(ground, person, job, "proof", last=18, percent=80))


def _tried(wanted: Call, cut: Cut | None = None) -> Answer | None:
    """The call, again while the server has not yet noticed that the caller before is dead."""
    for _attempt in range(200):
        answer = answer_of(wanted, cut)
        if answer is None or answer.body.get("code") != "idempotency_still_running":
            return answer
    raise AssertionError("the key of a dead caller stays locked")
