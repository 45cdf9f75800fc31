"""The billing run: nothing lost, nothing over a limit, lines that are the sum of their charges, checks in words."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.billing.rules.caps import Limit, fit
from quoin.billing.rules.checks import change_percent, change_words
from quoin.billing.rules.lines import group_lines, quantity_fits
from quoin.billing.rules.run import apply_increments, plan_run
from quoin.billing.types import (
    BilledCharge,
    Charge,
    ChargeKind,
    CheckCode,
    ContractState,
    HoldReason,
    LeftOut,
    RunProof,
    RunScope,
)
from quoin.kernel.money import Money, total, zero
from quoin.sales.types import (
    Cap,
    ContractKind,
    ContractTerms,
    Increment,
    IncrementScope,
    LineGrouping,
    PurchaseOrder,
    RetainerTerms,
)

MONDAY = date(2026, 5, 4)
C1, C2, C3 = (UUID(int=n) for n in (1, 2, 3))
FJORD, ODDA = UUID(int=11), UUID(int=12)
TASK, OTHER_TASK, ANA, JONAS = (UUID(int=n) for n in (21, 22, 31, 32))
SCOPE = RunScope(work_until=date(2026, 5, 31), on=date(2026, 6, 1))


def eur(amount):
    return Money(Decimal(amount), "EUR")


def terms(contract_id=C1, client_id=FJORD, kind=ContractKind.TIME_AND_MATERIALS, **more):
    return ContractTerms(contract_id=contract_id, client_id=client_id, kind=kind, currency="EUR", **more)


def state(known=None, *, billed=0, ordered=0, **more):
    return ContractState(terms=known or terms(), billed=eur(billed), ordered=eur(ordered), **more)


def charge(number, amount, **more):
    values = {
        "kind": ChargeKind.TIME,
        "contract_id": C1,
        "client_id": FJORD,
        "task_id": TASK,
        "person_id": ANA,
        "work_on": MONDAY,
        "worked_minutes": 60,
        "billable_minutes": 60,
        "rate_per_hour": eur(amount) if not isinstance(amount, Money) else amount,
        "note": "Plan",
        **more,
    }
    return Charge(
        id=UUID(int=1000 + number),
        source_id=UUID(int=number),
        source_version=1,
        project_id=None,
        role_id=None,
        amount=amount if isinstance(amount, Money) else eur(amount),
        cost=None,
        **values,
    )


def priced(number, minutes, rate, **more):
    exact = Fraction(minutes, 60) * Fraction(rate)
    cents = floor(abs(exact) * 100 + Fraction(1, 2)) * (1 if exact >= 0 else -1)
    return charge(
        number,
        eur(Decimal(cents) / 100),
        worked_minutes=minutes,
        billable_minutes=minutes,
        rate_per_hour=eur(rate),
        **more,
    )


charge_lists = st.lists(
    st.tuples(
        st.integers(0, 500),
        st.sampled_from([80, 95, Decimal("133.33")]),
        st.sampled_from([C1, C2, C3]),
        st.integers(0, 40),
        st.booleans(),
        st.none() | st.integers(0, 60),
        st.sampled_from([ANA, JONAS]),
    ),
    max_size=14,
).map(
    lambda found: [
        priced(
            i,
            minutes,
            rate,
            contract_id=contract,
            work_on=MONDAY + timedelta(days=offset),
            is_approved=is_approved,
            held_until=None if held is None else MONDAY + timedelta(days=held),
            person_id=person,
        )
        for i, (minutes, rate, contract, offset, is_approved, held, person) in enumerate(found)
    ]
)
states = st.fixed_dictionaries(
    {
        contract: st.builds(
            lambda cap, order, used, scope, grouping, contract=contract: state(
                terms(
                    contract,
                    cap=None if cap is None else Cap(amount=eur(cap)),
                    purchase_order=None if order is None else PurchaseOrder(number="PO", amount=eur(order)),
                    increment=Increment(minutes=15, scope=scope),
                    grouping=grouping,
                ),
                billed=used,
                ordered=used,
            ),
            st.none() | st.integers(0, 2000),
            st.none() | st.integers(0, 2000),
            st.integers(0, 500),
            st.sampled_from(IncrementScope),
            st.sampled_from(LineGrouping),
        )
        for contract in (C1, C2)
    }
)


def billed_in(plan):
    return [item for draft in plan.drafts for line in draft.lines for item in line.charges]


@given(charge_lists, states, st.randoms())
def test_plan_ignores_the_order_and_is_proven(charges, contracts, random):
    shuffled = list(charges)
    random.shuffle(shuffled)

    plan = plan_run(charges, contracts=contracts, scope=SCOPE)

    assert plan_run(shuffled, contracts=contracts, scope=SCOPE) == plan
    assert plan.is_proven


@given(charge_lists, states)
def test_each_charge_is_billed_once_at_most_and_nothing_of_it_is_lost(charges, contracts):
    plan = plan_run(charges, contracts=contracts, scope=SCOPE)

    billed = billed_in(plan)
    assert len({item.charge.id for item in billed}) == len(billed)
    minutes, money = defaultdict(int), defaultdict(Decimal)
    for item in (*billed, *plan.held, *plan.waiting):
        minutes[item.charge.id] += item.minutes
        money[item.charge.id] += item.amount.amount - item.increment.amount
    by_entry = {key for key, known in contracts.items() if known.terms.increment.scope is IncrementScope.ENTRY}
    for known in charges:
        assert money[known.id] == known.amount.amount
        assert minutes[known.id] == known.billable_minutes or known.contract_id not in by_entry


@given(charge_lists, states)
def test_billed_stays_under_every_limit(charges, contracts):
    plan = plan_run(charges, contracts=contracts, scope=SCOPE)

    for contract, known in contracts.items():
        used = sum(item.amount.amount for item in billed_in(plan) if item.charge.contract_id == contract)
        for limit in (known.terms.cap, known.terms.purchase_order):
            if limit is not None:
                assert used <= max(limit.amount.amount - known.billed.amount, 0)


@given(charge_lists, states)
def test_lines_and_drafts_are_the_sums_of_what_stands_below_them(charges, contracts):
    plan = plan_run(charges, contracts=contracts, scope=SCOPE)

    for draft in plan.drafts:
        assert draft.net == total((line.net for line in draft.lines), "EUR")
        for line in draft.lines:
            assert line.net == total((item.amount for item in line.charges), "EUR")
            assert line.billed_minutes == sum(item.minutes for item in line.charges)
            assert line.worked_minutes == sum(item.charge.worked_minutes for item in line.charges)
            assert {item.charge.rate_per_hour for item in line.charges} == {line.rate_per_hour}


@given(charge_lists, states)
def test_proof_counts_each_charge_once_by_hand(charges, contracts):
    plan = plan_run(charges, contracts=contracts, scope=SCOPE)

    waiting = sum(known.amount.amount for known in charges if not known.is_approved)
    for proof in plan.proofs:
        assert proof.wip.amount == sum(known.amount.amount for known in charges)
        assert proof.waiting.amount == waiting
        assert proof.drafts == total((draft.net for draft in plan.drafts), "EUR")


def test_a_lost_charge_breaks_the_proof():
    proof = RunProof(currency="EUR", wip=eur(100), increments=eur(0), drafts=eur(60), held=eur(30), waiting=eur(0))

    assert not proof.is_equal


@given(
    st.lists(st.tuples(st.integers(0, 200), st.sampled_from([ANA, JONAS]), st.integers(0, 2)), min_size=1, max_size=8),
    st.sampled_from([Decimal(95), Decimal("133.33")]),
    st.sampled_from([IncrementScope.DAY_PERSON, IncrementScope.INVOICE]),
)
def test_group_increment_is_priced_once_per_group(entries, rate, scope):
    charges = [
        priced(i, minutes, rate, person_id=person, work_on=MONDAY + timedelta(days=offset))
        for i, (minutes, person, offset) in enumerate(entries)
    ]

    billed = apply_increments(charges, state=state(terms(increment=Increment(minutes=15, scope=scope))))

    groups = defaultdict(lambda: [0, Decimal(0), 0])
    for item in billed:
        key = (item.charge.person_id, item.charge.work_on) if scope is IncrementScope.DAY_PERSON else 0
        groups[key][0] += item.charge.billable_minutes
        groups[key][1] += item.amount.amount
        groups[key][2] += item.minutes
        assert item.increment == item.amount - item.charge.amount
    for worked, amount, minutes in groups.values():
        assert minutes == -(-worked // 15) * 15
        if minutes:
            assert amount == floor(Fraction(minutes, 60) * Fraction(rate) * 100 + Fraction(1, 2)) / Decimal(100)


def test_corrections_of_both_signs_are_not_stepped():
    charges = [priced(1, 50, 120), priced(2, -20, 120), priced(3, 10, 120, is_stepped=True)]
    contract = terms(increment=Increment(minutes=15, scope=IncrementScope.INVOICE))

    billed = apply_increments(charges, state=state(contract))

    assert [(item.minutes, item.amount) for item in billed] == [
        (10, eur("20.00")),
        (50, eur("100.00")),
        (-20, eur("-40.00")),
    ]


def limit(room, reason=HoldReason.CAP_REACHED):
    return Limit(reason, eur(room), "The cap is reached.")


@given(
    st.lists(st.integers(-500, 900), max_size=10),
    st.integers(-300, 3000),
    st.integers(-300, 3000),
)
def test_fit_never_exceeds_a_limit_and_keeps_every_cent_and_minute(amounts, cap, order):
    charges = [charge(i, amount) for i, amount in enumerate(amounts)]
    given_charges = [BilledCharge(c, 60, c.amount, zero("EUR")) for c in charges]

    found = fit(given_charges, limits=[limit(cap), limit(order, HoldReason.ORDER_USED_UP)])

    used = sum(item.amount.amount for item in found.billed)
    assert used <= max(min(cap, order), 0)
    assert used + sum(item.amount.amount for item in found.held) == sum(amounts)
    parts = (*found.billed, *found.held)
    assert sum(item.minutes for item in parts) == 60 * len(amounts)
    assert all(item.minutes >= 0 for item in parts)
    if all(amount >= 0 for amount in amounts):
        assert used == max(min(sum(amounts), cap, order), 0)
    assert {item.reason for item in found.held} <= {
        HoldReason.CAP_REACHED if cap <= order else HoldReason.ORDER_USED_UP
    }


def test_the_charge_at_the_cap_is_split_and_says_so():
    contract = terms(cap=Cap(amount=eur(1000)))

    plan = plan_run(
        [charge(1, 300), charge(2, 400), charge(3, 200)],
        contracts={C1: state(contract, billed=500)},
        scope=SCOPE,
    )

    (draft,) = plan.drafts
    assert [(item.charge.id.int, item.minutes, item.amount) for line in draft.lines for item in line.charges] == [
        (1001, 60, eur(300)),
        (1002, 30, eur("200.00")),
    ]
    assert [(item.charge.id.int, item.minutes, item.amount, item.words) for item in plan.held] == [
        (1002, 30, eur("200.00"), "The cap of EUR 1000 is reached. EUR 200.00 of EUR 400 is billed."),
        (1003, 60, eur(200), "The cap of EUR 1000 is reached."),
    ]
    assert [(check.code, check.words, [id_.int for id_ in check.charge_ids]) for check in draft.checks] == [
        (CheckCode.CAP_REACHED, "Cap of EUR 1000 reached: EUR 400.00 is held back.", [1002, 1003])
    ]


@pytest.mark.parametrize(
    ("change", "contract", "reason", "words"),
    [
        ({"work_on": date(2026, 6, 2)}, {}, HoldReason.AFTER_SCOPE, "The work of 2026-06-02 lies after 2026-05-31."),
        ({"contract_id": C3}, {}, HoldReason.NO_CONTRACT, "The work has no contract to bill it on."),
        ({"contract_id": C2}, {}, HoldReason.NOT_IN_SCOPE, "The contract is not part of this run."),
        (
            {"held_until": date(2026, 6, 30), "hold_note": "dispute"},
            {},
            HoldReason.ON_HOLD,
            "On hold until 2026-06-30: dispute.",
        ),
        ({"held_until": date(2026, 7, 1)}, {}, HoldReason.ON_HOLD, "On hold until 2026-07-01: no reason given."),
        ({}, {"blocked_because": "No VAT number."}, HoldReason.CLIENT_BLOCKED, "No VAT number."),
        (
            {},
            {
                "known": terms(
                    purchase_order=PurchaseOrder(number="4711", valid_until=date(2026, 5, 31)),
                )
            },
            HoldReason.ORDER_EXPIRED,
            "Purchase order 4711 expired on 2026-05-31.",
        ),
        ({"is_approved": False}, {}, HoldReason.NOT_APPROVED, "The work waits for approval."),
    ],
)
def test_each_reason_leaves_out_in_words(change, contract, reason, words):
    known = charge(1, 100, **change)
    scope = RunScope(work_until=SCOPE.work_until, on=SCOPE.on, contract_ids=frozenset({C1, C3}))

    plan = plan_run([known], contracts={C1: state(**contract), C2: state(terms(C2))}, scope=scope)

    assert plan.drafts == ()
    (item,) = (*plan.held, *plan.waiting)
    assert (item.charge, item.reason, item.words, item.amount) == (known, reason, words, eur(100))
    assert plan.left_out == (LeftOut(reason, 1, eur("100.00")),)
    assert (plan.waiting == (item,)) == (reason is HoldReason.NOT_APPROVED)
    assert plan.is_proven


def test_other_currency_is_held_and_proven_for_itself():
    foreign = charge(1, Money(Decimal(100), "USD"))

    plan = plan_run([foreign, charge(2, 50)], contracts={C1: state()}, scope=SCOPE)

    assert [(proof.currency, proof.wip.amount, proof.held.amount) for proof in plan.proofs] == [
        ("EUR", 50, 0),
        ("USD", 100, 100),
    ]
    assert plan.held[0].words == "Priced in USD; the contract is in EUR."


def test_unapproved_work_is_billed_only_if_the_scope_says_so():
    scope = RunScope(work_until=SCOPE.work_until, on=SCOPE.on, includes_unapproved=True)

    plan = plan_run([charge(1, 100, is_approved=False)], contracts={C1: state()}, scope=scope)

    assert [draft.net for draft in plan.drafts] == [eur("100.00")]
    assert plan.waiting == ()


def test_drafts_are_one_per_client_currency_and_order_sorted_by_name():
    contracts = {
        C1: state(terms(C1, FJORD), client_name="Fjord AS", last_net=eur(90)),
        C2: state(terms(C2, ODDA), client_name="odda kommune"),
        C3: state(terms(C3, FJORD, purchase_order=PurchaseOrder(number="4711")), client_name="Fjord AS"),
    }
    charges = [
        charge(1, 100),
        charge(2, 50, contract_id=C2, client_id=ODDA),
        charge(3, 70, contract_id=C3),
        charge(4, 0, billable_minutes=0, contract_id=C3, work_on=date(2026, 5, 9)),
    ]

    plan = plan_run(charges, contracts=contracts, scope=SCOPE)

    assert [(d.client_id, d.contract_ids, d.order_number, d.net, d.last_net, d.is_clean) for d in plan.drafts] == [
        (FJORD, (C1,), "", eur("100.00"), eur("90.00"), True),
        (FJORD, (C3,), "4711", eur("70.00"), None, True),
        (ODDA, (C2,), "", eur("50.00"), None, True),
    ]
    nothing_to_bill = plan_run([charges[3]], contracts=contracts, scope=SCOPE)
    assert (nothing_to_bill.drafts, nothing_to_bill.is_proven) == ((), True)


def checks_of(charges, contract, **more):
    plan = plan_run(charges, contracts={C1: state(contract, **more)}, scope=SCOPE)
    (draft,) = plan.drafts
    return [(check.code, check.words) for check in draft.checks]


RETAINER = RetainerTerms(included_minutes=600, fee=eur(1000), overage_rate_per_hour=eur(110))


@pytest.mark.parametrize(
    ("charges", "contract", "more", "expected"),
    [
        ([charge(1, 100)], terms(), {"last_net": eur(77)}, []),
        (
            [charge(1, 100)],
            terms(),
            {"last_net": eur(50)},
            [(CheckCode.CHANGE_VS_LAST, "+100.0 % against the last invoice of EUR 50.00.")],
        ),
        ([charge(1, 100)], terms(), {"last_net": eur(0)}, []),
        ([charge(1, 790)], terms(cap=Cap(amount=eur(1000))), {}, []),
        (
            [charge(1, 800)],
            terms(cap=Cap(amount=eur(1000))),
            {},
            [(CheckCode.CAP_LEFT, "Cap: EUR 200.00 left after this invoice.")],
        ),
        (
            [charge(1, 800)],
            terms(cap=Cap(amount=eur(1000), is_hard=False)),
            {"billed": 300},
            [(CheckCode.CAP_EXCEEDED, "Cap: EUR 100.00 over the cap of EUR 1000, which only warns.")],
        ),
        ([charge(1, 100)], terms(purchase_order=PurchaseOrder(number="7", amount=eur(1000))), {}, []),
        (
            [charge(1, 100)],
            terms(purchase_order=PurchaseOrder(number="7", amount=eur(1000))),
            {"ordered": 750},
            [(CheckCode.ORDER_LEFT, "Purchase order 7: EUR 150.00 left after this invoice.")],
        ),
        (
            [charge(1, 100)],
            terms(purchase_order=PurchaseOrder(number="7", amount=eur(1000))),
            {"ordered": 950},
            [(CheckCode.ORDER_USED_UP, "Purchase order 7 used up: EUR 50.00 is held back.")],
        ),
        (
            [charge(1, 0), charge(2, 0, rate_per_hour=None)],
            terms(),
            {},
            [(CheckCode.RATE_ZERO, "2 entries have a rate of zero.")],
        ),
        (
            [charge(1, 100, note=" ")],
            terms(needs_note=True),
            {},
            [(CheckCode.NOTE_MISSING, "1 entries have no note, which this client asks for.")],
        ),
        (
            [charge(1, 100, work_on=date(2026, 5, 10))],
            terms(),
            {},
            [(CheckCode.WEEKEND, "1 entries are on a weekend.")],
        ),
        (
            [charge(1, 100, kind=ChargeKind.MILESTONE, is_signed=False), charge(2, 9, kind=ChargeKind.MILESTONE)],
            terms(kind=ContractKind.FIXED_PRICE),
            {},
            [(CheckCode.MILESTONE_UNSIGNED, "1 milestones are not signed by the client.")],
        ),
        ([charge(1, -100)], terms(), {}, [(CheckCode.NEGATIVE, "1 lines are negative.")]),
        (
            [
                charge(1, 0, rate_per_hour=None),
                charge(2, 715, kind=ChargeKind.OVERAGE, billable_minutes=390, rate_per_hour=eur(110)),
            ],
            terms(kind=ContractKind.RETAINER, retainer=RETAINER),
            {},
            [(CheckCode.OVERAGE, "6:30 over included: overage EUR 715.00.")],
        ),
    ],
)
def test_checks_say_what_to_look_at(charges, contract, more, expected):
    assert checks_of(charges, contract, **more) == expected


@pytest.mark.parametrize(
    ("last", "is_found"), [("100.00", False), ("99.90", True), ("185.70", False), ("186.00", True)]
)
def test_change_is_named_above_thirty_per_cent(last, is_found):
    found = checks_of([charge(1, 130)], terms(), last_net=eur(last))

    assert [code for code, _ in found] == [CheckCode.CHANGE_VS_LAST] * is_found


def test_included_time_and_expenses_stand_on_the_draft_too():
    contract = terms(kind=ContractKind.RETAINER, retainer=RETAINER)
    included = charge(1, 0, rate_per_hour=None)
    expense = charge(2, 30, kind=ChargeKind.EXPENSE, rate_per_hour=None, worked_minutes=0, billable_minutes=0)
    internal = charge(3, 0, rate_per_hour=None, billable_minutes=0)

    plan = plan_run([included, expense, internal], contracts={C1: state(contract)}, scope=SCOPE)

    assert [(item.charge.id, item.minutes, item.amount.amount) for item in billed_in(plan)] == [
        (included.id, 60, 0),
        (expense.id, 0, 30),
    ]


def test_less_than_one_unit_of_room_is_still_billed():
    work = charge(1, 10)

    found = fit([BilledCharge(work, 60, work.amount, zero("EUR"))], limits=[limit("0.50")])

    assert [(item.minutes, item.amount) for item in found.billed] == [(3, eur("0.50"))]
    assert [(item.minutes, item.amount) for item in found.held] == [(57, eur("9.50"))]


@pytest.mark.parametrize(
    ("net", "last", "percent"), [("112", "100", "12.0"), ("-50", "-100", "50.0"), ("96", "100", "-4.0")]
)
def test_change_in_percent(net, last, percent):
    assert change_percent(eur(net), eur(last)) == Decimal(percent)
    assert change_percent(eur(net), eur(0)) is None


@pytest.mark.parametrize(
    ("net", "last", "words"),
    [
        ("112", "100", "+12.0 %"),
        ("96", "100", "-4.0 %"),
        ("1099.90", "100", "+999.9 %"),
        ("1400", "100", "×14"),
        ("481.75", "0.36", "×1338"),
        ("-50000", "-100", "×500"),
        ("2000", "-100", "> +1000 %"),
        ("-2000", "100", "< -1000 %"),
        ("5", "0", ""),
    ],
)
def test_a_change_is_told_in_words_that_can_be_read(net, last, words):
    assert change_words(eur(net), eur(last)) == words


def billed(*charges):
    return [BilledCharge(c, c.billable_minutes, c.amount, zero("EUR")) for c in charges]


WORK = [
    charge(1, 100),
    charge(2, 100, task_id=None, person_id=JONAS, work_on=date(2026, 5, 11)),
    charge(3, 120, task_id=OTHER_TASK),
    charge(4, 55, kind=ChargeKind.EXPENSE, rate_per_hour=None, billable_minutes=0),
    charge(5, 900, kind=ChargeKind.MILESTONE, rate_per_hour=None, billable_minutes=0, note="Design"),
    charge(6, 900, kind=ChargeKind.FEE, rate_per_hour=None, billable_minutes=0, note=""),
]
NAMES = {TASK: "Migration", ANA: "Ana"}


@pytest.mark.parametrize(
    ("grouping", "expected"),
    [
        (LineGrouping.TASK, [("Services", 100), ("Services", 120), ("Services: Migration", 100)]),
        (LineGrouping.PERSON, [("Services", 100), ("Services: Ana", 100), ("Services: Ana", 120)]),
        (LineGrouping.ROLE, [("Services", 200), ("Services", 120)]),
        (
            LineGrouping.WEEK,
            [("Services, week 2026-W19", 100), ("Services, week 2026-W19", 120), ("Services, week 2026-W20", 100)],
        ),
        (LineGrouping.ONE, [("Services", 200), ("Services", 120)]),
    ],
)
def test_grouping_makes_lines_of_one_kind_and_rate(grouping, expected):
    lines = group_lines(billed(*WORK), grouping=grouping, names=NAMES, currency="EUR")

    assert [(line.description, line.net.amount) for line in lines] == [
        *expected,
        ("Expenses", 55),
        ("Design", 900),
        ("Retainer fee", 900),
    ]


@pytest.mark.parametrize(
    ("charges", "fits"),
    [
        ([priced(1, 440, 95)], True),
        ([priced(i, 440, 95) for i in range(6)], True),
        ([priced(i, 440, 95) for i in range(7)], False),
        ([WORK[4]], False),
    ],
)
def test_quantity_fits_within_two_hundredths(charges, fits):
    (line,) = group_lines(billed(*charges), grouping=LineGrouping.ONE, names={}, currency="EUR")

    assert quantity_fits(line) is fits
