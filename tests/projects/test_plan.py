"""Plans: previewed, changed, refused, undone, compared."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from quoin.base.actor import Scope
from quoin.base.audit.models import AuditAction
from quoin.clients.actions import create_client
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from quoin.kernel.money import Money
from quoin.projects import actions
from quoin.projects.actions import plan as plans
from quoin.projects.models import Baseline, Dependency, Project, Task
from quoin.projects.queries.gantt import gantt, why_critical
from quoin.projects.queries.plan import preview
from quoin.projects.types import LinkRefused, PlanLoop
from quoin.site.demo.plans import plan_demo
from tests.make import World, new_world

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


def _days(world: World, project: Project) -> dict[str, tuple[date, date]]:
    with world.inside():
        rows = Task.objects.filter(project=project.id).order_by("number")
        return {row.name: (row.starts_on, row.due_on) for row in rows}


def test_a_link_dates_the_successor_and_marks_the_critical_path(world: World) -> None:
    project, (design, build, _) = _project(world, "Design", "Build", "Train")

    _link(world, project, design, build)

    assert _days(world, project) == {
        "Design": (MONDAY, MONDAY),
        "Build": (date(2026, 5, 5), date(2026, 5, 5)),
        "Train": (MONDAY, MONDAY),
    }
    with world.inside():
        chain = [task.name for task in why_critical(world.actor, project.id)]
        train = Task.objects.get(name="Train")
        kept = Project.objects.get(id=project.id)
    assert chain == ["Design", "Build"]
    assert (train.total_float_minutes, train.free_float_minutes, train.is_critical) == (DAY, DAY, False)
    assert (kept.schedule, kept.finish_at) == ("from_start", datetime(2026, 5, 5, 17))


def test_a_preview_tells_what_the_run_then_writes(world: World) -> None:
    project, (design, build) = _project(world, "Design", "Build")
    _link(world, project, design, build)
    changes = [{"op": "task.set", "task": str(design.id), "duration_minutes": 3 * DAY}]

    with world.inside(read_only=True):
        tried = preview(world.actor, project_id=project.id, changes=changes)
    before = _days(world, project)
    done = plans.change_plan(world.actor, project_id=project.id, changes=changes)

    assert before["Build"] == (date(2026, 5, 5), date(2026, 5, 5))
    assert tried.effect == done.effect
    assert [moved.name for moved in tried.effect.moved] == ["Design", "Build"]
    assert [(end.before, end.after) for end in tried.effect.ends] == [
        (datetime(2026, 5, 5, 17), datetime(2026, 5, 7, 17))
    ]
    assert _days(world, project)["Build"] == (date(2026, 5, 7), date(2026, 5, 7))


def test_a_preview_of_the_first_link_knows_that_the_plan_will_date_itself(world: World) -> None:
    project, (design, build) = _project(world, "Design", "Build")
    for task in (design, build):
        actions.edit_task(world.actor, task_id=task.id, starts_on=date(2026, 5, 11), due_on=date(2026, 5, 12))
    changes = [{"op": "link.add", "before": design.id, "after": build.id}]

    with world.inside(read_only=True):
        tried = preview(world.actor, project_id=project.id, changes=changes)
    done = plans.change_plan(world.actor, project_id=project.id, changes=changes)

    assert tried.effect == done.effect
    assert _days(world, project)["Build"] == (date(2026, 5, 13), date(2026, 5, 14))


def test_one_undo_takes_a_set_of_changes_back(world: World) -> None:
    project, (design, build) = _project(world, "Design", "Build")
    ana = world.person()
    _link(world, project, design, build)
    before = _days(world, project)
    new = UUID(int=7)
    plans.change_plan(
        world.actor,
        project_id=project.id,
        changes=[
            {"op": "task.add", "id": new, "project": project.id, "name": "Phase"},
            {"op": "task.set", "task": design.id, "parent_id": new, "duration_minutes": 4 * DAY},
            {"op": "task.remove", "task": build.id},
            {"op": "assign", "task": design.id, "person": ana.id, "units_percent": 50},
        ],
    )

    assert set(_days(world, project)) == {"Phase", "Design"}
    with world.inside():
        undo = AuditAction.objects.filter(name="projects.plan.change").latest("at").undo
    plans.change_plan(world.actor, **undo["arguments"])

    assert _days(world, project) == before
    with world.inside():
        assert Dependency.objects.filter(before=design.id, after=build.id).count() == 1


def test_a_circle_is_refused_and_changes_nothing(world: World) -> None:
    project, (design, build) = _project(world, "Design", "Build")
    _link(world, project, design, build)
    before = _days(world, project)

    with pytest.raises(PlanLoop, match="circle"):
        _link(world, project, build, design)
    with pytest.raises(LinkRefused, match="already"):
        _link(world, project, design, build)
    with pytest.raises(LinkRefused, match="itself"):
        _link(world, project, design, design)
    assert _days(world, project) == before


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"op": "task.fly"}, "/changes/0/op"),
        ({"op": "task.set", "colour": 1}, "/changes/0/colour"),
        ({"op": "task.set", "percent": 101}, "/changes/0/percent"),
        ({"op": "task.set", "name": " "}, "/changes/0/name"),
        ({"op": "task.set", "constraint": "snet"}, "/changes/0/constraint_at"),
        ({"op": "task.set", "constraint": "soon"}, "/changes/0/constraint"),
    ],
)
def test_a_change_that_makes_no_sense_names_its_field(world: World, change: dict[str, object], pointer: str) -> None:
    project, (design,) = _project(world, "Design")

    with pytest.raises(Invalid) as refused:
        plans.change_plan(world.actor, project_id=project.id, changes=[{"task": design.id, **change}])

    assert refused.value.problems[0].pointer == pointer


def test_strangers_cannot_change_or_see_a_plan(world: World) -> None:
    project, (design,) = _project(world, "Design")
    change = {"op": "task.set", "task": design.id, "percent": 10}
    other = new_world(name="Other")
    member = world.with_rights("projects.plan.view", "projects.project.view")

    with pytest.raises(NotFound):
        plans.change_plan(other.actor, project_id=project.id, changes=[change])
    with other.inside(), pytest.raises(NotFound):
        gantt(other.actor, project.id)
    with pytest.raises(Forbidden):
        plans.change_plan(member, project_id=project.id, changes=[change])
    manager = world.with_rights("projects.plan.change", "projects.project.view", scope=Scope.OWN, person=world.person())
    with pytest.raises(NotFound):
        plans.change_plan(manager, project_id=project.id, changes=[change])


def test_plans_tied_across_projects_move_together(world: World) -> None:
    first, (design,) = _project(world, "Design")
    second, (build,) = _project(world, "Build")
    plans.settle_plan(world.actor, project_id=second.id, schedule="from_start")

    plans.settle_plan(world.actor, project_id=first.id, schedule="from_start")
    _link(world, first, design, build)
    found = plans.change_plan(
        world.actor,
        project_id=first.id,
        changes=[{"op": "task.set", "task": design.id, "duration_minutes": 2 * DAY}],
    )

    assert _days(world, second)["Build"] == (date(2026, 5, 6), date(2026, 5, 6))
    assert {end.project_id for end in found.effect.ends} == {first.id, second.id}


def test_a_plan_from_the_end_begins_as_late_as_it_can(world: World) -> None:
    project, (design, build) = _project(world, "Design", "Build")
    _link(world, project, design, build)

    with pytest.raises(Invalid):
        plans.settle_plan(world.actor, project_id=project.id, schedule="from_end")
    plans.settle_plan(world.actor, project_id=project.id, schedule="from_end", ends_on=date(2026, 5, 29))

    assert _days(world, project) == {
        "Design": (date(2026, 5, 28), date(2026, 5, 28)),
        "Build": (date(2026, 5, 29), date(2026, 5, 29)),
    }


def test_dates_set_by_hand_are_kept_when_the_plan_takes_over(world: World) -> None:
    project, (design,) = _project(world, "Design")
    actions.edit_task(world.actor, task_id=design.id, starts_on=date(2026, 5, 11), due_on=date(2026, 5, 13))

    plans.recalculate_plan(world.actor, project_id=project.id)

    assert _days(world, project) == {"Design": (date(2026, 5, 11), date(2026, 5, 13))}


def test_drift_is_told_against_a_baseline_and_a_past_day(world: World) -> None:
    project, (design, build) = _project(world, "Design", "Build")
    _link(world, project, design, build)
    kept = plans.take_baseline(world.actor, project_id=project.id, name="v1")
    with world.inside():
        then = AuditAction.objects.latest("at").at
    plans.change_plan(
        world.actor,
        project_id=project.id,
        changes=[{"op": "task.set", "task": design.id, "duration_minutes": 3 * DAY}],
    )

    with world.inside():
        against = gantt(world.actor, project.id, baseline_id=kept.id)
        past = gantt(world.actor, project.id, as_of=then + timedelta(microseconds=1))
        with pytest.raises(NotFound):
            gantt(world.actor, project.id, baseline_id=UUID(int=1))
    assert [row.drift_days for row in against.rows] == [2, 2]
    assert [row.drift_days for row in past.rows] == [2, 2]
    with pytest.raises(Invalid):
        plans.take_baseline(world.actor, project_id=project.id, name="v1")
    plans.remove_baseline(world.actor, baseline_id=kept.id)
    with world.inside():
        assert not Baseline.objects.exists()
    with pytest.raises(NotFound):
        plans.remove_baseline(world.actor, baseline_id=kept.id)


def test_a_deliverable_is_signed_off_once_and_withdrawn(world: World) -> None:
    project, (report, plain) = _project(world, "Report", "Plain")
    plans.change_plan(
        world.actor,
        project_id=project.id,
        changes=[{"op": "task.set", "task": report.id, "kind": "deliverable"}],
    )

    with pytest.raises(Conflict):
        plans.sign_deliverable(world.actor, task_id=plain.id, signed_by="Kari Holm")
    with pytest.raises(Invalid):
        plans.sign_deliverable(world.actor, task_id=report.id, signed_by=" ")
    signed = plans.sign_deliverable(world.actor, task_id=report.id, signed_by="Kari Holm", note="By mail")
    assert (signed.signed_by, signed.sign_note, signed.signed_at) == ("Kari Holm", "By mail", world.actor.now)
    with pytest.raises(Conflict):
        plans.sign_deliverable(world.actor, task_id=report.id, signed_by="Kari Holm")
    assert plans.withdraw_deliverable(world.actor, task_id=report.id).signed_at is None
    with pytest.raises(Conflict):
        plans.withdraw_deliverable(world.actor, task_id=report.id)


def test_the_effect_counts_what_more_work_costs_for_those_who_may_see_it(world: World) -> None:
    project, (design,) = _project(world, "Design")
    ana = world.person(cost="60")
    change = {"op": "assign", "task": design.id, "person": ana.id}

    with world.inside(read_only=True):
        seen = preview(world.actor, project_id=project.id, changes=[change])
        blind = preview(
            world.with_rights("projects.plan.view", "projects.project.view"), project_id=project.id, changes=[change]
        )

    assert seen.effect == replace(blind.effect, cost=(Money(Decimal(480), "EUR"),))


def test_levelling_lets_a_task_wait_for_its_person_and_says_so(world: World) -> None:
    project, (design, build) = _project(world, "Design", "Build")
    ana = world.person()
    for task in (design, build):
        actions.edit_task(world.actor, task_id=task.id, assignee_id=ana.id)
    with pytest.raises(Conflict):
        plans.level_plan(world.actor, project_id=project.id)
    plans.settle_plan(world.actor, project_id=project.id, schedule="from_start")

    plans.level_plan(world.actor, project_id=project.id)

    assert _days(world, project) == {
        "Design": (MONDAY, MONDAY),
        "Build": (date(2026, 5, 5), date(2026, 5, 5)),
    }
    with world.inside():
        reason = Task.objects.get(id=build.id).wait_reason
    assert reason.startswith("Waits for Ana Ruiz until")
    assert plans.level_plan(world.actor, project_id=project.id).preview is None


def test_the_demos_plans_follow_each_other_and_one_has_left_its_baseline(world: World) -> None:
    told, _ = _project(world, "Design", "Build", "Test", "Train", "Go live")
    single, _ = _project(world, "Support")

    with world.inside():
        planned = plan_demo(world.actor, project_ids=[told.id, single.id], told=told.id)
        kept = Baseline.objects.get(project=told.id)
        rows = gantt(world.actor, told.id, baseline_id=kept.id).rows

    assert planned == 1
    assert [row.drift_days for row in rows] == [0, 0, 5, 5, 5]
    assert all(row.task.is_critical for row in rows)
