"""What a page of field work can do, the API and the command line can do too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quoin.field.models import Delivery, Equipment, Site, Visit
from quoin.timesheets.models import TimeEntry
from tests.field.test_acceptance import _PNG, installed
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.field import job
from tests.make.web import signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from tests.make import World


def test_a_visit_from_plan_to_timesheet_on_the_command_line(world: World, tmp_path: Path) -> None:
    project, _task, _site = job(world)
    world.person()
    quoin(world, "site", "add", "Plant 2", "--client", "Vega", "--city", "Ulm")
    quoin(world, "site", "edit", "Plant 2", "--contact-name", "Stein")
    quoin(world, "equipment", "add", "Van 9", "--registration", "X 9")
    quoin(world, "equipment", "edit", "Van 9", "--retire")
    made = quoin(world, "visit", "add", "Set up", "--project", project.number, "--site", "Plant 2", "--line", "Look *")
    number = str(made["number"])
    day = world.actor.today.isoformat()
    quoin(world, "visit", "plan", number, "--start", f"{day}T06:00", "--end", f"{day}T08:00", "--crew", "Ana Ruiz")
    moved = quoin(world, "visit", "move", f"{number}={day}T05:00")
    assert moved[0]["starts_at"].startswith(f"{day}T05:00")
    quoin(world, "visit", "publish", number)
    quoin(world, "visit", "start", number, "work", "--at", f"{day}T05:00")
    picture = tmp_path / "look.png"
    picture.write_bytes(_PNG)
    answered = quoin(world, "visit", "answer", number, "1", "done", "--photo", str(picture))
    assert answered["state"] == "done"
    quoin(world, "visit", "part", number, "Bolt", "--quantity", "8")
    quoin(world, "visit", "finish", number, "--report", "Stands.", "--at", f"{day}T06:30")
    quoin(world, "visit", "sign", number, "--by", "Stein", "--signature", str(picture))
    assert quoin(world, "visit", "record", number) == {"recorded": ["Ana Ruiz"], "refused": []}
    with world.inside():
        assert (Site.objects.get(name="Plant 2").contact_name, Equipment.objects.get().is_active) == ("Stein", False)
        assert [row.minutes for row in TimeEntry.objects.all()] == [90]


def test_acceptance_on_the_command_line(world: World, tmp_path: Path) -> None:
    project, _task, _site = job(world)
    goods = installed(world, project, "A-1", "A-2")
    wanted = f"{project.number}/{goods.number}"
    quoin(world, "delivery", "edit", wanted, "--warranty", "12", "--kind", "crane")
    told = quoin(world, "delivery", "accept", wanted, "--by", "Stein", "--unit", "A-1")
    assert (told["number"], told["delivery"]) == ("A-0001", wanted)
    saved = tmp_path / "A-0001.pdf"
    quoin(world, "acceptance", "save", "1", str(saved))
    assert saved.read_bytes()[:5] == b"%PDF-"
    assert [row["serial_number"] for row in quoin(world, "installed", "list", "--client", "Vega")] == ["A-1"]
    assert quoin(world, "delivery", "units", wanted) == [
        {"serial_number": "A-1", "is_accepted": True}, {"serial_number": "A-2", "is_accepted": False},
    ]  # fmt: skip
    quoin(world, "acceptance", "withdraw", "1", "--reason", "Oil")
    assert [row["is_withdrawn"] for row in quoin(world, "acceptance", "list")] == [True]


def test_acceptance_over_the_api_and_on_pages(world: World) -> None:
    project, _task, _site = job(world)
    goods = installed(world, project, "A-1")
    web, browser = api(world), signed_in(world)
    form = browser.get(f"/deliveries/{goods.public_id}/accept")
    assert b"A-1" in form.content
    refused = browser.post(f"/deliveries/{goods.public_id}/accept", {"accepted_by": ""})
    assert (refused.status_code, b"who of the client" in refused.content) == (422, True)
    made = web.post(f"/deliveries/{goods.public_id}/accept", accepted_by="Stein").body
    page = browser.get(f"/acceptances/{made['id']}")
    assert made["sha256"].encode() in page.content
    printed = browser.get(f"/acceptances/{made['id']}/pdf")
    assert (printed["Content-Type"], printed.content[:5]) == ("application/pdf", b"%PDF-")
    (unit,) = web.get("/installed-base").body["data"]
    assert (unit["serial_number"], unit["acceptance_id"]) == ("A-1", made["id"])
    assert b"A-1" in browser.get("/installed-base?q=A-1").content
    assert b"A-1" in browser.get("/installed-base?format=csv").content
    assert browser.get("/acceptances").status_code == 200
    assert web.post(f"/acceptances/{made['id']}/withdraw", reason="Oil").body["is_withdrawn"] is True
    again = browser.post(f"/deliveries/{goods.public_id}/accept", {"accepted_by": "Stein", "on": "2026-05-05"})
    assert again.status_code == 303
    with world.inside():
        assert Delivery.objects.get(id=goods.id).status == "accepted"


def test_the_boards_doors_over_the_api(world: World) -> None:
    project, _task, site = job(world)
    ana = world.person()
    web = api(world)
    made = web.post("/visits", project_id=project.public_id, site_id=site.public_id, title="Look").body
    hours = {"starts_at": "2026-05-07T08:00:00Z", "ends_at": "2026-05-07T10:00:00Z"}
    tried = web.post(f"/visits/{made['id']}/try", **hours, crew=[ana.public_id]).body
    assert tried == {"against": []}
    web.post(f"/visits/{made['id']}/plan", **hours, crew=[ana.public_id])
    later = {"starts_at": "2026-05-07T09:00:00Z", "ends_at": "2026-05-07T11:00:00Z"}
    assert web.post("/visits/arrange", moves=[{"visit_id": made["id"], **later}]).body == {"arranged": [made["id"]]}
    with world.inside():
        found = Visit.objects.get()
    assert found.starts_at is not None
    assert found.starts_at.hour == 9
    refused = web.get(f"/visits/order?person_id={ana.public_id}&on=2026-05-07")
    assert (refused.status, "latitude" in refused.body["detail"]) == (409, True)
    assert web.post(f"/visits/{made['id']}/record-time").status == 409
