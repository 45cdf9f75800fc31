"""Plans through the API and the command line: the same actions, the same answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from quoin.clients.actions import create_client
from quoin.kernel.ids import public_id
from quoin.projects import actions
from quoin.projects.models import Dependency, Project, Task
from tests.make import World
from tests.make.api import api
from tests.make.cli import quoin


def _project(world: World) -> tuple[Project, list[Task]]:
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    project = actions.create_project(world.actor, name="Fjord ERP", client_id=client.id, starts_on=date(2026, 5, 4))
    return project, [
        actions.create_task(world.actor, project_id=project.id, name=name, estimate_minutes=480)
        for name in ("Design", "Build")
    ]


def _run(world: World, *words: str) -> Any:
    return quoin(world, "plan", *words)


def test_the_api_previews_changes_and_shows_a_plan(world: World) -> None:
    project, (design, build) = _project(world)
    path = f"/projects/{project.public_id}"
    door = api(world)
    link = {"op": "link.add", "before": design.public_id, "after": build.public_id, "lag": 480}

    tried = door.post(f"{path}/plan/preview", changes=[link])
    done = door.post(f"{path}/plan/changes", changes=[link])
    added = door.post(f"{path}/plan/changes", changes=[{"op": "task.add", "name": "Train", "kind": "milestone"}])
    kept = door.post(f"{path}/baselines", name="v1")
    shown = door.get(f"{path}/plan?baseline_id={kept.body['id']}")

    assert (tried.status, done.status, added.status, kept.status) == (200, 200, 200, 201)
    assert tried.body == done.body
    assert [row["name"] for row in done.body["moved"]] == ["Build"]
    assert [(end["before"], end["after"]) for end in done.body["ends"]] == [
        ("2026-05-04T17:00:00", "2026-05-06T17:00:00")
    ]
    rows = shown.body["tasks"]
    assert [(row["wbs"], row["name"], row["drift_days"]) for row in rows] == [
        ("1", "Design", 0), ("2", "Build", 0), ("3", "Train", 0)
    ]  # fmt: skip
    assert rows[1]["start_at"] == "2026-05-06T08:00:00"
    assert [link["lag"] for link in shown.body["links"]] == [480]
    assert door.delete(f"/baselines/{kept.body['id']}").status == 204
    assert door.post(f"{path}/plan/recalculate").status == 200
    assert door.post(f"{path}/plan/level").status == 200
    settled = door.call("PUT", f"{path}/plan/settings", {"schedule": "from_end", "ends_on": "2026-05-29"})
    assert settled.body["finish_at"] == "2026-05-29T17:00:00"


def test_the_api_names_what_is_wrong_with_a_change(world: World) -> None:
    project, (design, _) = _project(world)
    door, path = api(world), f"/projects/{project.public_id}/plan/changes"

    itself = door.post(path, changes=[{"op": "link.add", "before": design.public_id, "after": design.public_id}])
    unknown = door.post(path, changes=[{"op": "task.fly", "task": design.public_id}])
    nobody = api(world, "projects.project.view").post(path, changes=[])

    assert (itself.status, itself.body["code"]) == (409, "link_refused")
    assert (unknown.status, unknown.body["errors"][0]["pointer"]) == (422, "/changes/0/op")
    assert nobody.status == 403


def test_a_deliverable_is_signed_over_the_api(world: World) -> None:
    project, (design, _) = _project(world)
    door = api(world)
    change = {"op": "task.set", "task": design.public_id, "kind": "deliverable"}
    door.post(f"/projects/{project.public_id}/plan/changes", changes=[change])

    signed = door.post(f"/tasks/{design.public_id}/sign", signed_by="Kari Holm")

    assert (signed.status, signed.body["signed_by"]) == (200, "Kari Holm")
    assert door.delete(f"/tasks/{public_id('tsk', design.id)}/sign").status == 204


def test_the_command_line_plans_a_project(world: World) -> None:
    project, _ = _project(world)
    number = project.number

    tried = _run(world, "link", number, "1", "2", "--lag", "8h", "--try")
    _run(world, "link", number, "1", "2", "--lag", "8h")
    changed = _run(world, "set", number, "1", "duration=3d", "percent=10")
    _run(world, "baseline", "create", number, "--name", "v1")
    shown = _run(world, "show", number, "--baseline", "v1")

    assert tried["moved"] == 1
    assert changed["ends"] == {"Fjord ERP": "2026-05-08T17:00:00"}
    assert [(row["wbs"], row["drift_days"], row["critical"]) for row in shown] == [("1", 0, True), ("2", 0, True)]
    assert [row["name"] for row in _run(world, "critical", number)] == ["Design", "Build"]
    assert [row["name"] for row in _run(world, "baseline", "list", number)] == ["v1"]
    assert _run(world, "baseline", "remove", number, "v1") == {"removed": "v1"}
    assert _run(world, "level", number)["waits"] == []
    assert _run(world, "unlink", number, "1", "2")["critical_path_changed"] is True
    assert _run(world, "recalc", number)["finish"].startswith("2026-05-06")
    assert _run(world, "settle", number, "from_end", "--ends-on", "2026-05-29")["schedule"] == "from_end"


def test_the_first_link_between_two_projects_is_made_over_the_api_and_the_command_line(world: World) -> None:
    first, (design, build) = _project(world)
    second, (other, _) = _project(world)
    door = api(world)
    link = {"op": "link.add", "before": other.public_id, "after": design.public_id}

    tried = _run(world, "link", first.number, f"{second.number}:1", "2", "--try")
    done = door.post(f"/projects/{first.public_id}/plan/changes", changes=[link])
    _run(world, "link", first.number, f"{second.number}:1", "2")

    # Build begins later, and Design may wait longer.
    assert (tried["moved"], done.status, done.body["moved_elsewhere"]) == (2, 200, 0)
    with world.inside():
        pairs = Dependency.objects.order_by("after__number").values_list("before_id", "after_id")
        assert list(pairs) == [(other.id, design.id), (other.id, build.id)]
