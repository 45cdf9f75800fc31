"""Increments against plain arithmetic, prices against fractions, and entries that have no price."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.billing.rules.charges import Pricer, Unpriced, price_entries, price_expense
from quoin.billing.rules.increments import Worked, increment_words, share, step, step_all
from quoin.billing.rules.milestones import milestone_amounts, milestone_charges, retain
from quoin.billing.types import ApprovedEntry, ApprovedExpense, BillingInvalid, ChargeKind, Milestone
from quoin.catalog.rules.rates import RateBook
from quoin.catalog.types import RateKey, RateRow
from quoin.kernel.money import Money, total
from quoin.kernel.period import Period
from quoin.sales.types import (
    Cap,
    ContractKind,
    ContractTerms,
    Increment,
    IncrementScope,
    RetainerTerms,
    RoundingDirection,
    TermsInvalid,
)

ONE, TWO = UUID(int=1), UUID(int=2)
MONDAY = date(2026, 3, 2)
increments = st.builds(
    Increment,
    minutes=st.sampled_from([1, 2, 5, 6, 10, 15, 30, 60]),
    scope=st.sampled_from(IncrementScope),
    direction=st.sampled_from(RoundingDirection),
)


def eur(amount):
    return Money(Decimal(amount), "EUR")


def stepped(minutes, increment):
    """Oracle: rounds an exact fraction of increments."""
    exact = Fraction(minutes, increment.minutes)
    if increment.direction is RoundingDirection.UP:
        return ceil(exact) * increment.minutes
    if increment.direction is RoundingDirection.DOWN:
        return floor(exact) * increment.minutes
    return floor(exact + Fraction(1, 2)) * increment.minutes


@given(st.integers(0, 3000), increments)
def test_step_takes_the_whole_increment_and_keeps_exact_multiples(minutes, increment):
    assert step(minutes, increment) == stepped(minutes, increment)
    assert step(-minutes, increment) == -stepped(minutes, increment)
    assert step(step(minutes, increment), increment) == step(minutes, increment)


entries = st.lists(
    st.builds(
        Worked,
        minutes=st.integers(0, 600),
        person_id=st.sampled_from([ONE, TWO]),
        work_on=st.integers(0, 2).map(lambda n: MONDAY + timedelta(days=n)),
    ),
    max_size=12,
)


@given(entries, increments)
def test_each_scope_rounds_its_own_group_and_the_shares_add_up(worked, increment):
    billed = step_all(worked, increment)

    groups = defaultdict(list)
    for i, entry in enumerate(worked):
        key = {
            IncrementScope.ENTRY: i,
            IncrementScope.DAY_PERSON: (entry.person_id, entry.work_on),
            IncrementScope.INVOICE: 0,
        }[increment.scope]
        groups[key].append(i)
    for members in groups.values():
        whole = sum(worked[i].minutes for i in members)
        expected = stepped(whole, increment)
        assert sum(billed[i] for i in members) == expected
        for i in members:
            exact = Fraction(expected * worked[i].minutes, whole) if whole else Fraction(0)
            assert abs(billed[i] - exact) < 1
    assert all(minutes >= 0 for minutes in billed)


def test_smallest_group_increment_still_rounds_the_group():
    increment = Increment(minutes=2, scope=IncrementScope.INVOICE)

    assert step_all([Worked(1, ONE, MONDAY), Worked(1, ONE, MONDAY)], increment) == (1, 1)


def test_share_of_nothing_is_nothing():
    assert share(0, [0, 0]) == (0, 0)


@pytest.mark.parametrize(
    ("increment", "words"),
    [
        (Increment(), "Billed to the minute as worked."),
        (Increment(minutes=15), "Each entry is billed up to whole 15 minutes."),
        (
            Increment(minutes=6, scope=IncrementScope.DAY_PERSON, direction=RoundingDirection.NEAREST),
            "Each person's day is billed to the nearest whole 6 minutes.",
        ),
        (
            Increment(minutes=30, scope=IncrementScope.INVOICE, direction=RoundingDirection.DOWN),
            "All time on the invoice is billed down to whole 30 minutes.",
        ),
    ],
)
def test_increment_says_its_rule(increment, words):
    assert increment_words(increment) == words


def terms(kind=ContractKind.TIME_AND_MATERIALS, **more):
    return ContractTerms(contract_id=ONE, client_id=ONE, kind=kind, currency="EUR", **more)


def entry(minutes, *, is_billable=True, on=MONDAY, contract_id=ONE, cost=None):
    return ApprovedEntry(
        id=ONE,
        version=3,
        charge_id=TWO,
        contract_id=contract_id,
        client_id=ONE,
        project_id=ONE,
        task_id=None,
        person_id=ONE,
        role_id=None,
        work_on=on,
        worked_minutes=minutes,
        is_billable=is_billable,
        note="Plan",
        cost_per_hour=cost,
    )


def pricer(rate, contract):
    row = RateRow(ONE, RateKey(), eur(rate), Period(MONDAY))
    return Pricer(book=RateBook([row]), terms={ONE: contract})


def half_up(exact):
    return Decimal(floor(exact * 100 + Fraction(1, 2))) / 100


@given(st.lists(st.integers(0, 900), max_size=10), st.decimals(0, 500, places=4), st.sampled_from([1, 6, 15]))
def test_price_is_minutes_times_rate_rounded_once_and_worked_stays(minutes, rate, increment):
    contract = terms(increment=Increment(minutes=increment))

    pricing = price_entries([entry(count, cost=eur("33.33")) for count in minutes], pricer=pricer(rate, contract))

    assert pricing.unpriced == ()
    for charge, worked in zip(pricing.charges, minutes, strict=True):
        billed = -(-worked // increment) * increment
        assert (charge.worked_minutes, charge.billable_minutes) == (worked, billed)
        assert charge.amount.amount == half_up(Fraction(billed, 60) * Fraction(rate))
        assert charge.cost.amount == half_up(Fraction(worked, 60) * Fraction("33.33"))
        assert charge.rate.rate_per_hour == charge.rate_per_hour


@pytest.mark.parametrize(
    ("contract", "is_billable", "minutes", "amount", "rate"),
    [
        (terms(), True, 90, eur("150.00"), eur(100)),
        (terms(), False, 0, eur("0.00"), None),
        (terms(ContractKind.FIXED_PRICE), True, 0, eur("0.00"), None),
        (terms(ContractKind.NON_BILLABLE), True, 0, eur("0.00"), None),
        (
            terms(
                ContractKind.RETAINER,
                retainer=RetainerTerms(included_minutes=600, fee=eur(1000), overage_rate_per_hour=eur(120)),
            ),
            True,
            90,
            eur("0.00"),
            None,
        ),
        (terms(increment=Increment(minutes=60, scope=IncrementScope.INVOICE)), True, 90, eur("150.00"), eur(100)),
    ],
)
def test_kind_of_contract_decides_what_time_is_worth(contract, is_billable, minutes, amount, rate):
    charge = pricer(100, contract).charge(entry(90, is_billable=is_billable))

    assert (charge.billable_minutes, charge.amount, charge.rate_per_hour) == (minutes, amount, rate)
    assert (charge.worked_minutes, charge.cost, charge.note, charge.source_version) == (90, None, "Plan", 3)


def test_entry_without_rate_or_contract_is_unpriced_with_the_reason():
    early = entry(60, on=date(2026, 1, 1))
    stray = entry(60, contract_id=TWO)

    pricing = price_entries([early, stray, entry(60)], pricer=pricer(100, terms()))

    assert pricing.unpriced == (
        Unpriced(early, "No rate applies on 2026-01-01."),
        Unpriced(stray, "The entry has no contract."),
    )
    assert [charge.amount for charge in pricing.charges] == [eur("100.00")]


def expense(net, vat, *, is_vat_recoverable=True, is_billable=True):
    return ApprovedExpense(
        id=ONE,
        version=1,
        charge_id=TWO,
        contract_id=ONE,
        client_id=ONE,
        project_id=ONE,
        person_id=ONE,
        spent_on=MONDAY,
        net=net,
        vat=vat,
        is_vat_recoverable=is_vat_recoverable,
        is_billable=is_billable,
        description="Hotel",
    )


@given(
    st.decimals(0, 5000, places=2),
    st.decimals(0, 500, places=2),
    st.booleans(),
    st.integers(0, 50),
)
def test_expense_is_cost_plus_markup_and_recoverable_vat_bears_none(net, vat, is_vat_recoverable, percent):
    contract = terms(expense_markup_percent=Decimal(percent))

    charge = price_expense(expense(eur(net), eur(vat), is_vat_recoverable=is_vat_recoverable), terms=contract)

    cost = net if is_vat_recoverable else net + vat
    assert charge.cost.amount == cost
    assert charge.amount.amount == half_up(Fraction(cost) * Fraction(100 + percent, 100))


def test_expense_that_is_not_billed_costs_all_the_same():
    charge = price_expense(expense(eur(50), eur(5), is_billable=False), terms=terms())
    internal = price_expense(expense(eur(50), eur(5)), terms=terms(ContractKind.NON_BILLABLE))

    assert (charge.amount, charge.cost) == (eur("0.00"), eur(50))
    assert (internal.amount, internal.cost) == (eur("0.00"), eur(50))


def test_expense_in_another_currency_is_refused():
    with pytest.raises(BillingInvalid, match="convert it to EUR first"):
        price_expense(expense(Money(Decimal(5), "USD"), Money(Decimal(0), "USD")), terms=terms())


def milestones(shares, reached=()):
    return [
        Milestone(
            id=UUID(int=10 + i),
            charge_id=UUID(int=20 + i),
            name=f"Step {i}",
            share_percent=Decimal(percent),
            due_on=MONDAY,
            is_reached=i in reached,
            is_signed=i == 0,
        )
        for i, percent in enumerate(shares)
    ]


@given(st.integers(0, 10**9), st.lists(st.integers(0, 40), min_size=1, max_size=5))
def test_milestone_shares_add_up_to_the_price(cents, weights):
    shares = [*weights, 100 - sum(weights)] if sum(weights) <= 100 else [100]
    price = Money(Decimal(cents) / 100, "EUR")

    amounts = milestone_amounts(price, milestones(shares))

    assert total(amounts, "EUR") == price
    assert all(
        abs(Fraction(amount.amount) - Fraction(price.amount) * percent / 100) < Fraction(1, 100)
        for amount, percent in zip(amounts, shares, strict=True)
    )


def test_milestone_is_charged_whole_when_reached():
    charges = milestone_charges(
        eur("1000.00"),
        milestones(["33.33", "33.33", "33.34"], reached={0, 2}),
        terms=terms(ContractKind.FIXED_PRICE),
        project_id=TWO,
    )

    assert [(c.amount, c.note, c.kind, c.is_signed, c.project_id) for c in charges] == [
        (eur("333.30"), "Step 0", ChargeKind.MILESTONE, True, TWO),
        (eur("333.40"), "Step 2", ChargeKind.MILESTONE, False, TWO),
    ]


@pytest.mark.parametrize("shares", [[50, 49], [150, -50]])
def test_milestone_shares_that_are_no_parts_of_a_whole_are_refused(shares):
    with pytest.raises(BillingInvalid):
        milestone_amounts(eur(100), milestones(shares))


@given(st.integers(0, 10**8), st.integers(0, 99))
def test_retention_and_due_are_net_and_vat(cents, percent):
    net, vat = eur(Decimal(cents) / 100), eur("7.00")

    kept = retain(net=net, vat=vat, percent=Decimal(percent), terms=terms())

    assert kept.due + kept.retained == net + vat
    assert kept.retained.amount == half_up(Fraction(net.amount) * percent / 100)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Increment(minutes=0),
        lambda: RetainerTerms(included_minutes=0, fee=eur(1), overage_rate_per_hour=eur(1)),
        lambda: RetainerTerms(included_minutes=60, fee=eur(1), overage_rate_per_hour=Money(Decimal(1), "USD")),
        lambda: terms(ContractKind.RETAINER),
        lambda: terms(cap=Cap(amount=Money(Decimal(1), "USD"))),
        lambda: terms(cap=Cap(amount=eur("0.001"))),
        lambda: terms(retention_percent=Decimal(100)),
        lambda: terms(payment_terms_days=-1),
    ],
)
def test_terms_that_contradict_each_other_are_refused(wrong):
    with pytest.raises(TermsInvalid):
        wrong()
