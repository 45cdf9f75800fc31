"""Checklists that visits copy, notices to crews, visits in calendars, and figures of field work."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from quoin.base.audit.models import AuditAction
from quoin.base.figures import Parameters, value_of
from quoin.base.figures.registry import lines_of
from quoin.base.mail.models import MailMessage
from quoin.field import actions, queries
from quoin.field.models import Visit
from quoin.kernel.errors import Conflict, Invalid, NotFound
from quoin.resourcing.models import Feed
from quoin.resourcing.queries.feeds import entries_of
from tests.make import World, new_world
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.field import at, delivery, job, visit
from tests.make.web import signed_in

LINES = [("Anchors set", True), ("Place left clean", False)]


def texts(world: World, one: Visit) -> list[tuple[str, bool]]:
    with world.inside():
        return [(row.text, row.needs_photo) for row in queries.checks_of(one)]


def mails(world: World) -> list[tuple[str, str]]:
    with world.inside():
        rows = MailMessage.objects.order_by("queued_at", "id")
        return [(row.to, row.subject) for row in rows]


def promised(world: World, *names: str) -> Visit:
    """A published visit with these people."""
    project, _task, site = job(world)
    crew = [world.person(name).id for name in names]
    made = visit(world, project, site)
    actions.plan_visit(world.actor, visit_id=made.id, hours=(at(7, 8), at(7, 12)), crew=crew)
    actions.publish_visits(world.actor, visit_ids=[made.id])
    with world.inside():
        return Visit.objects.get(id=made.id)


def test_a_visit_copies_its_checklist_and_later_changes_do_not_reach_it(world: World) -> None:
    project, _task, site = job(world)
    crane = actions.create_checklist(world.actor, name="Crane", kind="gantry crane", lines=LINES)
    first = visit(world, project, site, checklist_id=crane.id, checklist=[("Own line", False)])
    actions.edit_checklist(world.actor, checklist_id=crane.id, lines=[("Something else", False)])
    second = visit(world, project, site, checklist_id=crane.id)

    assert texts(world, first) == [*LINES, ("Own line", False)]
    assert texts(world, second) == [("Something else", False)]
    with world.inside():
        undo = AuditAction.objects.filter(name="field.checklist.edit").latest("at").undo
    actions.edit_checklist(world.actor, **undo["arguments"])
    third = visit(world, project, site, checklist_id=crane.id)
    assert texts(world, third) == LINES


def test_what_is_no_checklist_is_refused(world: World) -> None:
    project, _task, site = job(world)
    with pytest.raises(Invalid, match="at least one line"):
        actions.create_checklist(world.actor, name="Crane", lines=[(" ", False)])
    made = actions.create_checklist(world.actor, name="Crane", lines=LINES)
    with pytest.raises(Conflict, match="already"):
        actions.create_checklist(world.actor, name="Crane", lines=LINES)
    actions.edit_checklist(world.actor, checklist_id=made.id, is_active=False)
    with pytest.raises(Invalid, match="not in use"):
        visit(world, project, site, checklist_id=made.id)
    other = new_world(name="Rival")
    with pytest.raises(NotFound):
        actions.edit_checklist(other.actor, checklist_id=made.id, name="Mine")


def test_crews_hear_of_what_is_promised_moved_and_off(world: World) -> None:
    made = promised(world, "Ana Ruiz", "Bo")
    ana, bo = world.people["Ana Ruiz"], world.people["Bo"]
    assert sorted(mails(world)) == sorted(
        (one.email, "Visit on Thu 7 May 2026, 08:00: Set up the press") for one in (ana, bo)
    )
    cleo = world.person("Cleo")
    actions.plan_visit(world.actor, visit_id=made.id, hours=(at(8, 8), at(8, 12)), crew=[ana.id, cleo.id])
    assert sorted(mails(world)[2:]) == sorted(
        [
            (cleo.email, "Visit on Fri 8 May 2026, 08:00: Set up the press"),
            (ana.email, "Moved to Fri 8 May 2026, 08:00: Set up the press"),
            (bo.email, "Off: Set up the press on Thu 7 May 2026, 08:00"),
        ]
    )
    actions.plan_visit(world.actor, visit_id=made.id, hours=(at(8, 8), at(8, 13)), crew=[ana.id, cleo.id])
    assert len(mails(world)) == 5
    actions.cancel_visit(world.actor, visit_id=made.id, reason="Strike")
    assert len(mails(world)) == 7


def test_drafts_are_told_to_nobody(world: World) -> None:
    project, _task, site = job(world)
    made = visit(world, project, site)
    actions.plan_visit(world.actor, visit_id=made.id, hours=(at(7, 8), at(7, 12)), crew=[world.person().id])
    actions.cancel_visit(world.actor, visit_id=made.id, reason="Strike")

    assert mails(world) == []


def test_published_visits_stand_in_the_persons_calendar_with_their_hours(world: World) -> None:
    made = promised(world, "Ana Ruiz")
    feed = Feed(tenant_id=world.tenant_id, kind="person", subject_id=world.people["Ana Ruiz"].id, detail="project")
    with world.inside():
        _title, entries = entries_of(world.actor, feed)
    (found,) = [one for one in entries if one.uid.startswith("vis_")]
    assert (found.title, found.begins_at, found.ends_at) == ("Set up the press", at(7, 8), at(7, 12))
    assert found.place == "Plant 1, Kassel"
    actions.unpublish_visit(world.actor, visit_id=made.id)
    with world.inside():
        assert [one for one in entries_of(world.actor, feed)[1] if one.uid.startswith("vis_")] == []


def test_figures_add_up_to_their_lines(world: World) -> None:
    made = promised(world, "Ana Ruiz", "Bo")
    with world.inside():
        project = made.project
    delivery(world, project, expected_on=date(2026, 5, 1))
    delivery(world, project, item="On time", expected_on=date(2026, 5, 30))
    actions.start_visit(world.actor, visit_id=made.id, kind="travel", at=at(6, 5, 15))
    actions.start_visit(world.actor, visit_id=made.id, kind="work", at=at(6, 6))
    actions.finish_visit(world.actor, visit_id=made.id, at=at(6, 7))
    asked = Parameters(project_id=project.id)
    with world.inside():
        values = {
            key: value_of(world.actor, f"field.{key}", asked).single()
            for key in (
                "late_deliveries",
                "visits",
                "finished_visits",
                "right_visits",
                "first_time_right",
                "travel_time",
            )
        }
        sums = {
            key: lines_of(world.actor, f"field.{key}", asked).sums().get("", Decimal(0))
            for key in ("late_deliveries", "visits", "travel_time")
        }
    assert values == {
        "late_deliveries": 1, "visits": 1, "finished_visits": 1, "right_visits": 1, "first_time_right": 100,
        "travel_time": 90,
    }  # fmt: skip
    assert sums == {"late_deliveries": 1, "visits": 1, "travel_time": 90}
    later = world.actor.today + timedelta(weeks=2)
    with world.inside():
        assert value_of(world.actor, "field.visits", Parameters(from_on=later)).single() == 0


def test_a_checklist_goes_through_page_api_and_command_line(world: World) -> None:
    browser = signed_in(world)
    browser.post("/checklists/new", {"name": "Crane", "kind": "crane", "lines": "Anchors set *\nPlace left clean"})
    web = api(world)
    (listed,) = web.get("/checklists").body["data"]
    assert (listed["name"], listed["kind"]) == ("Crane", "crane")
    told = web.patch(f"/checklists/{listed['id']}", lines=[{"text": "Look"}]).body
    assert told["lines"] == [{"text": "Look", "needs_photo": False}]
    ran = quoin(world, "checklist", "add", "Press", "--line", "Level *")
    assert ran["lines"] == ["Level *"]
    assert b"Press" in browser.get("/checklists").content
