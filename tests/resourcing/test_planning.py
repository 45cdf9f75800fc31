"""Requests, candidates, the planner's grid, figures and feeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from icalendar import Calendar

from quoin.accounts.models import Tenant
from quoin.accounts.queries.standing import actor_of_user
from quoin.base.actor import Scope
from quoin.base.figures import Parameters, lines_of, value_of
from quoin.kernel.errors import Conflict, Forbidden, NotFound
from quoin.people.actions import edit_person
from quoin.people.actions.absences import (
    approve_absence,
    cancel_absence,
    carry_allowances,
    refuse_absence,
    request_absence,
    set_allowance,
)
from quoin.people.actions.skills import confirm_skill, create_certificate, create_skill, give_certificate, state_skill
from quoin.people.queries import absences as away
from quoin.resourcing.actions import demands as asks
from quoin.resourcing.actions.bookings import grant_override
from quoin.resourcing.actions.feeds import create_feed, revoke_feed, set_preference
from quoin.resourcing.models import Booking, Demand
from quoin.resourcing.queries import planner, supply
from quoin.resourcing.queries.demands import ranking_for
from tests.make import World, resourcing
from tests.make.resourcing import MONDAY, booked, day, load
from tests.make.web import member
from tests.make.world import NOON
from tests.resourcing.test_bookings import invariants_hold, last_undo


@pytest.fixture
def job(world: World):
    return resourcing.project(world)


def asked(world: World, job, **fields) -> Demand:
    return asks.create_demand(
        world.actor, project_id=job.id, starts_on=day(0), ends_on=day(11), **{"percent": 80, **fields}
    )


def test_accepting_books_the_request_and_fills_it(world: World, job) -> None:
    ana = world.person()
    demand = asked(world, job)

    asks.accept_candidate(world.actor, demand_id=demand.id, person_id=ana.id, is_firm=True)

    with world.inside():
        assert Demand.objects.get().status == "filled"
        assert Booking.objects.get().demand_id == demand.id
    assert load(world, ana) == [(384, 0, 480, 0, 0)] * 10
    last_undo(world)
    with world.inside():
        assert (Demand.objects.get().status, Booking.objects.count()) == ("open", 0)
    assert invariants_hold(world)


def test_a_part_fills_a_part_and_a_curve_books_week_by_week(world: World, job) -> None:
    ana, ben = world.person(), world.person("Ben Okoye")
    demand = asked(world, job, percent=None, minutes_per_week=1200, curve=[100, 50])

    asks.accept_candidate(world.actor, demand_id=demand.id, person_id=ana.id, ends_on=day(6))
    with world.inside():
        assert Demand.objects.get().status == "part"
    asks.accept_candidate(world.actor, demand_id=demand.id, person_id=ben.id, starts_on=day(7))

    with world.inside():
        assert Demand.objects.get().status == "filled"
    assert [row[1] for row in load(world, ana)] == [240] * 5
    assert [row[1] for row in load(world, ben)] == [120] * 5


def test_asked_people_answer_for_themselves(world: World, job) -> None:
    ana = world.person()
    demand = asked(world, job)
    proposal = asks.ask_candidate(world.actor, demand_id=demand.id, person_id=ana.id)

    with pytest.raises(NotFound):
        asks.answer_request(world.actor, proposal_id=proposal.id, answer="willing")
    own = replace(world.actor, person_id=ana.id)
    asks.answer_request(own, proposal_id=proposal.id, answer="unwilling", note="On leave")

    with pytest.raises(Forbidden, match="said no"):
        asks.propose(world.actor, demand_id=demand.id, person_id=ana.id)


def test_drafts_cancelled_and_reopened(world: World, job) -> None:
    draft = asked(world, job, is_draft=True)
    with pytest.raises(Conflict, match="draft"):
        asks.propose(world.actor, demand_id=draft.id, person_id=world.person().id)
    asks.open_demand(world.actor, demand_id=draft.id)
    asks.cancel_demand(world.actor, demand_id=draft.id)
    with pytest.raises(Conflict, match="already"):
        asks.cancel_demand(world.actor, demand_id=draft.id)
    asks.reopen_demand(world.actor, demand_id=draft.id)
    asks.edit_demand(world.actor, demand_id=draft.id, priority=1)
    last_undo(world)
    with world.inside():
        found = Demand.objects.get()
    assert (found.status, found.priority) == ("open", 2)


def test_candidates_are_ranked_and_everybody_else_has_a_reason(world: World, job) -> None:
    best, busy, _unable, lapsed = (world.person(name) for name in ("Ana", "Busy", "Unable", "Lapsed"))
    skill = create_skill(world.actor, name="SAP MM")
    licence = create_certificate(world.actor, name="S/4")
    for person, level in ((best, 4), (busy, 5), (lapsed, 3)):
        state_skill(world.actor, person_id=person.id, skill_id=skill.id, level=level, wish="grow")
        give_certificate(
            world.actor, person_id=person.id, certificate_id=licence.id, issued_on=date(2025, 1, 1),
            expires_on=day(3) if person is lapsed else None,
        )  # fmt: skip
        edit_person(world.actor, person_id=person.id, languages=["no"])
    confirm_skill(world.actor, person_id=best.id, skill_id=skill.id)
    booked(world, busy, job, last=11, percent=60)
    set_preference(world.actor, person_id=best.id, client_id=job.client_id)
    demand = asked(
        world, job, skills=[{"skill_id": skill.id, "level": 3}], certificate_ids=[licence.id], languages=["no"]
    )

    with world.inside():
        found = ranking_for(world.actor, demand, rate_per_hour=Decimal(120))

    assert [one.name for one in found.fitting] == ["Ana", "Busy"]
    first, second = found.fitting
    assert first.score == sum(reason.points for reason in first.reasons)
    assert (first.free_ratio, second.free_ratio) == (Decimal(1), Decimal("0.5"))
    assert first.margin_ratio == Decimal("0.5")
    assert {reason.key for reason in first.reasons} == {"availability", "skill", "confirmed", "margin", "wish"}
    why = {one.name: [reason.text for reason in one.reasons] for one in found.excluded}
    assert why["Lapsed"] == [f"S/4 ended on {day(3)}"]
    assert why["Unable"] == ["no SAP MM, needs 3", f"no S/4 on {day(0)}", "does not work in NO"]
    # Without the right to costs there is no margin.
    blind = world.with_rights("people.person.view", "resourcing.demand.view")
    with world.inside():
        assert ranking_for(blind, demand, rate_per_hour=Decimal(120)).fitting[0].margin_ratio is None


def test_the_grid_shows_capacity_bookings_and_absence(world: World, job) -> None:
    ana, ben = world.person(), world.person("Ben Okoye")
    booked(world, ana, job, percent=100)
    booked(world, ana, job, first=7, last=11, percent=50, is_firm=False)
    request_absence(world.actor, person_id=ana.id, kind="sick", starts_on=day(7), ends_on=day(7))

    with world.inside():
        grid = planner.grid(world.actor, planner.Wanted(from_on=MONDAY, columns=3, people=(ana.id, ben.id)))
        free = planner.grid(
            world.actor, planner.Wanted(from_on=MONDAY, columns=1, free_percent=50, people=(ana.id, ben.id))
        )

    rows = {row.person.name: row.cells for row in grid.rows}
    assert [(c.capacity, c.firm, c.tentative, c.away, c.percent) for c in rows["Ana Ruiz"]] == [
        (2400, 2400, 0, 0, 100), (1920, 0, 1200, 480, 0), (2400, 0, 0, 0, 0),
    ]  # fmt: skip
    assert [cell.firm for cell in grid.totals] == [2400, 0, 0]
    assert [row.person.name for row in free.rows] == ["Ben Okoye"]


def test_the_grid_asks_as_much_for_three_people_as_for_one(world: World, job, django_assert_num_queries) -> None:
    ids = [world.person(f"P {number}").id for number in range(3)]
    for people in (ids[:1], ids):
        with world.inside(), django_assert_num_queries(8):
            planner.grid(world.actor, planner.Wanted(from_on=MONDAY, columns=12, people=tuple(people)))


def test_supply_counts_what_is_there_booked_and_asked(world: World, job) -> None:
    ana = world.person(role="Architect")
    booked(world, ana, job)
    asks.create_demand(
        world.actor, project_id=job.id, starts_on=day(7), ends_on=day(11), percent=50, job_role_id=ana.job_role_id
    )

    with world.inside():
        found = [row for row in supply.supply_by_role(world.actor, MONDAY, 1) if row.key == ana.job_role_id]

    assert [(row.people, row.capacity, row.firm, row.demand, row.gap) for row in found] == [
        (1, 22 * 480, 2400, 1200, 2400 + 1200 - 22 * 480)
    ]


def test_figures_open_the_lines_that_add_up_to_them(world: World, job) -> None:
    ana = world.person()
    booked(world, ana, job)
    request_absence(world.actor, person_id=ana.id, kind="sick", starts_on=day(0), ends_on=day(0))
    asked_for = Parameters(person_id=ana.id, from_on=day(0), until_on=day(13))

    with world.inside():
        values = {
            key: value_of(world.actor, f"capacity.{key}", asked_for).single()
            for key in ("net", "booked", "bench", "overbooked_days", "planned_utilisation")
        }
        for key in ("net", "booked", "bench", "overbooked_days"):
            lines = lines_of(world.actor, f"capacity.{key}", asked_for)
            assert sum(lines.sums().values()) == values[key]

    assert values["net"] == 9 * 480
    assert (values["booked"], values["bench"], values["overbooked_days"]) == (2400, 1920, 1)
    assert round(values["planned_utilisation"], 2) == Decimal("55.56")


def test_leave_needs_somebody_else_and_days_that_are_left(world: World) -> None:
    ana = world.person()
    set_allowance(world.actor, person_id=ana.id, year=2026, days=Decimal(5))
    own = replace(world.actor, person_id=ana.id)
    first = request_absence(own, person_id=ana.id, kind="vacation", starts_on=day(0), ends_on=day(4), ends_half=True)
    second = request_absence(own, person_id=ana.id, kind="vacation", starts_on=day(7), ends_on=day(7))
    with pytest.raises(Forbidden, match="Somebody else"):
        approve_absence(own, absence_id=first.id)
    with pytest.raises(Conflict, match=r"0\.5 days over"):
        approve_absence(world.actor, absence_id=first.id)
    refuse_absence(world.actor, absence_id=second.id, note="Go-live")
    approve_absence(world.actor, absence_id=first.id)

    with world.inside():
        found = away.balance_for(world.actor, ana.id, 2026)
    assert found is not None
    assert (found.taken, found.left) == (Decimal("4.5"), Decimal("0.5"))
    assert carry_allowances(world.actor, year=2026, at_most=Decimal("0.5")) == 1
    cancel_absence(own, absence_id=first.id)
    last_undo(world)
    with world.inside():
        assert away.absence_for(world.actor, first.id).status == "approved"


def test_why_somebody_is_away_stays_theirs(world: World) -> None:
    ana, ben = world.person(), world.person("Ben Okoye")
    sick = request_absence(world.actor, person_id=ana.id, kind="sick", starts_on=day(0), ends_on=day(1), note="Back")
    colleague = world.with_rights("people.absence.view", person=ben)
    boss = world.with_rights("people.absence.view")
    own = world.with_rights("people.absence.view", scope=Scope.OWN, person=ana)

    with world.inside():
        shown = [(away.shown_kind(one, sick), away.shown_note(one, sick)) for one in (colleague, boss, own)]

    assert shown == [("absent", ""), ("sick", "Back"), ("sick", "Back")]


def test_nobody_is_away_twice(world: World) -> None:
    ana = world.person()
    request_absence(world.actor, person_id=ana.id, kind="vacation", starts_on=day(0), ends_on=day(2), ends_half=True)
    request_absence(world.actor, person_id=ana.id, kind="training", starts_on=day(2), ends_on=day(2), starts_half=True)

    with pytest.raises(Conflict, match="away twice"):
        request_absence(world.actor, person_id=ana.id, kind="sick", starts_on=day(2), ends_on=day(3))


def test_a_feed_reads_what_its_owner_may_see_and_ends_when_revoked(world: World, job) -> None:
    ana = world.person()
    made = booked(world, ana, job, is_firm=False)
    request_absence(world.actor, person_id=ana.id, kind="sick", starts_on=day(14), ends_on=day(14))
    world.do(lambda: Tenant.objects.filter(id=world.tenant_id).update(clock_at=NOON))
    user = member(world)
    actor = replace(world.actor, membership_id=actor_of_user(user.id, tenant_id=world.tenant_id).membership_id)
    feed = create_feed(actor, kind="person", subject_id=ana.id)
    path = "/ical/" + feed.url.rpartition("/")[2]
    client = Client()

    answer = client.get(path)

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    event = events[f"{made.public_id}@quoin"]
    assert (str(event["summary"]), event["dtstart"].dt, event["dtend"].dt) == (job.name, day(0), day(5))
    assert (str(event["status"]), str(event["transp"])) == ("TENTATIVE", "TRANSPARENT")
    assert calendar["refresh-interval"].dt == timedelta(hours=1)
    assert len(events) == 2
    revoke_feed(actor, feed_id=feed.feed.id)
    assert client.get(path).status_code == 404
    assert client.get("/ical/guess.ics").status_code == 404


def test_an_approval_over_capacity_can_be_withdrawn_while_nothing_needs_it(world: World, job) -> None:
    ana = world.person()
    grant_override(world.actor, person_id=ana.id, day_on=day(0), minutes=60, reason="Go-live")

    last_undo(world)

    booked(world, ana, job, last=0)
    assert load(world, ana) == [(480, 0, 480, 0, 0)]
