"""Scenarios shared with people by name, their forms, and the load of roles beside each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from quoin.base.actions import REGISTRY
from quoin.base.actor import Actor
from quoin.base.audit.models import AuditAction
from quoin.catalog.models import RateCard
from quoin.insights.actions.scenarios import add_change, create_scenario, discard_scenario, edit_scenario
from quoin.insights.models import Scenario, ScenarioChange, ScenarioReader
from quoin.insights.queries.scenarios import readers_of, scenario_for, visible_scenarios
from quoin.insights.queries.scenarios.compare import compare
from quoin.insights.rules.scenarios.outcome import ROLE
from quoin.kernel.errors import Forbidden, Invalid, NotFound
from quoin.people.models import Person
from tests.e2e.firm import settle_clock
from tests.make import new_world
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.resourcing import booked, project
from tests.make.web import signed_in
from tests.make.world import World


def as_(world: World, person: Person) -> Actor:
    """Somebody else with the same rights."""
    return replace(world.actor, person_id=person.id, team_id=None)


def seen_by(world: World, person: Person) -> list[str]:
    with world.inside():
        return [one.name for one in visible_scenarios(as_(world, person))]


def test_a_scenario_is_seen_by_those_who_are_named_and_by_nobody_else(world: World) -> None:
    ana, bo = world.person(), world.person("Bo")
    made = create_scenario(world.actor, name="Late", reach="people", reader_ids=[ana.id])
    assert (seen_by(world, ana), seen_by(world, bo)) == (["Late"], [])

    edit_scenario(world.actor, scenario_id=made.id, reader_ids=[bo.id])
    assert (seen_by(world, ana), seen_by(world, bo)) == ([], ["Late"])
    with world.inside():
        undo = AuditAction.objects.filter(name="insights.scenario.edit").latest("at").undo
    REGISTRY[undo["action"]].run(world.actor, **undo["arguments"])
    assert (seen_by(world, ana), seen_by(world, bo)) == (["Late"], [])

    edit_scenario(world.actor, scenario_id=made.id, reach="private")
    assert seen_by(world, ana) == []
    with pytest.raises(NotFound):
        discard_scenario(as_(world, ana), scenario_id=made.id)


def test_those_who_are_named_may_look_and_not_change(world: World) -> None:
    ana = world.person()
    made = create_scenario(world.actor, name="Late", reach="people", reader_ids=[ana.id])
    reader = world.with_rights("insights.scenario.view", "insights.scenario.add", person=ana)
    weak = replace(reader, grants={name: type(scope)(1) for name, scope in reader.grants.items()})
    with world.inside():
        assert scenario_for(weak, made.id).id == made.id
    with pytest.raises(Forbidden):
        add_change(weak, scenario_id=made.id, kind="person.leave", person_id=ana.id, on="2026-07-01")


def test_sharing_with_nobody_or_strangers_is_refused(world: World) -> None:
    stranger = new_world(name="Rival").person("Spy")
    with pytest.raises(Invalid, match="Name whom"):
        create_scenario(world.actor, name="Late", reach="people")
    with pytest.raises(Invalid, match="no such person"):
        create_scenario(world.actor, name="Late", reach="people", reader_ids=[stranger.id])
    with world.inside():
        assert not Scenario.objects.exists()
        assert not ScenarioReader.objects.exists()


def test_the_load_of_each_role_is_compared_and_adds_up(world: World) -> None:
    ana, job = world.person(), project(world)
    booked(world, ana, job)
    made = create_scenario(world.actor, name="More")
    add_change(
        world.actor, scenario_id=made.id, kind="booking.add", person_id=ana.id, project_id=job.id,
        starts_on="2026-06-15", ends_on="2026-06-19",
    )  # fmt: skip
    with world.inside(read_only=True):
        found = compare(
            world.actor, [scenario_for(world.actor, made.id)], from_on=date(2026, 6, 1), until_on=date(2026, 6, 28)
        )
    key = f"{ROLE}{ana.job_role_id}"
    before, after = (column.outcome.row(key) for column in found.columns)
    assert before is not None
    assert after is not None
    # 160 hours of one consultant, of which 40, then 80 are booked; the boss has no bookings.
    consultants = len(before.lines)
    assert (before.label, before.value) == ("Consultant", Decimal(25) / consultants)
    assert after.value == Decimal(50) / consultants
    assert sum(line.value for line in after.lines) == 80 * 60


@pytest.mark.parametrize("key", ["book", "move", "leave", "rate"])
def test_each_question_becomes_a_change(world: World, key: str) -> None:
    settle_clock(world)
    ana, job = world.person(), project(world)
    booking = booked(world, ana, job)
    with world.inside():
        card = RateCard.objects.earliest("id")
    browser = signed_in(world)
    assert browser.get(f"/scenarios/start/{key}").status_code == 200
    given = {
        "book": {
            "person_id": ana.id, "project_id": job.id, "starts_on": "2026-07-01", "ends_on": "2026-07-03", "amount": 50,
        },
        "move": {"booking_id": booking.id, "by_days": 7},
        "leave": {"person_id": ana.id, "on": "2026-07-01"},
        "rate": {"card_id": card.id, "percent": "5", "from_on": "2026-07-01"},
    }[key]  # fmt: skip
    answer = browser.post(f"/scenarios/start/{key}", given)
    assert answer.status_code == 303
    assert "/scenarios/compare" in answer["Location"]
    with world.inside():
        (row,) = ScenarioChange.objects.all()
    assert (
        row.kind == {"book": "booking.add", "move": "booking.move", "leave": "person.leave", "rate": "rate.change"}[key]
    )


def test_sharing_goes_through_page_api_and_command_line(world: World) -> None:
    ana = world.person()
    web = api(world)
    browser = web.client
    browser.post("/scenarios/new", {"name": "Page", "reach": "people", "reader_ids": [str(ana.id)]})
    made = web.post("/scenarios", name="Api", reach="people", reader_ids=[ana.public_id]).body
    assert web.get(f"/scenarios/{made['id']}").body["readers"] == [{"id": ana.public_id, "name": "Ana Ruiz"}]
    quoin(world, "scenario", "new", "Line")
    quoin(world, "scenario", "share", "Line", "people", "--with", "Ana Ruiz")
    assert quoin(world, "scenario", "show", "Line")["readers"] == ["Ana Ruiz"]
    assert seen_by(world, ana) == ["Api", "Line", "Page"]
    with world.inside():
        page = Scenario.objects.get(name="Page")
        assert [one.person.name for one in readers_of(page)] == ["Ana Ruiz"]
    assert b"Ana Ruiz" in browser.get(f"/scenarios/{page.public_id}").content
    quoin(world, "scenario", "comment", "Line", "Good")
    quoin(world, "scenario", "discard", "Line")
    assert seen_by(world, ana) == ["Api", "Page"]
