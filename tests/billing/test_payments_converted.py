"""Money that came in otherwise than it was invoiced: in another currency, or less what banks kept."""

from datetime import date
from decimal import Decimal

import pytest

from quoin.billing.actions.bank import import_statement, match_exact, match_line
from quoin.billing.actions.payments import apply_payment, record_payment, take_back_payment
from quoin.billing.models import BankLine, Payment
from quoin.billing.queries.receivables import ageing, proposals, unpaid
from quoin.billing.types import Share
from quoin.kernel.errors import Invalid
from quoin.kernel.money import Money
from quoin.ledger.models import FxRate
from tests.billing.test_story import broken
from tests.make import World, billing, money, web
from tests.make.api import api
from tests.make.cli import quoin

MARCH = date(2026, 3, 31)
PAID = date(2026, 4, 15)
QUOTES = {
    "USD": (("1.0869565217", date(2026, 3, 31)), ("1.0989010989", PAID)),
    "GBP": (("0.8500000000", date(2026, 3, 31)), ("0.8400000000", PAID)),
}


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


@pytest.fixture(autouse=True)
def rates(world: World) -> None:
    rows = [
        FxRate(currency=code, on=on, per_euro=Decimal(rate), source="test")
        for code, own in QUOTES.items()
        for rate, on in own
    ]
    FxRate.objects.bulk_create(rows, ignore_conflicts=True)


@pytest.fixture
def invoice(world: World):
    """1190.00 EUR."""
    job = billing.job(world, rate="100")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[600], day=MARCH)
    return billing.issued(world, on=MARCH)


def pay(world: World, invoice, amount: str, **fields) -> Payment:
    fields.setdefault("received_on", PAID)
    shares = [Share(invoice_id=invoice.id)]
    return record_payment(
        world.actor, client_id=invoice.client_id, amount=Money(Decimal(amount), invoice.currency), shares=shares,
        entity_id=invoice.entity_id, **fields,
    )  # fmt: skip


def test_dollars_pay_an_invoice_in_euros_at_the_rate_of_the_day(world: World, invoice) -> None:
    before = billing.balances(world)
    payment = pay(world, invoice, "1190.00", banked=usd("1300.00"))

    # 1300 / 1.0989010989 = 1183.00 EUR came for 1190.00.
    assert billing.balances(world) == {
        "1010": Decimal("1183.00"), "7010": Decimal("7.00"), "4000": Decimal(-1000), "2100": Decimal(-190),
    }  # fmt: skip
    assert (payment.bank_amount, payment.bank_currency, payment.base_amount) == (
        Decimal(1300),
        "USD",
        Decimal("1183.00"),
    )
    with world.inside():
        assert not unpaid().exists()
        assert ageing(world.actor) == ()
    assert broken(world) == []

    take_back_payment(world.actor, payment_id=payment.id, reason="Bounced")

    assert billing.balances(world) == before
    with world.inside():
        assert unpaid().get().open_amount == Decimal(1190)
    assert broken(world) == []


def test_a_gain_and_the_charges_of_banks_stand_apart(world: World, invoice) -> None:
    pay(world, invoice, "1190.00", banked=usd("1310.00"), charges=usd("10.00"))

    found = billing.balances(world)
    # 1310 USD are 1192.10 EUR, 10 USD are 9.10: 1201.20 came for 1190.00.
    assert (found["1010"], found["6100"], found["7000"]) == (Decimal("1192.10"), Decimal("9.10"), Decimal("-11.20"))
    assert "1100" not in found
    assert broken(world) == []


def test_charges_in_the_same_currency_pay_the_invoice_whole(world: World, invoice) -> None:
    pay(world, invoice, "1190.00", charges=billing.eur("15.00"))

    assert billing.balances(world) == {
        "1000": Decimal(1175), "6100": Decimal(15), "4000": Decimal(-1000), "2100": Decimal(-190),
    }  # fmt: skip
    assert broken(world) == []


def test_part_of_it_leaves_the_rest_open_and_too_much_is_credit_in_the_currency_of_the_invoice(
    world: World, invoice
) -> None:
    pay(world, invoice, "595.00", banked=usd("655.00"))
    with world.inside():
        assert unpaid().get().open_amount == Decimal("595.00")
        (aged,) = ageing(world.actor)
        assert (aged.currency, sum(amount.amount for _, amount in aged.bands)) == ("EUR", Decimal(595))
    payment = pay(world, invoice, "700.00", banked=usd("770.00"))

    found = billing.balances(world)
    assert found["2700"] < -Decimal(104)
    assert "1100" not in found
    assert broken(world) == []
    money.approved_time(
        world, on=money.project(world, under=billing_contract(world, invoice)), by=world.person(cost="0"), minutes=[60],
        day=MARCH,
    )  # fmt: skip
    billing.issued(world)
    apply_payment(world.actor, payment_id=payment.id)
    assert "2700" not in billing.balances(world)
    assert broken(world) == []


def billing_contract(world: World, invoice):
    with world.inside():
        return money.Contract.objects.select_related("client").get(client_id=invoice.client_id)


def test_an_invoice_in_dollars_is_paid_in_pounds(world: World) -> None:
    job = billing.job(world, rate="", of=billing.buyer(world, currency="USD"), currency="USD")
    money.rate_card(world, rate="100.00", currency="USD")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[600], day=MARCH)
    bill = billing.issued(world, on=MARCH)

    pay(
        world,
        bill,
        str(bill.gross_amount),
        banked=Money((bill.gross_amount * Decimal("0.76")).quantize(Decimal("0.01")), "GBP"),
    )

    found = billing.balances(world)
    assert "1100" not in found
    assert "1990" not in found
    assert ("7000" in found) != ("7010" in found)
    assert broken(world) == []


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"banked": usd("13000.00")}, "/banked"),
        ({"banked": usd("13.00")}, "/banked"),
        ({"banked": usd("-1.00")}, "/banked"),
        ({"banked": usd("1300.00"), "charges": billing.eur("1.00")}, "/charges"),
        ({"charges": usd("1.00")}, "/charges"),
        ({"banked": billing.eur("1000.00")}, "/banked"),
        ({"charges": billing.eur("-1.00")}, "/charges"),
    ],
)
def test_amounts_that_cannot_be_are_refused_with_the_field(world: World, invoice, fields, pointer) -> None:
    with pytest.raises(Invalid) as refused:
        pay(world, invoice, "1190.00", **fields)
    assert refused.value.problems[0].pointer == pointer


CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-04-15</Dt></BookgDt>
<AcctSvcrRef>B-{amount}</AcctSvcrRef><NtryDtls><TxDtls>{details}<RltdPties><Dbtr><Nm>Kranich Verlag AG</Nm></Dbtr></RltdPties>
<RmtInf><Ustrd>Invoice {number}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"""


def statement(world: World, invoice, *, amount: str, currency: str, details: str = "") -> BankLine:
    content = CAMT.format(number=invoice.number, amount=amount, currency=currency, details=details).encode()
    import_statement(world.actor, entity_id=world.entity.id, file_name="a.xml", content=content)
    with world.inside():
        return BankLine.objects.get()


def test_a_bank_file_that_says_what_was_instructed_matches_exactly(world: World, invoice) -> None:
    details = (
        '<AmtDtls><InstdAmt><Amt Ccy="EUR">1190.00</Amt></InstdAmt></AmtDtls><Chrgs><Rcrd><Amt Ccy="USD">5.00</Amt>'
        "<CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>"
    )
    line = statement(world, invoice, amount="1295.00", currency="USD", details=details)
    assert (line.paid_amount, line.paid_currency, line.charge_amount) == (Decimal(1190), "EUR", Decimal(5))
    with world.inside():
        ((best, *_),) = proposals(world.actor).values()
    assert best.is_exact

    assert match_exact(world.actor) == 1

    found = billing.balances(world)
    assert (found["1010"], found["6100"]) == (Decimal("1178.45"), Decimal("4.55"))
    with world.inside():
        assert not unpaid().exists()
    assert broken(world) == []


def test_a_bank_file_in_another_currency_pays_what_its_text_names(world: World, invoice) -> None:
    line = statement(world, invoice, amount="1300.00", currency="USD")
    with world.inside():
        ((best,),) = proposals(world.actor).values()
    assert not best.is_exact
    assert "came in for" in best.words

    match_line(world.actor, bank_line_id=line.id, invoice_ids=best.invoice_ids)

    with world.inside():
        assert not unpaid().exists()
        assert Payment.objects.get().amount == Decimal(1190)
    assert broken(world) == []


def test_much_less_than_the_open_amount_pays_a_part(world: World, invoice) -> None:
    line = statement(world, invoice, amount="659.34", currency="USD")
    match_line(world.actor, bank_line_id=line.id, invoice_ids=[invoice.id])
    with world.inside():
        assert Payment.objects.get().amount == Decimal("600.00")
        assert unpaid().get().open_amount == Decimal("590.00")


def test_banks_that_kept_something_are_seen_by_what_was_instructed(world: World, invoice) -> None:
    statement(
        world,
        invoice,
        amount="1180.00",
        currency="EUR",
        details='<AmtDtls><InstdAmt><Amt Ccy="EUR">1190.00</Amt></InstdAmt></AmtDtls>',
    )
    assert match_exact(world.actor) == 1
    assert billing.balances(world)["6100"] == Decimal(10)
    with world.inside():
        assert not unpaid().exists()


def test_through_all_three_doors(world: World, invoice) -> None:
    browser = web.signed_in(world)
    path = f"/invoices/{invoice.public_id}/pay"
    assert "The bank account got" in browser.get(path).content.decode()
    form = {"amount": "190.00", "received_on": "2026-04-15", "banked": "208", "bank_currency": "USD", "charges": "1"}
    assert "Check both amounts" in browser.post(path, {**form, "banked": "20800"}).content.decode()
    assert browser.post(path, form).status_code == 303
    with world.inside():
        made = Payment.objects.get()
    shown = browser.get(f"/payments/{made.public_id}").content.decode()
    assert "The bank account got" in shown
    assert "Banks kept" in shown

    with world.inside():
        client = invoice.client
    answer = api(world).post(
        "/payments", client_id=client.public_id, amount={"amount": "500.00", "currency": "EUR"}, received_on="2026-04-15",
        banked={"amount": "540.00", "currency": "USD"}, charges={"amount": "2.00", "currency": "USD"},
    )  # fmt: skip
    assert answer.status == 201
    plain = {
        "client_id": client.public_id,
        "amount": {"amount": "1.00", "currency": "EUR"},
        "received_on": "2026-04-15",
    }
    assert api(world).post("/payments", **plain).body["banked"] is None
    assert answer.body["banked"] == {"amount": "540.00", "currency": "USD"}
    said = quoin(
        world,
        "payment",
        "record",
        invoice.number,
        "500.00",
        "--on",
        "2026-04-15",
        "--banked",
        "545 USD",
        "--charges",
        "2",
    )
    assert (said["banked"]["amount"], said["charges"]["currency"]) == ("545.00", "USD")
    with world.inside():
        assert not unpaid().exists()
    assert broken(world) == []
