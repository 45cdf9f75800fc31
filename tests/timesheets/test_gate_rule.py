"""Time behind a gate that waits: taken, warned about or refused, as the firm says; and mails in people's languages."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from quoin.accounts.actions.options import set_option
from quoin.accounts.models import User
from quoin.kernel.errors import Conflict
from quoin.people.models import Person
from quoin.people.queries.languages import languages_of
from quoin.projects.actions.gates import add_gate, waive_gate
from quoin.timesheets.actions.entries import log_entry
from quoin.timesheets.queries.facts import works_of
from quoin.timesheets.rules.checks import approval_flags, submit_checks
from quoin.timesheets.rules.locks import lock_of
from quoin.timesheets.types import Employment, Entry, Finding, Lock, Policy, RowKey, Work
from tests.make.governance import job
from tests.make.world import World

DAY = date(2026, 5, 5)
HELD = Work(RowKey(uuid4(), uuid4()), is_held=True)


@pytest.mark.parametrize(("rule", "lock"), [("off", None), ("warn", None), ("refuse", Lock.GATE_WAITS)])
def test_only_a_firm_that_refuses_locks_work_behind_a_gate(rule: str, lock: Lock | None) -> None:
    policy = Policy(gate_rule=rule)

    assert lock_of(work=HELD, work_on=DAY, employment=Employment(), policy=policy, today=DAY) is lock


@pytest.mark.parametrize(("rule", "count"), [("off", 0), ("warn", 1), ("refuse", 1)])
def test_time_behind_a_gate_is_flagged_for_its_author_and_approver(rule: str, count: int) -> None:
    entries = [Entry(uuid4(), HELD.row, DAY, 60), Entry(uuid4(), RowKey(uuid4()), DAY, 60)]
    works = {HELD.row: HELD, entries[1].row: Work(entries[1].row)}
    policy = Policy(gate_rule=rule)

    handed_in = submit_checks(entries, targets={}, works=works, budget_left={}, policy=policy)
    flags = approval_flags(entries, targets={}, works=works, planned={}, budget_left={}, policy=policy)

    for found in (handed_in, flags):
        told = [one for one in found if one.finding is Finding.GATE_WAITS]
        assert [one.entry_id for one in told] == [entries[0].id] * count


def test_a_gate_that_waits_refuses_time_until_it_is_decided(world: World) -> None:
    held = job(world)
    gate = add_gate(world.actor, project_id=held.project.id, task_id=held.build.id, name="Ready")
    given = {
        "person_id": held.ana.id, "project_id": held.project.id, "task_id": held.build.id, "work_on": DAY, "minutes": 60,
    }  # fmt: skip
    log_entry(world.actor, **given)

    set_option(world.actor, key="timesheets.gate_rule", value="refuse")

    with pytest.raises(Conflict, match="A gate holds this work"):
        log_entry(world.actor, **given)
    with world.inside():
        key = RowKey(held.project.id, held.build.id)
        assert works_of(world.actor, held.ana.id, [key])[key].work.is_held
    waive_gate(world.actor, gate_id=gate.id, reason="Agreed by phone")
    assert log_entry(world.actor, **given).minutes == 60


def test_people_are_written_to_in_their_own_language(world: World) -> None:
    ana, bo = world.person(), world.person("Bo Li")

    def settle() -> None:
        user = User.objects.create(email="ana@own.example", name="Ana", preferences={"locale": "de"})
        Person.objects.filter(id=ana.id).update(user=user)

    world.do(settle)

    with world.inside(read_only=True):
        assert languages_of(world.actor, [ana.id, bo.id]) == {ana.id: "de", bo.id: "en"}
