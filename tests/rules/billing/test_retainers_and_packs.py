"""Retainers and prepaid packs against minute-by-minute oracles; proration and ageing against day counting."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.billing.rules.ageing import AgeBand, Aged, age, age_band, age_receivables
from quoin.billing.rules.prepaid import PackState, draw, expire
from quoin.billing.rules.proration import change_in_cycle, part_price, split_by_days
from quoin.billing.rules.retainer import retainer_month, run_retainer
from quoin.billing.types import BillingInvalid, OpenInvoice, Pack
from quoin.kernel.money import Money, total
from quoin.kernel.period import Period, add_months
from quoin.sales.types import RetainerTerms

JANUARY = date(2026, 1, 1)
ONE = UUID(int=1)


def eur(amount):
    return Money(Decimal(amount), "EUR")


@given(
    st.integers(1, 40),
    st.integers(0, 3),
    st.lists(st.integers(0, 120), min_size=1, max_size=8),
    st.integers(0, 10**6),
)
def test_retainer_uses_the_oldest_minute_first_and_loses_none(included, rollover, used, cents):
    terms = RetainerTerms(
        included_minutes=included,
        fee=eur(Decimal(cents) / 100),
        overage_rate_per_hour=eur(90),
        rollover_months=rollover,
    )
    months = [(add_months(JANUARY, i), minutes) for i, minutes in enumerate(used)]

    found = run_retainer(terms, months)

    # Oracle: a bag with the month of birth of each single minute.
    bag = []
    for number, (result, minutes) in enumerate(zip(found, used, strict=True)):
        bag += [number] * included
        taken, bag = bag[:minutes], bag[minutes:]
        expired = [born for born in bag if born + rollover <= number]
        bag = [born for born in bag if born + rollover > number]
        assert result.from_current == taken.count(number)
        assert result.from_rollover == len(taken) - taken.count(number)
        assert result.overage_minutes == minutes - len(taken)
        assert result.expired_minutes == len(expired)
        assert result.rolled_on_minutes == len(bag)
    carried = Fraction(terms.fee.amount) * Fraction(len(bag), included)
    recognised = total([money for m in found for money in (m.used_worth, m.breakage)], "EUR")
    billed = Fraction(terms.fee.amount) * len(used)
    assert abs(billed - carried - Fraction(recognised.amount)) <= Fraction(rollover + 1, 200)
    if not bag:
        assert Fraction(recognised.amount) == billed


@pytest.mark.parametrize("months", [[(date(2026, 1, 2), 5)], [(JANUARY, -1)], [(JANUARY, 1), (date(2026, 3, 1), 1)]])
def test_retainer_refuses_gaps_and_negative_use(months):
    terms = RetainerTerms(included_minutes=60, fee=eur(100), overage_rate_per_hour=eur(90))

    with pytest.raises(BillingInvalid):
        run_retainer(terms, months)


def test_retainer_month_by_month_equals_all_months_at_once():
    terms = RetainerTerms(included_minutes=70, fee=eur(100), overage_rate_per_hour=eur(90), rollover_months=2)
    first, lots = retainer_month(terms, (), month=JANUARY, used=33)
    second, _ = retainer_month(terms, lots, month=date(2026, 2, 1), used=90)

    assert run_retainer(terms, [(JANUARY, 33), (date(2026, 2, 1), 90)]) == (first, second)
    assert run_retainer(terms, [(date(2026, 2, 1), 90)], opening=lots) == (second,)


packs = st.lists(
    st.builds(
        lambda minutes, cents, sold, life: (minutes, cents, sold, life),
        st.integers(1, 200),
        st.integers(0, 10**6),
        st.integers(0, 20),
        st.none() | st.integers(1, 30),
    ),
    max_size=4,
).map(
    lambda found: [
        Pack(
            id=UUID(int=i + 1),
            sold_on=JANUARY + timedelta(days=sold),
            expires_on=None if life is None else JANUARY + timedelta(days=sold + life),
            minutes=minutes,
            price=eur(Decimal(cents) / 100),
        )
        for i, (minutes, cents, sold, life) in enumerate(found)
    ]
)
uses = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 150)), max_size=8).map(sorted)


@given(packs, uses)
def test_packs_are_used_by_first_expiry_never_below_zero_and_to_the_last_cent(sold, used):
    states = tuple(PackState(pack) for pack in sold)
    recognised = {pack.id: eur("0.00") for pack in sold}
    for offset, minutes in used:
        on = JANUARY + timedelta(days=offset)
        lost = expire(states, on=on)
        assert expire(lost.packs, on=on).expired == ()
        before = {state.pack.id: state for state in lost.packs}
        found = draw(lost.packs, minutes=minutes, on=on, overdraw_rate_per_hour=eur(60))
        states = found.packs
        for use in (*lost.expired, *found.uses):
            recognised[use.pack_id] += use.amount

        usable = [s for s in before.values() if s.pack.sold_on <= on and (s.pack.expires_on or date.max) > on]
        usable.sort(key=lambda s: (s.pack.expires_on or date.max, s.pack.sold_on, s.pack.id))
        bag = [state.pack.id for state in usable for _ in range(state.left)]
        taken = bag[:minutes]
        assert [(use.pack_id, use.minutes) for use in found.uses] == [
            (key, taken.count(key)) for key in dict.fromkeys(taken)
        ]
        assert found.overdraw_minutes == minutes - len(taken)
        assert found.overdraw == eur(Decimal(found.overdraw_minutes)).round()
    for state in states:
        assert min(state.left, state.used, state.expired) >= 0
        assert state.used + state.expired + state.left == state.pack.minutes
        exact = Fraction(state.pack.price.amount) * Fraction(state.used + state.expired, state.pack.minutes)
        assert abs(exact - Fraction(recognised[state.pack.id].amount)) <= Fraction(1, 200)
        if not state.left:
            assert recognised[state.pack.id] == state.pack.price


def test_pack_ends_on_its_expiry_day():
    pack = Pack(id=ONE, sold_on=JANUARY, expires_on=date(2026, 1, 9), minutes=60, price=eur(60))
    state = PackState(pack, used=20)

    before = draw([state], minutes=10, on=date(2026, 1, 8), overdraw_rate_per_hour=eur(60))
    on_the_day = draw([state], minutes=10, on=date(2026, 1, 9), overdraw_rate_per_hour=eur(60))

    assert (before.overdraw_minutes, on_the_day.overdraw_minutes) == (0, 10)
    assert expire([state], on=date(2026, 1, 8)).expired == ()
    assert [(use.minutes, use.amount) for use in expire([state], on=date(2026, 1, 9)).expired] == [(40, eur("40.00"))]


def test_negative_use_of_a_pack_is_refused():
    with pytest.raises(BillingInvalid):
        draw([], minutes=-1, on=JANUARY, overdraw_rate_per_hour=eur(60))


@given(st.integers(-(10**6), 10**6), st.lists(st.integers(0, 40), min_size=1, max_size=5).filter(any))
def test_parts_of_a_cycle_add_up_to_its_price(cents, lengths):
    price, start, parts = eur(Decimal(cents) / 100), JANUARY, []
    for length in lengths:
        parts.append(Period(start, start + timedelta(days=length)))
        start = parts[-1].end

    shares = split_by_days(price, parts)

    assert total(shares, "EUR") == price
    for share, length in zip(shares, lengths, strict=True):
        exact = Fraction(price.amount) * length / sum(lengths)
        assert abs(Fraction(share.amount) - exact) < Fraction(1, 100)


def test_change_in_cycle_is_a_credit_and_a_charge():
    cycle, rest = Period(JANUARY, date(2026, 2, 1)), Period(date(2026, 1, 17), date(2026, 2, 1))

    change = change_in_cycle(old=eur(310), new=eur(465), cycle=cycle, rest=rest)

    assert (change.credit, change.charge) == (eur("-150.00"), eur("225.00"))


@pytest.mark.parametrize(
    "part",
    [
        Period(date(2025, 12, 31), date(2026, 1, 5)),
        Period(JANUARY, date(2026, 2, 2)),
        Period(JANUARY),
    ],
)
def test_part_outside_its_cycle_is_refused(part):
    with pytest.raises(BillingInvalid):
        part_price(eur(1), cycle=Period(JANUARY, date(2026, 2, 1)), part=part)


def test_cycle_with_a_gap_or_without_an_end_is_refused():
    with pytest.raises(BillingInvalid):
        split_by_days(eur(1), [Period(JANUARY, date(2026, 1, 5)), Period(date(2026, 1, 6), date(2026, 1, 9))])
    with pytest.raises(BillingInvalid):
        split_by_days(eur(1), [Period(JANUARY)])


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (-1, AgeBand.NOT_DUE),
        (0, AgeBand.TO_30),
        (30, AgeBand.TO_30),
        (31, AgeBand.TO_60),
        (60, AgeBand.TO_60),
        (61, AgeBand.TO_90),
        (90, AgeBand.TO_90),
        (91, AgeBand.OVER_90),
    ],
)
def test_age_band_by_days(days, band):
    assert age_band(JANUARY, on=JANUARY + timedelta(days=days)) is band


@given(st.lists(st.tuples(st.integers(-100, 200), st.integers(-500, 500), st.sampled_from(["EUR", "USD"]))))
def test_ageing_loses_no_money_and_mixes_no_currency(items):
    aged = age(
        [(JANUARY - timedelta(days=days), Money(Decimal(amount), currency)) for days, amount, currency in items],
        on=JANUARY,
    )

    assert [known.currency for known in aged] == sorted({currency for *_, currency in items})
    for known in aged:
        assert [band for band, _ in known.bands] == list(AgeBand)
        assert sum(money.amount for _, money in known.bands) == sum(
            amount for _, amount, currency in items if currency == known.currency
        )


def test_retained_money_is_never_overdue():
    kept = OpenInvoice(
        id=ONE, number="1", client_name="A", open=eur(44000), due_on=date(2025, 6, 1), retained=eur(4000)
    )
    plain = OpenInvoice(id=ONE, number="2", client_name="A", open=eur(10), due_on=date(2025, 12, 20))

    aged = age_receivables([kept, plain], on=JANUARY)

    amounts = dict(aged[0].bands)
    assert isinstance(aged[0], Aged)
    assert {band: money.amount for band, money in amounts.items() if money} == {
        AgeBand.OVER_90: 40000,
        AgeBand.NOT_DUE: 4000,
        AgeBand.TO_30: 10,
    }
