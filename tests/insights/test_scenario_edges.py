"""Scenarios on screen, over the API and on the command line: the same scenario, the same answers."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from quoin.insights.actions.scenarios import add_change, create_scenario
from quoin.insights.models import Scenario, ScenarioChange, ScenarioComment
from quoin.kernel.errors import Invalid
from quoin.people.models import JobRole
from quoin.resourcing.models import Booking
from tests.e2e.firm import settle_clock
from tests.make.cli import quoin
from tests.make.resourcing import booked, project
from tests.make.web import signed_in, token
from tests.make.world import World


@pytest.fixture
def late(world: World) -> Scenario:
    """A firm with two bookings, and a scenario that moves the project."""
    settle_clock(world)
    ana, job = world.person(), project(world)
    booked(world, ana, job)
    booked(world, ana, job, first=7, last=11)
    made = create_scenario(world.actor, name="Late", reach="shared")
    add_change(world.actor, scenario_id=made.id, kind="project.shift", project_id=job.id, days=7)
    return made


def test_pages_tell_and_do(world: World, late: Scenario) -> None:
    web = signed_in(world)
    assert "Late" in web.get("/scenarios").content.decode()
    page = web.get(f"/scenarios/compare?with={late.public_id}&show=all").content.decode()
    assert "Plan of record" in page
    assert "Weeks over 110" in page
    for row in ("revenue", "cost", "margin", "margin_ratio", "utilisation", "load", "unfilled", "cash"):
        for column in ("0", "1"):
            answer = web.get(f"/scenarios/lines?with={late.public_id}&row={row}&column={column}")
            assert answer.status_code == 200, row
    assert web.get(f"/scenarios/lines?with={late.public_id}&row=nothing&column=0").status_code == 404
    web.post(f"/scenarios/{late.public_id}/comments", {"text": "And then?"})
    page = web.get(f"/scenarios/{late.public_id}").content.decode()
    assert "moves by 7 days" in page
    assert "And then?" in page
    preview = web.get(f"/scenarios/{late.public_id}/apply").content.decode()
    assert preview.count("Change the booking of Ana Ruiz") == 2
    assert web.post(f"/scenarios/{late.public_id}/apply", {"firmness": "firm"}).status_code == 303
    with world.inside():
        assert sorted(Booking.objects.values_list("starts_on", flat=True)) == [date(2026, 6, 8), date(2026, 6, 15)]


def test_starters_make_a_scenario_or_add_to_one(world: World, late: Scenario) -> None:
    web = signed_in(world)
    with world.inside():
        role = JobRole.objects.get(name="Consultant")
        client_id = Booking.objects.first().project.client_id  # type: ignore[union-attr]
        project_id = Booking.objects.first().project_id  # type: ignore[union-attr]
    given: dict[str, dict[str, Any]] = {
        "hire": {"role_id": str(role.id), "count": 2, "starts_on": "2026-06-01", "cost_per_hour": "55"},
        "late": {"project_id": str(project_id), "weeks": 3, "scenario": late.public_id},
        "win": {
            "name": "Lumo", "client_id": str(client_id), "starts_on": "2026-06-01", "weeks": 8, "price": "40000",
            "currency": "EUR", "role_id": str(role.id), "count": 2, "percent": 50,
        },
    }  # fmt: skip
    for key, data in given.items():
        assert web.get(f"/scenarios/start/{key}").status_code == 200
        answer = web.post(f"/scenarios/start/{key}", data)
        assert answer.status_code == 303, answer.content.decode()
        assert web.get(answer["Location"]).status_code == 200
    with world.inside():
        assert Scenario.objects.count() == 3
        assert ScenarioChange.objects.filter(scenario=late).count() == 2
    assert web.get("/scenarios/start/never").status_code == 404
    data = {
        "kind": "project.shift",
        "data": json.dumps({"project_id": str(project_id), "days": 3}),
        "name": "From Gantt",
    }
    assert web.post("/scenarios/put", data).status_code == 303
    made = {"name": "By hand", "reach": "private", "note": ""}
    assert web.post("/scenarios/new", made).status_code == 303
    with world.inside():
        assert Scenario.objects.filter(name__in=["By hand", "From Gantt"]).count() == 2
        change = ScenarioChange.objects.filter(scenario=late).first()
    # The scenario is the boss's, and so is the session.
    assert change is not None
    assert web.post(f"/scenarios/{late.public_id}/edit", {**made, "name": "Later"}).status_code == 303
    assert web.post(f"/scenarios/{late.public_id}/drop", {"change": change.public_id}).status_code == 303
    assert web.post(f"/scenarios/{late.public_id}/discard").status_code == 303
    with world.inside():
        assert Scenario.objects.get(id=late.id).status == "discarded"


def test_the_api_says_the_same(world: World, late: Scenario) -> None:
    from django.test import Client

    headers = {"Authorization": f"Bearer {token(world)}"}
    api = Client(headers=headers)

    def post(url: str, body: dict[str, Any]) -> Any:
        return api.post(f"/api/v1{url}", json.dumps(body), content_type="application/json")

    assert [one["name"] for one in api.get("/api/v1/scenarios").json()["data"]] == ["Late"]
    found = api.get(f"/api/v1/scenarios/{late.public_id}").json()
    assert found["all_changes"][0]["kind"] == "project.shift"
    compared = api.get(f"/api/v1/scenarios/compare?with={late.public_id}").json()
    assert [one["name"] for one in compared["columns"]] == ["plan of record", "Late"]
    assert {row["key"] for row in compared["rows"]} >= {"revenue", "cost", "load", "cash"}
    made = post("/scenarios", {"name": "By API"})
    assert made.status_code == 201
    own = made.json()["id"]
    change = post(f"/scenarios/{own}/changes", {"kind": "project.shift", "data": found["all_changes"][0]["data"]})
    assert change.status_code == 201
    dry = post(f"/scenarios/{own}/apply", {"is_dry_run": True}).json()
    assert len(dry["steps"]) == 2
    assert api.delete(f"/api/v1/scenarios/{own}/changes/{change.json()['id']}").status_code == 204
    assert post(f"/scenarios/{own}/comments", {"text": "Hm"}).status_code == 201
    assert api.delete(f"/api/v1/scenarios/{own}").status_code == 204
    assert post(f"/scenarios/{own}/reopen", {}).status_code == 200
    assert post(f"/scenarios/{late.public_id}/apply", {"firmness": "firm"}).json() == dry | {"conflicts": []}
    with world.inside():
        assert ScenarioComment.objects.count() == 1


def test_the_command_line_says_the_same(world: World, late: Scenario) -> None:
    assert [row["name"] for row in quoin(world, "scenario", "list")] == ["Late"]
    found = quoin(world, "scenario", "compare", "Late", "--all")
    assert [one["name"] for one in found["columns"]] == ["plan of record", "Late"]
    quoin(world, "scenario", "new", "Hire", "--reach", "shared")
    with world.inside():
        role = JobRole.objects.get(name="Consultant")
    data = json.dumps({"role_id": role.public_id, "count": 1, "starts_on": "2026-06-01"})
    assert quoin(world, "scenario", "add", "Hire", "person.hire", data)["kind"] == "person.hire"
    assert len(quoin(world, "scenario", "apply", "Late", "--dry-run")["steps"]) == 2
    assert len(quoin(world, "scenario", "apply", "Late", "--firm")["steps"]) == 2
    with pytest.raises(Invalid):
        quoin(world, "scenario", "add", "Hire", "person.hire", "[]")
