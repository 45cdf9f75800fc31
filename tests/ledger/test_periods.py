"""Months of the books: opened on demand, closed in order, opened again by somebody else for a while."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection

from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from quoin.kernel.ids import uuid7
from quoin.ledger import services
from quoin.ledger.actions.periods import close_period, open_period, reopen_period
from quoin.ledger.queries.periods import periods
from tests.ledger.test_posting import approval, post
from tests.make import World, new_world


def close(world: World, *months: str) -> None:
    for month in months:
        open_period(world.actor, entity_id=world.entity.id, month=month)
        close_period(world.actor, entity_id=world.entity.id, month=month)


def day(world: World, wanted: date) -> date:
    return world.do(lambda: services.PostingCalendar(world.actor, entity_id=world.entity.id).day(wanted))


def test_posting_day_is_the_wanted_day_while_its_month_is_open(world: World) -> None:
    assert day(world, date(2026, 3, 27)) == date(2026, 3, 27)


def test_posting_day_after_closing_is_today(world: World) -> None:
    close(world, "2026-03")

    assert day(world, date(2026, 3, 27)) == world.actor.today


def test_month_before_a_closed_one_is_not_opened(world: World) -> None:
    close(world, "2026-03")

    assert day(world, date(2026, 1, 5)) == world.actor.today
    with world.inside():
        assert [p.month for p in periods(world.actor)] == ["2026-05", "2026-03"]


def test_month_is_closed_from_its_end_on(world: World) -> None:
    open_period(world.actor, entity_id=world.entity.id, month="2026-05")

    with pytest.raises(Conflict, match="2026-05 has not ended; it can be closed from 2026-06-01 on"):
        close_period(world.actor, entity_id=world.entity.id, month="2026-05")
    in_june = world.actor.at(world.actor.now + timedelta(days=26))
    assert in_june.today == date(2026, 6, 1)
    assert close_period(in_june, entity_id=world.entity.id, month="2026-05").closed_at == in_june.now


def test_closing_keeps_the_order_of_months(world: World) -> None:
    for month in ("2026-03", "2026-04"):
        open_period(world.actor, entity_id=world.entity.id, month=month)

    with pytest.raises(Conflict, match="2026-03 is still open"):
        close_period(world.actor, entity_id=world.entity.id, month="2026-04")


def test_closed_month_takes_no_posting(world: World) -> None:
    post(world, approval())
    close(world, "2026-03")

    with pytest.raises(Conflict, match="closed"):
        world.do(
            lambda: services.post(world.actor, entity_id=world.entity.id, source=services_source(), journal=approval())
        )


def services_source():
    from quoin.ledger.types import SourceRef

    return SourceRef("approval", uuid7())


def test_reopening_needs_another_person_a_reason_and_ends_by_itself(world: World) -> None:
    close(world, "2026-03")
    other = replace(world.actor, user_id=uuid7())
    where = {"entity_id": world.entity.id, "month": "2026-03"}

    with pytest.raises(Conflict, match="somebody other"):
        reopen_period(world.actor, **where, reason="late supplier bill")
    with pytest.raises(Invalid):
        reopen_period(other, **where, reason=" ")
    reopen_period(other, **where, reason="late supplier bill", days=2)

    assert day(world, date(2026, 3, 27)) == date(2026, 3, 27)
    post(world, approval())
    later = World(actor=world.actor.at(world.actor.now + timedelta(days=3)), entity=world.entity, boss=world.boss)
    assert day(later, date(2026, 3, 27)) == later.actor.today
    with pytest.raises(Conflict, match="closed"):
        later.do(
            lambda: services.post(later.actor, entity_id=world.entity.id, source=services_source(), journal=approval())
        )


def test_closing_needs_the_permission_and_the_own_tenant(world: World) -> None:
    open_period(world.actor, entity_id=world.entity.id, month="2026-03")

    with pytest.raises(Forbidden):
        close_period(world.with_rights(), entity_id=world.entity.id, month="2026-03")
    with pytest.raises(NotFound):
        close_period(new_world().actor, entity_id=world.entity.id, month="2026-03")
    with world.inside():
        assert [p.is_closed for p in periods(world.actor)] == [False, False]


def test_closing_waits_for_a_posting_in_flight(world: World) -> None:
    post(world, approval())
    posted, go_on, order = threading.Event(), threading.Event(), []

    def poster() -> None:
        def run() -> None:
            services.post(world.actor, entity_id=world.entity.id, source=services_source(), journal=approval())
            posted.set()
            assert go_on.wait(10)

        world.do(run)
        order.append("posted")
        connection.close()

    def closer() -> None:
        close_period(world.actor, entity_id=world.entity.id, month="2026-03")
        order.append("closed")
        connection.close()

    threads = [threading.Thread(target=poster), threading.Thread(target=closer)]
    threads[0].start()
    assert posted.wait(10)
    threads[1].start()
    threads[1].join(0.5)
    assert threads[1].is_alive()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert order == ["posted", "closed"]
