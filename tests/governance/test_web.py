"""Screens, API and command line of governance: what they show and what their forms do."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from quoin.base.clock import utc_now
from quoin.base.mail.models import MailMessage
from quoin.clients.actions import create_contact
from quoin.governance.actions.changes import send_change
from quoin.governance.actions.lessons import create_lesson
from quoin.governance.actions.raid import create_raid
from quoin.governance.actions.reports import draft_report
from quoin.governance.models import ChangeLine, ChangeOrder, Lesson, RaidItem, StatusReport
from quoin.kernel.ids import public_id
from tests.make import World, new_world
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.governance import Job, change_order, job
from tests.make.web import signed_in


@pytest.fixture
def held(world: World) -> Job:
    return job(world)


@pytest.fixture
def browser(world: World) -> Browser:
    return signed_in(world)


def test_every_page_opens(world: World, held: Job, browser: Browser) -> None:
    number = held.project.number
    empty = browser.get(f"/p/{number}/raid").content.decode()
    assert "What could go wrong?" in empty
    assert empty.count("suggestion=") == 3
    assert "Supplier" not in empty
    change = change_order(world, held)
    risk = create_raid(world.actor, project_id=held.project.id, title="Data comes late", impact_amount="8000")
    report = draft_report(world.actor, project_id=held.project.id, money="money")
    lesson = create_lesson(world.actor, project_id=held.project.id, title="Ask for data early")
    for path in (
        "/raid", "/raid/new", f"/raid/new?project={number}", f"/raid/new?project={number}&suggestion=scope",
        f"/raid/{risk.public_id}", f"/raid/{risk.public_id}/edit", f"/p/{number}/raid", f"/p/{number}/raid?field=3x3",
        "/change-orders", "/change-orders/new", f"/change-orders/new?project={number}",
        f"/change-orders/{change.public_id}", f"/change-orders/{change.public_id}/edit",
        f"/change-orders/{change.public_id}/answer", f"/change-orders/{change.public_id}/lines/add_task",
        f"/change-orders/{change.public_id}/lines/extend_task", f"/change-orders/{change.public_id}/lines/price",
        f"/change-orders/{change.public_id}/lines/people", f"/p/{number}/changes", "/status-reports",
        f"/status-reports/{report.public_id}", f"/status-reports/{report.public_id}/figures/project.worked",
        f"/p/{number}/reports", "/lessons", "/lessons/new", f"/lessons/new?project={number}",
        f"/lessons/{lesson.public_id}", f"/p/{number}/lessons",
        f"/figures/risk.exposure/lines?project={held.project.public_id}",
        f"/figures/contract.value/lines?project={held.project.public_id}", f"/p/{number}",
    ):  # fmt: skip
        assert (path, browser.get(path).status_code) == (path, 200)
    page = browser.get(f"/change-orders/{change.public_id}").content.decode()
    assert "Contract price €20,000.00 → €23,600.00" in page or "20,000.00 → " in page
    assert "Margin" in page


def test_a_strangers_things_are_not_there(browser: Browser) -> None:
    other = new_world(name="Rival")
    held = job(other)
    change = change_order(other, held)
    risk = create_raid(other.actor, project_id=held.project.id, title="Theirs")
    report = draft_report(other.actor, project_id=held.project.id)
    for path in (
        f"/raid/{risk.public_id}", f"/change-orders/{change.public_id}", f"/status-reports/{report.public_id}",
        f"/p/{held.project.public_id}/raid", "/raid/nonsense", "/change-orders/cho_1/lines/other",
    ):  # fmt: skip
        assert (path, browser.get(path).status_code) == (path, 404)
    assert browser.post(f"/change-orders/{change.public_id}/send", {}).status_code == 404


def test_a_risk_is_added_rated_answered_and_comes_true(world: World, held: Job, browser: Browser) -> None:
    number = held.project.number
    made = browser.post(
        f"/raid/new?project={number}",
        {"kind": "risk", "title": "Data comes late", "probability": "4", "impact": "3", "impact_amount": "8000.00",
         "impact_days": "5", "task_id": str(held.golive.id)},
    )  # fmt: skip
    assert made.status_code == 303
    with world.inside():
        risk = RaidItem.objects.get()
    page = browser.get(f"/p/{number}/raid").content.decode()
    assert "5,600.00" in page
    days = page.partition("5,600.00")[2].partition("<small>Go-live</small>")
    assert days[1]
    assert re.search(r">\s*5\s*<", days[0])
    url = f"/raid/{risk.public_id}"
    fields = {"kind": "risk", "title": risk.title, "impact": "3", "impact_amount": "8000.00", "impact_days": "5"}
    assert (
        browser.post(f"{url}/edit", {**fields, "probability": "5", "task_id": str(held.golive.id)}).status_code == 303
    )
    assert "Rising" in browser.get(url).content.decode()
    assert browser.post(f"{url}/step", {"status": "mitigating", "note": "Weekly call"}).status_code == 303
    assert browser.post(f"{url}/step", {"status": "sideways"}).status_code == 422
    turned = browser.post(f"{url}/turn", {"note": "No data on 4 May"})
    assert turned.status_code == 303
    with world.inside():
        issue = RaidItem.objects.get(kind="issue")
    assert (issue.source_id, issue.task_id) == (risk.id, held.golive.id)
    assert "It came of a risk" in browser.get(f"/raid/{issue.public_id}").content.decode()


def test_a_change_order_is_written_sent_and_accepted_with_its_paper(world: World, held: Job, browser: Browser) -> None:
    number = held.project.number
    made = browser.post(f"/change-orders/new?project={number}", {"title": "Suppliers", "budget_hours": "24"})
    assert made.status_code == 303
    with world.inside():
        change = ChangeOrder.objects.get()
    url = f"/change-orders/{change.public_id}"
    assert browser.post(f"{url}/lines/price", {"text": "Suppliers", "amount": "3600"}).status_code == 303
    assert browser.post(f"{url}/lines/add_task", {"text": "Import", "hours": "16"}).status_code == 303
    wrong = browser.post(f"{url}/lines/people", {"percent": "50", "starts_on": "2026-05-11"})
    assert wrong.status_code in {200, 422}
    with world.inside():
        assert ChangeLine.objects.filter(change=change).count() == 2
        line = ChangeLine.objects.get(change=change, kind="add_task")
    assert browser.post(f"{url}/line/{line.public_id}/remove").status_code == 303
    sent = browser.post(f"{url}/send", {"to": ""})
    assert sent.status_code == 200
    assert "/change/" in sent.content.decode()
    paper = SimpleUploadedFile("signed.pdf", b"%PDF-1.7 signed", content_type="application/pdf")
    answered = browser.post(
        f"{url}/answer",
        {"is_accepted": "yes", "answered_by": "Kari Dahl", "answered_on": "2026-05-06", "file": paper},
    )
    assert answered.status_code == 303
    assert browser.get(f"{url}/file").content == b"%PDF-1.7 signed"
    page = browser.get(f"/p/{number}/changes").content.decode()
    assert "23,600.00" in page
    lines = browser.get(f"/figures/contract.value/lines?project={held.project.public_id}").content.decode()
    assert "Original price" in lines
    assert "Change order 1: Suppliers" in lines
    assert browser.post(f"{url}/reverse", {"reason": "Wrong order"}).status_code == 303
    assert browser.post(f"{url}/reopen").status_code == 303
    assert browser.post(f"{url}/withdraw").status_code == 303


def test_a_report_is_drafted_worded_and_sent_and_then_stays(world: World, held: Job, browser: Browser) -> None:
    number = held.project.number
    create_contact(world.actor, client_id=held.project.client_id, name="Kari Dahl", email="kari@fjord.example")
    made = browser.post(f"/p/{number}/reports/new", {"as_of": "2026-05-06", "money": "money"})
    assert made.status_code == 303
    with world.inside():
        report = StatusReport.objects.get()
    url = f"/status-reports/{report.public_id}"
    page = browser.get(url).content.decode()
    assert "kari@fjord.example" in page
    assert "Fjord ERP is 0 % done." in page
    words = {"summary": "All is well.", "health": "on_track", "health_reason": "As planned."}
    assert browser.post(url, words).status_code == 303
    assert browser.post(url, {**words, "summary": ""}).status_code == 422
    assert (
        browser.post(f"{url}/send", {"to": ["kari@fjord.example"], "others": "olav@fjord.example"}).status_code == 303
    )
    with world.inside():
        mails = MailMessage.objects.filter(about=report.public_id).values_list("to", "text")
        assert sorted(to for to, _text in mails) == ["kari@fjord.example", "olav@fjord.example"]
        assert all("All is well." in text for _to, text in mails)
    assert browser.post(url, {**words, "summary": "Changed"}).status_code in {200, 409}
    assert browser.post(f"{url}/drop").status_code == 409
    with world.inside():
        assert StatusReport.objects.get().summary == "All is well."


def test_lessons_are_written_edited_and_dropped(world: World, held: Job, browser: Browser) -> None:
    number = held.project.number
    assert (
        browser.post(f"/lessons/new?project={number}", {"title": "Ask early", "advice": "In week 1"}).status_code == 303
    )
    with world.inside():
        lesson = Lesson.objects.get()
    assert "In week 1" in browser.get(f"/p/{number}/lessons").content.decode()
    assert (
        browser.post(f"/lessons/{lesson.public_id}", {"title": "Ask very early", "went_well": "on"}).status_code == 303
    )
    assert browser.post(f"/lessons/{lesson.public_id}/drop").status_code == 303
    assert browser.get(f"/lessons/{lesson.public_id}").status_code == 404


def test_the_api_does_the_same(world: World, held: Job) -> None:  # noqa: PLR0915 -- one story, read aloud
    call = api(world)
    project = public_id("prj", held.project.id)
    risk = call.post("/raid", project_id=project, title="Late data", probability=5, impact=4, impact_amount="1000.00")
    assert (risk.status, risk.body["score"]) == (201, 20)
    assert risk.body["expected"] == {"amount": "900.00", "currency": "EUR"}
    path = f"/raid/{risk.body['id']}"
    assert call.patch(path, probability=1, note="Signed").body["drift"] == "down"
    assert call.post(f"{path}/step", status="accepted").body["status"] == "accepted"
    assert [one["status"] for one in call.get(path).body["history"]] == ["accepted", "open", "open"]
    assert call.post(f"{path}/turn").body["source_id"] == risk.body["id"]
    change = call.post("/change-orders", project_id=project, title="Suppliers", budget_minutes=60).body["id"]
    path = f"/change-orders/{change}"
    assert call.post(f"{path}/lines", kind="price", text="Suppliers", amount="3600.00").status == 201
    extra = call.post(f"{path}/lines", kind="price", text="More", amount="1.00").body["lines"][1]["id"]
    assert call.delete(f"{path}/lines/{extra}").status == 204
    assert call.patch(path, title="All suppliers").body["title"] == "All suppliers"
    effect = call.get(f"{path}/effect").body
    assert effect["price_after"] == {"amount": "23600.00", "currency": "EUR"}
    assert call.post(f"{path}/accept", answered_by="Kari").status == 409
    assert "/change/" in call.post(f"{path}/send").body["url"]
    assert call.post(f"{path}/accept", answered_by="Kari").body["status"] == "accepted"
    assert call.post(f"{path}/reverse").body["status"] == "sent"
    assert call.post(f"{path}/decline", answered_by="Kari").body["status"] == "declined"
    assert call.post(f"{path}/reopen").body["status"] == "draft"
    assert call.post(f"{path}/withdraw").body["status"] == "withdrawn"
    assert call.get("/change-orders").body["total_estimate"] == 1
    report = call.post("/status-reports", project_id=project, money="money")
    assert report.status == 201
    path = f"/status-reports/{report.body['id']}"
    assert call.patch(path, summary="Well").body["summary"] == "Well"
    assert call.post(f"{path}/refresh").status == 200
    assert call.post(f"{path}/keep").body["status"] == "kept"
    assert call.delete(path).status == 409
    lesson = call.post("/lessons", project_id=project, title="Ask early")
    assert call.patch(f"/lessons/{lesson.body['id']}", advice="Week 1").body["advice"] == "Week 1"
    assert call.delete(f"/lessons/{lesson.body['id']}").status == 204


def test_the_command_line_does_the_same(world: World, held: Job) -> None:
    number = held.project.number
    risk = quoin(world, "raid", "add", "Late data", "--project", number, "--probability", "4", "--cost", "1000")
    assert quoin(world, "raid", "step", risk["number"], "came_true")["kind"] == "issue"
    assert len(quoin(world, "raid", "list", "--project", number)) == 2
    made = quoin(world, "change", "new", "Suppliers", "--project", number, "--price", "3600", "--budget-hours", "24")
    one = str(made["number"])
    quoin(world, "change", "line", one, "add_task", "--text", "Import", "--hours", "8", "--after", "1", "--before", "2")
    assert any("23,600" in text for text in quoin(world, "change", "show", one)["effect"])
    assert "/change/" in quoin(world, "change", "send", one)["url"]
    assert quoin(world, "change", "accept", one, "--by", "Kari Dahl")["status"] == "accepted"
    assert quoin(world, "change", "reverse", one)["status"] == "sent"
    assert [row["status"] for row in quoin(world, "change", "list", "--project", number)] == ["sent"]
    report = quoin(world, "status", "draft", number, "--as-of", "2026-05-06")
    assert quoin(world, "status", "show", report["number"])["facts"]["as_of"] == "2026-05-06"
    assert quoin(world, "status", "send", report["number"])["status"] == "kept"
    assert len(quoin(world, "status", "list")) == 1


def test_the_clients_link_is_of_no_use_to_others(world: World, held: Job) -> None:
    change = change_order(world, held)
    sent = send_change(world.actor, order_id=change.id)
    secret = sent.url.rpartition("/")[2]
    assert Browser().get(f"/c/{secret}").status_code == 404
    assert sent.change.sent_at is not None
    assert sent.change.sent_at.date() == date(2026, 5, 6)


def test_the_client_reads_and_accepts_without_an_account() -> None:
    world = new_world(now=utc_now())
    held = job(world)
    change = change_order(world, held)
    sent = send_change(world.actor, order_id=change.id)
    path = "/change/" + sent.url.rpartition("/")[2]
    client = Browser()
    page = client.get(path)
    told = page.content.decode()
    assert page.status_code == 200
    assert "We import 4,000 suppliers." in told
    assert "3,600.00" in told
    assert "Asked for in the workshop" not in told
    assert "Data migration" not in told
    assert page["Cache-Control"] == "private, no-store"
    assert client.post(path, {"answer": "accept", "name": " "}).status_code == 422
    assert client.post(path, {"answer": "accept", "name": "Kari Dahl"}).status_code == 302
    assert "Accepted by" in client.get(path).content.decode()
    assert client.post(path, {"answer": "decline", "name": "Kari Dahl"}).status_code == 409
    with world.inside():
        found = ChangeOrder.objects.get(id=change.id)
    assert (found.status, found.answered_by, found.is_answered_online) == ("accepted", "Kari Dahl", True)
    assert found.price_after == 23600
    assert client.get("/change/nonsense").status_code == 404
