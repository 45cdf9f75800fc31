"""Cells of the log, the printed report, and gates and checklists on the command line and over the API."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from quoin.governance.actions.raid import create_raid
from quoin.governance.actions.reports import draft_report, edit_report
from quoin.governance.adapters.report_pdf import report_content, report_pdf
from quoin.governance.models import RaidItem, RaidState
from quoin.governance.queries import report_for
from quoin.projects.models import GateItem, TaskCheck
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.governance import job
from tests.make.web import signed_in
from tests.make.world import World

FORM = "application/x-www-form-urlencoded"


def test_cells_of_the_log_are_saved_in_place_with_their_history(world: World) -> None:
    held = job(world)
    risk = create_raid(world.actor, project_id=held.project.id, title="Data comes late")
    browser = signed_in(world)
    url = f"/raid/{risk.public_id}/cell"

    for body in (
        "probability=5",
        "cost=8,000.00",
        "days=4",
        f"owner={held.ana.id}",
        "due=2026-06-01",
        "status=mitigating",
    ):
        answer = browser.patch(url, body, content_type=FORM)
        assert answer.status_code == 200, answer.content

    with world.inside():
        found = RaidItem.objects.get(id=risk.id)
        assert (found.probability, found.impact_amount, found.impact_days, found.owner_id, found.due_on, found.status) == (
            5, 8000, 4, held.ana.id, date(2026, 6, 1), "mitigating",
        )  # fmt: skip
        assert RaidState.objects.filter(item=risk).count() == 5
    page = browser.get(f"/p/{held.project.number}/raid").content.decode()
    assert f'data-cell="{url}"' in page


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("probability=9", "1 to 5"),
        ("cost=much", "cannot be read here"),
        ("due=soon", "cannot be read here"),
        ("status=came_true", "cannot become"),
    ],
)
def test_a_cell_that_makes_no_sense_keeps_what_was(world: World, body: str, says: str) -> None:
    held = job(world)
    risk = create_raid(world.actor, project_id=held.project.id, title="Data comes late")

    answer = signed_in(world).patch(f"/raid/{risk.public_id}/cell", body, content_type=FORM)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    with world.inside():
        assert RaidItem.objects.get(id=risk.id).version == risk.version


def test_a_cell_that_somebody_else_changed_is_told(world: World) -> None:
    held = job(world)
    risk = create_raid(world.actor, project_id=held.project.id, title="Data comes late")
    browser = signed_in(world)
    old = browser.patch(f"/raid/{risk.public_id}/cell", "impact=4", content_type=FORM)["ETag"]
    browser.patch(f"/raid/{risk.public_id}/cell", "impact=5", content_type=FORM)

    stale = browser.patch(f"/raid/{risk.public_id}/cell", "impact=1", content_type=FORM, headers={"If-Match": old})

    assert (stale.status_code, stale.json()["theirs"]) == (412, "5")


def test_a_report_is_printed_from_its_frozen_facts(world: World) -> None:
    held = job(world)
    create_raid(world.actor, project_id=held.project.id, title="Data comes late", impact_amount="8000")
    made = draft_report(world.actor, project_id=held.project.id, money="money")
    edit_report(world.actor, report_id=made.id, summary="Going well.\n#not(markup)", asks="Name a key user")

    with world.inside():
        found = report_for(world.actor, made.id)
        content = report_content(found)
        first, second = report_pdf(found), report_pdf(found)

    assert first == second
    assert first.startswith(b"%PDF-")
    assert b"pdfaid" in first
    assert content["draft"] == "Draft: not sent yet"
    assert ["Summary", "Going well.\n#not(markup)"] in content["texts"]
    risks = next(one for one in content["tables"] if one["title"] == "Risks")
    assert risks["rows"][0][0] == "Data comes late"
    page = signed_in(world).get(f"/status-reports/{made.public_id}/pdf")
    assert (page.status_code, page["Content-Type"]) == (200, "application/pdf")


def test_a_report_is_written_by_api_and_command_line(world: World, tmp_path: Path) -> None:
    held = job(world)
    made = draft_report(world.actor, project_id=held.project.id)
    target = tmp_path / "status.pdf"

    quoin(world, "status", "pdf", f"{held.project.number}/{made.number}", str(target))

    assert target.read_bytes().startswith(b"%PDF-")
    answer = signed_in(world).get(f"/api/v1/status-reports/{made.public_id}/pdf")
    assert answer["Content-Type"] == "application/pdf"


def test_gates_and_checklists_have_the_same_verbs_everywhere(world: World) -> None:
    held = job(world)
    call, number = api(world), held.project.number

    gate = quoin(world, "gate", "add", f"{number}/1", "Ready", "--tick", "Drawings signed", "--fact", "budget_set")
    quoin(world, "gate", "edit", gate["id"], "--name", "Ready to build", "--tick", "Drawings signed", "--tick", "Site")
    items = quoin(world, "gate", "items", gate["id"])
    quoin(world, "gate", "tick", items[0]["id"], "--note", "Seen")
    quoin(world, "gate", "tick", items[0]["id"], "--take-back")
    told = call.patch(f"/gates/{gate['id']}", items=[{"text": "Site"}]).body
    assert (told["name"], [one["text"] for one in told["items"]]) == ("Ready to build", ["Site"])
    with world.inside():
        assert GateItem.objects.get().text == "Site"
    quoin(world, "gate", "waive", gate["id"], "--reason", "Agreed by phone")
    quoin(world, "gate", "reopen", gate["id"])
    assert call.delete(f"/gates/{gate['id']}").status == 204
    other = quoin(world, "gate", "add", f"{number}/1", "Again")
    assert quoin(world, "gate", "remove", other["id"])["removed"] == other["id"]

    line = quoin(world, "task-check", "add", f"{number}/1", "Measure the floor")
    assert call.post(f"/task-checks/{line['id']}/tick").body["done_at"]
    assert call.post(f"/task-checks/{line['id']}/untick").body["done_at"] is None
    quoin(world, "task-check", "tick", line["id"])
    assert call.get(f"/projects/{held.project.public_id}/checklists").body["data"][0]["lines"][0]["done_at"]
    assert call.post(f"/tasks/{held.build.public_id}/checks", text="Level it").status == 201
    assert [row["text"] for row in quoin(world, "task-check", "list", number)] == ["Measure the floor", "Level it"]
    quoin(world, "task-check", "remove", line["id"])
    with world.inside():
        assert TaskCheck.objects.get().text == "Level it"


def test_templates_have_the_verbs_of_their_screen_on_the_command_line(world: World) -> None:
    call = api(world)
    made = call.post("/project-templates", shipped="software").body
    name = made["name"]

    [proposed] = quoin(world, "template", "propose", name, "Ask for the data first")
    answered = quoin(world, "template", "answer", name, proposed["id"], "--decline", "--answer", "We do")
    quoin(world, "template", "step", name, "retire")
    quoin(world, "template", "step", name, "restore")
    assert call.post(f"/project-templates/{made['id']}/retire").status == 204
    assert call.post(f"/project-templates/{made['id']}/restore").status == 204

    assert [one["status"] for one in answered] == ["declined"]
    assert quoin(world, "template", "proposals", name)[0]["answer"] == "We do"
