"""The page of a draft and of an invoice: what is edited in place, what asks for a reason, what comes back by Undo."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from quoin.billing.actions.links import digest_of
from quoin.billing.models import Charge, Invoice, InvoiceLine, InvoiceLink, Payment
from quoin.timesheets.models import TimeEntry
from tests.billing.test_story import broken
from tests.make import World, billing, money, web

MARCH = date(2026, 3, 31)


@pytest.fixture
def job(world: World):
    job = billing.job(world, rate="100")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[480, 300], day=[date(2026, 3, 2), MARCH])
    return job


@pytest.fixture
def browser(world: World) -> Client:
    return web.signed_in(world)


def patch(browser: Client, url: str, body: str):
    return browser.generic("PATCH", url, body, content_type="application/x-www-form-urlencoded")


def line_of(world: World, draft: Invoice, **where: object) -> InvoiceLine:
    with world.inside():
        return InvoiceLine.objects.get(invoice_id=draft.id, **where)


def text(browser: Client, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def test_cells_of_a_draft_are_edited_in_place(world: World, browser: Client, job) -> None:
    draft = billing.draft(world)
    url = f"/invoices/{draft.public_id}"
    work = line_of(world, draft)
    browser.post(f"{url}/lines", {"description": "Workshop", "quantity": "2", "unit_price": "500"})
    typed = line_of(world, draft, is_manual=True)
    page = text(browser, url)
    assert page.count('data-field="description"') == 2
    assert page.count('data-field="unit_price"') == 1

    assert patch(browser, f"/invoices/lines/{work.public_id}/cell", "description=Advice").status_code == 200
    assert patch(browser, f"/invoices/lines/{typed.public_id}/cell", "unit_price=450,50").status_code == 200
    assert patch(browser, f"/invoices/lines/{typed.public_id}/cell", "quantity=many").status_code == 422
    assert patch(browser, f"/invoices/lines/{work.public_id}/cell", "quantity=2").status_code == 422
    assert patch(browser, f"/invoices/lines/{work.public_id}/cell", "kind=fee").status_code == 422

    assert "901.00" in text(browser, url)
    assert line_of(world, draft, is_manual=False).description == "Advice"


def test_hours_and_price_ask_for_a_reason(world: World, browser: Client, job) -> None:
    draft = billing.draft(world)
    url = f"/invoices/lines/{line_of(world, draft).public_id}/change"
    assert "13:00" in text(browser, url)

    assert browser.post(url, {"hours": "13:00", "unit_price": "100", "reason": "Same"}).status_code == 422
    assert browser.post(url, {"hours": "soon", "unit_price": "100", "reason": "Hm"}).status_code == 422
    refused = browser.post(url, {"hours": "99:00", "unit_price": "90", "reason": "More"})
    assert refused.status_code == 422
    assert line_of(world, draft).unit_price == Decimal(100), "the price stays when the hours are refused"
    done = browser.post(url, {"hours": "12:00", "unit_price": "90", "reason": "Agreed"})
    assert done.status_code == 303
    row = line_of(world, draft)
    assert (row.billed_minutes, row.unit_price, row.net_amount) == (720, Decimal(90), Decimal(1080))
    assert broken(world) == []


def test_work_goes_out_and_in_and_lines_move(world: World, browser: Client, job) -> None:
    draft = billing.draft(world)
    url = f"/invoices/{draft.public_id}"
    line = line_of(world, draft)
    with world.inside():
        first = Charge.objects.order_by("work_on").first()
    assert "Take out" in text(browser, f"/invoices/lines/{line.public_id}")
    assert browser.post(f"/invoices/lines/{line.public_id}/take-out").status_code == 422
    assert browser.post(f"/invoices/lines/{line.public_id}/take-out", {"ids": first.public_id}).status_code == 303
    assert first.public_id in text(browser, f"{url}/work")
    assert browser.post(f"{url}/work", {"ids": first.public_id}).status_code == 303
    assert "No unbilled work" in text(browser, f"{url}/work")
    assert browser.post(f"{url}/regroup", {"grouping": "week"}).status_code == 303
    with world.inside():
        rows = list(InvoiceLine.objects.filter(invoice=draft).order_by("position"))
    assert browser.post(f"/invoices/lines/{rows[1].public_id}/place", {"to": "up"}).status_code == 303
    assert "a new draft" in text(browser, f"/invoices/lines/{rows[0].public_id}/move")
    moved = browser.post(f"/invoices/lines/{rows[0].public_id}/move", {"to": "new"})
    assert moved.status_code == 303
    with world.inside():
        other = Invoice.objects.exclude(id=draft.id).get()
    merged = browser.post(f"/invoices/{other.public_id}/merge", {"to": draft.public_id})
    assert merged["Location"] == url
    assert (
        browser.post(f"{url}/edit", {"purchase_order": "PO 7", "payment_days": "14", "note": "Hi"}).status_code == 303
    )
    assert "PO 7" in text(browser, url)
    assert browser.post(f"{url}/step", {"to": "approved"}).status_code == 303
    assert "Take approval back" in text(browser, url)
    assert broken(world) == []


def test_part_of_an_invoice_is_credited_on_screen(world: World, browser: Client, job) -> None:
    invoice = billing.issued(world)
    url = f"/invoices/{invoice.public_id}/credit"
    line = line_of(world, invoice)
    with world.inside():
        first = Charge.objects.order_by("work_on").first()
    assert "1,300.00" in text(browser, url)

    for body in (
        {"reason": "Nothing typed", "what": "amounts"},
        {"reason": "No number", "what": "amounts", line.public_id: "much"},
        {"reason": "Too much", "what": "amounts", line.public_id: "1300.01"},
        {"reason": "None chosen", "what": "entries"},
        {"what": "all"},
    ):
        assert browser.post(url, body).status_code == 422, body
    assert browser.post(url, {"reason": "Goodwill", "what": "amounts", line.public_id: "100"}).status_code == 303
    again = browser.post(url, {"reason": "Wrong day", "what": "entries", "ids": first.public_id, "reopens_work": "on"})
    assert again.status_code == 303
    with world.inside():
        notes = [row.net_amount for row in Invoice.objects.filter(kind="credit_note").order_by("sequence")]
        assert notes == [Decimal(100), Decimal(800)]
        assert TimeEntry.objects.get(id=first.source_id).status != "approved"
    rest = browser.post(url, {"reason": "All of it", "what": "all"})
    assert rest.status_code == 303
    assert broken(world) == []


def test_a_payment_is_looked_at_used_and_taken_back(world: World, browser: Client, job) -> None:
    invoice = billing.issued(world)
    pay = f"/invoices/{invoice.public_id}/pay"
    assert browser.post(pay, {"amount": "2000.00", "received_on": "2026-05-04"}).status_code == 303
    with world.inside():
        payment = Payment.objects.get()
    url = f"/payments/{payment.public_id}"
    assert "Kranich" in text(browser, "/payments")
    assert "453.00" in text(browser, url)
    assert browser.post(f"{url}/apply").status_code == 409
    assert browser.post(f"{url}/take-back", {"reason": " "}).status_code == 422
    assert browser.post(f"{url}/take-back", {"reason": "Bounced"}).status_code == 303
    assert "Taken back" in text(browser, url)
    assert broken(world) == []


def test_links_are_renewed_and_ended_on_screen(world: World, browser: Client, job) -> None:
    invoice = billing.issued(world)
    url = f"/invoices/{invoice.public_id}"
    made = browser.post(f"{url}/links")
    with world.inside():
        link = InvoiceLink.objects.get()
    address = re.search(r'id="made-link" value="([^"]+)"', made.content.decode())
    assert address
    assert digest_of(address[1].rpartition("/")[2]) == link.digest
    assert made["Cache-Control"] == "no-store"
    assert "not opened yet" in text(browser, url)
    assert browser.post(f"{url}/links/{link.public_id}/renew").status_code == 303
    assert browser.post(f"{url}/links/{link.public_id}/revoke").status_code == 303
    assert browser.post(f"{url}/links/{link.public_id}/renew").status_code == 409


def test_unbilled_work_is_held_released_and_opened_on_screen(world: World, browser: Client, job) -> None:
    with world.inside():
        first = Charge.objects.order_by("work_on").first()
    assert browser.get("/billing/unbilled/hold").status_code == 422
    assert "Choose the entries first" in browser.get("/billing/unbilled/hold").content.decode()
    query = f"?ids={first.public_id}"
    assert "Hold 1 entry" in text(browser, f"/billing/unbilled/hold{query}")
    assert browser.post(f"/billing/unbilled/hold{query}", {"until": "2099-06-30", "reason": "PO"}).status_code == 303
    assert "PO" in text(browser, f"/billing/unbilled/{job.client.public_id}")
    assert browser.post("/billing/unbilled/release", {"ids": first.public_id}).status_code == 303
    assert browser.post(f"/billing/unbilled/reopen{query}", {"reason": "Wrong task"}).status_code == 303
    with world.inside():
        assert Charge.objects.get(id=first.id).status == "void"
    assert broken(world) == []


def test_tabs_show_the_header_of_their_thing(world: World, browser: Client, job) -> None:
    billing.issued(world)
    for url, words in (
        (f"/clients/{job.client.public_id}/invoices", job.client.number),
        (f"/p/{job.number}/invoices", job.number),
    ):
        page = text(browser, url)
        assert words in page
        assert 'aria-current="page"' in page
    assert f'href="/p/{job.number}/invoices"' in text(browser, f"/p/{job.number}")
