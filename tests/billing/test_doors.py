"""The same work through the API and on the command line: drafts, credits, links, payments, held and reopened work."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import click
import pytest

from quoin.billing.models import Charge, Invoice, InvoiceLine, Payment
from quoin.kernel.errors import Conflict, Invalid, NotFound
from quoin.timesheets.models import TimeEntry
from tests.billing.test_story import broken
from tests.make import World, billing, money
from tests.make.api import Api, api
from tests.make.cli import quoin

MARCH = date(2026, 3, 31)


@pytest.fixture
def job(world: World):
    job = billing.job(world, rate="100")
    days = [date(2026, 3, day) for day in (2, 10, 31)]
    for name in ("Ana", "Bo"):
        money.approved_time(world, on=job, by=world.person(name, cost="0"), minutes=[480, 300, 60], day=days)
    return job


@pytest.fixture
def door(world: World) -> Api:
    return api(world)


def charge_ids(world: World, **where: object) -> list[str]:
    with world.inside():
        return [row.public_id for row in Charge.objects.filter(**where).order_by("work_on", "id")]


def test_a_draft_is_edited_over_the_api(world: World, job, door: Api) -> None:
    draft = billing.draft(world)
    path = f"/invoices/{draft.public_id}"
    found = door.get(path).body
    (line,) = found["lines"]
    assert found["net"]["amount"] == "2800.00"

    edited = door.patch(f"{path}/lines/{line['id']}", description="Advice", version=found["version"])
    assert (edited.status, edited.body["lines"][0]["description"]) == (200, "Advice")
    stale = door.patch(f"{path}/lines/{line['id']}", description="Other", version=found["version"])
    assert (stale.status, stale.body["code"]) == (412, "stale")
    fewer = door.post(f"{path}/lines/{line['id']}/write-down", billed_minutes=1500, reason="Agreed")
    assert fewer.body["net"]["amount"] == "2500.00"
    cheaper = door.post(f"{path}/lines/{line['id']}/reprice", unit_price="90", reason="Agreed rate")
    assert (cheaper.body["net"]["amount"], cheaper.body["lines"][0]["unit_price"]) == ("2250.00", "90")
    changes = door.get(f"/charges/{charge_ids(world)[0]}").body["write_downs"]
    back = door.post(f"{path}/lines/{line['id']}/restore", write_down_ids=[changes[0]["id"]], reason="Not this one")
    assert back.status == 200
    typed = door.post(f"{path}/lines", description="Workshop", unit_price="500")
    assert door.post(f"{path}/lines/{typed.body['id']}/place", position=1).body["lines"][0]["description"] == "Workshop"
    other = door.post(f"{path}/split", line_ids=[typed.body["id"]])
    assert (other.status, other.body["net"]["amount"]) == (201, "500.00")
    joined = door.post(f"/invoices/{other.body['id']}/merge", into_id=draft.public_id)
    assert [one["description"] for one in joined.body["lines"]] == ["Advice", "Workshop"]
    assert door.delete(f"{path}/lines/{typed.body['id']}").status == 204
    approved = door.post("/invoices/step", invoice_ids=[draft.public_id], to="approved")
    assert approved.body == {"moved": 1}
    assert broken(world) == []


def test_work_is_taken_out_added_and_grouped_over_the_api(world: World, job, door: Api) -> None:
    draft = billing.draft(world)
    path = f"/invoices/{draft.public_id}"
    line = door.get(path).body["lines"][0]["id"]
    first = charge_ids(world)[0]

    out = door.post(f"{path}/lines/{line}/take-out", charge_ids=[first])
    assert out.body["net"]["amount"] == "2000.00"
    assert door.post(f"{path}/work", charge_ids=[first], line_id=line).body["net"]["amount"] == "2800.00"
    grouped = door.post(f"{path}/regroup", grouping="person")
    assert sorted(one["net"]["amount"] for one in grouped.body["lines"]) == ["1400.00", "1400.00"]
    refused = door.post(f"{path}/regroup", grouping="colour")
    assert refused.status == 422
    target = door.post("/invoices", client_id=draft.client.public_id).body["id"]
    moved = door.post(f"/invoices/{target}/move-lines", line_ids=[grouped.body["lines"][0]["id"]])
    assert moved.body["net"]["amount"] == "1400.00"
    stray = door.post(f"{path}/lines/{grouped.body['lines'][0]['id']}/place", position=1)
    assert stray.status == 404
    assert broken(world) == []


def test_nobody_without_the_right_edits_a_draft(world: World, job) -> None:
    draft = billing.draft(world)
    with world.inside():
        line = InvoiceLine.objects.get(invoice=draft)
    looker = api(world, "billing.invoice.view")
    path = f"/invoices/{draft.public_id}"
    for call, body in (
        (f"{path}/lines/{line.public_id}/reprice", {"unit_price": "1", "reason": "No"}),
        (f"{path}/regroup", {}),
        (f"{path}/links", {}),
        ("/charges/reopen", {"charge_ids": charge_ids(world), "reason": "No"}),
    ):
        assert looker.post(call, **body).status == 403, call


def test_part_of_an_invoice_is_credited_by_line_and_by_entry(world: World, job, door: Api) -> None:
    invoice = billing.issued(world)
    path = f"/invoices/{invoice.public_id}"
    line = door.get(path).body["lines"][0]["id"]

    by_amount = door.post(f"{path}/credit", reason="Goodwill", amounts=[{"line_id": line, "amount": "150.00"}])
    assert (by_amount.status, by_amount.body["number"]) == (201, "HD-CN-2026-0001")
    by_entry = door.post(f"{path}/credit", reason="Wrong day", charge_ids=charge_ids(world)[:1], reopens_work=True)
    assert by_entry.status == 201
    both = door.post(f"{path}/credit", reason="Both", charge_ids=[], amounts=[])
    assert (both.status, both.body["errors"][0]["pointer"]) == (422, "/amounts")

    with world.inside():
        notes = Invoice.objects.filter(kind="credit_note").order_by("sequence")
        assert [note.net_amount for note in notes] == [Decimal(150), Decimal(800)]
        assert TimeEntry.objects.exclude(status="approved").count() == 1
    assert broken(world) == []


def test_a_link_is_renewed_and_ended(world: World, job, door: Api) -> None:
    invoice = billing.issued(world)
    made = door.post(f"/invoices/{invoice.public_id}/links", sent_to="kari@kranich.example")
    assert (made.status, made.body["url"].count("/c/")) == (201, 1)
    assert door.post(f"/links/{made.body['id']}/renew").status == 200
    assert door.post(f"/links/{made.body['id']}/revoke").body["revoked_at"] is not None
    assert door.post(f"/links/{made.body['id']}/renew").status == 409
    (listed,) = door.get(f"/invoices/{invoice.public_id}/links").body["data"]
    assert "url" not in listed


def test_a_payment_is_used_and_taken_back_over_the_api(world: World, job, door: Api) -> None:
    invoice = billing.issued(world)
    client = invoice.client.public_id
    paid = door.post(
        "/payments",
        client_id=client,
        amount={"amount": "100.00", "currency": "EUR"},
        received_on="2026-05-01",
        shares=[],
    )
    assert paid.status == 201
    applied = door.post(f"/payments/{paid.body['id']}/apply")
    assert applied.status == 200
    assert door.get(f"/invoices/{invoice.public_id}").body["open"]["amount"] == "3232.00"
    assert door.post(f"/payments/{paid.body['id']}/take-back", reason="Bounced").status == 200
    assert door.post(f"/payments/{paid.body['id']}/take-back", reason="Again").status == 409
    assert broken(world) == []


def test_held_and_reopened_work_over_the_api(world: World, job, door: Api) -> None:
    ids = charge_ids(world)
    assert door.post("/charges/hold", charge_ids=ids[:2], until="2099-06-30", reason="PO").body == {"held": 2}
    assert door.post("/charges/hold", charge_ids=[], until="2099-06-30", reason="PO").status == 422
    assert door.post("/charges/release", charge_ids=ids[:2]).body == {"released": 2}
    assert door.post("/charges/reopen", charge_ids=ids[:2], reason="Wrong project").body == {"reopened": 2}
    assert len(charge_ids(world, status="unbilled")) == 4
    assert broken(world) == []


def test_a_draft_is_edited_on_the_command_line(world: World, job) -> None:
    quoin(world, "bill", "run", "--to", "2026-03-31")
    name = "Kranich Verlag AG"

    (listed,) = quoin(world, "draft", "list")
    assert listed["net"] == {"amount": "2800.00", "currency": "EUR"}
    quoin(world, "draft", "edit", name, "--order", "PO 7", "--due", "2026-06-30", "--note", "Thank you")
    assert quoin(world, "draft", "show", name)["purchase_order"] == "PO 7"
    quoin(world, "draft", "text", name, "1", "Advice")
    assert quoin(world, "draft", "hours", name, "1", "25:00", "--reason", "Agreed")["net"]["amount"] == "2500.00"
    assert quoin(world, "draft", "price", name, "1", "90", "--reason", "Agreed")["net"]["amount"] == "2250.00"
    quoin(world, "draft", "line", name, "Workshop", "--price", "500")
    assert quoin(world, "draft", "place", name, "2", "1")["lines"][0]["description"] == "Workshop"
    first = charge_ids(world, status="drafted")[0]
    assert quoin(world, "draft", "take-out", name, "2", first)["net"]["amount"] == "2030.00"
    assert quoin(world, "draft", "add-work", name, first)["net"]["amount"] == "2750.00"
    assert len(quoin(world, "draft", "regroup", name, "one")["lines"]) == 3
    other = quoin(world, "draft", "split", name, "1")
    with pytest.raises(NotFound, match="Several drafts"):
        quoin(world, "draft", "show", name)
    joined = quoin(world, "draft", "merge", other["id"], "--into", listed["id"])
    assert len(joined["lines"]) == 3
    assert len(quoin(world, "draft", "remove", name, "3")["lines"]) == 2
    assert quoin(world, "draft", "step", name, "--to", "approved") == {"moved": 1}
    with pytest.raises(NotFound, match="no line 9"):
        quoin(world, "draft", "remove", name, "9")
    with pytest.raises(Invalid, match="Say what to change"):
        quoin(world, "draft", "edit", name)
    with pytest.raises(Invalid, match="not a number"):
        quoin(world, "draft", "price", name, "1", "cheap", "--reason", "No")
    assert broken(world) == []


def test_issued_paid_credited_and_linked_on_the_command_line(world: World, job) -> None:
    run = quoin(world, "bill", "run", "--to", "2026-03-31")
    issued = quoin(world, "bill", "issue", run["id"])
    number = issued["issued"][0]["number"]
    assert quoin(world, "invoice", "show", number)["gross"]["amount"] == "3332.00"
    assert quoin(world, "invoice", "credit", number, "--reason", "Goodwill", "--line", "1=100.00")["corrects"] == number
    entry = charge_ids(world)[0]
    assert quoin(world, "invoice", "credit", number, "--reason", "Wrong", "--entry", entry, "--reopen")["number"]
    with pytest.raises(click.UsageError, match="is not LINE=AMOUNT"):
        quoin(world, "invoice", "credit", number, "--reason", "No", "--line", "first")
    link = quoin(world, "invoice", "link", "create", number, "--for", "Kari")
    assert quoin(world, "invoice", "link", "renew", link["id"])["sent_to"] == "Kari"
    assert quoin(world, "invoice", "link", "revoke", link["id"])["revoked_at"]
    assert len(quoin(world, "invoice", "link", "list", number)) == 1
    paid = quoin(world, "payment", "record", number, "500.00", "--on", "2026-05-02")
    assert quoin(world, "payment", "take-back", paid["id"], "--reason", "Bounced")["amount"]["amount"] == "-500.00"
    with pytest.raises(Conflict, match="Nothing is left"):
        quoin(world, "payment", "apply", quoin(world, "payment", "record", number, "500.00")["id"])
    corrected = quoin(world, "invoice", "correct", number, "--reason", "Order number")
    assert corrected["draft"].startswith("inv_")
    with world.inside():
        assert Payment.objects.count() == 3
    assert broken(world) == []


def test_what_is_issued_already_is_a_conflict_over_the_api(world: World, job, door: Api) -> None:
    invoice = billing.issued(world)

    answer = door.post(f"/invoices/{invoice.public_id}/issue")

    assert (answer.status, answer.body["code"]) == (409, "conflict")


def test_work_is_held_written_up_down_and_reopened_on_the_command_line(world: World, job) -> None:
    ids = charge_ids(world)
    assert quoin(world, "charge", "hold", ids[0], "--until", "2026-06-30", "--reason", "PO") == {"held": 1}
    assert quoin(world, "charge", "release", ids[0]) == {"released": 1}
    raised = quoin(world, "charge", "write-up", ids[0], "50", "--reason", "Night work")
    assert quoin(world, "charge", "take-back", raised["id"], "--reason", "No") == {"taken_back": 1}
    assert quoin(world, "charge", "write-down", ids[1], "--reason", "Goodwill") == {"written_down": 1}
    assert quoin(world, "charge", "reopen", ids[2], "--reason", "Wrong project") == {"reopened": 1}
    assert len(quoin(world, "charge", "list")) == 4
    assert broken(world) == []
