"""Screens of clients, people and projects answer, save and refuse."""

from __future__ import annotations

from django.urls import reverse

from quoin.clients.models import Client as ClientRow
from quoin.projects.models import Project, Task
from tests.make import World
from tests.make.web import signed_in


def _started(world: World) -> tuple[object, Project]:
    browser = signed_in(world)
    browser.post(
        reverse("clients:new"),
        {
            "name": "Fjord AS",
            "country": "de",
            "currency": "eur",
            "payment_days": "30",
            "language": "en",
            "is_active": "on",
        },
    )
    with world.inside():
        client = ClientRow.objects.get(name="Fjord AS")
    browser.post(
        reverse("projects:new"),
        {"client_id": str(client.id), "name": "Fjord ERP", "note_rule": "wanted", "budget_hours": "120"},
    )
    with world.inside():
        return browser, Project.objects.get(name="Fjord ERP")


def test_client_and_project_are_made_by_form(world: World) -> None:
    browser, project = _started(world)

    assert project.budget_minutes == 7200
    for name, arguments in (
        ("clients:clients", []), ("projects:projects", []), ("people:people", []), ("projects:project", [project.number]),
        ("projects:tasks", [project.number]), ("projects:team", [project.number]), ("projects:edit", [project.number]),
        ("people:person", [world.boss.public_id]), ("people:new", []), ("projects:add_member", [project.number]),
        ("people:set_pattern", [world.boss.public_id]), ("people:set_cost_rate", [world.boss.public_id]),
    ):  # fmt: skip
        answer = browser.get(reverse(name, args=arguments))
        assert answer.status_code == 200, (name, answer.content[:500])


def test_pasted_lines_become_tasks_with_estimates(world: World) -> None:
    browser, project = _started(world)
    browser.post(reverse("projects:add_task", args=[project.number]), {"lines": "Design 40h\nBuild 7:30h\n\nGo live"})

    with world.inside():
        found = list(Task.objects.filter(project=project).order_by("number").values_list("name", "estimate_minutes"))
    assert found == [("Design", 2400), ("Build", 450), ("Go live", 0)]


def test_cell_saves_and_says_what_is_wrong(world: World) -> None:
    browser, project = _started(world)
    browser.post(reverse("projects:add_task", args=[project.number]), {"lines": "Design"})
    with world.inside():
        task = Task.objects.get(project=project)
    url = reverse("projects:task_cell", args=[task.public_id])

    saved = browser.patch(url, "estimate=7:30", content_type="application/x-www-form-urlencoded")
    refused = browser.patch(url, "estimate=soon", content_type="application/x-www-form-urlencoded")

    assert (saved.status_code, refused.status_code) == (200, 422)
    assert "is not a duration" in refused.content.decode()
    with world.inside():
        assert Task.objects.get(id=task.id).estimate_minutes == 450


def test_stranger_is_sent_to_sign_in_and_foreign_project_is_not_found(world: World) -> None:
    browser, _project = _started(world)
    browser.logout()

    assert browser.get(reverse("projects:projects")).status_code == 302
    other = signed_in(
        World(actor=world.actor, entity=world.entity, boss=world.boss), "projects.project.view", person=world.person()
    )
    assert other.get(reverse("projects:project", args=["nope"])).status_code == 404
