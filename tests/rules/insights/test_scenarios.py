"""What-if as pure rules: no change is no difference, order does not matter, and every value is its lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quoin.catalog.types import RateKey, RateRow
from quoin.insights.rules.scenarios.applying import steps_of
from quoin.insights.rules.scenarios.changes import BOOK, HIRE, LEAVE, MOVE, RATE, REMOVE, SHIFT, WIN, Change, checked
from quoin.insights.rules.scenarios.facts import BookingFact, CardFact, DueFact, Facts, PersonFact, ProjectFact
from quoin.insights.rules.scenarios.layering import layered, placed, state_of
from quoin.insights.rules.scenarios.outcome import Outcome, outcome
from quoin.kernel.errors import Invalid
from quoin.kernel.money import Money
from quoin.kernel.period import Period
from quoin.people.types import CostRow, WorkTime

MONDAY, LAST = date(2026, 6, 1), date(2026, 9, 27)
ROLE, CARD, CLIENT, ENTITY = (UUID(int=number) for number in range(900, 904))


def eur(amount: str | int) -> Money:
    return Money(Decimal(amount), "EUR")


def person(number: int) -> PersonFact:
    key = UUID(int=number)
    costs = (CostRow(key, date(2020, 1, 1), eur(50 + number)),)
    return PersonFact(
        id=key, name=f"Person {number}", role_id=ROLE, role="Engineer", entity_id=ENTITY, time=WorkTime(), costs=costs
    )


def project(number: int) -> ProjectFact:
    return ProjectFact(
        id=UUID(int=100 + number), number=str(number), name=f"Project {number}", client_id=CLIENT,
        kind="time_and_materials", contract_id=UUID(int=200 + number), currency="EUR", starts_on=MONDAY,
        ends_on=MONDAY + timedelta(weeks=8),
    )  # fmt: skip


def firm(bookings: int = 6, people: int = 3, projects: int = 2) -> Facts:
    rates = (RateRow(UUID(int=700), RateKey(), eur(120), Period(date(2020, 1, 1), None)),)
    facts = Facts(
        today=MONDAY, from_on=MONDAY, until_on=LAST, currency="EUR", roles={ROLE: "Engineer"},
        people={one.id: one for one in map(person, range(1, people + 1))},
        projects={one.id: one for one in map(project, range(1, projects + 1))},
        rates={"EUR": rates},
        cards={CARD: CardFact(id=CARD, name="Card", currency="EUR", row_ids=frozenset({UUID(int=700)}))},
    )  # fmt: skip
    made = []
    for number in range(bookings):
        starts = MONDAY + timedelta(weeks=number)
        made.append(
            placed(
                facts,
                BookingFact(
                    id=UUID(int=300 + number), person_id=UUID(int=1 + number % people),
                    project_id=UUID(int=101 + number % projects), starts_on=starts, ends_on=starts + timedelta(days=18),
                    amount=80,
                ),
            )
        )  # fmt: skip
    due = DueFact(
        id=UUID(int=800), kind="milestone", label="Go-live", contract_id=UUID(int=201), project_id=UUID(int=101),
        price=eur(10_000), due_on=date(2026, 8, 1),
    )  # fmt: skip
    return replace(facts, bookings={one.id: one for one in made}, due={due.id: due})


def change(number: int, kind: str, **data: Any) -> Change:
    return Change(id=UUID(int=5000 + number), kind=kind, data=checked(kind, data))


days = st.integers(-20, 60)
KINDS = st.one_of(
    st.tuples(st.just(SHIFT), st.fixed_dictionaries({"project_id": st.sampled_from([UUID(int=101), UUID(int=102)]),
                                                     "days": days.filter(bool)})),
    st.tuples(st.just(HIRE), st.fixed_dictionaries({"role_id": st.just(ROLE), "count": st.integers(1, 3),
                                                    "starts_on": st.dates(MONDAY, LAST)})),
    st.tuples(st.just(BOOK), st.fixed_dictionaries({"person_id": st.integers(1, 3).map(lambda n: UUID(int=n)),
                                                    "project_id": st.just(UUID(int=101)), "starts_on": st.just(MONDAY),
                                                    "ends_on": st.dates(MONDAY, LAST)})),
    st.tuples(st.just(RATE), st.fixed_dictionaries({"card_id": st.just(CARD), "percent": st.integers(-20, 20),
                                                    "from_on": st.dates(MONDAY + timedelta(1), LAST)})),
    st.tuples(st.just(LEAVE), st.fixed_dictionaries({"person_id": st.just(UUID(int=2)), "on": st.dates(MONDAY, LAST)})),
    st.tuples(st.just(WIN), st.fixed_dictionaries({"name": st.just("Lumo"), "client_id": st.just(CLIENT),
                                                   "starts_on": st.dates(MONDAY, LAST), "weeks": st.integers(1, 12),
                                                   "price": st.integers(0, 90_000), "currency": st.just("EUR"),
                                                   "team": st.just([{"role_id": str(ROLE), "percent": 50}])})),
)  # fmt: skip
LAYERS = st.lists(KINDS, max_size=6).map(
    lambda given: [change(n, kind, **data) for n, (kind, data) in enumerate(given)]
)


def value(found: Outcome, key: str) -> Any:
    row = found.row(key)
    assert row is not None
    return row.value


def test_a_scenario_without_changes_is_the_live_plan() -> None:
    facts = firm()
    found = layered(facts, [])
    assert found.facts == facts
    assert found.conflicts == ()
    assert outcome(found.facts) == outcome(facts)
    assert steps_of(facts, found.facts, []) == ()


@settings(deadline=None, max_examples=40)
@given(changes=LAYERS, seed=st.randoms(use_true_random=False))
def test_the_order_in_which_changes_were_made_does_not_matter(changes: list[Change], seed: Any) -> None:
    mixed = list(changes)
    seed.shuffle(mixed)
    first, second = layered(firm(), changes), layered(firm(), mixed)
    assert outcome(first.facts) == outcome(second.facts)
    assert first.conflicts == second.conflicts


@settings(deadline=None, max_examples=40)
@given(changes=LAYERS)
def test_every_value_is_the_sum_of_its_lines(changes: list[Change]) -> None:
    found = outcome(layered(firm(), changes).facts)
    for row in found.rows:
        if row.unit in {"money", "count"}:
            assert row.value == sum((line.value for line in row.lines), Decimal(0)), row.key
    assert value(found, "margin") == value(found, "revenue") - value(found, "cost")
    assert found.months[-1].balance == sum((one.money_in - one.money_out for one in found.months), Decimal(0))


def test_live_figures_by_hand() -> None:
    facts = firm(bookings=1)
    # 19 days from Monday: 14 working days... of 384 minutes at 80 per cent.
    minutes = 14 * 384 + 0 if len(next(iter(facts.bookings.values())).days) == 14 else 15 * 384
    found = outcome(facts)
    assert value(found, "cost") == (Decimal(minutes) / 60 * 51).quantize(Decimal("0.01"))
    assert value(found, "revenue") == (Decimal(minutes) / 60 * 120).quantize(Decimal("0.01")) + 10_000
    assert value(found, "load") == 0


def test_a_shift_moves_end_bookings_and_milestone() -> None:
    facts = firm()
    after = layered(facts, [change(1, SHIFT, project_id=UUID(int=101), days=28)]).facts
    assert after.projects[UUID(int=101)].ends_on == date(2026, 7, 27) + timedelta(days=28)
    assert after.projects[UUID(int=102)] == facts.projects[UUID(int=102)]
    assert after.bookings[UUID(int=302)].starts_on == facts.bookings[UUID(int=302)].starts_on + timedelta(days=28)
    assert after.due[UUID(int=800)].due_on == date(2026, 8, 29)
    assert sum(sum(one.days.values()) for one in after.bookings.values()) == sum(
        sum(one.days.values()) for one in facts.bookings.values()
    )


def test_a_booking_that_runs_is_cut_where_the_shift_begins() -> None:
    facts = firm(bookings=1)
    after = layered(facts, [change(1, SHIFT, project_id=UUID(int=101), days=7, from_on=date(2026, 6, 8))]).facts
    first, second = sorted(after.bookings.values(), key=lambda one: one.starts_on)
    assert (first.ends_on, second.starts_on) == (date(2026, 6, 7), date(2026, 6, 15))
    assert sum(first.days.values()) + sum(second.days.values()) == sum(facts.bookings[UUID(int=300)].days.values())


def test_hiring_lowers_utilisation_and_costs_cash() -> None:
    facts = firm()
    before = outcome(facts)
    after = outcome(layered(facts, [change(1, HIRE, role_id=ROLE, count=2, starts_on=date(2026, 7, 1))]).facts)
    assert value(after, "utilisation") < value(before, "utilisation")
    assert value(after, "cost") == value(before, "cost")
    assert after.months[-1].money_out > before.months[-1].money_out


def test_a_rate_goes_up_from_a_day() -> None:
    facts = firm(bookings=1)
    before = value(outcome(facts), "revenue") - 10_000
    after = layered(facts, [change(1, RATE, card_id=CARD, percent=10, from_on=MONDAY + timedelta(days=1))]).facts
    first_day = Decimal(384) / 60 * 120
    assert value(outcome(after), "revenue") - 10_000 == first_day + (before - first_day) * Decimal("1.1")


def test_a_deal_brings_its_price_and_requests() -> None:
    facts = firm()
    team = [{"role_id": str(ROLE), "percent": 50, "count": 2}]
    win = change(
        1, WIN, name="Lumo", client_id=CLIENT, starts_on=MONDAY, weeks=6, price="60000", currency="EUR", team=team
    )
    before, after = outcome(facts), outcome(layered(facts, [win]).facts)
    assert value(after, "revenue") == value(before, "revenue") + 60_000
    assert value(after, "unfilled") == 2
    assert value(after, "cost") > value(before, "cost")


def test_somebody_leaves_with_their_bookings() -> None:
    facts = firm(bookings=1)
    after = layered(facts, [change(1, LEAVE, person_id=UUID(int=1), on=date(2026, 6, 8))]).facts
    assert after.bookings[UUID(int=300)].ends_on == date(2026, 6, 7)
    assert max(after.bookings[UUID(int=300)].days) < date(2026, 6, 8)


def test_what_is_gone_is_left_out_and_what_changed_is_said() -> None:
    facts = firm()
    remove = change(1, REMOVE, booking_id=UUID(int=399))
    move = change(2, MOVE, booking_id=UUID(int=300), by_days=7)
    kept = replace(move, was=state_of(facts, move))
    moved_on = layered(facts, [change(3, MOVE, booking_id=UUID(int=300), by_days=1)]).facts
    found = layered(moved_on, [remove, kept])
    assert [(one.change_id, one.kind) for one in found.conflicts] == [(kept.id, "changed"), (remove.id, "gone")]
    assert "first day was 2026-06-01, is 2026-06-02" in found.conflicts[0].text
    assert found.facts.bookings[UUID(int=300)].starts_on == MONDAY + timedelta(days=8)


def test_steps_of_a_row_of_bookings_go_last_first() -> None:
    facts = firm()
    moved = [change(1, SHIFT, project_id=UUID(int=101), days=14)]
    steps = [one for one in steps_of(facts, layered(facts, moved).facts, moved) if one.what == "rebook"]
    assert [one.data["id"] for one in steps] == [UUID(int=304), UUID(int=302), UUID(int=300)]


@pytest.mark.parametrize(
    ("kind", "data", "pointer"),
    [
        ("nothing", {}, "/kind"),
        (SHIFT, {"project_id": str(ROLE), "days": 0}, "/days"),
        (SHIFT, {"project_id": "x", "days": 1}, "/project_id"),
        (SHIFT, {"days": 1}, "/project_id"),
        (MOVE, {"booking_id": str(ROLE)}, "/by_days"),
        (HIRE, {"role_id": str(ROLE), "starts_on": "2026-06-01", "count": 900}, "/count"),
        (RATE, {"card_id": str(CARD), "percent": "-100", "from_on": "2026-06-01"}, "/percent"),
        (REMOVE, {"booking_id": str(ROLE), "colour": "red"}, "/colour"),
        (WIN, {"name": "L", "client_id": str(CLIENT), "starts_on": "2026-06-01", "weeks": 1, "price": "1",
               "currency": "XXQ"}, "/currency"),
    ],
)  # fmt: skip
def test_changes_that_make_no_sense(kind: str, data: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(kind, data)
    assert refused.value.problems[0].pointer == pointer
