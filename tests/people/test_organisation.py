"""Work calendars, teams and job roles: kept on screen, over the API and on the command line; taken back with Undo."""

from __future__ import annotations

from datetime import date

import pytest

from quoin.kernel.errors import Conflict, Invalid
from quoin.people.actions.calendars import create_calendar
from quoin.people.actions.organisation import create_job_role, create_team, delete_team, edit_team
from quoin.people.actions.skills import create_certificate
from quoin.people.models import CalendarDay, Person, Team, WorkCalendar
from quoin.people.rules.calendars import spans_of, text_of
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.web import signed_in
from tests.make.world import World

WEEK = {f"day{at}": "8-12, 13:00-17:30" if at < 4 else "" for at in range(7)}


def test_stretches_are_read_as_people_write_them_and_written_back() -> None:
    assert spans_of("13:00-17:30, 8-12", pointer="/x") == [[480, 720], [780, 1050]]
    assert text_of([[480, 720], [780, 1050]]) == "08:00–12:00, 13:00–17:30"
    assert spans_of(text_of([[0, 1440]]), pointer="/x") == [[0, 1440]]
    for wrong in ("8", "8-25", "12-8", "8:61-9", "8-12, 11-13"):
        with pytest.raises(Invalid):
            spans_of(wrong, pointer="/x")


def test_a_calendar_is_made_changed_and_filled_on_screen(world: World) -> None:
    browser = signed_in(world)
    germany = create_calendar(world.actor, name="Germany", country="DE")
    refused = browser.post("/calendars/new", {"name": "Plant", "parent_id": germany.id, **WEEK, "day2": "8-7"})
    browser.post("/calendars/new", {"name": "Plant", "parent_id": germany.id, **WEEK})
    with world.inside():
        plant = WorkCalendar.objects.get(name="Plant")
    page = f"/calendars/{plant.public_id}"
    day = {"day_on": "2026-12-24", "label": "Christmas Eve", "hours": "8-12"}

    assert refused.status_code == 422
    assert "ends after it begins" in refused.content.decode()
    assert plant.weekday_minutes == [510, 510, 510, 510, 0, 0, 0]
    assert browser.post(f"{page}/days/new", day)["Location"] == f"{page}?year=2026"
    shown = browser.get(f"{page}?year=2026").content.decode()
    assert "08:00–12:00" in shown
    assert "Germany" in shown  # its holidays are taken over, and say from where
    browser.post(f"{page}/days/2026-12-24/delete")
    browser.post(f"{page}/edit", {"name": "Plant", "country": "at", "is_default": "on", **WEEK, "day4": "8-12"})
    browser.post(f"{page}/fill", {"year": "2031"})
    with world.inside():
        plant.refresh_from_db()
        days = CalendarDay.objects.filter(calendar=plant)
        assert (plant.country, plant.is_default, plant.parent_id, plant.weekday_minutes[4]) == ("AT", True, None, 240)
        assert not days.filter(day_on=date(2026, 12, 24)).exists()
        assert days.filter(day_on=date(2031, 12, 25), is_holiday=True).exists()


def test_who_may_only_look_is_shown_no_way_to_change_a_calendar(world: World) -> None:
    calendar = create_calendar(world.actor, name="Germany", country="DE")
    browser = signed_in(world, "people.calendar.view", "people.person.view")

    shown = browser.get(f"/calendars/{calendar.public_id}?year={world.actor.today.year}").content.decode()

    assert "<form" not in shown.partition("<main")[2].partition("</main>")[0]
    assert browser.post(f"/calendars/{calendar.public_id}/fill", {"year": "2030"}).status_code == 403


def test_calendars_on_the_command_line(world: World) -> None:
    quoin(world, "calendar", "create", "Berlin")
    edited = quoin(world, "calendar", "edit", "berlin", "fri=8-12", "sat=", "--country", "de", "--region", "be")
    filled = quoin(world, "calendar", "fill", "Berlin", "2026")
    quoin(world, "calendar", "day", "Berlin", "2026-12-24", "--what", "Christmas Eve", "--hours", "8-12")
    shown = quoin(world, "calendar", "show", "Berlin", "--year", "2026")
    quoin(world, "calendar", "day", "Berlin", "2026-12-24", "--delete")

    assert edited["hours"]["fri"] == "08:00–12:00"
    assert len(shown["days"]) == filled["holidays"] + 1
    assert {
        "day": "2026-12-24",
        "what": "Christmas Eve",
        "hours": "08:00–12:00",
        "holiday": False,
        "from": "Berlin",
    } in (shown["days"])
    assert len(quoin(world, "calendar", "show", "Berlin", "--year", "2026")["days"]) == filled["holidays"]
    quoin(world, "calendar", "delete", "Berlin")
    assert quoin(world, "calendar", "list") == []


def test_a_team_is_staffed_on_screen_and_taken_back_to_where_everybody_was(world: World) -> None:
    ana, bo = world.person("Ana Ruiz"), world.person("Bo Li")
    south = create_team(world.actor, name="South")
    edit_team(world.actor, team_id=south.id, person_ids=[bo.id])
    browser = signed_in(world)
    north = browser.post("/teams/new", {"name": "North"})["Location"]
    answer = browser.post(f"{north}/edit", {"name": "The North", "person_ids": [str(ana.id), str(bo.id)]})

    def teams() -> list[str | None]:
        with world.inside():
            rows = Person.objects.filter(id__in=[ana.id, bo.id]).order_by("name")
            return [row.team.name if row.team else None for row in rows.select_related("team")]

    assert teams() == ["The North", "The North"]
    undo = answer.cookies["quoin_toast"].value.partition("/undo/")[2] or answer.cookies["quoin_toast"].value
    action_id = undo.replace("%2F", "/").partition("/undo/")[2] or undo
    browser.post(f"/undo/{action_id[:36]}")
    assert teams() == [None, "South"]
    with world.inside():
        assert set(Team.objects.values_list("name", flat=True)) == {"North", "South"}


def test_teams_and_roles_are_not_deleted_from_under_people_and_names_are_taken_once(world: World) -> None:
    team, ana = create_team(world.actor, name="South"), world.person("Ana Ruiz")
    edit_team(world.actor, team_id=team.id, person_ids=[ana.id])

    with pytest.raises(Conflict, match="another one first"):
        delete_team(world.actor, team_id=team.id)
    with pytest.raises(Invalid, match="already"):
        create_team(world.actor, name=" south ")
    with pytest.raises(Invalid, match="name"):
        create_job_role(world.actor, name="  ")


def test_teams_and_roles_over_the_api_and_on_the_command_line(world: World) -> None:
    ana, client = world.person("Ana Ruiz"), api(world)
    team = client.post("/teams", name="North").body
    role = client.post("/job-roles", name="Rigger").body
    create_certificate(world.actor, name="Crane licence")

    assert client.patch(f"/teams/{team['id']}", person_ids=[ana.public_id]).body["person_ids"] == [ana.public_id]
    assert client.delete(f"/teams/{team['id']}").status == 409
    assert quoin(world, "team", "edit", "north", "--remove", "Ana")["people"] == 0
    assert quoin(world, "team", "edit", "North", "--name", "Nordics", "--add", "Ana")["name"] == "Nordics"
    assert quoin(world, "team", "show", "Nordics")["members"] == ["Ana Ruiz"]
    assert quoin(world, "job-role", "require", "rigger", "crane licence")["certificates"] == ["Crane licence"]
    assert len(client.get(f"/job-roles/{role['id']}").body["certificate_ids"]) == 1
    assert client.delete(f"/job-roles/{role['id']}").status == 409
    quoin(world, "job-role", "require", "Rigger")
    assert quoin(world, "job-role", "rename", "Rigger", "Fitter")["name"] == "Fitter"
    assert client.delete(f"/job-roles/{role['id']}").status == 204


def test_what_a_role_needs_is_chosen_on_its_page(world: World) -> None:
    role, proof = create_job_role(world.actor, name="Rigger"), create_certificate(world.actor, name="Crane licence")
    browser, page = signed_in(world), f"/job-roles/{role.public_id}"

    browser.post(f"{page}/certificates", {"certificate_ids": [str(proof.id)]})

    assert "Crane licence" in browser.get(page).content.decode()
    assert f"{page}/delete" not in browser.get(page).content.decode()
