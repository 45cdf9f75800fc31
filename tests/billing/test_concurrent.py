"""Many at once: one set of drafts, one set of numbers, no cent applied twice. Threads commit for real."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

from django.db import connection

from quoin.billing.actions.invoices import issue_invoices
from quoin.billing.actions.payments import record_payment
from quoin.billing.actions.runs import build_run
from quoin.billing.models import BillingRun, Invoice, InvoiceItem, PaymentApplication
from quoin.kernel.errors import DomainError
from tests.make import World, billing, money

MARCH = date(2026, 3, 31)
THREADS = 16


def at_once(work) -> list:
    def run(number: int):
        try:
            return work(number)
        except DomainError as fault:
            return fault
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_sixteen_builders_make_one_set_of_drafts(world: World) -> None:
    job = billing.job(world, rate="95")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[100] * 40, day=MARCH)

    found = at_once(lambda _: build_run(world.actor, work_until=MARCH).run.id)

    assert len(set(found)) == 1
    with world.inside():
        assert BillingRun.objects.count() == 1
        assert Invoice.objects.count() == 1
        assert InvoiceItem.objects.count() == 40


def test_sixteen_issuers_give_one_number(world: World) -> None:
    job = billing.job(world, rate="95")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[100] * 3, day=MARCH)
    draft = billing.draft(world)

    found = at_once(lambda _: issue_invoices(world.actor, invoice_ids=[draft.id]).invoices)

    assert sorted(len(one) for one in found if isinstance(one, tuple)) == [0] * (THREADS - 1) + [1]
    assert billing.balances(world)["4000"] == Decimal(-475)


def test_sixteen_payers_apply_no_more_than_is_open(world: World) -> None:
    job = billing.job(world, rate="100")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[600], day=MARCH)
    invoice = billing.issued(world)

    at_once(
        lambda number: record_payment(
            world.actor, client_id=invoice.client_id, amount=billing.eur("100.00"), received_on=date(2026, 5, 1),
            external_id=f"p{number}",
        )
    )  # fmt: skip

    with world.inside():
        applied = sum(PaymentApplication.objects.values_list("amount", flat=True))
    assert applied == Decimal("1190.00")
    found = billing.balances(world)
    assert (found.get("1100"), found["1000"], found["2700"]) == (None, Decimal(1600), Decimal(-410))
