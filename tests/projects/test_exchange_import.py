"""Plans from files into projects and back: every sample keeps what it had, or what it loses is named."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from quoin.base.actions import REGISTRY
from quoin.base.actor import Scope
from quoin.base.audit.models import AuditAction
from quoin.clients.actions import create_client
from quoin.kernel.errors import Conflict, Forbidden, Invalid
from quoin.kernel.ids import uuid7
from quoin.people.models import WorkCalendar
from quoin.projects import actions
from quoin.projects.actions import plan as plans
from quoin.projects.actions.exchange import import_plan
from quoin.projects.adapters.exchange import mpxj, read_plan, write_mspdi, write_table
from quoin.projects.models import (
    Assignment,
    Baseline,
    BaselineTask,
    Dependency,
    PlanResource,
    PlanSource,
    Project,
    Task,
    TaskSource,
)
from quoin.projects.queries.exchange_out import exported
from quoin.projects.rules.exchange import taken_rows
from quoin.projects.rules.planfile import FileTask, PlanFile
from tests.make import World

_SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "formats" / "msproject_p6"
_TEXTS = {".txt"}
_FILES = sorted(path for path in _SAMPLES.rglob("*") if path.is_file() and path.suffix not in _TEXTS)
_NATIVE = [
    path for path in _FILES if path.suffix == ".xml" and b"schemas.microsoft.com/project" in path.read_bytes()[:4000]
]
_OTHERS = [path for path in _FILES if path not in _NATIVE]
needs_samples = pytest.mark.skipif(not _NATIVE, reason="shared/data/formats/msproject_p6 is not beside the checkout")
needs_mpxj = pytest.mark.skipif(bool(mpxj.missing()), reason=f"other formats: {mpxj.missing()}")


def _client(world: World) -> UUID:
    return create_client(world.actor, name="Fjord AS", country="DE", currency="EUR").id


def _imported(world: World, file: PlanFile, name: str) -> Project:
    return import_plan(world.actor, file, file_name=name, client_id=_client(world), name="Crane").project


def _told(row: FileTask) -> dict[str, object]:
    """What a task of a file says apart from its calculated dates."""
    names = (
        "uid", "level", "wbs", "is_estimated", "work", "is_summary", "is_manual", "task_type", "is_effort_driven",
        "constraint", "deadline", "calendar", "ignores_people", "priority", "notes", "fixed_cost",
        "is_elapsed", "percent", "remaining_duration", "actual_duration",
    )  # fmt: skip
    told: dict[str, object] = {name: getattr(row, name) for name in names}
    told["name"] = " ".join(row.name.split())
    if not row.is_summary:
        told["duration"] = row.duration
        told["milestone"] = row.is_milestone
    told["links"] = Counter(replace(link) for link in row.links)
    told["baselines"] = row.baselines
    return told


def _check_kept(first: PlanFile, again: PlanFile) -> None:
    """Tasks, links, calendars, assignments and baselines are the same, as far as they are taken over at all."""
    rows = {row.uid: row for row in again.rows()}
    taken = taken_rows(first)
    assert [row.uid for row in again.rows()] == [row.uid for row in taken]
    for row in taken:
        assert _told(rows[row.uid]) == _told(row), row.name
    assert {one.uid: one for one in again.calendars} == {one.uid: one for one in first.calendars}
    assert {one.uid: one for one in again.resources} == {one.uid: one for one in first.resources}
    uids = {row.uid for row in taken}
    wanted = {one.uid: one for one in first.assignments if one.task in uids}
    assert {one.uid: one for one in again.assignments} == wanted
    if first.calendar in {one.uid for one in first.calendars}:
        assert again.calendar == first.calendar
    assert (again.from_start, again.currency or "EUR") == (first.from_start, first.currency or "EUR")
    assert again.minutes_per_day == first.minutes_per_day


@needs_samples
@pytest.mark.parametrize("path", _NATIVE, ids=lambda path: path.stem)
def test_every_sample_comes_out_as_it_went_in(world: World, path: Path) -> None:
    _round_trip(world, path)


@needs_samples
@needs_mpxj
@pytest.mark.parametrize("path", _OTHERS, ids=lambda path: path.name)
def test_samples_of_other_formats_come_out_as_they_went_in(world: World, path: Path) -> None:
    _round_trip(world, path)


def _round_trip(world: World, path: Path) -> None:
    file = read_plan(path.name, path.read_bytes())
    if not taken_rows(file):
        with pytest.raises(Invalid, match="no tasks"):
            _imported(world, file, path.name)
        return
    project = _imported(world, file, path.name)
    with world.inside(read_only=True):
        out = exported(world.actor, project.id)
    _check_kept(file, read_plan("again.xml", write_mspdi(out)))


_TABLE = (
    "number,level,name,duration,start,predecessors,people,milestone\n"
    "1,1,Design,,2026-05-04,,,\n2,2,Workshops,3d,2026-05-04,,Ana Ruiz [50%]; Crane,\n3,2,Model,4h,,2FS+1d,Ana Ruiz,\n"
    "4,1,Go-live,,,3,,yes\n"
)


def _table(text: str = _TABLE) -> PlanFile:
    return read_plan("plan.csv", text.encode())


def _undone(world: World, name: str = "projects.plan.import") -> None:
    with world.inside():
        told = AuditAction.objects.filter(name=name).latest("at").undo
    REGISTRY[told["action"]].run(world.actor, **told["arguments"])


def _state(world: World, project: Project) -> tuple[object, ...]:
    """All that an import touches."""
    with world.inside():
        row = Project.objects.get(id=project.id)
        settings = (row.schedule, row.starts_on, row.starts_at, row.ends_on, row.calendar_id, row.finish_at)
        tasks = list(Task.objects.filter(project=project).order_by("id").values())
        tables = (Dependency, Assignment, Baseline, BaselineTask, PlanSource, PlanResource, TaskSource, WorkCalendar)
        return settings, tasks, *(sorted(map(str, model.objects.values())) for model in tables)


def _started(world: World) -> Project:
    """A project with a task of its own, dated by hand."""
    project = actions.create_project(world.actor, name="Own", client_id=_client(world), starts_on=date(2026, 6, 1))
    actions.create_task(
        world.actor, project_id=project.id, name="Kick-off", starts_on=date(2026, 6, 2), due_on=date(2026, 6, 3)
    )
    return project


def test_a_file_becomes_a_project_with_its_tree_links_and_people(world: World) -> None:
    ana = world.person("Ana Ruiz")
    done = import_plan(world.actor, _table(), file_name="plan.csv", client_id=_client(world), name="Crane")
    with world.inside():
        tasks = {task.name: task for task in Task.objects.filter(project=done.project)}
        held = set(Assignment.objects.values_list("task__name", "person_id", "units_percent", "effort_minutes"))
        links = list(Dependency.objects.values_list("before__name", "after__name", "kind", "lag"))
    assert tasks["Design"].kind == "phase"
    assert tasks["Go-live"].kind == "milestone"
    assert tasks["Model"].parent_id == tasks["Design"].id
    assert held == {("Workshops", ana.id, 50, 720), ("Model", ana.id, 100, 240)}
    assert sorted(links) == [("Model", "Go-live", "fs", 0), ("Workshops", "Model", "fs", 480)]
    assert tasks["Model"].start_at == datetime(2026, 5, 8, 8)
    assert tasks["Go-live"].start_at == datetime(2026, 5, 8, 12)
    assert [line.resource.name for line in done.trial.unknown] == ["Crane"]
    assert (done.trial.merged.added, done.trial.merged.updated) == (4, 0)


def test_reading_the_file_again_updates_and_adds_nothing_twice(world: World) -> None:
    project = _imported(world, _table(), "plan.csv")
    before = _state(world, project)[1]
    again = _table(_TABLE.replace("3d", "5d").replace("4,1,Go-live", "4,1,Open\n5,1,Go-live"))
    done = import_plan(world.actor, again, file_name="plan.csv", project_id=project.id)
    with world.inside():
        rows = {task.name: task for task in Task.objects.filter(project=project)}
    assert (done.trial.merged.added, done.trial.merged.updated) == (1, 4)
    assert rows["Workshops"].duration_minutes == 5 * 480
    assert {row["id"] for row in before} <= {row.id for row in rows.values()}


def test_one_undo_takes_an_import_into_a_project_back(world: World) -> None:
    project = _started(world)
    before = _state(world, project)
    import_plan(world.actor, _table(), file_name="plan.csv", project_id=project.id)
    between = _state(world, project)
    changed = _table(_TABLE.replace("3d", "5d").replace("Go-live", "Opening"))
    import_plan(world.actor, changed, file_name="plan.csv", project_id=project.id, removes_gone=True)
    assert _state(world, project)[1] != between[1]
    _undone(world)
    assert _state(world, project) == between
    with world.inside():
        first = AuditAction.objects.filter(name="projects.plan.import").earliest("at").undo
    REGISTRY[first["action"]].run(world.actor, **first["arguments"])
    assert _state(world, project) == before


def test_the_undo_of_a_new_project_removes_it(world: World) -> None:
    project = _imported(world, _table(), "plan.csv")
    _undone(world)
    with world.inside():
        assert not Project.objects.filter(id=project.id).exists()
        assert not Task.objects.filter(project_id=project.id).exists()
        assert not PlanSource.objects.exists()


def test_an_import_that_another_followed_is_taken_back_after_that(world: World) -> None:
    project = _imported(world, _table(), "plan.csv")
    import_plan(world.actor, _table(), file_name="plan.csv", project_id=project.id)
    with world.inside():
        first = AuditAction.objects.filter(name="projects.plan.import").earliest("at").undo
    with pytest.raises(Invalid, match="Take that import back first"):
        REGISTRY[first["action"]].run(world.actor, **first["arguments"])
    assert project.number


@needs_samples
def test_calendars_with_exceptions_and_baselines_are_the_firms_then_and_go_with_the_undo(world: World) -> None:
    project = _started(world)
    before = _state(world, project)
    for name in ("baselines.xml", "mspdiduration.xml"):
        path = next(path for path in _NATIVE if path.name == name)
        import_plan(world.actor, read_plan(name, path.read_bytes()), file_name=name, project_id=project.id)
    with world.inside():
        names = set(WorkCalendar.objects.values_list("name", flat=True))
        elapsed = Task.objects.filter(project=project, calendar__name="Around the clock").count()
    assert "Around the clock" in names
    assert elapsed == 5
    _undone(world)
    with world.inside():
        kept = list(Baseline.objects.filter(project=project).values_list("name", flat=True))
        first = AuditAction.objects.filter(name="projects.plan.import").earliest("at").undo
    assert set(kept) == {f"Baseline {number}" for number in range(1, 11)}
    REGISTRY[first["action"]].run(world.actor, **first["arguments"])
    assert _state(world, project) == before


def test_what_changed_here_is_what_the_file_says_then(world: World) -> None:
    ana = world.person("Ana Ruiz")
    project = _imported(world, _table(), "plan.csv")
    with world.inside():
        rows = {task.name: task.id for task in Task.objects.filter(project=project)}
    plans.change_plan(world.actor, project_id=project.id, changes=[
        {"op": "task.set", "task": rows["Model"], "name": "Model it", "duration_minutes": 960, "percent": 50},
        {"op": "assign", "task": rows["Model"], "person": ana.id, "units_percent": 50},
        {"op": "task.add", "id": uuid7(), "project": project.id, "name": "Train", "duration_minutes": 480},
    ])  # fmt: skip
    plans.take_baseline(world.actor, project_id=project.id, name="v1")
    with world.inside(read_only=True):
        out = exported(world.actor, project.id)
    again = read_plan("again.xml", write_mspdi(out))
    found = {row.name: row for row in again.rows()}
    assert (found["Model it"].duration, found["Model it"].percent, found["Model it"].uid) == (960, 50, 3)
    assert found["Train"].start == datetime(2026, 5, 4, 8)
    assert [(one.resource, one.units) for one in again.assignments if one.task == 3] == [(1, Decimal("0.5"))]
    assert [one.resource for one in again.assignments if one.task == 2] == [1, 2]
    assert all(row.baselines[0].number == 0 and row.baselines[0].finish == row.finish for row in again.rows())


def test_a_project_of_quoin_goes_out_and_comes_back_into_itself(world: World) -> None:
    project = _started(world)
    with world.inside(read_only=True):
        file = read_plan("own.xml", write_mspdi(exported(world.actor, project.id)))
    done = import_plan(world.actor, file, file_name="own.xml", project_id=project.id)
    assert (done.trial.merged.added, done.trial.merged.updated) == (0, 1)
    with world.inside(read_only=True):
        text = write_table(exported(world.actor, project.id))
    again = import_plan(world.actor, read_plan("own.csv", text.encode()), file_name="own.csv", project_id=project.id)
    assert (again.trial.merged.added, again.trial.merged.updated) == (0, 1)


def test_a_circle_in_the_file_is_named_and_nothing_is_written(world: World) -> None:
    project = _started(world)
    before = _state(world, project)
    with pytest.raises(Conflict, match=r"circle: (A → B → A|B → A → B)"):
        import_plan(
            world.actor, _table("number,name,predecessors\n1,A,2\n2,B,1\n"), file_name="a.csv", project_id=project.id
        )
    assert _state(world, project) == before


def test_only_who_may_import_plans_does(world: World) -> None:
    project = _started(world)
    somebody = world.with_rights("projects.project.view", "projects.plan.view")
    with pytest.raises(Forbidden):
        import_plan(somebody, _table(), file_name="plan.csv", project_id=project.id)
    other = world.person("Ben Lind")
    mine = world.with_rights("projects.project.view", scope=Scope.ALL, person=other)
    manages = replace(mine, grants={**mine.grants, "projects.plan.import": Scope.OWN})
    with pytest.raises(Forbidden, match="manager"):
        import_plan(manages, _table(), file_name="plan.csv", project_id=project.id)
    with pytest.raises(Forbidden):
        import_plan(manages, _table(), file_name="plan.csv", client_id=_client(world))
