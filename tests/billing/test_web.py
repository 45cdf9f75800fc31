"""Screens of billing answer, for all their states."""

from datetime import date

import pytest

from tests.make import World, billing, money, web

MARCH = date(2026, 3, 31)


@pytest.fixture
def job(world: World):
    job = billing.job(world, rate="100")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[480, 300], day=MARCH)
    return job


def test_from_unbilled_to_paid_on_screens(world: World, job) -> None:
    browser = web.signed_in(world)
    assert "1,300.00" in browser.get("/billing/unbilled").content.decode()
    assert browser.get("/billing/runs?work_until=2026-03-31").status_code == 200

    built = browser.post("/billing/runs/build", {"work_until": "2026-03-31"})
    run_url = built["Location"]
    page = browser.get(run_url).content.decode()
    assert "Kranich Verlag AG" in page
    assert "Equal" in page
    assert browser.post(f"{run_url}/step").status_code == 303
    assert browser.post(f"{run_url}/issue", {"count": "2"}).status_code == 422
    assert browser.post(f"{run_url}/issue", {"count": "1"}).status_code == 303

    listed = browser.get("/invoices").content.decode()
    assert "HD-2026-0001" in listed
    with world.inside():
        from quoin.billing.models import Invoice, InvoiceLine

        invoice, line = Invoice.objects.get(), InvoiceLine.objects.get()
    url = f"/invoices/{invoice.public_id}"
    assert "1,547.00" in browser.get(url).content.decode()
    assert browser.get(f"/invoices/lines/{line.public_id}").status_code == 200
    assert browser.get(f"{url}/pdf").content.startswith(b"%PDF")
    assert browser.get(f"{url}/ubl").status_code == 200
    assert browser.post(f"{url}/pay", {"amount": "1547.00", "received_on": "2026-05-06"}).status_code == 303
    assert "Paid" in browser.get(url).content.decode()
    assert browser.get("/receivables").status_code == 200
    assert browser.get(f"/clients/{job.client.public_id}/invoices").status_code == 200
    assert browser.get(f"/p/{job.number}/invoices").status_code == 200


def test_a_typed_draft_takes_lines_and_is_corrected(world: World, job) -> None:
    browser = web.signed_in(world)
    made = browser.post("/invoices/new", {"client_id": job.client.public_id})["Location"]
    assert (
        browser.post(f"{made}/lines", {"description": "Workshop", "quantity": "2", "unit_price": "500"}).status_code
        == 303
    )
    assert "1,190.00" in browser.get(made).content.decode()
    assert browser.post(f"{made}/issue").status_code == 303
    assert browser.get(f"{made}/correct").status_code == 200
    corrected = browser.post(f"{made}/correct", {"reason": "Wrong order"})
    assert "Workshop" in browser.get(corrected["Location"]).content.decode()
