"""Many processes do the same thing at the same moment: it happens once, and the books close.

Processes, not threads; real commits; they start together at a barrier.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from quoin.billing.actions.runs import build_run
from quoin.billing.models import Charge, Invoice, Payment, PaymentApplication
from quoin.ledger.actions.periods import open_period
from quoin.ledger.models import FiscalPeriod, Journal
from quoin.timesheets.models import TimeEntry, Timer
from tests.make import billing, money
from tests.proof.forge import Answer, Call, answers_of
from tests.proof.ground import MARCH, Ground, approved, broken, handed_in, new_ground, shown

SIXTEEN = 16


def statuses(answers: list[Answer | None]) -> dict[int, int]:
    """How many answers of each status; a process that died is -1."""
    found: dict[int, int] = {}
    for answer in answers:
        status = answer.status if answer else -1
        found[status] = found.get(status, 0) + 1
    return found


def test_sixteen_bill_one_project_and_one_set_of_invoices_comes_out() -> None:
    ground = new_ground()
    approved(ground)
    calls = [
        Call("POST", "/api/v1/billing-runs", ground.token, {"work_until": MARCH.isoformat()}, key=f"k{number}")
        for number in range(SIXTEEN)
    ]

    answers = answers_of(calls)

    assert set(statuses(answers)) <= {200, 201}, answers
    with ground.world.inside():
        drafts = list(Invoice.objects.all())
        items = Charge.objects.filter(status="drafted").count()
    assert (len(drafts), items) == (1, 3)
    assert broken(ground) == {}


def test_sixteen_issue_sixteen_drafts_and_numbers_have_no_gap() -> None:
    ground = new_ground()
    world = ground.world
    person = world.person()
    for number in range(SIXTEEN):
        job = billing.job(world, rate="95" if number == 0 else "", of=billing.buyer(world, name=f"Buyer {number}"))
        money.approved_time(world, on=job, by=person, minutes=[60 + number], day=MARCH)
    drafts = build_run(world.actor, work_until=MARCH).drafts
    calls = [
        Call(
            "POST",
            f"/api/v1/invoices/{draft.public_id}/issue",
            ground.token,
            {"issue_on": "2026-04-01"},
            key=f"k{index}",
        )
        for index, draft in enumerate(drafts)
    ]

    answers = answers_of(calls)

    assert statuses(answers) == {200: SIXTEEN}, answers
    with world.inside():
        sequences = sorted(Invoice.objects.filter(status="issued").values_list("sequence", flat=True))
    assert sequences == list(range(1, SIXTEEN + 1))
    assert broken(ground) == {}


def test_sixteen_issue_one_draft_and_it_has_one_number() -> None:
    ground = new_ground()
    approved(ground)
    draft = billing.draft(ground.world)
    path = f"/api/v1/invoices/{draft.public_id}/issue"

    answers = answers_of(
        [Call("POST", path, ground.token, {"issue_on": "2026-04-01"}, key=f"k{n}") for n in range(SIXTEEN)]
    )

    assert statuses(answers) == {200: 1, 409: SIXTEEN - 1}, answers
    with ground.world.inside():
        assert Journal.objects.filter(source_kind="invoice").count() == 1
    assert broken(ground) == {}


def test_sixteen_pay_one_invoice_and_no_more_than_its_amount_is_applied() -> None:
    ground = new_ground()
    approved(ground)
    invoice = billing.issued(ground.world)
    body = {
        "client_id": shown("cli", invoice.client_id), "received_on": "2026-05-04",
        "amount": {"amount": f"{invoice.gross_amount / 4:.2f}", "currency": "EUR"},
    }  # fmt: skip

    answers = answers_of([Call("POST", "/api/v1/payments", ground.token, body, key=f"k{n}") for n in range(SIXTEEN)])

    assert set(statuses(answers)) <= {201, 409, 422}, answers
    with ground.world.inside():
        applied = sum(PaymentApplication.objects.filter(invoice=invoice).values_list("amount", flat=True), Decimal(0))
        received = Payment.objects.count()
    assert applied == invoice.gross_amount
    assert received == statuses(answers)[201]
    assert broken(ground) == {}


def test_fifty_calls_with_one_key_pay_once() -> None:
    ground = new_ground()
    approved(ground)
    invoice = billing.issued(ground.world)
    body = {
        "client_id": shown("cli", invoice.client_id), "received_on": "2026-05-04",
        "amount": {"amount": f"{invoice.gross_amount:.2f}", "currency": "EUR"},
    }  # fmt: skip
    call = Call("POST", "/api/v1/payments", ground.token, body, key="once")

    answers = answers_of([call] * 50)

    assert set(statuses(answers)) <= {201, 409}, answers
    assert len({str(answer.body) for answer in answers if answer and answer.status == 201}) == 1
    with ground.world.inside():
        assert Payment.objects.count() == 1
    assert broken(ground) == {}


def test_fifteen_post_while_one_closes_and_nothing_lands_in_the_closed_month() -> None:
    ground = new_ground()
    world = ground.world
    ids = handed_in(ground, minutes=tuple(60 + number for number in range(15)))
    open_period(world.actor, entity_id=world.entity.id, month="2026-03")
    entity = shown("ent", world.entity.id)
    calls = [
        Call("POST", "/api/v1/approvals/approve", ground.token, {"entry_ids": [shown("tim", one)]}, key=f"k{number}")
        for number, one in enumerate(ids)
    ]
    calls.insert(7, Call("POST", f"/api/v1/ledger/periods/{entity}/2026-03/close", ground.token, {}, key="close"))

    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(answers_of, calls)
        at_close = _march(ground)
        while not at_close[0] and not running.done():
            at_close = _march(ground)
        answers = running.result()

    assert set(statuses(answers)) <= {200, 201, 204, 409}, answers
    with world.inside():
        period = FiscalPeriod.objects.get(entity=world.entity, starts_on=date(2026, 3, 1))
        approved_entries = TimeEntry.objects.filter(status="approved").count()
    assert period.closed_at is not None
    assert approved_entries == sum(
        1 for index, answer in enumerate(answers) if index != 7 and answer and answer.status == 200
    )
    if at_close[0]:
        assert _march(ground)[1] == at_close[1]
    assert broken(ground) == {}


def _march(ground: Ground) -> tuple[bool, frozenset[UUID]]:
    """Whether March is closed, and its journals, as one moment shows them."""
    with ground.world.inside(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.closed_at IS NOT NULL, array(SELECT j.id FROM ledger_journal j WHERE j.tenant_id = p.tenant_id"
            " AND j.posting_on >= p.starts_on AND j.posting_on < '2026-04-01') FROM ledger_fiscalperiod p"
            " WHERE p.tenant_id = %s AND p.starts_on = '2026-03-01'",
            [ground.world.tenant_id],
        )
        is_closed, journals = cursor.fetchone()
    return is_closed, frozenset(journals)


def test_four_devices_start_and_stop_and_one_clock_runs() -> None:
    ground = new_ground()
    world = ground.world
    job = billing.job(world, rate="95")
    with world.inside():
        project_id = shown("prj", job.id)
    start = Call("POST", "/api/v1/timer/start", ground.token, {"project_id": project_id})

    first = answers_of([start] * 4)
    stops = answers_of([Call("POST", "/api/v1/timer/stop", ground.token, {})] * 4)

    # The firm's time stands still: whoever comes second finds a clock that was started just now.
    assert statuses(first) == {201: 1, 409: 3}, first
    assert statuses(stops) == {409: 4}, stops
    with world.inside():
        assert Timer.objects.count() == 1
    assert broken(ground) == {}
