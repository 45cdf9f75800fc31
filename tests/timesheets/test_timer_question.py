"""A clock that ran on asks: keep, cut or discard; on the screen, over the API and on the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from quoin.base.audit.models import AuditAction
from quoin.base.clock import utc_now
from quoin.timesheets.actions.entries import log_entry
from quoin.timesheets.actions.timers import keep_timer, start_timer
from quoin.timesheets.models import TimeEntry, Timer
from quoin.timesheets.queries.clock import running_timer
from quoin.timesheets.types import WrongState
from tests.make import World, web
from tests.make import time as make
from tests.make.api import Api
from tests.make.cli import quoin


@pytest.fixture
def ana(world: World):
    return world.person()


@pytest.fixture
def me(world: World, ana):
    """Her clock has run for 26 hours."""
    actor = make.as_person(world, ana)
    start_timer(actor.at(actor.now - timedelta(hours=26)), project_id=make.project(world, members=(ana,)).id)
    return actor


def asked(world: World, actor, **told):
    with world.inside():
        running = running_timer(actor, **told)
    assert running is not None
    return running.question


def test_overnight_it_asks_until_it_is_kept(world: World, me) -> None:
    assert asked(world, me).reason == "overnight"

    keep_timer(me)

    assert asked(world, me) is None
    assert asked(world, me.at(me.now + timedelta(hours=11))) is not None


def test_it_offers_the_last_thing_that_was_done(world: World, ana) -> None:
    me = make.as_person(world, ana)
    project = make.project(world, members=(ana,))
    start_timer(me, project_id=project.id)
    log_entry(me, person_id=ana.id, project_id=project.id, work_on=me.today, minutes=5)
    # The trail has the time of the database, not that of the world.
    world.do(lambda: Timer.objects.update(started_at=utc_now() - timedelta(hours=1)))
    with world.inside():
        last = AuditAction.objects.filter(actor_id=me.user_id).order_by("at").last().at
    later = me.at(last + timedelta(hours=20))

    assert asked(world, later).cut_at == last


def test_back_after_a_pause_it_asks_about_the_pause(world: World, ana) -> None:
    me = make.as_person(world, ana)
    start_timer(me, project_id=make.project(world, members=(ana,)).id)
    later = me.at(me.now + timedelta(hours=2))
    assert asked(world, later) is None
    assert asked(world, later, seen_at=me.now + timedelta(minutes=40)).reason == "idle"
    assert asked(world, later, seen_at=later.now - timedelta(minutes=5)) is None


def test_nothing_runs_nothing_is_kept(world: World, ana) -> None:
    with pytest.raises(WrongState):
        keep_timer(make.as_person(world, ana))


def test_on_the_screen(world: World, me, ana) -> None:
    browser = web.signed_in(world, person=ana)
    assert "data-timer-asks" in browser.get("/time/timer").content.decode()
    page = browser.get("/time/timer/question").content.decode()
    assert "since another day" in page
    assert "I stopped at" in page
    assert browser.post("/time/timer/keep").status_code == 303
    assert "data-timer-asks" not in browser.get("/time/timer").content.decode()
    assert browser.post("/time/timer/cut", {"at": "soon"}).status_code == 422
    with world.inside():
        started = Timer.objects.get().started_at
    stop = (started + timedelta(hours=2)).isoformat()
    assert browser.post("/time/timer/cut", {"at": stop}).status_code == 303
    with world.inside():
        assert TimeEntry.objects.get().minutes == 120
    assert "No clock is running" in browser.get("/time/timer/question").content.decode()
    assert browser.post("/time/timer/discard").status_code == 409


def test_over_the_api(world: World, me, ana) -> None:
    ours = Api(web.signed_in(world, person=ana))
    assert ours.get("/timer").body["asks"] == "overnight"
    assert ours.post("/timer/keep").status == 200
    assert ours.get("/timer").body["asks"] is None
    assert ours.post("/timer/discard").status == 204
    assert ours.get("/timer").body == {"is_running": False}


def test_on_the_command_line(world: World, me) -> None:
    hers = replace(world, actor=me)
    assert quoin(hers, "time", "status")["clock_asks"] == "overnight"
    quoin(hers, "time", "keep")
    assert quoin(hers, "time", "status")["clock_asks"] == ""
    quoin(hers, "time", "discard")
    with world.inside():
        assert not Timer.objects.exists()
