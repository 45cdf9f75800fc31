"""Rate resolution against a brute-force oracle, the table of precedence, and new versions."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.catalog.rules.rates import RateBook, resolve_rate
from quoin.catalog.rules.versions import apply_version, new_version, version_effect
from quoin.catalog.types import (
    PercentChange,
    RateEffect,
    RateKey,
    RateKeyInvalid,
    RateReason,
    RateRow,
    RateSubject,
    RateUse,
    RateVersionInvalid,
)
from quoin.kernel.money import Money
from quoin.kernel.period import Period

PLACES = ("project_id", "contract_id", "client_id", "card_id", None)
WHO = ("person_id", "role_id", None)
some_id = st.integers(1, 2).map(lambda n: UUID(int=n))
subjects = st.builds(RateSubject, **{name: st.none() | some_id for name in (*PLACES, *WHO) if name is not None})
keys = st.builds(
    lambda place, who, place_id, who_id: RateKey(
        **{name: value for name, value in ((place, place_id), (who, who_id)) if name is not None}
    ),
    st.sampled_from(PLACES),
    st.sampled_from(WHO),
    some_id,
    some_id,
)
FIRST = date(2026, 1, 1)
days = st.integers(0, 11).map(lambda n: FIRST + timedelta(days=n))
periods = st.builds(
    lambda start, length: Period(start, None if length is None else start + timedelta(days=length)),
    days,
    st.none() | st.integers(0, 8),
)
row_lists = st.lists(
    st.tuples(keys, st.integers(1, 500), periods), max_size=14, unique_by=lambda t: (t[0], t[2].start)
).map(
    lambda found: [
        RateRow(UUID(int=100 + i), key, Money(Decimal(rate), "EUR"), valid)
        for i, (key, rate, valid) in enumerate(found)
    ]
)


def expected(rows, subject, on):
    """Walks the 15 kinds of key from most to least specific; the first kind with a valid row answers."""
    for place, who in product(PLACES, WHO):
        named = {name for name in (place, who) if name is not None}
        if any(getattr(subject, name) is None for name in named):
            continue
        key = RateKey(**{name: getattr(subject, name) for name in named})
        valid = [
            row
            for row in rows
            if row.key == key and row.valid.start <= on and (row.valid.end is None or on < row.valid.end)
        ]
        if valid:
            return max(valid, key=lambda row: row.valid.start)
    return None


@given(row_lists, subjects, days, st.randoms())
def test_the_strongest_valid_row_wins_whatever_the_order(rows, subject, on, random):
    shuffled = list(rows)
    random.shuffle(shuffled)

    assert resolve_rate(rows, subject=subject, on=on).row == expected(rows, subject, on)
    assert resolve_rate(shuffled, subject=subject, on=on) == resolve_rate(rows, subject=subject, on=on)


@given(row_lists, st.lists(st.tuples(subjects, days), max_size=8))
def test_the_book_answers_as_the_plain_rule(rows, asked):
    book = RateBook(rows)

    for subject, on in asked * 2:
        assert book.price(subject=subject, on=on) == expected(rows, subject, on)
        assert book.choose(subject=subject, on=on) == resolve_rate(rows, subject=subject, on=on)


@given(row_lists, subjects, days)
def test_the_path_names_every_fitting_row_once_with_a_true_reason(rows, subject, on):
    choice = resolve_rate(rows, subject=subject, on=on)

    fitting = [
        row
        for row in rows
        if all(
            getattr(row.key, name) is None or getattr(row.key, name) == getattr(subject, name)
            for name in (*PLACES, *WHO)
            if name
        )
    ]
    assert sorted(step.row.id for step in choice.path) == sorted(row.id for row in fitting)
    for step in choice.path:
        if step.reason is RateReason.STARTS_LATER:
            assert step.row.valid.start > on
        elif step.reason is RateReason.ENDED:
            assert step.row.valid.end is not None
            assert step.row.valid.end <= on
        else:
            assert on in step.row.valid
        assert (step.reason is RateReason.CHOSEN) == (step.row == choice.row)
        assert (step.beaten_by is not None) == (
            step.reason in {RateReason.MORE_SPECIFIC_PLACE, RateReason.MORE_SPECIFIC_WHO, RateReason.NEWER_VERSION}
        )


PROJECT, CONTRACT, CLIENT, CARD, PERSON, ROLE = (UUID(int=n) for n in range(1, 7))
EVERYTHING = RateSubject(
    project_id=PROJECT, contract_id=CONTRACT, client_id=CLIENT, card_id=CARD, person_id=PERSON, role_id=ROLE
)


def row(number, amount, start=FIRST, end=None, **key):
    return RateRow(UUID(int=number), RateKey(**key), Money(Decimal(amount), "EUR"), Period(start, end))


def test_path_explains_each_loser_in_words():
    rows = [
        row(11, 90),
        row(12, 100, client_id=CLIENT, role_id=ROLE),
        row(13, 110, project_id=PROJECT, role_id=ROLE, start=date(2025, 1, 1)),
        row(14, 115, project_id=PROJECT, role_id=ROLE),
        row(15, 140, project_id=PROJECT, person_id=PERSON, start=date(2026, 7, 1)),
        row(16, 150, project_id=PROJECT, person_id=PERSON, start=date(2024, 1, 1), end=date(2025, 1, 1)),
        row(17, 80, project_id=PROJECT),
    ]

    choice = resolve_rate(rows, subject=EVERYTHING, on=date(2026, 3, 1))

    assert choice.row == rows[3]
    assert [(step.row.rate_per_hour.amount, step.reason, step.words) for step in choice.path] == [
        (140, RateReason.STARTS_LATER, "The rate of the person on the project starts later, on 2026-07-01."),
        (150, RateReason.ENDED, "The rate of the person on the project ended before 2025-01-01."),
        (115, RateReason.CHOSEN, "The rate of the role on the project applies since 2026-01-01."),
        (
            110,
            RateReason.NEWER_VERSION,
            "The rate of the role on the project is beaten by the rate of the role on the project: "
            "a newer version applies since 2026-01-01.",
        ),
        (
            80,
            RateReason.MORE_SPECIFIC_WHO,
            "The rate of everybody on the project is beaten by the rate of the role on the project.",
        ),
        (
            100,
            RateReason.MORE_SPECIFIC_PLACE,
            "The rate of the role on the client is beaten by the rate of the role on the project.",
        ),
        (
            90,
            RateReason.MORE_SPECIFIC_PLACE,
            "The rate of everybody on the company card is beaten by the rate of the role on the project.",
        ),
    ]


def test_no_row_valid_gives_none_with_the_reasons():
    rows = [row(11, 90, start=date(2026, 2, 1)), row(12, 90, start=date(2025, 1, 1), end=date(2025, 6, 1))]

    choice = resolve_rate(rows, subject=RateSubject(), on=FIRST)

    assert choice.row is None
    assert [step.reason for step in choice.path] == [RateReason.STARTS_LATER, RateReason.ENDED]


@pytest.mark.parametrize("ids", [{"project_id": PROJECT, "client_id": CLIENT}, {"person_id": PERSON, "role_id": ROLE}])
def test_key_with_two_places_or_two_kinds_of_worker_is_refused(ids):
    with pytest.raises(RateKeyInvalid):
        RateKey(**ids)


def test_percent_change_plans_each_valid_row_once_and_closes_it_at_the_day():
    old = row(10, 85, start=date(2025, 1, 1), role_id=ROLE)
    current = row(11, "95.50", role_id=ROLE)
    ending = row(12, 120, end=date(2026, 9, 1), client_id=CLIENT)
    later = row(13, 130, start=date(2026, 8, 1), role_id=ROLE)
    gone = row(14, 70, end=date(2026, 2, 1), project_id=PROJECT)

    planned = new_version(
        [old, current, ending, later, gone], from_on=date(2026, 6, 1), change=PercentChange(Decimal("3.5"))
    )

    assert [(plan.key, plan.rate_per_hour.amount, plan.valid, plan.replaces) for plan in planned] == [
        (RateKey(role_id=ROLE), Decimal("98.84"), Period(date(2026, 6, 1), date(2026, 8, 1)), current),
        (RateKey(client_id=CLIENT), Decimal("124.20"), Period(date(2026, 6, 1), date(2026, 9, 1)), ending),
    ]


@pytest.mark.parametrize(
    ("change", "from_on"),
    [
        (PercentChange(Decimal(-100)), date(2026, 6, 1)),
        (PercentChange(Decimal(5)), FIRST),
        ({RateKey(): Money(Decimal(90), "USD")}, date(2026, 6, 1)),
    ],
)
def test_version_that_contradicts_the_rows_is_refused(change, from_on):
    with pytest.raises(RateVersionInvalid):
        new_version([row(11, 90)], from_on=from_on, change=change)


@given(row_lists, days, st.integers(-99, 300), st.lists(st.tuples(subjects, days, st.integers(0, 600)), max_size=8))
def test_version_touches_nothing_before_its_day_and_all_after(rows, from_on, percent, asked):
    change = PercentChange(Decimal(percent))
    if any(r.valid.start == from_on and from_on in r.valid for r in rows):
        with pytest.raises(RateVersionInvalid):
            new_version(rows, from_on=from_on, change=change)
        return

    before, after = RateBook(rows), RateBook(apply_version(rows, new_version(rows, from_on=from_on, change=change)))

    for subject, on, _ in asked:
        old, new = before.price(subject=subject, on=on), after.price(subject=subject, on=on)
        if on < from_on or old is None or old.valid.start > from_on:
            assert new is None if old is None else new.rate_per_hour == old.rate_per_hour
        elif from_on in old.valid:
            exact = old.rate_per_hour.amount * (100 + percent) / 100
            assert abs(new.rate_per_hour.amount - exact) <= Decimal("0.005")


def test_effect_counts_only_changed_entries_with_money_before_and_after():
    rows = [row(11, 100), row(12, 50, project_id=PROJECT, start=date(2026, 7, 1))]
    planned = new_version(rows, from_on=date(2026, 6, 1), change=PercentChange(Decimal(10)))
    uses = [
        RateUse(RateSubject(), date(2026, 5, 31), 60),
        RateUse(RateSubject(), date(2026, 6, 1), 90),
        RateUse(RateSubject(client_id=CLIENT), date(2026, 7, 2), 20),
        RateUse(RateSubject(project_id=PROJECT), date(2026, 7, 2), 60),
    ]

    effects = version_effect(uses, before=RateBook(rows), after=RateBook(apply_version(rows, planned)))

    assert effects == (RateEffect("EUR", 2, 110, Money(Decimal("183.33"), "EUR"), Money(Decimal("201.67"), "EUR")),)


def test_effect_of_a_new_key_in_another_currency_stands_in_both_currencies():
    rows = [row(11, 100)]
    planned = new_version(
        rows,
        from_on=date(2026, 6, 1),
        change={
            RateKey(client_id=CLIENT): Money(Decimal(120), "USD"),
            RateKey(project_id=PROJECT): Money(Decimal(80), "EUR"),
        },
    )
    uses = [RateUse(RateSubject(client_id=CLIENT), date(2026, 6, 2), 60)]
    late = [RateUse(RateSubject(project_id=PROJECT), date(2026, 6, 2), 30)]

    effects = version_effect(uses, before=RateBook(rows), after=RateBook(apply_version(rows, planned)))
    unpriced = version_effect(late, before=RateBook([]), after=RateBook(apply_version([], planned)))

    assert effects == (
        RateEffect("EUR", 1, 60, Money(Decimal(100), "EUR"), Money(Decimal(0), "EUR")),
        RateEffect("USD", 1, 60, Money(Decimal(0), "USD"), Money(Decimal(120), "USD")),
    )
    assert unpriced == (RateEffect("EUR", 1, 30, Money(Decimal(0), "EUR"), Money(Decimal(40), "EUR"), 1),)
    assert version_effect(uses, before=RateBook(rows), after=RateBook(rows)) == ()
