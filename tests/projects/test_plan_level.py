"""Levelling through its doors: tried, kept and undone alike; by the rule or a solver; within the float or beyond."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from quoin.base.actor import Scope
from quoin.base.audit.models import AuditAction
from quoin.clients.actions import create_client
from quoin.kernel.errors import Forbidden, Invalid, NotFound
from quoin.kernel.ids import uuid7
from quoin.people.models import Person
from quoin.projects import actions
from quoin.projects.actions import plan as plans
from quoin.projects.models import Project, Task
from quoin.projects.queries.levelling import level_preview
from quoin.projects.types import LevelBy
from quoin.resourcing.actions.bookings import create_booking
from tests.make import World
from tests.make.api import api
from tests.make.cli import quoin

MONDAY = date(2026, 5, 4)
DAY = 480


def _plan(world: World, *rows: tuple[str, int, Person | None], links: tuple[tuple[str, str], ...] = ()) -> Project:
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    project = actions.create_project(
        world.actor, name="Fjord ERP", client_id=client.id, starts_on=MONDAY, manager_id=world.boss.id
    )
    ids = {name: uuid7() for name, _days, _who in rows}
    changes: list[dict[str, object]] = [
        {"op": "task.add", "id": ids[name], "project": project.id, "name": name, "duration_minutes": days * DAY}
        for name, days, _who in rows
    ]
    changes += [{"op": "link.add", "id": uuid7(), "before": ids[one], "after": ids[other]} for one, other in links]
    changes += [
        {"op": "assign", "id": uuid7(), "task": ids[name], "person": who.id} for name, _days, who in rows if who
    ]
    plans.change_plan(world.actor, project_id=project.id, changes=changes)
    plans.recalculate_plan(world.actor, project_id=project.id)
    return project


def _starts(world: World, project: Project) -> dict[str, date | None]:
    with world.inside():
        return dict(Task.objects.filter(project=project).values_list("name", "starts_on"))


def test_the_rule_and_the_command_line_tell_first_and_do_it_with_apply(world: World) -> None:
    ana = world.person()
    project = _plan(world, ("Design", 1, ana), ("Build", 1, ana), ("Test", 3, None), links=(("Design", "Test"),))
    before = _starts(world, project)

    told = quoin(world, "plan", "level", project.number)
    unmoved = _starts(world, project)
    done = quoin(world, "plan", "level", project.number, "--apply")

    assert unmoved == before
    assert [(row["number"], row["name"]) for row in told["waits"]] == [(2, "Build")]
    assert told["waits"][0]["why"] == (
        "Waits for Ana Ruiz until 5 May 2026: On 4 May 2026 Design goes first: it has to begin by 4 May 2026,"
        " this one by 7 May 2026."
    )
    assert (told["applied"], done["applied"], done["waits"]) == (False, True, told["waits"])
    assert _starts(world, project)["Build"] == date(2026, 5, 5)


def test_the_api_previews_levels_and_one_undo_takes_it_back(world: World) -> None:
    ana = world.person()
    project = _plan(world, ("Design", 1, ana), ("Build", 1, ana))
    path, door = f"/projects/{project.public_id}/plan/level", api(world)
    before = _starts(world, project)

    tried = door.post(f"{path}/preview")
    unmoved = _starts(world, project)
    done = door.post(path)
    moved = _starts(world, project)
    wrong = door.post(f"{path}/preview", by="magic")

    assert (tried.status, done.status) == (200, 200)
    assert tried.body == done.body
    assert [(row["name"], row["person"], row["on"]) for row in tried.body["waits"]] == [
        ("Build", "Ana Ruiz", "2026-05-04")
    ]
    assert [row["name"] for row in tried.body["effect"]["moved"]] == ["Design", "Build"]
    assert (unmoved, moved["Build"]) == (before, date(2026, 5, 5))
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (422, "/by")


def test_levelling_is_one_action_with_one_undo(world: World) -> None:
    ana = world.person()
    project = _plan(world, ("Design", 1, ana), ("Build", 1, ana), ("Test", 1, ana))
    before = _starts(world, project)

    plans.level_plan(world.actor, project_id=project.id)
    levelled = _starts(world, project)
    with world.inside():
        told = AuditAction.objects.filter(name="projects.plan.level").latest("at").undo
    plans.change_plan(world.actor, **told["arguments"])

    assert told["action"] == "projects.plan.change"
    assert levelled == {"Design": MONDAY, "Build": date(2026, 5, 5), "Test": date(2026, 5, 6)}
    assert _starts(world, project) == before
    with world.inside():
        assert not Task.objects.exclude(wait_reason="").exists()


def test_within_the_float_the_end_stays_and_who_stays_overbooked_is_told(world: World) -> None:
    ana = world.person()
    project = _plan(world, ("Design", 1, ana), ("Build", 1, ana), ("Train", 1, ana), ("Ship", 2, None))

    with world.inside(read_only=True):
        freely = level_preview(world.actor, project.id, by=LevelBy.RULE)
        within = level_preview(world.actor, project.id, by=LevelBy.RULE, within_float=True)

    assert (freely.ends_at.date(), within.ends_at.date()) == (date(2026, 5, 6), date(2026, 5, 5))
    assert ([one.name for one in within.waits], [one.name for one in within.left]) == (["Build"], ["Train"])
    assert within.left[0].why.endswith("There is no float left to wait in.")


def test_the_solver_finds_an_earlier_end_than_the_rule_and_is_kept_the_same(world: World) -> None:
    ana, jon = world.person(), world.person("Jon Berg")
    # The rule begins with what may wait least and leaves Jon without work for two days.
    project = _plan(
        world, ("Long", 3, ana), ("Short", 1, ana), ("Follow", 4, jon), ("Tail", 2, None),
        links=(("Short", "Follow"), ("Long", "Tail")),
    )  # fmt: skip

    with world.inside(read_only=True):
        rule = level_preview(world.actor, project.id, by=LevelBy.RULE)
        solved = level_preview(world.actor, project.id, by=LevelBy.SOLVER)
    kept = plans.level_plan(world.actor, project_id=project.id, by="solver")

    assert solved.rule_ends_at == rule.ends_at
    assert solved.ends_at <= rule.ends_at
    assert (kept.changes, kept.by, kept.ends_at) == (solved.changes, solved.by, solved.ends_at)
    with world.inside():
        assert Project.objects.get(id=project.id).finish_at == solved.ends_at


def test_firm_bookings_on_other_projects_take_their_days(world: World) -> None:
    ana = world.person()
    project, other = _plan(world, ("Design", 1, ana)), _plan(world, ("Support", 1, None))
    create_booking(
        world.actor, person_id=ana.id, project_id=other.id, starts_on=MONDAY, ends_on=date(2026, 5, 5),
        effort="percent", amount=100, is_firm=True,
    )  # fmt: skip

    with world.inside(read_only=True):
        found = level_preview(world.actor, project.id, by=LevelBy.RULE)
        blind = level_preview(
            world.with_rights("projects.plan.view", "projects.project.view"), project.id, by=LevelBy.RULE
        )

    assert [one.why for one in found.waits] == [
        "Waits for Ana Ruiz until 6 May 2026: On 5 May 2026 8:00 of 8:00 hours are booked on other projects."
    ]
    assert blind.waits == ()


def test_who_may_not_change_the_plan_does_not_level_it(world: World) -> None:
    project, person = _plan(world, ("Design", 1, None)), world.person()
    limited = world.with_rights(
        "projects.project.view", "projects.plan.level", "projects.plan.change", scope=Scope.OWN, person=person
    )

    with pytest.raises(Forbidden):
        plans.level_plan(world.with_rights("projects.plan.view"), project_id=project.id)
    with pytest.raises(NotFound):
        plans.level_plan(limited, project_id=project.id)
    with pytest.raises(Invalid):
        plans.level_plan(world.actor, project_id=project.id, by="magic")
    with world.inside(read_only=True), pytest.raises(NotFound):
        level_preview(
            replace(limited, grants={**limited.grants, "projects.plan.view": Scope.OWN}), project.id, by=LevelBy.RULE
        )
