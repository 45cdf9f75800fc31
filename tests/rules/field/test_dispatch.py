"""Reasons against sending a crew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from quoin.field.rules.dispatch import Busy, Goods, Held, Plan, Tool, Trouble, Worker, troubles
from quoin.field.rules.steps import days_taken_back, is_step_back, next_delivery_statuses, next_visit_statuses
from quoin.field.types import DeliveryStatus, VisitStatus

CRANE = UUID(int=1)
DAY = date(2026, 5, 6)
START = datetime(2026, 5, 6, 8, tzinfo=UTC)
ASTRID = Worker("Astrid", held=(Held(CRANE, date(2025, 5, 1), date(2026, 5, 6)),))
PLAN = Plan(
    START, START + timedelta(hours=4), (DAY,), (ASTRID,), certificate_id=CRANE,
    certificate_name="Crane licence",
)  # fmt: skip


def _kinds(plan: Plan) -> list[Trouble]:
    return [one.trouble for one in troubles(plan)]


def test_a_good_plan_has_no_trouble() -> None:
    assert _kinds(PLAN) == []


def test_a_certificate_holds_through_its_last_day_and_not_longer() -> None:
    later = replace(PLAN, days=(DAY, DAY + timedelta(days=1)))
    (found,) = troubles(later)
    assert (found.trouble, found.subject, found.detail) == (
        Trouble.CERTIFICATE_LAPSED, "Astrid", "Crane licence 2026-05-06",
    )  # fmt: skip
    assert _kinds(replace(PLAN, crew=(Worker("Ola"),))) == [Trouble.CERTIFICATE_MISSING]


def test_the_way_between_two_sites_counts() -> None:
    until_eight = Busy(START - timedelta(hours=3), START + timedelta(minutes=1), "Vega")
    assert _kinds(replace(PLAN, crew=(replace(ASTRID, busy=(until_eight,)),))) == [Trouble.ELSEWHERE]
    an_hour_before = replace(until_eight, ends_at=START - timedelta(hours=1))
    assert _kinds(replace(PLAN, crew=(replace(ASTRID, busy=(an_hour_before,)),))) == []
    near, far = replace(an_hour_before, travel_minutes=60), replace(an_hour_before, travel_minutes=65)
    assert _kinds(replace(PLAN, crew=(replace(ASTRID, busy=(near,)),))) == []
    assert _kinds(replace(PLAN, crew=(replace(ASTRID, busy=(far,)),))) == [Trouble.TRAVEL_TOO_SHORT]


def test_shared_things_are_in_one_place_and_need_somebody_who_may_use_them() -> None:
    crane = Tool("Crane 1", CRANE, (Busy(START, START + timedelta(hours=1), "Umber"),))
    assert _kinds(replace(PLAN, tools=(crane,))) == [Trouble.EQUIPMENT_ELSEWHERE]
    nobody = replace(PLAN, certificate_id=None, crew=(Worker("Ola"),), tools=(Tool("Crane 1", CRANE),))
    assert _kinds(nobody) == [Trouble.NOBODY_MAY_USE]


@pytest.mark.parametrize(
    ("goods", "expected"),
    [
        (Goods("Press", is_there=True, expected_on=None), []),
        (Goods("Press", is_there=False, expected_on=DAY), []),
        (Goods("Press", is_there=False, expected_on=DAY + timedelta(days=1)), [Trouble.GOODS_NOT_THERE]),
        (Goods("Press", is_there=False, expected_on=None), [Trouble.GOODS_NOT_THERE]),
    ],
)
def test_goods_must_be_there_by_the_day(goods: Goods, expected: list[Trouble]) -> None:
    assert _kinds(replace(PLAN, goods=(goods,))) == expected


def test_everything_is_said_at_once_hard_reasons_first() -> None:
    bad = replace(
        PLAN, crew_size=2, crew=(Worker("Ola", away_on=frozenset({DAY})),), latest_on=DAY - timedelta(days=1),
        goods=(Goods("Press", is_there=False, expected_on=None),),
    )  # fmt: skip
    found = troubles(bad)
    assert {one.trouble for one in found} == {
        Trouble.CERTIFICATE_MISSING, Trouble.AWAY, Trouble.CREW_TOO_SMALL, Trouble.OUTSIDE_WINDOW,
        Trouble.GOODS_NOT_THERE,
    }  # fmt: skip
    hardness = [one.is_hard for one in found]
    assert hardness == sorted(hardness, reverse=True)
    assert _kinds(replace(PLAN, crew=(), starts_at=None, ends_at=None, days=())) == [Trouble.NO_TIME, Trouble.NO_CREW]


def test_goods_go_forward_and_one_step_back() -> None:
    assert next_delivery_statuses(DeliveryStatus.ORDERED) == (
        DeliveryStatus.SHIPPED, DeliveryStatus.ON_SITE, DeliveryStatus.CANCELLED,
    )  # fmt: skip
    assert next_delivery_statuses(DeliveryStatus.INSTALLED) == (DeliveryStatus.ACCEPTED, DeliveryStatus.CHECKED)
    assert DeliveryStatus.CANCELLED not in next_delivery_statuses(DeliveryStatus.CHECKED)
    assert is_step_back(DeliveryStatus.INSTALLED, DeliveryStatus.CHECKED)
    assert days_taken_back(DeliveryStatus.INSTALLED, DeliveryStatus.CHECKED) == ("installed_on", "accepted_on")
    assert days_taken_back(DeliveryStatus.CHECKED, DeliveryStatus.INSTALLED) == ()


def test_a_visit_that_was_done_stays_done() -> None:
    assert next_visit_statuses(VisitStatus.DONE) == ()
    assert VisitStatus.DONE in next_visit_statuses(VisitStatus.ON_SITE)
    assert VisitStatus.DONE not in next_visit_statuses(VisitStatus.PUBLISHED)
