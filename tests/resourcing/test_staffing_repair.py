"""Repairs: who is ill or late is replaced or moved, the smallest first; one action, one undo, and people are told."""

from __future__ import annotations

import pytest

from quoin.base.actions import REGISTRY
from quoin.base.audit.models import AuditAction
from quoin.base.mail.models import MailMessage
from quoin.base.ui import formats
from quoin.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from quoin.people.actions.absences import cancel_absence, request_absence
from quoin.resourcing.actions.staffing_repair import repair_bookings
from quoin.resourcing.models import Booking
from quoin.resourcing.queries.staffing_repair import Trouble, damage, repairs_of
from quoin.resourcing.queries.staffing_words import moves_of
from tests.make import World, money, new_world, resourcing
from tests.make.api import api as api_of
from tests.make.cli import quoin
from tests.make.resourcing import booked, day, load
from tests.make.web import signed_in
from tests.resourcing.test_bookings import invariants_hold, last_undo


@pytest.fixture
def job(world: World):
    return resourcing.project(world)


def ill(world: World, first: int = 0, last: int = 4) -> dict:
    return {"person_id": world.people["Ana"].id, "from_on": day(first), "until_on": day(last)}


def open_undo(world: World) -> dict:
    """How the last action is taken back."""
    with world.inside():
        found = AuditAction.objects.filter(undo__isnull=False).order_by("-id").first()
    assert found is not None
    return found.undo


def take_back(world: World, undo: dict) -> None:
    REGISTRY[undo["action"]].run(world.actor, **undo["arguments"])


def ways(world: World, trouble: dict):
    with world.inside():
        found = damage(world.actor, Trouble.of(trouble))
        return found, repairs_of(found)


def told(found, way) -> list[tuple[str, int]]:
    return [(found.case.workers[one.worker].candidate.name, one.shift) for one in way.moves]


def test_three_ways_are_found_by_people_cost_and_dates(world: World, job) -> None:
    ana = world.person("Ana", cost="60")
    world.person("Dear", cost="100")
    world.person("Cheap", cost="40")
    booked(world, ana, job, last=4)

    found, three = ways(world, ill(world))

    assert {one.aim for one in three} == {"people", "cost", "dates"}
    by_aim = {one.aim: (told(found, one), one.people_moved, one.weeks_later) for one in three}
    assert by_aim["people"] == ([("Ana", 1)], 0, 1)
    assert by_aim["cost"] == ([("Cheap", 0)], 1, 0)
    assert [one.size for one in three] == sorted(one.size for one in three)
    assert next(one.cost for one in three if one.aim == "cost") == -800


def test_a_repair_is_applied_told_and_taken_back_as_one(world: World, job) -> None:
    ana, ben = world.person("Ana"), world.person("Ben")
    before = booked(world, ana, job, last=18)
    trouble = ill(world, 7, 11)
    found, three = ways(world, trouble)
    way = next(one for one in three if told(found, one) == [("Ben", 0)])

    repair_bookings(world.actor, trouble=trouble, moves=moves_of(found, way))

    with world.inside():
        rows = Booking.objects.order_by("starts_on", "person__name").values_list(
            "person__name", "starts_on", "ends_on", "is_firm"
        )
        assert list(rows) == [
            ("Ana", day(0), day(4), True), ("Ben", day(7), day(11), True), ("Ana", day(14), day(18), True),
        ]  # fmt: skip
        mails = {mail.to: mail.text for mail in MailMessage.objects.filter(subject__contains="bookings")}
    assert set(mails) == {ana.email, ben.email}
    assert f"{formats.day(day(7), 'en-GB')} to {formats.day(day(11), 'en-GB')}" in mails[ben.email]
    assert [row[0] for row in load(world, ben)] == [480] * 5
    assert invariants_hold(world)
    last_undo(world)
    with world.inside():
        assert [(one.id, one.starts_on, one.ends_on) for one in Booking.objects.all()] == [(before.id, day(0), day(18))]


@pytest.mark.parametrize(("half", "conflict"), [(False, 480), (True, 240)])
def test_a_repair_is_taken_back_after_the_illness_was_recorded(world: World, job, half: bool, conflict: int) -> None:
    ana = world.person("Ana")
    world.person("Ben")
    before = booked(world, ana, job, last=4)
    trouble = ill(world)
    found, three = ways(world, trouble)
    way = next(one for one in three if told(found, one) == [("Ben", 0)])
    repair_bookings(world.actor, trouble=trouble, moves=moves_of(found, way))
    undo = open_undo(world)
    report = request_absence(
        world.actor, person_id=ana.id, kind="sick", starts_on=day(0), ends_on=day(4), starts_half=half
    )

    take_back(world, undo)

    with world.inside():
        assert [(one.id, one.starts_on, one.ends_on) for one in Booking.objects.all()] == [(before.id, day(0), day(4))]
    assert [row[4] for row in load(world, ana)] == [conflict, 480, 480, 480, 480]
    assert invariants_hold(world)
    cancel_absence(world.actor, absence_id=report.id)
    assert [row[4] for row in load(world, ana)] == [0] * 5
    assert invariants_hold(world)


def test_what_others_took_meanwhile_is_not_taken_back(world: World, job) -> None:
    ana = world.person("Ana")
    world.person("Ben")
    booked(world, ana, job, last=4)
    trouble = ill(world)
    found, three = ways(world, trouble)
    way = next(one for one in three if told(found, one) == [("Ben", 0)])
    repair_bookings(world.actor, trouble=trouble, moves=moves_of(found, way))
    undo = open_undo(world)
    booked(world, ana, job, percent=60)
    request_absence(world.actor, person_id=ana.id, kind="sick", starts_on=day(0), ends_on=day(0))

    with pytest.raises(DomainError, match="firmly over its capacity"):
        take_back(world, undo)

    assert invariants_hold(world)


def test_late_work_moves_with_its_people_or_to_others(world: World, job) -> None:
    other = money.project(world)
    ana = world.person("Ana")
    world.person("Ben")
    booked(world, ana, job, last=4)
    booked(world, ana, other, first=7, last=11)
    trouble = {"project_id": job.id, "from_on": day(0), "weeks": 1}

    found, three = ways(world, trouble)

    shapes = {one.aim: told(found, one) for one in three}
    assert shapes["people"] == [("Ana", 1)]
    assert shapes["dates"][0][0] != "Ana"
    assert shapes["dates"][0][1] == 0
    repair_bookings(world.actor, trouble=trouble, moves=moves_of(found, three[0]))
    with world.inside():
        assert Booking.objects.get(project=job).starts_on == day(14)
    assert invariants_hold(world)


def test_what_nothing_fits_stays_open_and_is_told(world: World, job) -> None:
    ana = world.person("Ana")
    booked(world, world.boss, job, last=60)
    booked(world, ana, job, last=60)

    _found, three = ways(world, ill(world))

    assert [one.open_asks for one in three] == [(0,)]
    assert three[0].moves == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {}, {"from_on": "2026-06-01"}, {"from_on": "June", "weeks": 1}, {"until_on": "2026-05-01"},
        {"from_on": "2026-06-01", "weeks": 99},
    ],
)  # fmt: skip
def test_a_trouble_that_is_none_is_refused(world: World, job, wrong: dict) -> None:
    base = {"project_id": job.id} if "weeks" in wrong else {"person_id": world.boss.id}
    with pytest.raises(Invalid):
        Trouble.of(base | wrong if wrong else {})


def test_only_hurt_bookings_are_moved_by_who_may(world: World, job) -> None:
    ana, ben = world.person("Ana"), world.person("Ben")
    booked(world, ana, job, last=4)
    other = booked(world, ben, job, first=7, last=11)
    trouble = ill(world)
    with pytest.raises(Invalid, match="not of a booking that is hurt"):
        repair_bookings(world.actor, trouble=trouble, moves=[{"booking_id": other.id, "person_id": ben.id, "weeks": 0}])
    with world.inside(), pytest.raises(NotFound, match="nothing to repair"):
        damage(world.actor, Trouble.of(ill(world, 70, 74)))
    with pytest.raises(Forbidden):
        repair_bookings(world.with_rights("resourcing.booking.view"), trouble=trouble, moves=[])
    stranger = new_world()
    with stranger.inside(), pytest.raises(NotFound):
        damage(stranger.actor, Trouble.of(trouble))


def test_the_page_the_api_and_the_command_line_repair(world: World, job) -> None:
    ana = world.person("Ana")
    world.person("Ben")
    # The edges read the real clock: days that stay ahead of it.
    for first in (3640, 3647, 3654):
        booked(world, ana, job, first=first, last=first + 4)
    browser, api = signed_in(world), api_of(world)
    empty = browser.get("/requests/repair").content.decode()
    assert "Find repairs" in empty
    asked = {"person": ana.public_id, "from_on": str(day(3640)), "until_on": str(day(3644))}
    shown = browser.get("/requests/repair", asked).content.decode()
    assert "Fewest people moved" in shown
    assert "1 booking cannot stay as it is." in shown
    assert browser.post("/requests/repair/apply", {**asked, "aim": "dates"}).status_code == 303
    body = {"person_id": ana.public_id, "from_on": str(day(3647)), "until_on": str(day(3651))}
    rows = api.post("/staffing-repairs", **body).body["data"]
    chosen = next(row for row in rows if row["aim"] == "dates")
    moves = [{key: move[key] for key in ("booking_id", "person_id", "weeks")} for move in chosen["moves"]]
    assert api.post("/staffing-repairs/apply", **body, moves=moves).status == 200
    words = ("staff", "repair", "--person", "Ana", "--from", str(day(3654)), "--to", str(day(3658)))
    listed = quoin(world, *words)
    at = next(row["repair"] for row in listed if row["aim"] == "dates")

    quoin(world, *words, "--apply", str(at))

    with world.inside():
        assert set(Booking.objects.values_list("person__name", flat=True)) & {"Ana"} == set()
    assert invariants_hold(world)
