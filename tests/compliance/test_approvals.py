"""The check of approvals: it holds on honest work, and finds an entry that was changed behind the product's back."""

from __future__ import annotations

from django.db import connections, transaction

from quoin.compliance.queries.checks import run_checks
from quoin.timesheets.actions.approvals import approve_time
from tests.make import World
from tests.make import time as work


def broken(world: World) -> list[str]:
    with world.inside(read_only=True):
        (check,) = run_checks(world.actor, only="40")
    return [row.detail for row in check.rows]


def test_a_changed_entry_breaks_the_hash_of_its_approval(world: World) -> None:
    ana = world.person()
    project = work.project(world, members=(ana,))
    for minutes in (480, 90):
        work.entry(world, ana, project, minutes=minutes, status="submitted", submitted_at=world.actor.now)
    assert len(approve_time(world.actor, weeks=[(ana.id, work.MONDAY)])) == 2
    assert broken(world) == []

    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('quoin.tenant_id', %s, true)", [str(world.tenant_id)])
        cursor.execute("ALTER TABLE timesheets_timeentry DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE timesheets_timeentry SET note = 'another' WHERE tenant_id = %s AND minutes = 90", [world.tenant_id]
        )
        assert cursor.rowcount == 1
        cursor.execute("ALTER TABLE timesheets_timeentry ENABLE TRIGGER USER")

    assert broken(world) == [f"2 entries approved for the week of {work.MONDAY} are not what was approved"]
