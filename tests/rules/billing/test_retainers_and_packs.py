"""Retainers and prepaid packs against minute-by-minute oracles; proration and ageing against day counting."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.billing.rules.ageing import AgeBand, Aged, age, age_band, age_receivables
from quoin.billing.rules.prepaid import cover, lapses, take
from quoin.billing.rules.proration import change_in_cycle, part_price, split_by_days
from quoin.billing.rules.retainer import retainer_month, run_retainer
from quoin.billing.types import BillingInvalid, OpenInvoice, Overflow, Pack, PackUnit, PackWork
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
            size=Decimal(minutes),
            left=Decimal(minutes),
            price=eur(Decimal(cents) / 100),
            worth=eur(Decimal(cents) / 100),
        )
        for i, (minutes, cents, sold, life) in enumerate(found)
    ]
)
uses = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 150)), max_size=8).map(sorted)


def works_of(used, *, rate=60):
    return [
        PackWork(
            id=UUID(int=number + 1), work_on=JANUARY + timedelta(days=offset), minutes=minutes,
            value=eur(Decimal(minutes * rate) / 60).round(),
        )
        for number, (offset, minutes) in enumerate(used)
    ]  # fmt: skip


@given(packs, uses)
def test_packs_are_used_by_first_expiry_never_below_zero_and_to_the_last_cent(sold, used):
    """The oracle gives out minute by minute, oldest work first."""
    works = works_of(used)
    bags = {pack.id: int(pack.size) for pack in sold}
    order = sorted(sold, key=lambda p: (p.expires_on or date.max, p.sold_on, p.id))
    expected, beyond = {}, {}
    for work in works:
        usable = [p for p in order if p.sold_on <= work.work_on < (p.expires_on or date.max)]
        for _ in range(work.minutes):
            pack = next((p for p in usable if bags[p.id]), None)
            if pack is None:
                beyond[work.id] = beyond.get(work.id, 0) + bool(usable)
            else:
                bags[pack.id] -= 1
                expected[work.id, pack.id] = expected.get((work.id, pack.id), 0) + 1

    found = cover(sold, works)

    assert {(use.work_id, use.pack_id): use.minutes for use in found.uses} == expected
    assert {rest.work_id: rest.minutes for rest in found.rests} == {
        key: count for key, count in beyond.items() if count
    }
    for pack in found.packs:
        own = [use for use in found.uses if use.pack_id == pack.id]
        assert pack.left == bags[pack.id] >= 0
        assert total((use.amount for use in own), "EUR") + pack.worth == pack.price
        assert min([use.amount.amount for use in own], default=Decimal(0)) >= 0
        exact = Fraction(pack.price.amount) * Fraction(pack.left) / Fraction(pack.size)
        assert abs(exact - Fraction(pack.worth.amount)) <= Fraction(1, 200)
        if not pack.left:
            assert not pack.worth
    for work in works:
        covered = [use.value for use in found.uses if use.work_id == work.id]
        left = [rest.value for rest in found.rests if rest.work_id == work.id]
        assert not covered or total([*covered, *left], "EUR") == work.value


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.lists(st.integers(1, 600), min_size=1, max_size=9))
def test_a_pack_of_money_is_used_up_by_the_price_of_work(size, price, lengths):
    worth = eur(Decimal(price) / 100)
    pack = Pack(
        id=ONE, sold_on=JANUARY, expires_on=None, size=Decimal(size) / 100, left=Decimal(size) / 100, price=worth,
        worth=worth, unit=PackUnit.MONEY,
    )  # fmt: skip
    works = works_of([(number, minutes) for number, minutes in enumerate(lengths)], rate=95)

    found = cover([pack], works)

    (after,) = found.packs
    value = sum((work.value.amount for work in works), Decimal(0))
    assert after.left == max(pack.size - value, Decimal(0))
    assert sum((use.units for use in found.uses), after.left) == pack.size
    assert sum((rest.value.amount for rest in found.rests), Decimal(0)) == max(value - pack.size, Decimal(0))
    for work in works:
        uses_of = [use for use in found.uses if use.work_id == work.id]
        rests_of = [rest for rest in found.rests if rest.work_id == work.id]
        assert sum(one.minutes for one in [*uses_of, *rests_of]) == work.minutes
    assert after.worth == worth if not found.uses else 0 <= after.worth.amount <= worth.amount


def test_pack_ends_on_its_expiry_day():
    pack = Pack(
        id=ONE,
        sold_on=JANUARY,
        expires_on=date(2026, 1, 9),
        size=Decimal(60),
        left=Decimal(40),
        price=eur(60),
        worth=eur(40),
    )

    before = cover([pack], [PackWork(id=ONE, work_on=date(2026, 1, 8), minutes=10, value=eur(10))])
    on_the_day = cover([pack], [PackWork(id=ONE, work_on=date(2026, 1, 9), minutes=10, value=eur(10))])

    assert ([use.minutes for use in before.uses], on_the_day.uses, on_the_day.rests) == ([10], (), ())
    assert lapses([pack], on=date(2026, 1, 8)) == ()
    assert [(one.units, one.amount) for one in lapses([pack], on=date(2026, 1, 9))] == [(40, eur("40.00"))]


def test_a_pack_covers_its_projects_and_roles_and_says_what_becomes_of_the_rest():
    pack = Pack(
        id=ONE, sold_on=JANUARY, expires_on=None, size=Decimal(30), left=Decimal(30), price=eur(30), worth=eur(30),
        project_ids=frozenset({ONE}), role_ids=frozenset({UUID(int=7)}), overflow=Overflow.HOLD,
    )  # fmt: skip

    def work(project_id, role_id):
        return PackWork(id=ONE, work_on=JANUARY, minutes=60, value=eur(90), project_id=project_id, role_id=role_id)

    assert cover([pack], [work(UUID(int=2), UUID(int=7))]).uses == cover([pack], [work(ONE, None)]).uses == ()
    found = cover([pack], [work(ONE, UUID(int=7))])
    assert [(use.minutes, use.value, use.amount) for use in found.uses] == [(30, eur(45), eur(30))]
    assert [(rest.minutes, rest.value, rest.overflow) for rest in found.rests] == [(30, eur(45), Overflow.HOLD)]


def test_negative_use_of_a_pack_is_refused():
    with pytest.raises(BillingInvalid):
        cover([], [PackWork(id=ONE, work_on=JANUARY, minutes=-1, value=eur(0))])
    pack = Pack(
        id=ONE, sold_on=JANUARY, expires_on=None, size=Decimal(60), left=Decimal(5), price=eur(60), worth=eur(5)
    )
    with pytest.raises(BillingInvalid):
        take(pack, Decimal(6))


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
