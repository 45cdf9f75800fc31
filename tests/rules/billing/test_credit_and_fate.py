"""Credits never exceed their invoice, and each approved minute and cent has exactly one fate."""

from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quoin.billing.rules.credit import credit_all, credit_amounts, credit_charges
from quoin.billing.rules.tax import tax_of
from quoin.billing.rules.writedown import bill, realisation_ratio, release, worth, write_down, write_up
from quoin.billing.types import (
    BillingInvalid,
    ChargeFate,
    CreditTooHigh,
    IssuedLine,
    IssuedVat,
    VatKey,
)
from quoin.kernel.money import Money, Rounding, total

MODE = Rounding.HALF_UP
KEYS = (VatKey("S", Decimal(19)), VatKey("S", Decimal(7)), VatKey("O", None))


def eur(amount):
    return Money(Decimal(amount), "EUR")


def cents(number):
    return eur(Decimal(number) / 100)


invoices = st.lists(
    st.tuples(st.sampled_from(KEYS), st.lists(st.integers(1, 10**6), min_size=1, max_size=4)), min_size=1, max_size=4
)


def lines_of(invoice):
    lines = []
    for i, (key, charges) in enumerate(invoice):
        ids = [UUID(int=(i + 1) * 100 + j) for j in range(len(charges))]
        lines.append(
            IssuedLine(
                id=UUID(int=i + 1),
                vat=key,
                net=cents(sum(charges)),
                credited=eur("0.00"),
                charges=tuple((id_, cents(amount)) for id_, amount in zip(ids, charges, strict=True)),
            )
        )
    return lines


def vat_of(lines):
    found = []
    for key in dict.fromkeys(line.vat for line in lines):
        net = total((line.net for line in lines if line.vat == key), "EUR")
        vat = eur(tax_of(net.amount, key.percent, "EUR"))
        found.append(IssuedVat(key=key, net=net, vat=vat, credited_net=eur("0.00"), credited_vat=eur("0.00")))
    return found


def after(lines, vat, plan):
    """The invoice after a credit, so that the next one can be planned."""
    credited = {line.line_id: line.net for line in plan.lines}
    taxes = {tax.key: tax for tax in plan.vat}
    return (
        [
            IssuedLine(
                id=line.id,
                vat=line.vat,
                net=line.net,
                credited=line.credited + credited.get(line.id, eur("0.00")),
                charges=tuple(c for c in line.charges if c not in plan.released),
            )
            for line in lines
        ],
        [
            IssuedVat(
                key=known.key,
                net=known.net,
                vat=known.vat,
                credited_net=known.credited_net + (taxes[known.key].net if known.key in taxes else eur(0)),
                credited_vat=known.credited_vat + (taxes[known.key].vat if known.key in taxes else eur(0)),
            )
            for known in vat
        ],
    )


@given(invoices)
def test_full_credit_mirrors_the_invoice(invoice):
    lines = lines_of(invoice)
    vat = vat_of(lines)

    plan = credit_all(lines, vat, mode=MODE)

    assert [(line.line_id, line.net, line.released) for line in plan.lines] == [
        (line.id, line.net, line.charges) for line in lines
    ]
    assert [(tax.key, tax.net, tax.vat, tax.is_exact) for tax in plan.vat] == [
        (tax.key, tax.net, tax.vat, True) for tax in vat
    ]
    assert plan.gross == total([money for tax in vat for money in (tax.net, tax.vat)], "EUR")


@given(invoices, st.data())
def test_credits_of_single_charges_add_up_to_the_invoice_and_never_exceed_it(invoice, data):
    lines = lines_of(invoice)
    vat = vat_of(lines)
    taken = []
    order = data.draw(st.permutations([charge for line in lines for charge, _ in line.charges]))

    for charge in order:
        plan = credit_charges(lines, vat, charge_ids=[charge], mode=MODE)
        assert [released for released, _ in plan.released] == [charge]
        for tax in plan.vat:
            exact = eur(tax_of(tax.net.amount, tax.key.percent, "EUR"))
            assert tax.is_exact == (tax.vat == exact)
            known = next(item for item in vat if item.key == tax.key)
            assert known.credited_vat.amount + tax.vat.amount <= known.vat.amount
        taken.append(plan)
        lines, vat = after(lines, vat, plan)

    assert total((plan.net for plan in taken), "EUR") == total((line.net for line in lines), "EUR")
    assert [known.credited_vat for known in vat] == [known.vat for known in vat]
    with pytest.raises(BillingInvalid, match="Nothing is left"):
        credit_all(lines, vat, mode=MODE)


@given(invoices, st.integers(1, 10**6))
def test_credit_of_an_amount_stays_within_the_line_and_frees_no_charge(invoice, amount):
    lines = lines_of(invoice)
    vat = vat_of(lines)
    wanted = {lines[0].id: cents(amount)}

    if lines[0].net < wanted[lines[0].id]:
        with pytest.raises(CreditTooHigh):
            credit_amounts(lines, vat, amounts=wanted, mode=MODE)
    else:
        plan = credit_amounts(lines, vat, amounts=wanted, mode=MODE)
        assert plan.net == wanted[lines[0].id]
        assert plan.released == ()


def test_credit_of_a_discount_line_is_negative_and_bounded():
    line = IssuedLine(id=UUID(int=1), vat=KEYS[2], net=eur("-10.00"), credited=eur("-4.00"))
    vat = [IssuedVat(key=KEYS[2], net=eur("-10"), vat=eur(0), credited_net=eur("-4"), credited_vat=eur(0))]

    assert credit_all([line], vat, mode=MODE).net == eur("-6.00")
    for wrong in (eur("-6.01"), eur(1)):
        with pytest.raises(CreditTooHigh):
            credit_amounts([line], vat, amounts={line.id: wrong}, mode=MODE)


def test_credit_of_what_is_not_on_the_invoice_is_refused():
    lines = lines_of([(KEYS[0], [100])])
    with pytest.raises(BillingInvalid):
        credit_charges(lines, vat_of(lines), charge_ids=[UUID(int=9)], mode=MODE)
    with pytest.raises(BillingInvalid):
        credit_amounts(lines, vat_of(lines), amounts={UUID(int=9): eur(1)}, mode=MODE)


def fate(minutes, amount):
    nothing = eur("0.00")
    return ChargeFate(
        approved_minutes=minutes, approved=cents(amount), billed=nothing, written_off=nothing, written_up=nothing
    )


steps = st.lists(
    st.tuples(st.sampled_from(["bill", "down", "up", "release"]), st.integers(0, 300), st.integers(0, 10**5)),
    max_size=12,
)


@given(st.integers(0, 300), st.integers(0, 10**5), steps)
def test_every_minute_and_cent_has_one_fate_whatever_happens(minutes, amount, taken):
    known = fate(minutes, amount)
    up = 0
    for what, count, money in taken:
        try:
            if what == "bill":
                known = bill(known, minutes=count, amount=cents(money))
            elif what == "down":
                known = write_down(known, minutes=count, amount=cents(money), reason="agreed")
            elif what == "release":
                known = release(known, minutes=count, amount=cents(money))
            else:
                known = write_up(known, amount=cents(money), reason="agreed")
                up += money
        except BillingInvalid:
            continue

    assert known.billed_minutes + known.written_off_minutes + known.unbilled_minutes == minutes
    assert min(known.billed_minutes, known.written_off_minutes, known.unbilled_minutes) >= 0
    assert known.billed + known.written_off + known.unbilled == cents(amount + up)
    assert min(known.billed.amount, known.written_off.amount, known.unbilled.amount) >= 0
    assert (known.approved_minutes, known.approved) == (minutes, cents(amount))


@given(st.integers(1, 300), st.integers(0, 10**6), st.data())
def test_worth_of_some_minutes_is_their_share_and_all_of_them_are_worth_the_rest(minutes, amount, data):
    known = fate(minutes, amount)
    part = data.draw(st.integers(0, minutes))

    exact = Fraction(amount * part, minutes) / 100
    assert abs(Fraction(worth(known, minutes=part).amount) - exact) <= Fraction(1, 200)
    assert worth(known, minutes=minutes) == known.unbilled


@pytest.mark.parametrize(
    "wrong",
    [
        lambda known: write_down(known, minutes=10, amount=eur(1), reason=" "),
        lambda known: write_up(known, amount=eur(1), reason=""),
        lambda known: write_up(known, amount=eur(0), reason="x"),
        lambda known: bill(known, minutes=61, amount=eur(1)),
        lambda known: bill(known, minutes=-1, amount=eur(1)),
        lambda known: bill(known, minutes=1, amount=eur("100.01")),
        lambda known: bill(known, minutes=1, amount=eur(-1)),
        lambda known: release(known, minutes=1, amount=eur(0)),
        lambda known: release(known, minutes=0, amount=eur(1)),
        lambda known: worth(known, minutes=61),
        lambda _: worth(fate(0, 100), minutes=0),
        lambda _: ChargeFate(
            approved_minutes=1, approved=eur(1), billed_minutes=2, billed=eur(0), written_off=eur(0), written_up=eur(0)
        ),
    ],
)
def test_fate_refuses_what_does_not_add_up(wrong):
    with pytest.raises(BillingInvalid):
        wrong(fate(60, 10000))


def test_credit_makes_billed_work_unbilled_again():
    known = bill(fate(60, 10000), minutes=60, amount=eur("100.00"))

    assert release(known, minutes=60, amount=eur("100.00")) == fate(60, 10000)


def test_write_up_by_a_cent_counts():
    assert write_up(fate(60, 100), amount=eur("0.01"), reason="rounding").unbilled == eur("1.01")


@given(st.lists(st.tuples(st.integers(1, 10**4), st.integers(0, 10**4)), min_size=1, max_size=4))
def test_realisation_is_billed_to_approved(pairs):
    assume(all(billed <= approved for approved, billed in pairs))
    fates = tuple(bill(fate(60, approved), minutes=0, amount=cents(billed)) for approved, billed in pairs)

    assert realisation_ratio(fates) == Fraction(sum(b for _, b in pairs), sum(a for a, _ in pairs))
    assert realisation_ratio(()) is None
