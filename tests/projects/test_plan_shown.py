"""What a plan shows beside its dates: gates with what they miss, figures that open their lines, states by name."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse

from quoin.base.figures import Parameters, every_line, lines_of, value_of
from quoin.clients.actions import create_client
from quoin.kernel.ids import uuid7
from quoin.projects import actions
from quoin.projects.actions import gates
from quoin.projects.actions import plan as plans
from quoin.projects.models import Baseline, Project, Task
from tests.make import World
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.web import signed_in

MONDAY = date(2026, 5, 11)
DAY = 480


def _project(world: World) -> tuple[Project, dict[str, Task]]:
    """Design (a day) before Build (phase with Rack, two days), and Go-live after it; Poster hangs beside."""
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    project = actions.create_project(
        world.actor, name="Fjord ERP", client_id=client.id, starts_on=MONDAY, manager_id=world.boss.id
    )
    ids = {name: uuid7() for name in ("Design", "Build", "Rack", "Go-live", "Poster")}

    def add(name: str, **fields: object) -> dict[str, object]:
        return {"op": "task.add", "id": ids[name], "project": project.id, "name": name, **fields}

    plans.change_plan(world.actor, project_id=project.id, changes=[
        add("Design", duration_minutes=DAY), add("Build"), add("Rack", parent_id=ids["Build"], duration_minutes=2 * DAY),
        add("Go-live", kind="milestone", deadline_at=datetime(2026, 5, 12, 17)), add("Poster", duration_minutes=DAY),
        {"op": "link.add", "id": uuid7(), "before": ids["Design"], "after": ids["Rack"]},
        {"op": "link.add", "id": uuid7(), "before": ids["Rack"], "after": ids["Go-live"]},
    ])  # fmt: skip
    plans.recalculate_plan(world.actor, project_id=project.id)
    with world.inside():
        return project, {task.name: task for task in Task.objects.filter(project=project)}


def test_a_gate_stands_before_its_phase_with_what_it_misses(world: World) -> None:
    project, tasks = _project(world)
    gates.add_gate(
        world.actor, project_id=project.id, task_id=tasks["Build"].id, name="Design freeze",
        items=[{"text": "Drawings signed"}, {"kind": "budget_set"}],
    )  # fmt: skip
    url = reverse("projects:plan_data", args=[project.number])

    seen = signed_in(world).get(url).json()
    blind = signed_in(world, "projects.project.view", "projects.plan.view").get(url).json()

    assert seen["held"] == {"2": "Design freeze", "3": "Design freeze"}
    [gate] = seen["gates"]
    assert (gate["row"], gate["met"], gate["count"]) == (2, 0, 2)
    assert gate["missing"] == ["Drawings signed", "The project has a budget"]
    assert gate["url"].startswith(f"/p/{project.number}/gates#gat_")
    assert not {"gates", "held"} & blind.keys()


def test_figures_of_a_plan_open_their_lines_on_every_door(world: World) -> None:
    project, _tasks = _project(world)
    asked = Parameters(project_id=project.id)
    keys = ("plan.critical", "plan.late", "plan.milestones_due", "plan.float")

    with world.inside(read_only=True):
        values = {key: value_of(world.actor, key, asked).sums.get("", Decimal(0)) for key in keys}
        lines = {
            key: sorted(line.label.split(" ", 3)[3] for line in every_line(lines_of(world.actor, key, asked)))
            for key in keys
        }
    page = signed_in(world).get(reverse("projects:project", args=[project.number])).content.decode()
    told = api(world).get(f"/figures/plan.late?project={project.public_id}").body
    spoken = quoin(world, "figures", "get", "plan.critical", "--id", project.number)

    # Go-live ends on 13 May, after its deadline, so the chain before it has a day less than none.
    assert lines["plan.critical"] == ["Design", "Go-live", "Rack"]
    assert lines["plan.late"] == ["Go-live"]
    assert lines["plan.milestones_due"] == ["Go-live"]
    assert (values["plan.critical"], values["plan.late"], values["plan.milestones_due"]) == (3, 1, 1)
    # A day behind three times over; Poster has the two days that the others take longer.
    assert values["plan.float"] == -3 * DAY + 2 * DAY
    for key in keys:
        assert f"/figures/{key}/lines?project={project.public_id}" in page
    assert told["key"] == "plan.late"
    assert spoken["key"] == "plan.critical"


def test_states_to_compare_are_chosen_by_name_and_date(world: World) -> None:
    project, _tasks = _project(world)
    browser = signed_in(world)
    plans.take_baseline(world.actor, project_id=project.id, name="Sold")
    with world.inside():
        baseline = Baseline.objects.get(project=project)
    url = reverse("projects:plan_compare", args=[project.number])

    page = browser.get(url).content.decode()
    past = browser.get(url, {"from": "day", "from_on": "2026-03-31", "to": baseline.public_id}).content.decode()
    wrong = browser.get(url, {"from": "day", "from_on": "nonsense"})

    assert f'<option value="{baseline.public_id}" selected>Sold · ' in page
    assert 'name="from_on" value="2026-03-31"' in past
    assert "Design was added" in past
    assert (wrong.status_code, "There is no such state of the plan." in wrong.content.decode()) == (200, True)
