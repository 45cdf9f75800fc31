"""Billing runs on the database: drafts with lines, the proof, repetition, caps, and many processes at once."""

from datetime import date
from decimal import Decimal

import pytest

from quoin.billing.actions.runs import build_run, discard_run
from quoin.billing.models import Charge, Invoice, InvoiceItem, InvoiceLine
from quoin.billing.queries.run_plan import Scope, preview_run
from tests.make import World, money

MARCH = date(2026, 3, 31)


@pytest.fixture
def job(world: World):
    money.rate_card(world, rate="95.00")
    return money.project(world, under=money.contract(world))


def drafted(world: World) -> list[tuple]:
    with world.inside():
        return [
            (line.description, line.quantity, line.unit, line.unit_price, line.net_amount)
            for line in InvoiceLine.objects.order_by("invoice_id", "position")
        ]


def test_preview_says_what_the_run_writes(world: World, job) -> None:
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[440, 60], day=MARCH)
    with world.inside(read_only=True):
        planned = preview_run(world.actor, Scope(work_until=MARCH))

    built = build_run(world.actor, work_until=MARCH)

    assert planned.is_proven
    assert built.planned.is_proven
    assert [(d.net, d.draft.client_id) for d in planned.drafts] == [
        (d.net, d.draft.client_id) for d in built.planned.drafts
    ]
    with world.inside():
        (draft,) = Invoice.objects.all()
    assert (draft.net_amount, draft.tax_amount, draft.gross_amount) == (
        Decimal("791.67"),
        Decimal("150.42"),
        Decimal("942.09"),
    )
    assert drafted(world) == [("Services: Project", Decimal(500), "MIN", Decimal(95), Decimal("791.67"))]


@pytest.mark.parametrize(("asked", "listed"), [((False,), False), ((True, False), True)])
def test_hours_are_listed_where_a_contract_of_the_draft_wants_them(world: World, asked, listed) -> None:
    money.rate_card(world, rate="95.00")
    owner, who = money.client(world), world.person(cost="0")
    for wish in asked:
        under = money.contract(world, of=owner, shows_hours=wish)
        money.approved_time(world, on=money.project(world, under=under), by=who, minutes=[60], day=MARCH)

    build_run(world.actor, work_until=MARCH)

    with world.inside():
        assert [draft.shows_hours for draft in Invoice.objects.all()] == [listed]


def test_a_line_is_rounded_once_and_its_charges_share_it(world: World, job) -> None:
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[100, 100, 100], day=MARCH)

    built = build_run(world.actor, work_until=MARCH)

    assert built.planned.proofs[0].rounding == Decimal("475.00") - 3 * Decimal("158.33")
    with world.inside():
        assert sorted(InvoiceItem.objects.values_list("amount", flat=True)) == [Decimal("158.33")] * 2 + [
            Decimal("158.34")
        ]
        assert Invoice.objects.get().net_amount == Decimal("475.00")


def test_building_again_changes_nothing(world: World, job) -> None:
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[440, 60], day=MARCH)
    first = build_run(world.actor, work_until=MARCH)
    with world.inside():
        lines = list(InvoiceLine.objects.values_list("id", flat=True))

    again = build_run(world.actor, work_until=MARCH)

    assert again.run.id == first.run.id
    assert [d.id for d in again.drafts] == [d.id for d in first.drafts]
    with world.inside():
        assert list(InvoiceLine.objects.values_list("id", flat=True)) == lines
        assert set(Charge.objects.values_list("status", flat=True)) == {"drafted"}


def test_discarding_releases_the_work(world: World, job) -> None:
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[440], day=MARCH)
    built = build_run(world.actor, work_until=MARCH)

    discard_run(world.actor, run_id=built.run.id)

    with world.inside():
        assert not Invoice.objects.exists()
        assert not InvoiceItem.objects.exists()
        assert set(Charge.objects.values_list("status", flat=True)) == {"unbilled"}
    assert build_run(world.actor, work_until=MARCH).run.id != built.run.id
