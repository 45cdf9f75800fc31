"""Drafts are edited down to the entry: every change keeps the invariants, and Undo brings the draft back."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from quoin.base.actions import REGISTRY
from quoin.base.audit.models import AuditAction
from quoin.billing.actions.drafts import add_line, create_invoice, edit_draft, edit_line, remove_line, step_drafts
from quoin.billing.actions.invoices import issue_invoices
from quoin.billing.actions.lines import add_work, reprice_line, restore_line, take_work_out, write_line_down
from quoin.billing.actions.rearranging import merge_drafts, move_lines, place_line, regroup_draft, split_draft
from quoin.billing.actions.runs import build_run
from quoin.billing.models import Charge, Invoice, InvoiceItem, InvoiceLine, WriteDown
from quoin.billing.queries.run_plan import Scope, preview_run
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.billing.test_story import broken
from tests.make import World, billing, money

MARCH = date(2026, 3, 31)
Row = tuple[str, str, Decimal, Decimal, Decimal]


@pytest.fixture
def job(world: World):
    """Six days of work by two people under one project at 100."""
    job = billing.job(world, rate="100")
    for name, minutes in (("Ana", [480, 480, 440]), ("Bo", [300, 90, 7])):
        person = world.person(name, cost="0")
        days = [date(2026, 3, day) for day in (2, 10, 31)]
        money.approved_time(world, on=job, by=person, minutes=minutes, day=days)
    return job


@pytest.fixture
def draft(world: World, job) -> Invoice:
    return billing.draft(world)


def lines(world: World, draft: Invoice) -> list[InvoiceLine]:
    with world.inside():
        return list(InvoiceLine.objects.filter(invoice_id=draft.id).order_by("position"))


def only(world: World, draft: Invoice) -> InvoiceLine:
    (line,) = lines(world, draft)
    return line


def shown(world: World, draft: Invoice) -> tuple[Row, ...]:
    return tuple(
        (line.description, line.unit, line.quantity, line.unit_price, line.net_amount) for line in lines(world, draft)
    )


def header(world: World, draft: Invoice) -> tuple[Any, ...]:
    with world.inside():
        row = Invoice.objects.get(id=draft.id)
    return row.status, row.net_amount, row.tax_amount, row.note, row.purchase_order, row.due_on


def undo(world: World) -> None:
    """Run what the last action left as its Undo."""
    with world.inside():
        row = AuditAction.objects.filter(undo__isnull=False).latest("at")
    REGISTRY[row.undo["action"]].run(world.actor, **row.undo["arguments"])


def charges(world: World, draft: Invoice) -> list[Charge]:
    with world.inside():
        found = InvoiceItem.objects.filter(line__invoice_id=draft.id, is_live=True).select_related("charge")
        return [item.charge for item in found.order_by("charge__work_on", "charge_id")]


def proven(world: World) -> bool:
    """Whether the run is still proven by the rollups, and the preview says what a run would write."""
    with world.inside():
        before = preview_run(world.actor, Scope(work_until=MARCH))
    built = build_run(world.actor, work_until=MARCH)
    return before.is_proven and built.planned.is_proven and broken(world) == []


def test_fewer_hours_are_written_down_on_the_same_line_and_come_back(world: World, draft: Invoice) -> None:
    line, before = only(world, draft), shown(world, draft)

    write_line_down(world.actor, line_id=line.id, billed_minutes=1500, reason="Agreed")

    assert shown(world, draft) == ((line.description, "HUR", Decimal(25), Decimal(100), Decimal(2500)),)
    assert only(world, draft).id == line.id
    with world.inside():
        assert sorted(WriteDown.objects.values_list("minutes", flat=True)) == [7, 290]
    assert billing.balances(world)["4900"] == Decimal("495.00")
    assert proven(world)
    undo(world)
    assert shown(world, draft) == before
    assert "4900" not in billing.balances(world)
    assert proven(world)


def test_no_hours_at_all_takes_the_line_off(world: World, draft: Invoice) -> None:
    line = only(world, draft)
    write_line_down(world.actor, line_id=line.id, billed_minutes=0, reason="Goodwill")
    assert shown(world, draft) == ()
    with world.inside():
        assert set(Charge.objects.values_list("status", flat=True)) == {"written_off"}
    assert broken(world) == []
    undo(world)
    with world.inside():
        assert set(Charge.objects.values_list("status", flat=True)) == {"unbilled"}
    assert broken(world) == []


@pytest.mark.parametrize(
    ("price", "net", "account", "moved"),
    [("90", "2695.50", "4900", "299.50"), ("110", "3294.50", "4000", "-3294.50")],
)
def test_another_price_per_hour_is_posted_and_shown(
    world: World, draft: Invoice, price: str, net: str, account: str, moved: str
) -> None:
    line, before, books = only(world, draft), shown(world, draft), billing.balances(world)

    reprice_line(world.actor, line_id=line.id, unit_price=Decimal(price), reason="Agreed rate")

    (row,) = shown(world, draft)
    assert row[1:] == ("HUR", Decimal("29.95"), Decimal(price), Decimal(net))
    assert billing.balances(world)[account] == pytest.approx(Decimal(moved), abs=Decimal("0.03"))
    assert proven(world)
    undo(world)
    assert shown(world, draft) == before
    assert billing.balances(world) == books
    assert proven(world)


def test_the_new_price_stays_when_hours_or_work_go(world: World, draft: Invoice) -> None:
    line = only(world, draft)
    reprice_line(world.actor, line_id=line.id, unit_price=Decimal(90), reason="Agreed rate")
    write_line_down(world.actor, line_id=line.id, billed_minutes=1500, reason="Too long")
    assert shown(world, draft)[0][1:] == ("HUR", Decimal(25), Decimal(90), Decimal(2250))
    take_work_out(world.actor, line_id=line.id, charge_ids=[charges(world, draft)[0].id])
    assert shown(world, draft)[0][3] == Decimal(90)
    issued = issue_invoices(world.actor, invoice_ids=[draft.id])
    assert issued.refused == ()
    assert broken(world) == []


def test_an_expense_line_takes_another_amount(world: World, job) -> None:
    ids = [money.expense(world, on=job, by=world.people["Ana"], gross=amount) for amount in ("30.00", "70.00")]
    money.approve_expenses(world, ids)
    draft = billing.draft(world)
    (line,) = [line for line in lines(world, draft) if line.kind == "expense"]

    reprice_line(world.actor, line_id=line.id, unit_price=Decimal("80.01"), reason="Half of the taxi")

    with world.inside():
        line.refresh_from_db()
        assert (line.quantity, line.net_amount) == (Decimal(1), Decimal("80.01"))
        assert sorted(WriteDown.objects.values_list("amount", flat=True)) == [Decimal("6.00"), Decimal("13.99")]
    assert proven(world)


def test_a_milestone_is_lowered_without_a_posting(world: World) -> None:
    from quoin.sales.actions.contracts import MilestonePlan, plan_milestones, reach_milestone

    contract = money.contract(world, of=billing.buyer(world), kind="fixed_price", fixed_amount=Decimal(1000))
    (part,) = plan_milestones(
        world.actor, contract_id=contract.id, milestones=[MilestonePlan(name="Design", amount=Decimal(1000))]
    )
    reach_milestone(world.actor, milestone_id=part.id, on=MARCH)
    draft = billing.draft(world)
    reprice_line(world.actor, line_id=only(world, draft).id, unit_price=Decimal(900), reason="Late")
    assert billing.balances(world) == {}
    assert issue_invoices(world.actor, invoice_ids=[draft.id]).invoices[0].net_amount == Decimal(900)
    assert billing.balances(world) == {"1100": Decimal(1071), "2100": Decimal(-171), "4010": Decimal(-900)}
    assert broken(world) == []


def test_work_goes_out_and_comes_back_onto_its_line(world: World, draft: Invoice) -> None:
    line, before = only(world, draft), shown(world, draft)
    edit_line(world.actor, line_id=line.id, description="Advice in March")
    first = charges(world, draft)[0]

    take_work_out(world.actor, line_id=line.id, charge_ids=[str(first.id)])

    assert [charge.id for charge in charges(world, draft)] != [first.id]
    with world.inside():
        assert Charge.objects.get(id=first.id).status == "unbilled"
    assert proven(world)
    # The run that proved it has put the work on its own line; it is moved back from there.
    with world.inside():
        other = InvoiceItem.objects.get(charge=first, is_live=True).line
    remove_line(world.actor, line_id=other.id)
    add_work(world.actor, invoice_id=draft.id, charge_ids=[first.id], line_id=line.id)
    assert shown(world, draft) == (("Advice in March", *before[0][1:]),)
    undo(world)
    with world.inside():
        assert Charge.objects.get(id=first.id).status == "unbilled"
    assert broken(world) == []


def test_unbilled_work_is_added_and_taken_off_again(world: World, draft: Invoice, job) -> None:
    money.approved_time(world, on=job, by=world.people["Ana"], minutes=[60], day=date(2026, 4, 2))
    with world.inside():
        later = Charge.objects.get(status="unbilled")
    before = shown(world, draft)

    add_work(world.actor, invoice_id=draft.id, charge_ids=[later.id])

    assert [row[4] for row in shown(world, draft)] == [before[0][4], Decimal(100)]
    with world.inside():
        assert Invoice.objects.get(id=draft.id).period_until == date(2026, 4, 2)
    assert proven(world)
    undo(world)
    assert shown(world, draft) == before
    assert proven(world)


def test_lines_are_grouped_by_person_and_week_and_back(world: World, draft: Invoice) -> None:
    before = shown(world, draft)
    net = header(world, draft)[1]
    for grouping, count in (("person", 2), ("week", 3), ("one", 1), ("role", 1)):
        regroup_draft(world.actor, invoice_id=draft.id, grouping=grouping)
        assert len(shown(world, draft)) == count, grouping
        assert abs(header(world, draft)[1] - net) <= Decimal("0.02")
        assert proven(world)
    regroup_draft(world.actor, invoice_id=draft.id, grouping="")
    assert shown(world, draft) == before


def test_grouping_keeps_what_was_typed(world: World, draft: Invoice) -> None:
    regroup_draft(world.actor, invoice_id=draft.id, grouping="person")
    first, second = lines(world, draft)
    edit_line(world.actor, line_id=first.id, description="Ana's advice")
    reprice_line(world.actor, line_id=second.id, unit_price=Decimal(80), reason="Junior")
    before = shown(world, draft)

    regroup_draft(world.actor, invoice_id=draft.id, grouping="week")

    assert shown(world, draft) == before
    with pytest.raises(Invalid, match="grouped by"):
        regroup_draft(world.actor, invoice_id=draft.id, grouping="colour")


def test_lines_change_places(world: World, draft: Invoice) -> None:
    regroup_draft(world.actor, invoice_id=draft.id, grouping="week")
    before = [line.id for line in lines(world, draft)]
    place_line(world.actor, line_id=before[2], position=1)
    assert [line.id for line in lines(world, draft)] == [before[2], before[0], before[1]]
    undo(world)
    assert [line.id for line in lines(world, draft)] == before
    with pytest.raises(Invalid, match="places 1 to 3"):
        place_line(world.actor, line_id=before[0], position=4)


def test_a_draft_is_split_and_brought_together_again(world: World, draft: Invoice) -> None:
    edit_draft(world.actor, invoice_id=draft.id, purchase_order="PO 7", note="Thank you")
    regroup_draft(world.actor, invoice_id=draft.id, grouping="person")
    first, second = lines(world, draft)
    before, total = shown(world, draft), header(world, draft)

    other = split_draft(world.actor, invoice_id=draft.id, line_ids=[second.id])

    assert (header(world, draft)[1], header(world, other)[1]) == (first.net_amount, second.net_amount)
    assert header(world, other)[3:5] == ("Thank you", "PO 7")
    assert proven(world)
    undo(world)
    assert (shown(world, draft), header(world, draft)) == (before, total)
    with pytest.raises(Conflict, match="Leave one"):
        split_draft(world.actor, invoice_id=draft.id, line_ids=[first.id, second.id])


def test_a_line_moves_to_another_draft_of_the_client_only(world: World, draft: Invoice) -> None:
    regroup_draft(world.actor, invoice_id=draft.id, grouping="person")
    first, second = lines(world, draft)
    target = create_invoice(world.actor, client_id=draft.client_id)
    add_line(world.actor, invoice_id=target.id, description="Workshop", unit_price=Decimal(500))

    move_lines(world.actor, line_ids=[first.id], invoice_id=target.id)
    assert header(world, target)[1] == Decimal(500) + first.net_amount
    undo(world)
    assert header(world, target)[1] == Decimal(500)
    move_lines(world.actor, line_ids=[first.id, second.id], invoice_id=target.id)
    with world.inside():
        assert not Invoice.objects.filter(id=draft.id).exists()
    stranger = create_invoice(world.actor, client_id=billing.buyer(world, name="Other AG").id)
    with pytest.raises(NotFound, match="this client"):
        move_lines(world.actor, line_ids=[first.id], invoice_id=stranger.id)
    with pytest.raises(NotFound, match="this client"):
        merge_drafts(world.actor, invoice_id=stranger.id, into_id=target.id)
    assert broken(world) == []


def test_typed_lines_and_headers_are_edited_and_undone(world: World) -> None:
    draft = create_invoice(world.actor, client_id=billing.buyer(world).id)
    line = add_line(world.actor, invoice_id=draft.id, description="Workshop", unit_price=Decimal(500))
    before = shown(world, draft)
    edit_line(world.actor, line_id=line.id, quantity=Decimal(2), unit_price=Decimal("450.50"))
    assert shown(world, draft)[0][4] == Decimal(901)
    undo(world)
    assert shown(world, draft) == before
    remove_line(world.actor, line_id=line.id)
    undo(world)
    assert shown(world, draft) == before
    edit_draft(world.actor, invoice_id=draft.id, note="Hello", due_on="2026-06-30")
    undo(world)
    assert header(world, draft)[3:] == ("", "", None)


def test_an_approved_draft_that_changes_waits_for_approval_again(world: World, draft: Invoice) -> None:
    step_drafts(world.actor, invoice_ids=[draft.id], to="approved")
    write_line_down(world.actor, line_id=only(world, draft).id, billed_minutes=60, reason="Agreed")
    assert header(world, draft)[0] == "draft"


def test_a_change_seen_too_late_is_refused(world: World, draft: Invoice) -> None:
    line = only(world, draft)
    edit_line(world.actor, line_id=line.id, description="Mine", version=draft.version)
    with pytest.raises(Stale):
        write_line_down(world.actor, line_id=line.id, billed_minutes=60, reason="Agreed", version=draft.version)


def test_what_makes_no_sense_is_refused_and_changes_nothing(world: World, draft: Invoice) -> None:
    line = only(world, draft)
    typed = add_line(world.actor, invoice_id=draft.id, description="Workshop", unit_price=Decimal(500))
    before = shown(world, draft)
    other = charges(world, draft)[0].id
    refused: list[tuple[type[Exception], Callable[[], object]]] = [
        (Invalid, lambda: write_line_down(world.actor, line_id=line.id, billed_minutes=9999, reason="More")),
        (Invalid, lambda: write_line_down(world.actor, line_id=line.id, billed_minutes=60, reason=" ")),
        (Invalid, lambda: reprice_line(world.actor, line_id=line.id, unit_price=Decimal(100), reason="Same")),
        (Invalid, lambda: reprice_line(world.actor, line_id=line.id, unit_price=Decimal(-1), reason="Less")),
        (Conflict, lambda: reprice_line(world.actor, line_id=typed.id, unit_price=Decimal(1), reason="Typed")),
        (Conflict, lambda: edit_line(world.actor, line_id=line.id, quantity=Decimal(2))),
        (NotFound, lambda: take_work_out(world.actor, line_id=typed.id, charge_ids=[other])),
        (NotFound, lambda: take_work_out(world.actor, line_id=line.id, charge_ids=[])),
        (NotFound, lambda: add_work(world.actor, invoice_id=draft.id, charge_ids=[other])),
        (NotFound, lambda: restore_line(world.actor, line_id=line.id, write_down_ids=[other], reason="None")),
        (NotFound, lambda: split_draft(world.actor, invoice_id=draft.id, line_ids=[other])),
        (Forbidden, lambda: reprice_line(world.with_rights(), line_id=line.id, unit_price=Decimal(1), reason="No")),
    ]
    for kind, attempt in refused:
        with pytest.raises(kind):
            attempt()
    assert shown(world, draft) == before
    assert proven(world)


def test_an_issued_invoice_refuses_every_change(world: World, draft: Invoice) -> None:
    line = only(world, draft)
    issue_invoices(world.actor, invoice_ids=[draft.id])
    target = create_invoice(world.actor, client_id=draft.client_id)
    attempts: list[Callable[[], object]] = [
        lambda: write_line_down(world.actor, line_id=line.id, billed_minutes=60, reason="Agreed"),
        lambda: reprice_line(world.actor, line_id=line.id, unit_price=Decimal(1), reason="Agreed"),
        lambda: take_work_out(world.actor, line_id=line.id, charge_ids=[line.id]),
        lambda: place_line(world.actor, line_id=line.id, position=1),
        lambda: regroup_draft(world.actor, invoice_id=draft.id, grouping="one"),
        lambda: move_lines(world.actor, line_ids=[line.id], invoice_id=target.id),
        lambda: merge_drafts(world.actor, invoice_id=draft.id, into_id=target.id),
    ]
    for attempt in attempts:
        with pytest.raises(Conflict, match="issued and never changes"):
            attempt()
