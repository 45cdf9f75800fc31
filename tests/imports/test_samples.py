"""Every sample export: dry run, apply, reconcile, again, undo."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quoin.imports import actions
from quoin.imports.queries.reconcile import reconcile
from quoin.imports.types import DateOrder
from quoin.timesheets.models import TimeEntry
from tests.make import World
from tests.make import imports as make


@pytest.mark.parametrize("name", make.ALL_SAMPLES)
def test_sample_is_shown_written_reconciled_repeated_and_undone(world: World, name: str) -> None:
    opened = make.sample(name)
    told = make.answers(dates=DateOrder.MDY)
    before = make.counts(world)

    batch = make.upload(world, opened, told=told)
    shown = actions.dry_run_batch(world.actor, batch_id=batch.id, opened=opened)
    assert make.counts(world) == before
    assert shown.report["check"]["is_tied"]
    assert shown.report["refusal"] == ""

    applied = actions.apply_batch(world.actor, batch_id=batch.id, opened=opened)
    assert applied.plan_sha256 == shown.plan_sha256
    assert applied.written == shown.written
    expected = {row["kind"]: row["new"] for row in applied.report["summary"]}
    with world.inside():
        found = reconcile(world.actor, applied)
        assert TimeEntry.objects.count() == expected["entry"] == found.total.there_rows
    assert found.is_tied
    assert found.total.file_minutes == applied.report["check"]["file"]["minutes"]
    assert {side.adds_up for sides in found.groups.values() for side in sides} <= {True}

    after = make.counts(world)
    again = make.run(world, opened, told=told)
    assert make.counts(world) == after
    assert again.written["entries"] == 0
    assert {(row["kind"], row["new"], row["change"]) for row in again.report["summary"]} == {
        (kind, 0, 0) for kind in ("client", "person", "project", "task", "entry")
    }

    undone = actions.undo_batch(world.actor, batch_id=batch.id)
    assert undone.undo_report["kept"] == []
    assert make.counts(world) == before


def test_sample_approved_is_charged_at_the_rate_of_the_file(world: World) -> None:
    opened = make.sample("toggl_time_entries_import_test_1.csv")

    batch = make.run(world, opened, told=make.answers(status="approved"), profile="toggl")

    with world.inside():
        found = reconcile(world.actor, batch)
    assert batch.written["approved"] == 1
    assert [str(money.amount) for money in found.total.charged_money] == ["111.1100"]
    assert found.total.file_money == found.total.charged_money


def test_sample_without_price_approved_takes_the_rate_that_was_given(world: World) -> None:
    opened = make.sample("solidtime_import_test_1")

    batch = make.run(world, opened, told=make.answers(status="approved", rate=Decimal(95)), profile="solidtime")

    with world.inside():
        found = reconcile(world.actor, batch)
    # The project's own price of the export comes before the given one.
    assert [money.amount for money in found.total.charged_money] == [Decimal("100.01")]
