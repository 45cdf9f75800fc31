"""Lines of a change order as changes of a plan, in plans dated by hand and by themselves."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import pytest

from quoin.governance.rules.plan_lines import PlanLine, plan_changes
from quoin.governance.types import LineKind
from quoin.kernel.errors import Conflict
from quoin.kernel.workcal import standard_calendar
from quoin.projects.rules.plan import Plan, PlanProject, PlanTask, changed
from quoin.projects.types import Constraint, ScheduleMode, TaskKind

PROJECT, BUILD, GOLIVE, NEW, PERSON = (UUID(int=one) for one in range(1, 6))
TODAY = date(2026, 5, 6)


def plan(schedule: ScheduleMode = ScheduleMode.FROM_START) -> Plan:
    tasks = (
        PlanTask(
            id=BUILD, project_id=PROJECT, name="Build", number=1, estimate_minutes=2400, duration_minutes=2400,
            left_minutes=600,
        ),
        PlanTask(id=GOLIVE, project_id=PROJECT, name="Go-live", number=2, kind=TaskKind.MILESTONE),
    )  # fmt: skip
    project = PlanProject(PROJECT, "Fjord", schedule, date(2026, 5, 4))
    return Plan({PROJECT: project}, {one.id: one for one in tasks}, {}, {}, {None: standard_calendar()})


def test_a_new_task_has_the_id_of_its_line_its_links_and_its_person() -> None:
    line = PlanLine(
        id=NEW, kind=LineKind.ADD_TASK, text="Import", minutes=480, follows_id=BUILD, precedes_id=GOLIVE,
        assignee_id=PERSON, starts_on=date(2026, 5, 11), ends_on=date(2026, 5, 12),
    )  # fmt: skip

    found = plan_changes([line], plan(), PROJECT, today=TODAY)

    assert found == [
        {
            "op": "task.add", "id": NEW, "project": PROJECT, "name": "Import", "estimate_minutes": 480,
            "kind": TaskKind.TASK, "duration_minutes": 480, "assignee_id": PERSON, "constraint": Constraint.SNET,
            "constraint_at": datetime(2026, 5, 11), "deadline_at": datetime(2026, 5, 13),
        },
        {"op": "assign", "task": NEW, "person": PERSON},
        {"op": "link.add", "before": BUILD, "after": NEW},
        {"op": "link.add", "before": NEW, "after": GOLIVE},
    ]  # fmt: skip
    after = changed(plan(), [{"id": UUID(int=number), **one} for number, one in enumerate(found, 50)])
    assert after.tasks[NEW].name == "Import"


def test_no_effort_is_a_milestone_and_by_hand_it_has_days() -> None:
    line = PlanLine(id=NEW, kind=LineKind.ADD_TASK, text="Accepted", ends_on=date(2026, 5, 20))

    (found,) = plan_changes([line], plan(ScheduleMode.BY_HAND), PROJECT, today=TODAY)

    assert (found["kind"], found["starts_on"], found["due_on"]) == (
        TaskKind.MILESTONE, date(2026, 5, 20), date(2026, 5, 20),
    )  # fmt: skip


@pytest.mark.parametrize(("minutes", "estimate", "left"), [(480, 2880, 1080), (-480, 1920, 120), (-9999, 0, 0)])
def test_a_task_grows_or_shrinks_but_never_below_nothing(minutes: int, estimate: int, left: int) -> None:
    line = PlanLine(
        id=NEW, kind=LineKind.EXTEND_TASK, text="", minutes=minutes, task_id=BUILD, ends_on=date(2026, 5, 20)
    )

    (found,) = plan_changes([line], plan(), PROJECT, today=TODAY)

    assert found == {
        "op": "task.set", "task": BUILD, "estimate_minutes": estimate, "duration_minutes": estimate,
        "left_minutes": left, "deadline_at": datetime(2026, 5, 21),
    }  # fmt: skip
    (by_hand,) = plan_changes([line], plan(ScheduleMode.BY_HAND), PROJECT, today=TODAY)
    assert by_hand["due_on"] == date(2026, 5, 20)


def test_prices_and_people_leave_the_plan_alone_and_a_gone_task_is_named() -> None:
    lines = [PlanLine(id=NEW, kind=kind, text="x") for kind in (LineKind.PRICE, LineKind.PEOPLE)]
    assert plan_changes(lines, plan(), PROJECT, today=TODAY) == []
    with pytest.raises(Conflict, match="gone from the plan"):
        plan_changes(
            [PlanLine(id=NEW, kind=LineKind.EXTEND_TASK, text="More", task_id=UUID(int=99))], plan(), PROJECT,
            today=TODAY,
        )  # fmt: skip
