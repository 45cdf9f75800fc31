"""Imports that are written in the background: queued, told, stopped, failed, and never half written."""

from __future__ import annotations

from unittest import mock

import pytest
from django.db import connection

from quoin.base.db.context import tenant_transaction
from quoin.imports import actions, tasks
from quoin.imports.models import ImportBatch, ImportRun
from quoin.imports.queries.runs import Standing, rows_done, session_name, standing_of
from quoin.imports.web import views
from quoin.kernel.errors import Conflict, Invalid
from quoin.people.models import Person
from quoin.timesheets.models import TimeEntry, Timesheet
from tests.make import World
from tests.make import imports as make
from tests.make.web import signed_in

MONDAY = "2026-05-04,Ana Ruiz,ana@file.example,Nordkraft,Grid,Design,Sketch,2,yes,95,EUR"
TUESDAY = "2026-05-05,Ben Ode,ben@file.example,Nordkraft,Grid,Design,Draw,3,yes,120,EUR"


def planned(world: World, *rows: str, status: str = "open") -> ImportBatch:
    batch = make.upload(world, make.csv(*rows or (MONDAY, TUESDAY)), told=make.answers(status=status))
    return actions.dry_run_batch(world.actor, batch_id=batch.id)


def work_off(world: World, run: ImportRun) -> None:
    """What the worker does with the job of the run."""
    with tenant_transaction(world.actor):
        tasks.apply_in_background(world.actor, run_id=str(run.id))


def standing(world: World, batch: ImportBatch) -> Standing | None:
    with world.inside():
        return standing_of(world.actor, batch)


def test_start_queues_one_job_that_writes_it_once(world: World) -> None:
    batch = planned(world)

    run = actions.start_batch(world.actor, batch_id=batch.id)
    waiting = standing(world, batch)
    work_off(world, run)
    work_off(world, run)

    assert waiting == Standing("waiting", 0, 2, "")
    assert standing(world, batch) == Standing("done", 2, 2, "")
    with world.inside():
        assert ImportBatch.objects.get().status == "applied"
        assert TimeEntry.objects.count() == 2
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s AND args->'arguments'->>'run_id' = %s",
            [actions.APPLY, str(run.id)],
        )
        assert cursor.fetchone() == (1,)


def test_start_twice_is_refused(world: World) -> None:
    batch = planned(world)
    actions.start_batch(world.actor, batch_id=batch.id)

    with pytest.raises(Conflict, match="being written already"):
        actions.start_batch(world.actor, batch_id=batch.id)

    with world.inside():
        assert ImportRun.objects.count() == 1


def test_start_without_a_dry_run_is_refused(world: World) -> None:
    batch = make.upload(world, make.csv(MONDAY))

    with pytest.raises(actions.WrongStep):
        actions.start_batch(world.actor, batch_id=batch.id)


def test_stop_before_the_end_leaves_nothing_and_the_plan_can_be_applied_later(world: World) -> None:
    batch = planned(world)
    before = make.counts(world)
    run = actions.start_batch(world.actor, batch_id=batch.id)

    actions.stop_batch(world.actor, batch_id=batch.id)
    stopping = standing(world, batch)
    work_off(world, run)

    assert stopping == Standing("stopping", 0, 2, "")
    assert standing(world, batch) == Standing("stopped", 0, 2, "")
    assert make.counts(world) == before
    again = actions.start_batch(world.actor, batch_id=batch.id)
    work_off(world, again)
    with world.inside():
        assert TimeEntry.objects.count() == 2


def test_stop_after_the_end_is_too_late(world: World) -> None:
    batch = planned(world)
    work_off(world, actions.start_batch(world.actor, batch_id=batch.id))

    with pytest.raises(actions.WrongStep):
        actions.stop_batch(world.actor, batch_id=batch.id)


def test_run_after_the_data_changed_fails_in_words_and_writes_nothing(world: World) -> None:
    batch = planned(world)
    run = actions.start_batch(world.actor, batch_id=batch.id)
    world.do(lambda: Person.objects.create(name="Ana R.", email="ana@file.example", entity=world.entity))

    work_off(world, run)

    found = standing(world, batch)
    assert found is not None
    assert (found.state, found.message.startswith("Something changed since the dry run")) == ("failed", True)
    with world.inside():
        assert TimeEntry.objects.count() == 0
        assert ImportBatch.objects.get().status == "planned"


def test_finish_with_an_unknown_outcome_is_refused(world: World) -> None:
    batch = planned(world)
    actions.start_batch(world.actor, batch_id=batch.id)

    with pytest.raises(Invalid, match="done, failed or stopped"):
        actions.finish_run(world.actor, batch_id=batch.id, outcome="lost")


def test_progress_is_seen_while_the_transaction_is_open(world: World) -> None:
    batch = planned(world)
    run = actions.start_batch(world.actor, batch_id=batch.id)
    seen: list[int | None] = []

    def look(*_: object, **__: object) -> None:
        # pg_stat_activity is asked anew: this session tells its own name to all.
        seen.append(rows_done(run.id))

    with mock.patch("quoin.imports.services.writing.write_lines", side_effect=look):
        work_off(world, run)

    assert seen == [2]
    assert len(f"{session_name(run.id)}{10**9}") <= 63
    with world.inside():
        assert rows_done(run.id) is None


def test_wizard_large_file_is_written_in_the_background(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_AT_ONCE", 1)
    browser = signed_in(world)
    batch = planned(world)
    url = f"/admin/import/{batch.public_id}"

    started = browser.post(f"{url}/apply")
    page = browser.get(f"{url}/progress").content.decode()
    stopped = browser.post(f"{url}/stop")
    fragment = browser.get(f"{url}/progress", headers={"HX-Request": "true"}).content.decode()
    with world.inside():
        run = ImportRun.objects.get()
    work_off(world, run)
    after = browser.get(f"{url}/progress").content.decode()

    assert (started.status_code, started["Location"]) == (303, f"{url}/progress")
    assert "Waiting for a worker" in page
    assert stopped["Location"] == f"{url}/progress"
    assert fragment.lstrip().startswith('<div id="progress"')
    assert "Stopping; nothing will be written" in fragment
    assert "Nothing of it is written" in after
    assert 'hx-trigger="every' not in after


def test_progress_page_of_a_written_import_goes_on_to_its_result(world: World) -> None:
    browser = signed_in(world)
    batch = planned(world)
    work_off(world, actions.start_batch(world.actor, batch_id=batch.id))
    url = f"/admin/import/{batch.public_id}"

    plain = browser.get(f"{url}/progress")
    fragment = browser.get(f"{url}/progress", headers={"HX-Request": "true"})

    assert (plain.status_code, plain["Location"]) == (303, url)
    assert (fragment.status_code, fragment["HX-Redirect"]) == (204, url)


def test_handed_in_time_hands_its_weeks_in_and_undo_opens_them(world: World) -> None:
    batch = make.run(world, make.csv(MONDAY, TUESDAY), told=make.answers(status="submitted"))
    with world.inside():
        handed_in = Timesheet.objects.filter(submitted_at__isnull=False).count()

    actions.undo_batch(world.actor, batch_id=batch.id)

    assert handed_in == 2
    with world.inside():
        assert Timesheet.objects.filter(submitted_at__isnull=False).count() == 0


def test_paste_of_spreadsheet_cells_is_a_file(world: World) -> None:
    browser = signed_in(world)
    text = "Date\tPerson\tClient\tProject\tHours\r\n2026-05-04\tAna Ruiz\tNordkraft\tGrid\t2,5\r\n"

    response = browser.post("/admin/import/new", {"pasted": text, "profile": "generic"})
    both = browser.post("/admin/import/new", {"profile": ""})

    assert response.status_code == 303, response.content.decode()
    assert "Ana Ruiz" in browser.get(response["Location"]).content.decode()
    assert both.status_code == 422
    assert "Choose a file or paste rows" in both.content.decode()
