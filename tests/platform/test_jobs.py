"""Jobs: queued with their cause, taken over from the dead, and with one effect."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from quoin.base.actor import Actor
from quoin.base.jobs import defer, job, take_over
from quoin.base.jobs.fence import Turn, claim, mark_done
from quoin.base.jobs.run import _once
from tests.make import World


@job("tests.jobs.note")
def note(actor: Actor) -> None:
    """Does nothing; the tests play the worker."""


def _run(sql: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def _worker() -> int:
    return _run("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")[0][0]


def _fetched(world: World) -> tuple[int, int]:
    """A job that a worker has begun."""
    with world.inside():
        number = defer(world.actor, "tests.jobs.note")
    worker = _worker()
    _run("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", worker, number)
    return number, worker


def _state(number: int) -> tuple[str, int]:
    return _run("SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s", number)[0]


def test_a_job_of_a_transaction_that_fails_is_not_queued(world: World) -> None:
    with world.inside():
        number = defer(world.actor, "tests.jobs.note")
        transaction.set_rollback(True)

    assert _run("SELECT 1 FROM procrastinate_jobs WHERE id = %s", number) == []


def test_the_job_of_a_silent_worker_is_taken_over(world: World) -> None:
    number, worker = _fetched(world)
    alive, _ = _fetched(world)
    _run("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds' WHERE id = %s", worker)

    take_over()

    assert _state(number) == ("todo", 1)
    assert _state(alive) == ("doing", 0)


def test_the_job_of_a_worker_whose_row_is_gone_is_taken_over(world: World) -> None:
    number, worker = _fetched(world)
    _run("DELETE FROM procrastinate_workers WHERE id = %s", worker)

    take_over()

    assert _state(number) == ("todo", 1)


def test_a_worker_that_wakes_up_after_a_take_over_commits_nothing(world: World) -> None:
    number, worker = _fetched(world)
    _run("DELETE FROM procrastinate_workers WHERE id = %s", worker)
    take_over()
    done: list[str] = []

    with world.inside():
        turn = claim(number, 0)

    _run("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", number)
    _once(SimpleNamespace(job=SimpleNamespace(id=number, attempts=0)), world.actor, lambda: done.append("late"))
    assert (turn, done) == (Turn.TAKEN, [])


def test_an_effect_happens_once_though_the_job_runs_twice(world: World) -> None:
    number, _ = _fetched(world)
    context = SimpleNamespace(job=SimpleNamespace(id=number, attempts=0))
    done: list[str] = []

    _once(context, world.actor, lambda: done.append("first"))
    _once(context, world.actor, lambda: done.append("second"))

    assert done == ["first"]
    with transaction.atomic():
        assert claim(number, 0) is Turn.DONE


def test_an_effect_that_fails_is_not_marked_done(world: World) -> None:
    number, _ = _fetched(world)

    with pytest.raises(ZeroDivisionError):
        _once(SimpleNamespace(job=SimpleNamespace(id=number, attempts=0)), world.actor, lambda: 1 / 0)

    with transaction.atomic():
        assert claim(number, 0) is Turn.MINE


def test_marking_done_twice_is_refused_by_the_database(world: World) -> None:
    number, _ = _fetched(world)
    mark_done(number, 0)

    with pytest.raises(IntegrityError, match="base_jobdone"):
        mark_done(number, 1)
