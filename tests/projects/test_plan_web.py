"""Screens of plans: the chart's data, previews, changes, the table twin, comparison, board, acceptance, timeline."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from typing import Any

from django.test import Client as Browser
from django.urls import reverse

from quoin.base.actor import Scope
from quoin.clients.actions import create_client
from quoin.projects import actions
from quoin.projects.actions import plan as plans
from quoin.projects.models import Assignment, Baseline, Project, Task
from tests.make import World
from tests.make import resourcing as booking
from tests.make.web import signed_in

MONDAY = date(2026, 5, 4)
DAY = 480


def planned(world: World, *names: str) -> Project:
    """A calculated project from 4 May 2026; each task lasts a day and waits for the one before."""
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    project = actions.create_project(world.actor, name="Fjord ERP", client_id=client.id, starts_on=MONDAY)
    tasks = [actions.create_task(world.actor, project_id=project.id, name=name, estimate_minutes=DAY) for name in names]
    links = [{"op": "link.add", "before": one.id, "after": other.id} for one, other in pairwise(tasks)]
    if links:
        plans.change_plan(world.actor, project_id=project.id, changes=links)
    return project


def post(browser: Browser, url: str, *edits: dict[str, Any]) -> Any:
    return browser.post(
        url, json.dumps({"edits": edits}), content_type="application/json", headers={"Accept": "application/json"}
    )


def dates_of(world: World, project: Project) -> dict[str, tuple[date | None, date | None]]:
    with world.inside():
        return {task.name: (task.starts_on, task.due_on) for task in Task.objects.filter(project=project)}


def test_every_page_of_a_plan_answers(world: World) -> None:
    project, browser = planned(world, "Design", "Build"), signed_in(world)
    number = project.number

    for name, arguments in (
        ("plan", [number]), ("plan_data", [number]), ("plan_why", [number]), ("plan_people", [number]),
        ("plan_table", [number]), ("plan_csv", [number]), ("plan_compare", [number]), ("board", [number]),
        ("deliverables", [number]), ("timeline", []), ("timeline_data", []), ("project", [number]), ("tasks", [number]),
    ):  # fmt: skip
        answer = browser.get(reverse(f"projects:{name}", args=arguments))
        assert answer.status_code == 200, (name, answer.content[:400])


def test_data_comes_in_the_order_of_the_tree_with_links_and_float(world: World) -> None:
    project, browser = planned(world, "Design", "Build"), signed_in(world)

    found = browser.get(reverse("projects:plan_data", args=[project.number])).json()

    columns = found["columns"]
    assert (columns["number"], columns["name"], columns["critical"]) == ([1, 2], ["Design", "Build"], [1, 1])
    assert found["links"] == [[1, 2, "fs", 0, "work"]]


def test_a_move_is_previewed_without_writing_then_kept_and_undone(world: World) -> None:
    project, browser = planned(world, "Design", "Build"), signed_in(world)
    before = dates_of(world, project)
    edit = {"op": "move", "tasks": [1], "days": 2, "unit": "work"}

    tried = post(browser, reverse("projects:plan_preview", args=[project.number]), edit).json()
    untouched = dates_of(world, project)
    kept = post(browser, reverse("projects:plan_change", args=[project.number]), edit).json()
    moved = dates_of(world, project)
    browser.post(kept["undo"])

    assert untouched == before
    assert set(tried["rows"]) == {"1", "2"}
    assert tried["rows"] == kept["rows"]
    assert any("Fjord ERP ends 5 May → 7 May" in fact["text"] for fact in tried["facts"]), tried["facts"]
    assert moved == {
        "Design": (date(2026, 5, 6), date(2026, 5, 6)), "Build": (date(2026, 5, 7), date(2026, 5, 7)),
    }  # fmt: skip
    assert dates_of(world, project) == before


def test_cells_are_read_as_people_type_them(world: World) -> None:
    project, browser = planned(world, "Design", "Build", "Train"), signed_in(world)
    ana = world.person()
    url = reverse("projects:plan_change", args=[project.number])

    for field, task, text in (
        ("predecessors", 3, "1SS+1d; 2"), ("people", 2, "Ana 50%"), ("duration", 2, "2d"), ("name", 1, "Sketch"),
        ("deadline", 3, "2026-05-08"), ("percent", 1, "40%"), ("finish", 1, "2026-05-05"), ("start", 3, "2026-05-12"),
    ):  # fmt: skip
        answer = post(browser, url, {"op": "set", "tasks": [task], "field": field, "text": text})
        assert answer.status_code == 200, (field, answer.content)

    found = browser.get(reverse("projects:plan_data", args=[project.number])).json()
    with world.inside():
        [held] = Assignment.objects.filter(person=ana)
        third = Task.objects.get(project=project, number=3)
    assert held.units_percent == 50
    assert sorted(found["links"]) == [[1, 2, "fs", 0, "work"], [1, 3, "ss", 480, "work"], [2, 3, "fs", 0, "work"]]
    assert found["columns"]["name"] == ["Sketch", "Build", "Train"]
    assert found["columns"]["duration"][:2] == [2 * DAY, 2 * DAY]
    assert (third.starts_on, third.constraint) == (date(2026, 5, 12), "snet")


def test_what_cannot_be_read_is_refused_with_a_sentence(world: World) -> None:
    project, browser = planned(world, "Design", "Build"), signed_in(world)
    url = reverse("projects:plan_preview", args=[project.number])

    for edit, words in (
        ({"op": "set", "tasks": [1], "field": "duration", "text": "long"}, "is no duration"),
        ({"op": "set", "tasks": [1], "field": "predecessors", "text": "x"}, "is no predecessor"),
        ({"op": "set", "tasks": [1], "field": "people", "text": "Zoe"}, "Nobody is called"),
        ({"op": "set", "tasks": [9], "field": "name", "text": "x"}, "There is no task 9"),
        ({"op": "fly"}, "is not one of"),
        ({"op": "indent", "tasks": [1]}, "no row above"),
        ({"op": "outdent", "tasks": [1]}, "highest level"),
        ({"op": "resize", "tasks": [1], "until": "2026-05-01"}, "cannot end before"),
    ):
        answer = post(browser, url, edit)
        assert answer.status_code in {404, 422}, (edit, answer.content)
        assert words in answer.content.decode(), (edit, answer.content)


def test_rows_are_added_nested_moved_and_deleted(world: World) -> None:
    project, browser = planned(world, "Design", "Build"), signed_in(world)
    url = reverse("projects:plan_change", args=[project.number])

    def names() -> list[tuple[str, int]]:
        columns = browser.get(reverse("projects:plan_data", args=[project.number])).json()["columns"]
        return list(zip(columns["name"], columns["level"], strict=True))

    for edit in (
        {"op": "add", "after": 1, "text": "Review 2d"}, {"op": "indent", "tasks": [3]},
    ):  # fmt: skip
        assert post(browser, url, edit).status_code == 200
    nested = names()
    for edit in (
        {"op": "outdent", "tasks": [3]}, {"op": "shift", "task": 3, "by": 1}, {"op": "remove", "tasks": [1]},
    ):  # fmt: skip
        answer = post(browser, url, edit)
        assert answer.status_code == 200, (edit, answer.content)

    assert nested == [("Design", 1), ("Review", 2), ("Build", 1)]
    assert names() == [("Build", 1), ("Review", 1)]


def test_a_reader_sees_the_plan_and_may_not_change_it(world: World) -> None:
    project = planned(world, "Design", "Build")
    reader = signed_in(world, "projects.project.view", "projects.plan.view", person=world.person())

    page = reader.get(reverse("projects:plan", args=[project.number]))
    edit = {"op": "move", "tasks": [1], "days": 1}
    answer = post(reader, reverse("projects:plan_change", args=[project.number]), edit)

    assert page.status_code == 200
    assert b'"mayChange": false' in page.content
    assert answer.status_code == 403


def test_another_tenants_plan_is_not_there(world: World) -> None:
    from tests.make import new_world

    project, stranger = planned(world, "Design", "Build"), signed_in(new_world())

    assert stranger.get(reverse("projects:plan_data", args=[project.number])).status_code == 404


def test_a_baseline_is_kept_compared_and_told(world: World) -> None:
    project, browser = planned(world, "Design", "Build"), signed_in(world)
    browser.post(reverse("projects:baseline_take", args=[project.number]), {"name": "v1"})
    edit = {"op": "set", "tasks": [1], "field": "duration", "text": "3d"}
    post(browser, reverse("projects:plan_change", args=[project.number]), edit)
    with world.inside():
        baseline = Baseline.objects.get(project=project)

    data = browser.get(reverse("projects:plan_data", args=[project.number]), {"compare": baseline.public_id}).json()
    page = browser.get(reverse("projects:plan_compare", args=[project.number]), {"from": baseline.public_id})

    assert data["columns"]["drift"] == [2, 2]
    text = page.content.decode()
    assert "Design takes 2d longer" in text
    assert "Build ends 2 days later: 5 May → 7 May" in text


def test_levelling_is_proposed_with_reasons_then_done(world: World) -> None:
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    project = actions.create_project(world.actor, name="Fjord ERP", client_id=client.id, starts_on=MONDAY)
    ana = world.person()
    for name in ("Design", "Build"):
        actions.create_task(world.actor, project_id=project.id, name=name, estimate_minutes=DAY, assignee_id=ana.id)
    plans.recalculate_plan(world.actor, project_id=project.id)
    browser = signed_in(world)
    url = reverse("projects:plan_level", args=[project.number])

    people = browser.get(reverse("projects:plan_people", args=[project.number])).json()["people"]
    tried = post(browser, f"{url}?try=1").json()
    before = dates_of(world, project)
    done = post(browser, url).json()

    assert [strip["name"] for strip in people] == ["Ana Ruiz"]
    assert tried["reasons"] == [
        "2 Build: Waits for Ana Ruiz until 5 May 2026: On 4 May 2026 Design goes first: it has to begin by 4 May 2026,"
        " this one by 4 May 2026."
    ]
    assert [one["op"] for one in tried["scenario"]["changes"]] == ["task.set"]
    assert before["Build"] == (MONDAY, MONDAY)
    assert done["undo"]
    assert dates_of(world, project)["Build"] == (date(2026, 5, 5), date(2026, 5, 5))


def test_a_first_link_to_another_project_is_found_tried_kept_and_undone(world: World) -> None:
    first, second, browser = planned(world, "Design"), planned(world, "Build"), signed_in(world)
    for project in (first, second):
        plans.settle_plan(world.actor, project_id=project.id, schedule="from_start")
    name = f"{second.number}:1"
    edit = {"op": "link", "before": name, "after": 1}

    found = browser.get(reverse("projects:plan_tasks", args=[first.number]), {"q": "build"}).json()["tasks"]
    tried = post(browser, reverse("projects:plan_preview", args=[first.number]), edit).json()
    kept = post(browser, reverse("projects:plan_change", args=[first.number]), edit).json()
    moved = dates_of(world, first)
    browser.post(kept["undo"])

    assert [f"{one['project']}:{one['number']}" for one in found] == [name]
    assert tried["rows"] == kept["rows"]
    assert moved == {"Design": (date(2026, 5, 5), date(2026, 5, 5))}
    assert dates_of(world, first) == {"Design": (MONDAY, MONDAY)}


def test_tasks_of_projects_out_of_sight_are_neither_found_nor_linked(world: World) -> None:
    first, second, person = planned(world, "Design"), planned(world, "Build"), world.person()
    actions.edit_project(world.actor, project_id=first.id, manager_id=person.id)
    rights = ("projects.project.view", "projects.plan.view", "projects.plan.change")
    manager = signed_in(world, *rights, scope=Scope.OWN, person=person)

    found = manager.get(reverse("projects:plan_tasks", args=[first.number]), {"q": "build"})
    edit = {"op": "link", "before": f"{second.number}:1", "after": 1}
    answer = post(manager, reverse("projects:plan_preview", args=[first.number]), edit)

    assert found.json() == {"tasks": []}
    assert answer.status_code == 404


def test_a_card_changes_its_status(world: World) -> None:
    project, browser = planned(world, "Design", "Build"), signed_in(world)
    with world.inside():
        task = Task.objects.get(project=project, number=1)

    browser.post(reverse("projects:task_status", args=[task.public_id]), {"status": "in_progress"})

    with world.inside():
        assert Task.objects.get(id=task.id).status == "in_progress"


def test_acceptance_is_recorded_by_name_and_withdrawn(world: World) -> None:
    project, browser = planned(world, "Design", "Build"), signed_in(world)
    edit = {"op": "set", "tasks": [2], "field": "kind", "text": "deliverable"}
    post(browser, reverse("projects:plan_change", args=[project.number]), edit)
    with world.inside():
        task = Task.objects.get(project=project, number=2)

    browser.post(reverse("projects:deliverable_sign", args=[task.public_id]), {"signed_by": "Ola Nordmann"})
    page = browser.get(reverse("projects:deliverables", args=[project.number])).content.decode()
    browser.post(reverse("projects:deliverable_withdraw", args=[task.public_id]))

    assert "by Ola Nordmann" in page
    with world.inside():
        assert Task.objects.get(id=task.id).signed_by == ""


def test_only_managers_of_the_project_change_its_plan(world: World) -> None:
    project = planned(world, "Design", "Build")
    other = signed_in(
        world, "projects.project.view", "projects.plan.view", "projects.plan.change", scope=Scope.OWN,
        person=world.person(),
    )  # fmt: skip

    answer = post(
        other, reverse("projects:plan_change", args=[project.number]), {"op": "move", "tasks": [1], "days": 1}
    )

    assert answer.status_code == 404


def test_the_strip_of_people_shows_what_they_are_booked_for(world: World) -> None:
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    project = actions.create_project(world.actor, name="Fjord ERP", client_id=client.id, starts_on=booking.MONDAY)
    ana = world.person()
    actions.create_task(world.actor, project_id=project.id, name="Design", estimate_minutes=2 * DAY, assignee_id=ana.id)
    plans.recalculate_plan(world.actor, project_id=project.id)
    booking.booked(world, ana, booking.project(world), first=0, last=2)
    browser = signed_in(world)

    [strip] = browser.get(reverse("projects:plan_people", args=[project.number])).json()["people"]

    [[_monday, percent, planned, booked, capacity]] = strip["weeks"]
    assert (strip["name"], percent, planned, booked, capacity) == ("Ana Ruiz", 40, 2 * DAY, 3 * DAY, 5 * DAY)
