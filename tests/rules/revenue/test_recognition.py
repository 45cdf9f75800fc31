"""Recognition without drift, progress measures, change orders and onerous contracts against exact fractions."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.kernel.money import Money, total
from quoin.kernel.period import Period
from quoin.revenue.rules.changes import catch_up, constrained_price, per_part, prospective_price, treat
from quoin.revenue.rules.recognition import (
    as_billed,
    at_completion,
    by_milestones,
    cost_to_cost,
    hours_to_hours,
    net_position,
    onerous_provision,
    recognise,
    right_to_invoice,
    straight_line,
)
from quoin.revenue.types import ChangeOrder, ChangeTreatment, Progress, RevenueInvalid

START = date(2026, 1, 15)


def eur(amount):
    return Money(Decimal(amount), "EUR")


def cents(number):
    return eur(Decimal(number) / 100)


prices = st.integers(0, 10**9).map(cents)
shares = st.fractions(0, 1, max_denominator=10**6)


@given(st.lists(st.tuples(prices, shares), min_size=1, max_size=10), prices)
def test_revenue_to_date_never_drifts_and_recomputing_posts_nothing(steps, final):
    posted, postings = eur("0.00"), []
    for price, share in [*steps, (final, Fraction(1))]:
        progress = Progress(share, "so far")
        found = recognise(price, progress=progress, posted=posted)
        postings.append(found.posting)
        posted += found.posting
        exact = Fraction(price.amount) * share
        assert posted == found.to_date
        assert abs(Fraction(posted.amount) - exact) <= Fraction(1, 200)
        assert recognise(price, progress=progress, posted=posted).posting == eur("0.00")

    assert posted == final == total(postings, "EUR")


@pytest.mark.parametrize("share", [Fraction(-1, 10), Fraction(11, 10)])
def test_progress_outside_of_nothing_and_all_is_refused(share):
    with pytest.raises(RevenueInvalid):
        recognise(eur(1), progress=Progress(share, ""), posted=eur(0))


def test_recognition_says_why():
    found = recognise(eur(1000), progress=cost_to_cost(cost=eur(250), planned_cost=eur(1000)), posted=eur(100))

    assert found.words == "Cost of EUR 250 out of EUR 1000 of EUR 1000 is EUR 250.00; EUR 100 was posted before."


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_cost_and_hours_measure_a_share_up_to_all(done, planned):
    expected = min(Fraction(done, planned), Fraction(1))

    assert cost_to_cost(cost=cents(done), planned_cost=cents(planned)).share == expected
    assert hours_to_hours(minutes=done, planned_minutes=planned).share == expected


@pytest.mark.parametrize(("cost", "planned"), [(1, 0), (-1, 10), (1, -10)])
def test_measure_without_a_plan_is_refused(cost, planned):
    with pytest.raises(RevenueInvalid):
        cost_to_cost(cost=eur(cost), planned_cost=eur(planned))


@given(st.integers(1, 1000), st.integers(-30, 1100))
def test_straight_line_counts_the_days_that_are_over(length, offset):
    service = Period(START, START + timedelta(days=length))
    until = START + timedelta(days=offset)

    gone = sum(1 for day in service.days() if day <= until)
    assert straight_line(service, until=until).share == Fraction(gone, length)


@pytest.mark.parametrize("service", [Period(START), Period(START, START)])
def test_straight_line_needs_days(service):
    with pytest.raises(RevenueInvalid):
        straight_line(service, until=START)


@given(st.lists(st.tuples(st.integers(1, 50), st.booleans()), min_size=1, max_size=6))
def test_milestones_count_their_shares(found):
    whole = sum(weight for weight, _ in found)

    progress = by_milestones([(Fraction(weight, whole), is_reached) for weight, is_reached in found])

    assert progress.share == Fraction(sum(weight for weight, is_reached in found if is_reached), whole)
    with pytest.raises(RevenueInvalid):
        by_milestones([(Fraction(weight, whole + 1), is_reached) for weight, is_reached in found])


def test_point_in_time_is_all_or_nothing():
    assert [at_completion(is_complete=done) for done in (False, True)] == [
        Progress(Fraction(0), "Not complete"),
        Progress(Fraction(1), "Complete"),
    ]


@given(st.lists(st.integers(-(10**6), 10**6)), st.integers(-(10**6), 10**6))
def test_right_to_invoice_and_as_billed_post_the_difference(amounts, before):
    posted = cents(before)

    earned = right_to_invoice([cents(amount) for amount in amounts], posted=posted)
    billed = as_billed(cents(sum(amounts)), posted=posted)

    assert earned.to_date == billed.to_date == cents(sum(amounts))
    assert earned.posting == billed.posting == cents(sum(amounts) - before)


@given(prices, prices)
def test_contract_shows_an_asset_or_a_liability_never_both(earned, billed):
    net = net_position(earned=earned, billed=billed)

    assert net.asset - net.liability == earned - billed
    assert not (net.asset and net.liability)
    assert min(net.asset.amount, net.liability.amount) == 0


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 10**6))
def test_onerous_provision_is_the_whole_rest_of_the_loss(price, planned, cost):
    progress = cost_to_cost(cost=cents(cost), planned_cost=cents(planned))

    provision = onerous_provision(price=cents(price), progress=progress, planned_cost=cents(planned), cost=cents(cost))

    loss = Fraction(planned - price, 100)
    expected = max(loss * (1 - progress.share), Fraction(0)) if cost <= planned else Fraction(0)
    assert abs(Fraction(provision.amount) - expected) <= Fraction(1, 200)


def test_onerous_provision_worked_by_hand():
    """Price 100, plan 130, cost 52: 40 % done, loss so far 12 of 30, so 18 more are provided for."""
    progress = cost_to_cost(cost=eur(52), planned_cost=eur(130))

    assert onerous_provision(price=eur(100), progress=progress, planned_cost=eur(130), cost=eur(52)) == eur("18.00")


@pytest.mark.parametrize(
    ("price", "alone", "is_distinct", "kind", "paragraph"),
    [
        (None, None, True, ChangeTreatment.CONSTRAINED, "15.56"),
        (eur(100), eur(100), False, ChangeTreatment.CATCH_UP, "15.21(b)"),
        (eur(100), eur(100), True, ChangeTreatment.SEPARATE_CONTRACT, "15.20)"),
        (eur(90), eur(100), True, ChangeTreatment.PROSPECTIVE, "15.21(a)"),
        (eur(90), None, True, ChangeTreatment.PROSPECTIVE, "15.21(a)"),
    ],
)
def test_change_is_treated_by_the_standard(price, alone, is_distinct, kind, paragraph):
    found = treat(ChangeOrder(price=price, stand_alone_price=alone, is_distinct=is_distinct))

    assert found.kind is kind
    assert paragraph in found.words


def test_catch_up_may_be_negative():
    progress = cost_to_cost(cost=eur(56), planned_cost=eur(112))

    assert catch_up(new_price=eur(150), progress=progress, posted=eur(84)).posting == eur("-9.00")


@given(st.integers(-(10**8), 10**8), st.integers(1, 40))
def test_equal_parts_add_up_to_the_price(number, parts):
    price = cents(number)

    found = [per_part(price, parts=parts, number=i) for i in range(1, parts + 1)]

    assert total(found, "EUR") == price
    assert max(found).amount - min(found).amount <= Decimal("0.02")
    for wrong in (0, parts + 1):
        with pytest.raises(RevenueInvalid):
            per_part(price, parts=parts, number=wrong)


def test_rest_of_a_series_is_priced_anew():
    assert prospective_price(remaining_price=eur(80), added_price=eur(200)) == eur(280)


@pytest.mark.parametrize(("estimate", "likely", "expected"), [(50, 30, 1030), (50, 70, 1050), (-20, 0, 980)])
def test_variable_amounts_count_as_far_as_they_will_stay(estimate, likely, expected):
    assert constrained_price(eur(1000), estimate=eur(estimate), likely=eur(likely)) == eur(expected)
