"""The screens answer, keep their query counts and give nothing away."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quoin.base.actor import Actor
from quoin.base.http import middleware
from quoin.timesheets.models import TimeEntry, Timesheet
from tests.make import World
from tests.make import time as make
from tests.make.web import member

WEEK = "2026-W19"


@pytest.fixture
def browse(monkeypatch: pytest.MonkeyPatch):
    """A browser that acts as the given actor."""

    def sign_in(actor: Actor) -> Client:
        found = middleware.RequestActor.__init__

        def init(self: object, get_response: object) -> None:
            found(self, get_response)
            self.doorman.resolve = lambda _request: actor

        monkeypatch.setattr(middleware.RequestActor, "__init__", init)
        return Client(headers={"Host": "localhost"})

    return sign_in


def _pages(browser: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(path)
    assert answer.status_code == 200, answer.content[:400]
    return len(captured)


def test_screens_answer_for_somebody_new_and_for_somebody_busy(world: World, browse) -> None:
    ana = world.person()
    me = make.as_person(world, ana)
    paths = [
        "/",
        f"/time/{WEEK}",
        "/time/day/2026-05-06",
        "/expenses",
        "/time/timer/menu",
        "/expenses/new",
        "/time/timer",
    ]
    browser = browse(me)
    for path in paths:
        _pages(browser, path)
    fjord = make.project(world, members=(ana,))
    make.entry(world, ana, fjord, minutes=60, note="<script>alert(1)</script>")
    for path in paths:
        _pages(browser, path)
    page = browser.get(f"/time/{WEEK}").content.decode()
    assert "<script>alert(1)" not in page


def test_the_week_costs_the_same_with_one_row_and_with_three(world: World, browse) -> None:
    ana = world.person()
    me = make.as_person(world, ana)
    browser = browse(me)
    make.entry(world, ana, make.project(world, members=(ana,)))
    one = _pages(browser, f"/time/{WEEK}")
    for _ in range(2):
        make.entry(world, ana, make.project(world, members=(ana,)))
    assert _pages(browser, f"/time/{WEEK}") == one <= 20


def test_approvals_cost_the_same_with_one_person_and_with_three(world: World, browse) -> None:
    browser = browse(world.actor)

    def hand_in() -> None:
        person = world.person(f"P{uuid4().hex[:4]}")
        make.entry(world, person, make.project(world, members=(person,)), status="submitted", note="x")

    hand_in()
    one = _pages(browser, "/approvals")
    hand_in()
    hand_in()
    assert _pages(browser, "/approvals") == one <= 25


def test_cells_are_saved_and_replayed_over_http(world: World, browse) -> None:
    ana = world.person()
    fjord = make.project(world, members=(ana,))
    browser = browse(make.as_person(world, ana))
    edit = {"id": str(uuid4()), "row": f"{fjord.id}:", "day": "2026-05-04", "minutes": 90, "was": 0}

    first = browser.post(f"/time/{WEEK}/cells", data=json.dumps({"edits": [edit]}), content_type="application/json")
    again = browser.post(f"/time/{WEEK}/cells", data=json.dumps({"edits": [edit]}), content_type="application/json")

    assert (first.status_code, again.status_code) == (200, 200)
    assert [cell["e"][0]["m"] for cell in again.json()["cells"]] == [90]
    with world.inside():
        assert TimeEntry.objects.count() == 1
    bad = browser.post(f"/time/{WEEK}/cells", data=b'{"edits": [{"id": 1}]}', content_type="application/json")
    assert bad.status_code == 422


def test_the_plain_form_saves_without_a_script(world: World, browse) -> None:
    ana = world.person()
    fjord = make.project(world, members=(ana,))
    browser = browse(make.as_person(world, ana))

    answer = browser.post(
        f"/time/{WEEK}/save", {f"cell|{fjord.id}:|2026-05-04": "7:30", f"cell|{fjord.id}:|2026-05-05": ""}
    )

    assert answer.status_code == 303
    with world.inside():
        assert list(TimeEntry.objects.values_list("minutes", flat=True)) == [450]


def test_submit_and_withdraw_over_http(world: World, browse) -> None:
    ana = world.person()
    make.entry(world, ana, make.project(world, members=(ana,)))
    browser = browse(make.as_person(world, ana))

    assert browser.post(f"/time/{WEEK}/submit", headers={"Accept": "application/json"}).status_code == 200
    with world.inside():
        assert Timesheet.objects.get().submitted_at is not None
    assert browser.post(f"/time/{WEEK}/submit", headers={"Accept": "application/json"}).status_code == 409
    assert browser.post(f"/time/{WEEK}/withdraw", headers={"Accept": "application/json"}).status_code == 200


def test_somebody_elses_week_is_not_found(world: World, browse) -> None:
    ana, ben = world.person(), world.person("Ben")
    browser = browse(make.as_person(world, ana))
    assert browser.get(f"/time/{WEEK}?person={ben.public_id}").status_code == 404
    assert browser.get("/time/2026-W99").status_code == 404
    assert browser.get(f"/time/{WEEK}?person=nobody").status_code == 404


def test_an_approver_decides_by_form(world: World, browse) -> None:
    ana = world.person()
    fjord = make.project(world, members=(ana,))
    good = make.entry(world, ana, fjord, status="submitted", note="x")
    bad = make.entry(world, ana, fjord, on=make.MONDAY + timedelta(days=1), status="submitted", note="y")
    browser = browse(world.actor)

    browser.post("/approvals/decide", {"decision": "return", "entry": [good.id, bad.id], f"note-{bad.id}": "Why?"})
    browser.post("/approvals/decide", {"decision": "approve", "entry": [good.id]})

    with world.inside():
        assert dict(TimeEntry.objects.values_list("id", "status")) == {good.id: "approved", bad.id: "returned"}


def test_the_api_logs_lists_and_submits(world: World, browse) -> None:
    ana = world.person()
    fjord = make.project(world, members=(ana,))
    me = make.as_person(world, ana)
    browser = browse(me)
    body = {"project_id": fjord.public_id, "work_on": "2026-05-04", "minutes": 75, "note": "API"}

    made = browser.post("/api/v1/time-entries", data=json.dumps(body), content_type="application/json")

    assert made.status_code == 201, made.content
    listed = browser.get("/api/v1/time-entries?work_on[gte]=2026-05-01")
    assert [row["minutes"] for row in listed.json()["data"]] == [75]
    cells = [{"project_id": fjord.public_id, "work_on": "2026-05-05", "minutes": 60, "change_id": str(uuid4())}]
    saved = browser.put(
        f"/api/v1/timesheets/{ana.public_id}/{WEEK}/cells",
        data=json.dumps({"cells": cells}),
        content_type="application/json",
    )
    assert saved.json()["outcomes"] == [{"state": "saved", "code": "", "detail": ""}]
    week = browser.get(f"/api/v1/timesheets/{ana.public_id}/{WEEK}").json()
    assert (week["minutes"], week["status"]) == (135, "open")
    assert browser.post(
        f"/api/v1/timesheets/{ana.public_id}/{WEEK}/submit", data="{}", content_type="application/json"
    ).json() == {"entries": 2}
    assert browser.get("/api/v1/timer").json() == {"is_running": False}


def test_approvals_open_for_who_approves_only_expenses(world: World) -> None:
    browser = Client()
    browser.force_login(member(world, "timesheets.expense.approve"))

    assert browser.get("/approvals").status_code == 200
    assert browser.post("/approvals/decide", {"entry": [str(uuid4())]}).status_code == 403


def test_approvals_stay_shut_for_who_approves_nothing(world: World) -> None:
    browser = Client()
    browser.force_login(member(world, "timesheets.time.view"))

    assert browser.get("/approvals").status_code == 403
