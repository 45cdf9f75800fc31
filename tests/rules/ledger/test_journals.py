"""Every builder makes a balanced journal for any rates, and what it clears leaves at its carried value."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quoin.kernel.money import Money, total, zero
from quoin.ledger.rules import costs, fx, journals, settlements
from quoin.ledger.rules.posting import balances, checked, imbalance, problems_of, reversal, unusual
from quoin.ledger.rules.revaluation import revalue
from quoin.ledger.types import (
    AccountKind,
    AccountRole,
    Dimensions,
    FxRate,
    Journal,
    JournalInvalid,
    JournalLine,
    OpenItem,
    Position,
    Side,
    Valued,
)

ROLE = AccountRole
DAY = date(2026, 3, 31)
NONE = Dimensions()
ABOUT = Dimensions(client_id=UUID(int=1), contract_id=UUID(int=2), project_id=UUID(int=3), person_id=UUID(int=4))
ID = UUID(int=9)


def eur(amount):
    return Money(Decimal(amount), "EUR")


def usd(amount):
    return Money(Decimal(amount), "USD")


def at(text):
    return FxRate("USD", "EUR", Fraction(text), DAY, "ECB")


PAR = fx.par("EUR", on=DAY)
cents = st.integers(0, 10**8).map(lambda n: usd(Decimal(n) / 100))
some_cents = st.integers(1, 10**8).map(lambda n: usd(Decimal(n) / 100))
rates = st.fractions(Fraction(1, 100), 100, max_denominator=10**6).map(lambda r: FxRate("USD", "EUR", r, DAY, "ECB"))


def carried(amount, rate):
    return fx.convert(amount, rate)


def nothing():
    return Valued(usd("0.00"), eur("0.00"))


@st.composite
def positions(draw):
    """An asset or a liability, carried at some older rate."""
    value = carried(draw(cents), draw(rates))
    return draw(st.sampled_from([Position(value, nothing()), Position(nothing(), value)]))


def by_role(journal):
    return {line.account: (line.amount, line.base) for line in journal.lines}


def amount_on(journal, role):
    return sum((line.amount.amount for line in journal.lines if line.account is role), Decimal(0))


def base_on(journal, role):
    return sum((line.base.amount for line in journal.lines if line.account is role), Decimal(0))


def balanced(journal):
    """Oracle of I-01, independent of the rule: plain sums over the lines."""
    return (
        sum(line.amount.amount for line in journal.lines) == 0
        and sum(line.base.amount for line in journal.lines) == 0
        and len(journal.lines) >= 2
        and all(line.amount or line.base for line in journal.lines)
    )


@given(st.integers(-(10**8), 10**8).filter(bool), positions(), rates)
def test_earning_uses_up_the_liability_then_builds_the_asset(number, position, rate):
    revenue = usd(Decimal(number) / 100)

    journal = journals.earn(
        revenue,
        position=position,
        rate=rate,
        account=ROLE.REVENUE_FIXED_PRICE,
        posting_on=DAY,
        text="May",
        dimensions=ABOUT,
    )

    assert balanced(journal)
    assert amount_on(journal, ROLE.REVENUE_FIXED_PRICE) == -revenue.amount
    before = position.asset.amount.amount - position.liability.amount.amount
    asset = position.asset.amount.amount + amount_on(journal, ROLE.CONTRACT_ASSET)
    liability = position.liability.amount.amount - amount_on(journal, ROLE.CONTRACT_LIABILITY)
    assert (asset, liability) == (max(before + revenue.amount, 0), max(-before - revenue.amount, 0))
    if not asset:
        assert position.asset.base.amount + base_on(journal, ROLE.CONTRACT_ASSET) == 0
    if not liability:
        assert position.liability.base.amount == base_on(journal, ROLE.CONTRACT_LIABILITY)
    assert {line.dimensions for line in journal.lines} == {ABOUT}


@given(st.lists(st.tuples(some_cents, positions()), min_size=1, max_size=3), cents, rates, st.integers(0, 100))
def test_issue_bills_the_asset_first_and_keeps_its_carried_value(parts, vat, rate, percent):
    made = [
        journals.IssuePart(net=net, position=position, rest_account=ROLE.CONTRACT_LIABILITY, dimensions=ABOUT)
        for net, position in parts
    ]
    net = total((known for known, _ in parts), "USD")
    kept = usd(Decimal(int(net.amount * percent)) / 100)

    journal = journals.issue(made, vat=vat, rate=rate, posting_on=DAY, text="INV", retained=kept)

    assert balanced(journal)
    taken = [min(known.amount, position.asset.amount.amount) for known, position in parts]
    assert amount_on(journal, ROLE.CONTRACT_ASSET) == -sum(taken)
    assert amount_on(journal, ROLE.CONTRACT_LIABILITY) == sum(taken) - net.amount
    assert amount_on(journal, ROLE.OUTPUT_VAT) == -vat.amount
    assert amount_on(journal, ROLE.RECEIVABLE) == net.amount + vat.amount - kept.amount
    assert amount_on(journal, ROLE.RETENTION_RECEIVABLE) == kept.amount
    assert base_on(journal, ROLE.OUTPUT_VAT) == -fx.convert(vat, rate).base.amount
    if all(known.amount >= position.asset.amount.amount for known, position in parts):
        assert base_on(journal, ROLE.CONTRACT_ASSET) == -sum(p.asset.base.amount for _, p in parts)


def test_issue_with_a_discount_part_leaves_the_asset_alone():
    part = journals.IssuePart(
        net=eur("-10.00"),
        position=Position(Valued(eur(50), eur(50)), Valued(eur(0), eur(0))),
        rest_account=ROLE.REVENUE_TIME,
    )
    work = journals.IssuePart(net=eur("100.00"), position=journals.empty_position(PAR), rest_account=ROLE.REVENUE_TIME)

    journal = journals.issue([work, part], vat=eur("18.00"), rate=PAR, posting_on=DAY, text="INV")

    assert [(line.account, line.amount.amount) for line in journal.lines] == [
        (ROLE.RECEIVABLE, Decimal("108.00")),
        (ROLE.REVENUE_TIME, Decimal("-100.00")),
        (ROLE.REVENUE_TIME, Decimal("10.00")),
        (ROLE.OUTPUT_VAT, Decimal("-18.00")),
    ]


@given(some_cents, cents, rates, rates, cents)
def test_credit_closes_the_item_first_and_the_rest_becomes_client_credit(net, vat, rate, item_rate, open_):
    item = OpenItem(ID, ROLE.RECEIVABLE, carried(open_, item_rate), ABOUT)

    journal = journals.credit(
        [journals.CreditPart(net=net, account=ROLE.CONTRACT_ASSET, dimensions=ABOUT)],
        vat=vat,
        item=item,
        rate=rate,
        posting_on=DAY,
        text="CN",
    )

    gross = net.amount + vat.amount
    assert balanced(journal)
    assert amount_on(journal, ROLE.RECEIVABLE) == -min(gross, open_.amount)
    assert amount_on(journal, ROLE.CLIENT_CREDIT) == -max(gross - open_.amount, 0)
    if gross >= open_.amount:
        assert base_on(journal, ROLE.RECEIVABLE) == -item.open.base.amount


@given(some_cents, st.data(), rates)
def test_write_down_and_release_take_their_share_of_the_carried_value(whole, data, rate):
    value = carried(whole, rate)
    part = usd(Decimal(data.draw(st.integers(1, int(whole.amount * 100)))) / 100)

    down = journals.write_down(value, part, posting_on=DAY, text="", dimensions=NONE)
    used = journals.release(value, part, account=ROLE.BREAKAGE, posting_on=DAY, text="", dimensions=NONE)

    exact = Fraction(value.base.amount) * Fraction(part.amount) / Fraction(whole.amount)
    for journal, debit, credited in (
        (down, ROLE.WRITE_DOWN, ROLE.CONTRACT_ASSET),
        (used, ROLE.CONTRACT_LIABILITY, ROLE.BREAKAGE),
    ):
        assert balanced(journal)
        assert (amount_on(journal, debit), amount_on(journal, credited)) == (part.amount, -part.amount)
        assert abs(Fraction(base_on(journal, debit)) - exact) <= Fraction(1, 200)
    if part == whole:
        assert base_on(down, ROLE.CONTRACT_ASSET) == -value.base.amount


def test_write_down_of_more_than_there_is_is_refused():
    value = Valued(eur(10), eur(10))
    for wrong in ("10.01", "-1"):
        with pytest.raises(JournalInvalid):
            journals.write_down(value, eur(wrong), posting_on=DAY, text="", dimensions=NONE)
    with pytest.raises(JournalInvalid):
        fx.clear(Valued(eur(0), eur(0)), eur(1))


def test_approval_is_one_journal_of_revenue_and_cost():
    earned = journals.earn(
        eur(100),
        position=journals.empty_position(PAR),
        rate=PAR,
        account=ROLE.REVENUE_TIME,
        posting_on=DAY,
        text="",
        dimensions=ABOUT,
    )
    cost = journals.incur(eur(60), rate=PAR, posting_on=DAY, text="", dimensions=ABOUT)

    journal = journals.approve([earned, cost], posting_on=DAY, text="Week 13")

    assert (journal.kind, journal.text) == ("approval", "Week 13")
    assert [(line.account, line.amount.amount) for line in journal.lines] == [
        (ROLE.CONTRACT_ASSET, 100),
        (ROLE.REVENUE_TIME, -100),
        (ROLE.DELIVERY_COST, 60),
        (ROLE.PAYABLE, -60),
    ]
    with pytest.raises(JournalInvalid, match="nothing to post"):
        journals.approve([], posting_on=DAY, text="")


def receive(items, received, rate):
    return settlements.receive(
        items, received=received, rate=rate, bank=ROLE.BANK, posting_on=DAY, text="pay", dimensions=ABOUT
    )


@given(st.lists(st.tuples(some_cents, rates), min_size=1, max_size=3), rates, cents, st.data())
def test_payment_closes_items_at_their_carried_value_and_books_the_difference(opened, rate, extra, data):
    items = [
        OpenItem(UUID(int=i), ROLE.RECEIVABLE, carried(amount, old), ABOUT) for i, (amount, old) in enumerate(opened)
    ]
    parts = [
        settlements.Settlement(item, usd(Decimal(data.draw(st.integers(0, int(item.open.amount.amount * 100)))) / 100))
        for item in items
    ]
    paid = total((part.paid for part in parts), "USD")
    assume(paid + extra)

    receipt = receive(parts, paid + extra, rate)

    journal = receipt.journal
    assert balanced(journal)
    assert amount_on(journal, ROLE.CLIENT_CREDIT) == -extra.amount
    assert base_on(journal, ROLE.BANK) == fx.convert(paid + extra, rate).base.amount
    for before, after, part in zip(items, receipt.items, parts, strict=True):
        assert after.open.amount == before.open.amount - part.paid
        if not after.open.amount:
            assert not after.open.base
    cleared = sum(b.open.base.amount - a.open.base.amount for b, a in zip(items, receipt.items, strict=True))
    gain = base_on(journal, ROLE.BANK) - cleared - fx.convert(extra, rate).base.amount
    assert base_on(journal, ROLE.FX_GAIN) + base_on(journal, ROLE.FX_LOSS) == -gain
    assert amount_on(journal, ROLE.FX_GAIN) == amount_on(journal, ROLE.FX_LOSS) == 0


@given(st.integers(1, 10**6), st.integers(0, 27), st.integers(0, 10).map(Decimal), rates, rates)
def test_payment_with_discount_closes_the_whole_item(net_cents, vat_percent, percent, old, new):
    net = usd(Decimal(net_cents) / 100)
    vat = (net * (Decimal(vat_percent) / 100)).round()
    discount = settlements.cash_discount(net=net, vat=vat, percent=percent)
    item = OpenItem(ID, ROLE.RECEIVABLE, carried(net + vat, old))
    received = net + vat - discount.net - discount.vat

    receipt = receive([settlements.Settlement(item, received, discount)], received, new)

    assert balanced(receipt.journal)
    assert receipt.items[0].open == Valued(usd("0.00"), eur("0.00"))
    assert abs(Fraction(discount.net.amount) - Fraction(net.amount) * Fraction(percent) / 100) <= Fraction(1, 200)
    assert amount_on(receipt.journal, ROLE.CASH_DISCOUNT) == discount.net.amount
    assert amount_on(receipt.journal, ROLE.OUTPUT_VAT) == discount.vat.amount


@pytest.mark.parametrize(("paid", "received"), [("10.01", "20"), ("10", "9.99")])
def test_payment_takes_no_more_than_is_open_or_came_in(paid, received):
    item = OpenItem(ID, ROLE.RECEIVABLE, Valued(eur(10), eur(10)))
    with pytest.raises(JournalInvalid):
        receive([settlements.Settlement(item, eur(paid))], eur(received), PAR)


@given(some_cents, rates, rates)
def test_client_credit_pays_an_item(amount, then, now):
    credit = OpenItem(UUID(int=1), ROLE.CLIENT_CREDIT, carried(amount, then))
    item = OpenItem(ID, ROLE.RECEIVABLE, carried(amount, now))

    journal = settlements.apply_credit(credit, settlements.Settlement(item, amount), posting_on=DAY, text="applied")

    assert balanced(journal)
    assert by_role(journal)[ROLE.CLIENT_CREDIT] == (credit.open.amount, credit.open.base)
    assert by_role(journal)[ROLE.RECEIVABLE] == (-item.open.amount, -item.open.base)


def test_bad_debt_gives_the_vat_back():
    item = OpenItem(ID, ROLE.RECEIVABLE, Valued(eur(119), eur(119)), ABOUT)

    journal = settlements.write_off(item, vat=eur(19), posting_on=DAY, text="insolvent")

    assert {role: amount.amount for role, (amount, _) in by_role(journal).items()} == {
        ROLE.BAD_DEBT: 100,
        ROLE.OUTPUT_VAT: 19,
        ROLE.RECEIVABLE: -119,
    }


def test_provision_goes_up_and_down():
    up = costs.provide(Valued(eur(50), eur(50)), posting_on=DAY, text="", dimensions=NONE)
    down = costs.provide(Valued(eur(-20), eur(-20)), posting_on=DAY, text="", dimensions=NONE)

    assert balances([up, down]) == {ROLE.ONEROUS_COST: eur(30), ROLE.ONEROUS_PROVISION: eur(-30)}


@given(some_cents, rates, rates)
def test_group_charge_is_the_same_amount_in_both_books(price, seller, buyer):
    both = costs.charge_group(price, seller_rate=seller, buyer_rate=buyer, posting_on=DAY, text="", dimensions=ABOUT)

    assert balanced(both.seller) or not fx.convert(price, seller).base
    assert amount_on(both.seller, ROLE.DUE_FROM_GROUP) == -amount_on(both.buyer, ROLE.DUE_TO_GROUP)


def test_elimination_of_nothing_is_refused():
    with pytest.raises(JournalInvalid):
        costs.eliminate(eur(0), posting_on=DAY, text="")


items = st.lists(st.tuples(st.sampled_from(list(AccountRole)), cents, rates), max_size=6).map(
    lambda found: [
        OpenItem(UUID(int=i), role, carried(amount, rate), ABOUT) for i, (role, amount, rate) in enumerate(found)
    ]
)


@given(items, rates)
def test_revaluation_sets_monetary_items_to_the_new_rate_and_repeats_to_nothing(opened, rate):
    found = revalue(opened, rates={"USD": rate}, on=DAY)

    monetary = [
        item
        for item in opened
        if item.account.value
        in [
            "1000",
            "1010",
            "1100",
            "1110",
            "1150",
            "1310",
            "1500",
            "2000",
            "2050",
            "2300",
            "2310",
            "2320",
            "2400",
            "2700",
        ]
    ]
    assert [known.item for known in found.items] == monetary
    for known in found.items:
        assert known.base == fx.convert(known.item.open.amount, rate).base
    again = [
        OpenItem(known.item.id, known.item.account, Valued(known.item.open.amount, known.base)) for known in found.items
    ]
    second = revalue(again, rates={"USD": rate}, on=DAY)
    assert (second.journal, second.reversal) == (None, None)
    if found.journal is not None:
        assert balanced(found.journal)
        assert all(not line.amount for line in found.journal.lines)
        assert all(not money for money in balances([found.journal, found.reversal]).values())
        assert found.reversal.posting_on == date(2026, 4, 1)
    assert (found.journal is None) == all(known.base == known.item.open.base for known in found.items)


def test_revaluation_leaves_base_currency_and_unknown_currencies_alone():
    home = OpenItem(ID, ROLE.RECEIVABLE, Valued(eur(10), eur(10)))
    foreign = OpenItem(ID, ROLE.RECEIVABLE, Valued(usd(10), eur(9)))

    found = revalue([home, foreign], rates={"EUR": PAR}, on=DAY)

    assert found.items == ()


line_lists = st.lists(
    st.builds(
        lambda role, amount, base: JournalLine(role, usd(amount), eur(base)),
        st.sampled_from(list(AccountRole)),
        st.integers(-5, 5),
        st.integers(-5, 5),
    ),
    max_size=4,
)


@given(line_lists)
def test_journal_is_accepted_exactly_if_it_balances(lines):
    journal = Journal(kind="x", posting_on=DAY, text="", lines=tuple(lines))

    clearing = sum(line.base.amount for line in lines if line.account is ROLE.CURRENCY_CLEARING)
    is_good = balanced(journal) and not clearing and all(x.amount.amount * x.base.amount >= 0 for x in lines)
    assert (problems_of(journal) == ()) == is_good
    if is_good:
        assert checked(journal) is journal
        back = reversal(journal, posting_on=DAY, text="")
        assert all(not money for money in balances([journal, back]).values())
        assert imbalance(back.lines) == ()
    else:
        with pytest.raises(JournalInvalid) as caught:
            checked(journal)
        assert caught.value.problems == problems_of(journal)


def test_journal_with_two_bases_names_both_faults():
    lines = (
        JournalLine(ROLE.BANK, usd(1), eur(1)),
        JournalLine(ROLE.RECEIVABLE, usd(-1), Money(Decimal(-1), "GBP")),
    )

    assert [p.code for p in problems_of(Journal(kind="x", posting_on=DAY, text="", lines=lines))] == [
        "mixed_base",
        "unbalanced",
        "unbalanced",
    ]


def test_clearing_account_must_return_to_zero():
    lines = (JournalLine(ROLE.CURRENCY_CLEARING, eur(5), eur(5)), JournalLine(ROLE.BANK, eur(-5), eur(-5)))

    assert [p.code for p in problems_of(Journal(kind="x", posting_on=DAY, text="", lines=lines))] == ["clearing_open"]


def test_unusual_balances_are_named():
    stand = {ROLE.BANK: eur(-1), ROLE.RECEIVABLE: eur(1), ROLE.REVENUE_TIME: eur(1), ROLE.WRITE_DOWN: eur(2)}

    assert unusual(stand) == (ROLE.BANK, ROLE.REVENUE_TIME)


@pytest.mark.parametrize(
    ("role", "kind", "side"),
    [
        (ROLE.RECEIVABLE, AccountKind.ASSET, Side.DEBIT),
        (ROLE.OUTPUT_VAT, AccountKind.LIABILITY, Side.CREDIT),
        (ROLE.REVENUE_TIME, AccountKind.REVENUE, Side.CREDIT),
        (ROLE.WRITE_DOWN, AccountKind.REVENUE, Side.DEBIT),
        (ROLE.BAD_DEBT, AccountKind.COST, Side.DEBIT),
        (ROLE.FX_GAIN, AccountKind.REVENUE, Side.CREDIT),
        (ROLE.FX_LOSS, AccountKind.COST, Side.DEBIT),
    ],
)
def test_role_knows_where_it_is_reported(role, kind, side):
    assert (role.kind, role.usual_side) == (kind, side)


def test_position_is_an_asset_or_a_liability():
    with pytest.raises(JournalInvalid, match=r"15\.105"):
        Position(Valued(eur(1), eur(1)), Valued(eur(1), eur(1)))
    assert zero("EUR") == eur("0.00")
