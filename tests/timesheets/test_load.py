"""Loading by the hundred thousand: everything checked, all or nothing, known rows left out; the rollup stays exact."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from quoin.base.actions import action
from quoin.base.actor import Actor
from quoin.kernel.errors import DomainError, Invalid
from quoin.timesheets.actions.approvals import approve_time, reopen_time
from quoin.timesheets.actions.cells import save_cells
from quoin.timesheets.actions.weeks import submit_week, withdraw_week
from quoin.timesheets.models import TimeEntry, TimeMonth
from quoin.timesheets.services.load import Loaded, LoadRow, load_entries
from tests.make import World, new_world
from tests.make import time as make


@action("tests.time.load", label="Load time in a test")
def _load(actor: Actor, *, rows: list[LoadRow]) -> Loaded:
    return load_entries(actor, rows)


def test_loaded_rows_are_entries_with_their_rollup(world: World) -> None:
    ana = world.person()
    fjord, inside = make.project(world), make.project(world, is_billable=False)
    migration = make.task(world, fjord)
    rows = [
        LoadRow(ana.id, fjord.id, migration.id, date(2024, 2, 29), 90, "Mapping", external_key="toggl:1"),
        LoadRow(ana.id, inside.id, None, date(2024, 3, 1), 30),
        LoadRow(ana.id, fjord.id, None, date(2024, 3, 1), 45, is_billable=False),
    ]

    assert _load(world.actor, rows=rows) == Loaded(written=3, known=0, minutes=165)
    assert _load(world.actor, rows=rows[:1]) == Loaded(written=0, known=1, minutes=90)

    with world.inside():
        stored = list(
            TimeEntry.objects.order_by("work_on", "minutes").values_list("task_id", "minutes", "note", "is_billable")
        )
        months = Counter(
            dict(
                TimeMonth.objects.filter(tenant_id=world.tenant_id, project_id=fjord.id).values_list(
                    "month_on", "minutes"
                )
            )
        )
    assert stored == [(migration.id, 90, "Mapping", True), (None, 30, "", False), (None, 45, "", False)]
    assert months == {date(2024, 2, 1): 90, date(2024, 3, 1): 45}


@pytest.mark.parametrize(
    ("broken", "pointer"),
    [
        ({"person_id": uuid4()}, "person"),
        ({"project_id": uuid4(), "task_id": None}, "project"),
        ({"task_id": uuid4()}, "task"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"work_on": date(2019, 12, 31)}, "work_on"),
        ({"work_on": date(2027, 1, 1)}, "work_on"),
        ({"external_key": "toggl:7"}, "external_key"),
    ],
)
def test_one_broken_row_refuses_all_and_is_named(world: World, broken: dict[str, object], pointer: str) -> None:
    ana = world.person()
    fjord = make.project(world)
    good = LoadRow(ana.id, fjord.id, None, date(2024, 2, 28), 60, external_key="toggl:7")

    with pytest.raises(Invalid) as refused:
        _load(world.actor, rows=[good, good._replace(external_key="")._replace(**broken)])

    assert f"/rows/1/{pointer}" in [problem.pointer for problem in refused.value.problems]
    with world.inside():
        assert TimeEntry.objects.count() == 0


def test_a_load_cannot_point_into_another_tenant(world: World) -> None:
    other = new_world()
    stranger = other.person()
    with pytest.raises(Invalid):
        _load(world.actor, rows=[LoadRow(stranger.id, make.project(world).id, None, date(2024, 3, 1), 60)])


def test_a_day_of_more_than_a_day_is_refused(world: World) -> None:
    ana = world.person()
    fjord = make.project(world)
    rows = [
        LoadRow(ana.id, fjord.id, None, date(2024, 3, 1), 800),
        LoadRow(ana.id, fjord.id, None, date(2024, 3, 1), 700),
    ]
    with pytest.raises(Invalid) as refused:
        _load(world.actor, rows=rows)
    assert {problem.code for problem in refused.value.problems} == {"day_full"}


class RollupMachine(RuleBasedStateMachine):
    """Whatever happens to time, the monthly sums are what a recount says."""

    def __init__(self) -> None:
        super().__init__()
        self.world = new_world()
        self.ana = self.world.person()
        self.me = make.as_person(self.world, self.ana)
        self.projects = [make.project(self.world, members=(self.ana,)) for _ in range(2)]

    def _try(self, command, *args, **kwargs) -> None:
        # A step that the state does not allow must change nothing: the invariant looks.
        try:
            command(*args, **kwargs)
        except DomainError:
            return

    @rule(project=st.integers(0, 1), day=st.integers(-3, 3), minutes=st.integers(0, 700))
    def type_a_cell(self, project: int, day: int, minutes: int) -> None:
        edit = make.edit(self.projects[project], minutes, on=date(2026, 4, 30) + timedelta(days=day))
        self._try(save_cells, self.me, person_id=self.ana.id, edits=[edit])

    @rule(week=st.sampled_from([date(2026, 4, 27), date(2026, 5, 4)]))
    def submit(self, week: date) -> None:
        self._try(submit_week, self.me, person_id=self.ana.id, week_on=week)

    @rule(week=st.sampled_from([date(2026, 4, 27), date(2026, 5, 4)]))
    def withdraw(self, week: date) -> None:
        self._try(withdraw_week, self.me, person_id=self.ana.id, week_on=week)

    @rule(week=st.sampled_from([date(2026, 4, 27), date(2026, 5, 4)]))
    def approve(self, week: date) -> None:
        self._try(approve_time, self.world.actor, weeks=[(self.ana.id, week)])

    @rule()
    def reopen(self) -> None:
        with self.world.inside():
            ids = list(TimeEntry.objects.filter(status="approved").values_list("id", flat=True)[:1])
        self._try(reopen_time, self.world.actor, entry_ids=ids)

    @rule(minutes=st.integers(1, 300))
    def load(self, minutes: int) -> None:
        rows = [LoadRow(self.ana.id, self.projects[0].id, None, date(2026, 4, 15), minutes)]
        self._try(_load, self.world.actor, rows=rows)

    @invariant()
    def sums_are_a_recount(self) -> None:
        with self.world.inside():
            counted: Counter[tuple[object, ...]] = Counter()
            for entry in TimeEntry.objects.all():
                key = (entry.work_on.replace(day=1), entry.project_id, entry.status, entry.is_billable)
                counted[key] += entry.minutes
            kept = {
                (row.month_on, row.project_id, row.status, row.is_billable): row.minutes
                for row in TimeMonth.objects.filter(tenant_id=self.world.tenant_id)
                if row.minutes or row.entries
            }
        assert kept == dict(counted)


@pytest.mark.slow
def test_the_rollup_equals_a_recount_after_any_sequence() -> None:
    run_state_machine_as_test(
        RollupMachine,
        settings=settings(
            max_examples=8, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
