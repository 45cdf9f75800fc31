"""Plans tied to others: first links, what is out of sight, and large changes that are written and taken back."""

from datetime import date
from itertools import pairwise
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quoin.base.actor import Actor, Scope
from quoin.base.audit.models import AuditAction
from quoin.base.db.context import tenant_transaction
from quoin.clients.actions import create_client
from quoin.kernel.errors import Forbidden, NotFound
from quoin.projects import actions
from quoin.projects.actions import plan as plans
from quoin.projects.models import Dependency, Project, Task
from quoin.projects.queries.load import strips
from quoin.projects.queries.plan import preview
from tests.make import World

MONDAY = date(2026, 5, 4)
DAY = 480


def _project(world: World, *names: str, **fields: object) -> tuple[Project, list[Task]]:
    """A project from 4 May 2026 whose tasks last a day each."""
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    project = actions.create_project(world.actor, name="Fjord ERP", client_id=client.id, starts_on=MONDAY, **fields)
    tasks = [actions.create_task(world.actor, project_id=project.id, name=name, estimate_minutes=DAY) for name in names]
    return project, tasks


def _link(world: World, project: Project, before: Task, after: Task, **fields: object) -> object:
    change = {"op": "link.add", "before": before.id, "after": after.id, **fields}
    return plans.change_plan(world.actor, project_id=project.id, changes=[change])


def _undo(world: World) -> None:
    with world.inside():
        undo = AuditAction.objects.filter(name="projects.plan.change").latest("at").undo
    plans.change_plan(world.actor, **undo["arguments"])


def _days(world: World, project: Project) -> dict[str, tuple[date, date]]:
    with world.inside():
        rows = Task.objects.filter(project=project.id).order_by("number")
        return {row.name: (row.starts_on, row.due_on) for row in rows}


def test_a_first_link_needs_sight_of_one_project_and_the_right_over_the_one_that_waits(world: World) -> None:
    first, (design,) = _project(world, "Design")
    second, (build,) = _project(world, "Build")
    person = world.person()
    rights = ("projects.plan.change", "projects.project.view", "projects.plan.view")
    manager = world.with_rights(*rights, scope=Scope.OWN, person=person)
    actions.edit_project(world.actor, project_id=first.id, manager_id=person.id)

    def tie(before: Task, after: Task) -> None:
        change = {"op": "link.add", "before": before.id, "after": after.id}
        plans.change_plan(manager, project_id=first.id, changes=[change])

    with pytest.raises(NotFound):
        tie(build, design)
    with pytest.raises(NotFound), world.inside(read_only=True):
        preview(manager, project_id=first.id, changes=[{"op": "link.add", "before": build.id, "after": design.id}])
    actions.set_member(world.actor, project_id=second.id, person_id=person.id)
    with pytest.raises(Forbidden):
        tie(design, build)
    tie(build, design)

    with world.inside():
        assert [(row.before_id, row.after_id) for row in Dependency.objects.all()] == [(build.id, design.id)]
    assert _days(world, first)["Design"] == (date(2026, 5, 5), date(2026, 5, 5))


def test_the_effect_on_a_tied_project_out_of_sight_is_counted_and_not_named(world: World) -> None:
    first, (design,) = _project(world, "Design")
    second, (build,) = _project(world, "Build")
    plans.settle_plan(world.actor, project_id=second.id, schedule="from_start")
    _link(world, first, design, build)
    person = world.person()
    actions.edit_project(world.actor, project_id=first.id, manager_id=person.id)
    manager = world.with_rights(
        "projects.plan.change", "projects.project.view", "projects.plan.view", scope=Scope.OWN, person=person
    )
    change = {"op": "task.set", "task": design.id, "duration_minutes": 3 * DAY}

    with world.inside(read_only=True):
        tried = preview(manager, project_id=first.id, changes=[change])
        whole = preview(world.actor, project_id=first.id, changes=[change])
    done = plans.change_plan(manager, project_id=first.id, changes=[change])

    assert [moved.name for moved in tried.effect.moved] == ["Design"]
    assert (tried.effect.elsewhere, [end.project_id for end in tried.effect.ends]) == (1, [first.id])
    assert done.effect == tried.effect
    assert ([moved.name for moved in whole.effect.moved], whole.effect.elsewhere) == (["Design", "Build"], 0)
    assert _days(world, second)["Build"] == (date(2026, 5, 7), date(2026, 5, 7))


def test_the_people_of_a_tied_project_out_of_sight_are_not_named(world: World) -> None:
    first, (design,) = _project(world, "Design")
    second, (build,) = _project(world, "Build")
    near, far = world.person(), world.person()
    actions.edit_project(world.actor, project_id=first.id, manager_id=near.id)
    for task, person in ((design, near), (build, far)):
        actions.edit_task(world.actor, task_id=task.id, assignee_id=person.id)
    _link(world, second, design, build)
    manager = world.with_rights("projects.project.view", "projects.plan.view", scope=Scope.OWN, person=near)

    def named(actor: Actor) -> set[UUID]:
        with tenant_transaction(actor, read_only=True):
            return {strip.person_id for strip in strips(actor, first.id)}

    assert named(manager) == {near.id}
    assert named(world.actor) == {near.id, far.id}


def test_the_undo_of_a_first_link_leaves_the_dates_to_people_again(world: World) -> None:
    project, (design, build) = _project(world, "Design", "Build")
    actions.edit_task(world.actor, task_id=build.id, starts_on=date(2026, 5, 20), due_on=date(2026, 5, 21))
    with world.inside():
        before = list(Task.objects.filter(project=project).order_by("number").values())

    _link(world, project, design, build)
    _undo(world)

    with world.inside():
        after = list(Task.objects.filter(project=project).order_by("number").values())
        found = Project.objects.get(id=project.id)
    assert after == before
    assert (found.schedule, found.finish_at) == ("by_hand", None)


def test_the_undo_of_a_very_large_change_is_kept_whole(world: World) -> None:
    project, tasks = _project(world, "Design", *(f"Task {number}" for number in range(2, 8)))
    _link(world, project, tasks[0], tasks[1])
    note = "n" * 5000
    changes = [{"op": "task.set", "task": task.id, "name": f"{note} {task.number}"} for task in tasks]
    plans.change_plan(world.actor, project_id=project.id, changes=changes)
    changes = [{"op": "task.set", "task": task.id, "name": f"New {task.number}"} for task in tasks]
    plans.change_plan(world.actor, project_id=project.id, changes=changes)

    _undo(world)

    with world.inside():
        names = list(Task.objects.filter(project=project).order_by("number").values_list("name", flat=True))
        row = AuditAction.objects.filter(name="projects.plan.change").order_by("-at")[1]
    assert names == [f"{note} {task.number}" for task in tasks]
    assert len(str(row.undo)) > 30_000


def test_a_move_of_many_tasks_is_written_in_few_statements(world: World) -> None:
    counts = []
    for count in (3, 30):
        project, tasks = _project(world, *(f"Task {number}" for number in range(count)))
        links = [{"op": "link.add", "before": one.id, "after": other.id} for one, other in pairwise(tasks)]
        plans.change_plan(world.actor, project_id=project.id, changes=links)
        change = {"op": "task.set", "task": tasks[0].id, "duration_minutes": 5 * DAY}
        with CaptureQueriesContext(connection) as queries:
            plans.change_plan(world.actor, project_id=project.id, changes=[change])
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_circle_is_found_by_the_check_wherever_it_closes(world: World) -> None:
    project, tasks = _project(world, "Design", "Build", "Train", "Close")
    links = [{"op": "link.add", "before": one.id, "after": other.id} for one, other in pairwise(tasks)]
    plans.change_plan(world.actor, project_id=project.id, changes=links)

    def broken() -> list[str]:
        with world.inside(read_only=True), connection.cursor() as cursor:
            cursor.execute("SELECT subject FROM audit_check.inv_70 ORDER BY subject")
            return [subject for (subject,) in cursor.fetchall()]

    whole = broken()
    world.do(lambda: Dependency.objects.create(before=tasks[2], after=tasks[1]))

    assert (whole, broken()) == ([], ["task Train"])
