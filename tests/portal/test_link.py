"""A client link: one invoice, its hours, its files; nothing of the firm's own figures; ends when told."""

from datetime import date, timedelta

import pytest
from django.test import Client

from quoin.base.clock import utc_now
from quoin.billing.actions.links import create_link, revoke_link, send_invoice
from quoin.billing.models import InvoiceLink
from tests.make import billing, money, new_world
from tests.make.web import signed_in


@pytest.fixture
def made():
    world = new_world(now=utc_now())
    job = billing.job(world, rate="97")
    money.approved_time(
        world, on=job, by=world.person(cost="61.37"), minutes=[440], day=date(2026, 3, 31), note="Design"
    )
    invoice = billing.issued(world)
    return world, invoice, create_link(world.actor, invoice_id=invoice.id)


def test_the_client_sees_the_invoice_and_its_hours_without_cost(made) -> None:
    world, invoice, new = made
    page = Client().get(new.url.partition("8000")[2])

    text = page.content.decode()
    assert page.status_code == 200
    assert invoice.number in text
    assert "Design" in text
    assert "7:20" in text
    assert "61.37" not in text
    assert "450.05" not in text
    assert page["Cache-Control"] == "private, no-store"
    with world.inside():
        assert InvoiceLink.objects.get().opened_count == 1
    pdf = Client().get(new.url.partition("8000")[2] + "/pdf")
    assert pdf.content.startswith(b"%PDF")


def test_a_link_opens_in_a_browser_that_is_signed_in_to_any_firm(made) -> None:
    world, invoice, new = made
    path = new.url.partition("8000")[2]

    for firm in (world, new_world(now=utc_now())):
        page = signed_in(firm).get(path)

        assert page.status_code == 200
        assert invoice.number in page.content.decode()
    with world.inside():
        assert InvoiceLink.objects.get().opened_count == 2


def test_a_revoked_or_expired_link_shows_nothing(made) -> None:
    world, invoice, new = made
    revoke_link(world.actor, link_id=new.link.id)
    gone = Client().get(new.url.partition("8000")[2])
    assert gone.status_code == 404
    assert invoice.number not in gone.content.decode()

    other = create_link(world.actor, invoice_id=invoice.id)
    world.do(lambda: InvoiceLink.objects.filter(id=other.link.id).update(expires_at=utc_now() - timedelta(minutes=1)))
    assert Client().get(other.url.partition("8000")[2]).status_code == 404
    assert Client().get("/c/nothing").status_code == 404


def test_sending_queues_a_mail_with_pdf_and_link(made) -> None:
    world, invoice, _ = made
    sent = send_invoice(world.actor, invoice_id=invoice.id)

    with world.inside():
        from quoin.base.mail.models import MailMessage

        mail = MailMessage.objects.get()
    assert (mail.to, mail.about) == ("rechnung@kranich.example", invoice.public_id)
    assert sent.url in mail.text
    assert len(mail.file_ids) == 1
