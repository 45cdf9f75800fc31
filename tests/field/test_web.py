"""Screens of field work: who sees them, what they show, and what their forms do."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.test import Client as Browser

from quoin.base.actor import Scope
from quoin.base.audit.models import AuditAction
from quoin.clients.actions import create_client
from quoin.field import actions, queries
from quoin.field.models import DeliveredUnit, Delivery, Equipment, Site, Visit, VisitPart
from quoin.kernel.errors import Conflict
from quoin.kernel.ids import uuid7
from quoin.timesheets.actions.entries import log_entry
from quoin.timesheets.actions.weeks import submit_week, withdraw_week
from quoin.timesheets.models import TimeEntry
from tests.make import World, new_world
from tests.make.field import at, delivery, installation, job, visit
from tests.make.web import signed_in


@pytest.fixture
def browser(world: World) -> Browser:
    return signed_in(world)


def test_every_page_opens(world: World, browser: Browser) -> None:
    waiting, placed, goods = installation(world)
    with world.inside():
        site, van = Site.objects.get(), Equipment.objects.get()
        number = placed.project.number
    for path in (
        "/deliveries", "/deliveries/new", f"/deliveries/new?project={number}", f"/deliveries/{goods.public_id}",
        f"/deliveries/{goods.public_id}/edit", f"/p/{number}/deliveries", "/sites", "/sites/new",
        f"/sites/{site.public_id}", "/equipment", "/equipment/new", f"/equipment/{van.public_id}", "/visits",
        "/visits/new", f"/visits/new?project={number}", f"/visits/{placed.public_id}", f"/visits/{waiting.public_id}",
        f"/visits/{placed.public_id}/edit", f"/visits/{placed.public_id}/plan", "/dispatch",
        "/dispatch?day=2026-05-06&span=3", "/dispatch/state?day=2026-05-06&span=7",
    ):  # fmt: skip
        assert (path, browser.get(path).status_code) == (path, 200)
    assert b"late" in browser.get(f"/deliveries/{goods.public_id}").content.lower()


def test_a_strangers_things_are_not_there(world: World, browser: Browser) -> None:
    other = new_world(name="Rival")
    _waiting, placed, goods = installation(other)
    for path in (f"/deliveries/{goods.public_id}", f"/visits/{placed.public_id}", f"/visits/{placed.public_id}/plan"):
        assert (path, browser.get(path).status_code) == (path, 404)
    assert browser.post(f"/visits/{placed.public_id}/step", {"kind": "work"}).status_code == 404


def test_goods_are_added_dated_stepped_and_counted(world: World, browser: Browser) -> None:
    project, task, _site = job(world)
    added = browser.post(
        f"/deliveries/new?project={project.number}",
        {"item": "Crane", "quantity": "1", "unit": "pcs", "expected_on": "2026-05-11", "task_id": str(task.id)},
    )
    with world.inside():
        made = Delivery.objects.get()
    assert added["Location"] == f"/deliveries/{made.public_id}"
    refused = browser.post(f"/deliveries/{made.public_id}/date", {"expected_on": "2026-05-20"})
    assert refused.status_code == 422
    assert b"Say why the day changed" in refused.content
    browser.post(f"/deliveries/{made.public_id}/date", {"expected_on": "2026-05-20", "reason": "Ship"})
    browser.post(f"/deliveries/{made.public_id}/step", {"status": "on_site"})
    browser.post(f"/deliveries/{made.public_id}/units", {"serial_numbers": "A1, A2\nA3;A1"})
    with world.inside():
        made.refresh_from_db()
        assert (made.status, made.expected_on) == ("on_site", date(2026, 5, 20))
        assert DeliveredUnit.objects.count() == 3


def test_a_visit_is_planned_by_form_and_by_board_alike(world: World, browser: Browser) -> None:
    project, _task, site = job(world)
    ana = world.person()
    home = create_client(world.actor, name="Halden", country="DE", currency="EUR", is_internal=True)
    actions.create_site(world.actor, client_id=home.id, name="Yard", latitude="51.51", longitude="7.46")
    browser.post(
        f"/visits/new?project={project.number}",
        {"title": "Inspect", "site_id": str(site.id), "work_minutes": 60, "crew_size": 1, "checklist": "Look *\nTell"},
    )
    with world.inside():
        made = Visit.objects.get()
        assert [(row.text, row.needs_photo) for row in queries.checks_of(made)] == [("Look", True), ("Tell", False)]
    wish = {
        "visit": made.public_id, "version": made.version, "on": "2026-05-07", "minute": 480, "lasts": 90,
        "crew": [ana.public_id], "equipment": [],
    }  # fmt: skip
    tried = browser.post("/dispatch/try", json.dumps(wish), content_type="application/json")
    assert tried.json() == {"against": []}
    told = browser.post("/dispatch/plan", json.dumps(wish), content_type="application/json").json()
    assert (told["visits"][0]["on"], told["visits"][0]["minute"]) == ("2026-05-07", 480)
    assert told["visits"][0]["travel"] > 60  # from Dortmund to Kassel
    stale = browser.post("/dispatch/plan", json.dumps(wish), content_type="application/json")
    assert stale.status_code == 409
    published = browser.post(
        "/dispatch/publish", json.dumps({"visits": [made.public_id]}), content_type="application/json"
    )
    assert published.json()["visits"][0]["status"] == "published"


def test_a_shorter_order_is_told_and_used_with_one_undo(world: World, browser: Browser) -> None:
    project, _task, near = job(world)
    ana = world.person()
    home = create_client(world.actor, name="Halden", country="DE", currency="EUR", is_internal=True)
    actions.create_site(world.actor, client_id=home.id, name="Yard", latitude="51.31", longitude="9.40")
    far = actions.create_site(world.actor, client_id=project.client_id, name="Far", latitude="51.31", longitude="10.60")
    made = []
    for hour, site in ((8, near), (10, far), (12, near)):
        one = visit(world, project, site, title=f"At {hour}")
        made.append(
            actions.plan_visit(world.actor, visit_id=one.id, hours=(at(7, hour), at(7, hour + 1)), crew=[ana.id])
        )
    told = browser.get(f"/dispatch/order?person={ana.public_id}&on=2026-05-07").json()
    assert told["saved"] > 0
    asked = json.dumps({"person": ana.public_id, "on": "2026-05-07"})
    browser.post("/dispatch/order", asked, content_type="application/json")
    with world.inside():
        starts = {row.title: row.starts_at for row in Visit.objects.all()}
        undo = AuditAction.objects.filter(name="field.visit.arrange").latest("at").undo
    assert starts != {"At 8": at(7, 8), "At 10": at(7, 10), "At 12": at(7, 12)}
    actions.arrange_visits(world.actor, **undo["arguments"])
    with world.inside():
        again = {row.title: row.starts_at for row in Visit.objects.all()}
    assert again == {"At 8": at(7, 8), "At 10": at(7, 10), "At 12": at(7, 12)}


def test_a_part_that_is_sent_twice_counts_once(world: World, browser: Browser) -> None:
    _waiting, placed, _goods = installation(world)
    actions.publish_visits(world.actor, visit_ids=[placed.id])
    step = {"kind": "part", "name": "Bolt", "quantity": "8", "id": str(uuid7())}
    for _again in range(2):
        answer = browser.post(f"/visits/{placed.public_id}/step", step, headers={"Accept": "application/json"})
        assert answer.json() == {"note": ""}
    with world.inside():
        assert VisitPart.objects.count() == 1
    wrong = browser.post(f"/visits/{placed.public_id}/step", {"kind": "no"}, headers={"Accept": "application/json"})
    assert wrong.status_code == 422


def _done(world: World) -> Visit:
    project, _task, site = job(world)
    ana, bo = world.person(), world.person("Bo")
    made = visit(world, project, site)
    actions.plan_visit(world.actor, visit_id=made.id, hours=(at(5, 8), at(5, 12)), crew=[ana.id, bo.id])
    actions.publish_visits(world.actor, visit_ids=[made.id])
    actions.start_visit(world.actor, visit_id=made.id, kind="travel", at=at(5, 7))
    actions.start_visit(world.actor, visit_id=made.id, kind="work", at=at(5, 8))
    return actions.finish_visit(world.actor, visit_id=made.id, at=at(5, 12))


def test_hours_of_a_visit_go_to_each_timesheet_once(world: World) -> None:
    made = _done(world)
    told = actions.record_time(world.actor, visit_id=made.id)
    assert (len(told.people), told.refused) == (2, ())
    with world.inside():
        rows = sorted(TimeEntry.objects.values_list("person__name", "minutes"))
    assert rows == [("Ana Ruiz", 60), ("Ana Ruiz", 240), ("Bo", 60), ("Bo", 240)]
    with pytest.raises(Conflict, match="already"):
        actions.record_time(world.actor, visit_id=made.id)


def test_who_cannot_take_the_hours_is_named_and_taken_later(world: World) -> None:
    made = _done(world)
    bo = world.people["Bo"]
    log_entry(world.actor, person_id=bo.id, project_id=made.project_id, work_on=date(2026, 5, 6), minutes=30)
    submit_week(world.actor, person_id=bo.id, week_on=date(2026, 5, 4))
    told = actions.record_time(world.actor, visit_id=made.id)
    assert told.people == ("Ana Ruiz",)
    ((name, why),) = told.refused
    assert (name, bool(why)) == ("Bo", True)
    with pytest.raises(Conflict, match="Bo: "):
        actions.record_time(world.actor, visit_id=made.id)
    withdraw_week(world.actor, person_id=bo.id, week_on=date(2026, 5, 4))
    assert actions.record_time(world.actor, visit_id=made.id).people == ("Bo",)
    with world.inside():
        assert TimeEntry.objects.filter(note__startswith="Visit").count() == 4


def test_only_a_crew_member_opens_a_visit_of_another_team(world: World) -> None:
    _waiting, placed, goods = installation(world)
    actions.publish_visits(world.actor, visit_ids=[placed.id])
    ola = world.with_rights(queries.VIEW, scope=Scope.OWN, person=world.person("Ola"))
    with world.inside():
        assert not queries.visible_visits(ola).exists()
        assert not queries.visible_deliveries(ola).filter(id=goods.id).exists()
        project = placed.project
    assert delivery(world, project, item="Other").number == 2
