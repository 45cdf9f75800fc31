"""Everything of a firm as a zip: complete, of one moment, verifiable, and only for who may see all of it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum

from quoin.base.files.store import store_file
from quoin.billing.models import Charge
from quoin.compliance.actions.exports import create_export, delete_export, write_export
from quoin.compliance.adapters.archive import verified
from quoin.compliance.models import Export, ExportPart
from quoin.compliance.queries.exports import export_for, parts_of
from quoin.compliance.types import ExportNotReady
from quoin.kernel.errors import Forbidden, Invalid, NotFound
from quoin.timesheets.models import TimeEntry
from tests.make import World, billing, money, new_world
from tests.make.accounts import bearer, new_firm
from tests.make.web import signed_in


def written(world: World, path: Path, form: str = "csv") -> dict[str, Any]:
    """Makes an export, keeps it under the path and returns its manifest."""
    asked = create_export(world.actor, form=form)
    done = write_export(world.actor, export_id=asked.id)
    with world.inside(read_only=True):
        path.write_bytes(b"".join(parts_of(done)))
        assert done.size_bytes == path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return {entry["name"]: entry for entry in manifest["files"]} | {"": manifest}


def work(world: World) -> None:
    project = billing.job(world, of=billing.buyer(world, name="Kranich, „Verlag“ AG"))
    money.approved_time(world, on=project, by=world.person("Ana\nRuiz"), minutes=(480, 90, 15))


@pytest.mark.parametrize("form", ["csv", "json"])
def test_zip_holds_every_row_and_agrees_with_its_manifest(world: World, tmp_path: Path, form: str) -> None:
    work(world)
    path = tmp_path / "firm.zip"

    files = written(world, path, form)

    with world.inside(read_only=True):
        minutes = TimeEntry.objects.aggregate(Sum("minutes"))["minutes__sum"]
        amount = Charge.objects.aggregate(Sum("amount"))["amount__sum"]
        assert files[f"timesheets/timeentry.{form}"]["rows"] == TimeEntry.objects.count() == 3
    assert files[f"timesheets/timeentry.{form}"]["sums"]["minutes"] == str(minutes) == "585"
    assert Decimal(files[f"billing/charge.{form}"]["sums"]["amount"]) == amount
    found = verified(path)
    assert found.faults == []
    assert found.rows == sum(entry["rows"] for name, entry in files.items() if name)


def test_ids_are_public_and_secrets_stay_at_home(world: World, tmp_path: Path) -> None:
    work(world)
    path = tmp_path / "firm.zip"

    files = written(world, path)

    with zipfile.ZipFile(path) as archive:
        entries = list(csv.DictReader(io.TextIOWrapper(archive.open("timesheets/timeentry.csv"), "utf-8", newline="")))
        people = list(csv.DictReader(io.TextIOWrapper(archive.open("people/person.csv"), "utf-8", newline="")))
        tokens = archive.read("accounts/apitoken.csv").decode()
    assert {entry["project_id"][:4] for entry in entries} == {"prj_"}
    assert {entry["person_id"] for entry in entries} <= {person["id"] for person in people}
    assert "Ana\nRuiz" in {person["name"] for person in people}
    assert "digest" not in tokens
    assert "base/mailmessage.csv" not in files
    assert "base.mailmessage" in files[""]["left_out"]


def test_stored_files_are_in_it_byte_for_byte(world: World, tmp_path: Path) -> None:
    world.do(lambda: store_file(world.actor, name="note.txt", content_type="text/plain", content=b"kept\x00bytes"))
    path = tmp_path / "firm.zip"

    files = written(world, path)

    (name,) = [name for name in files if name.startswith("files/base/storedfile/fil_")]
    with zipfile.ZipFile(path) as archive:
        assert archive.read(name) == b"kept\x00bytes"


def test_nothing_of_another_firm_is_in_it(world: World, tmp_path: Path) -> None:
    other = new_world()
    work(other)
    path = tmp_path / "firm.zip"

    files = written(world, path)

    assert files["timesheets/timeentry.csv"]["rows"] == 0
    with zipfile.ZipFile(path) as archive:
        assert str(other.tenant_id) not in "".join(
            archive.read(name).decode(errors="ignore") for name in archive.namelist()
        )
    with pytest.raises(NotFound):
        delete_export(other.actor, export_id=create_export(world.actor).public_id)


def test_tampered_zip_is_found_out(world: World, tmp_path: Path) -> None:
    work(world)
    honest, forged = tmp_path / "firm.zip", tmp_path / "forged.zip"
    written(world, honest)
    with zipfile.ZipFile(honest) as source, zipfile.ZipFile(forged, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b"480", b"481") if name == "timesheets/timeentry.csv" else content)

    assert verified(forged).faults == ["timesheets/timeentry.csv was changed"]


def test_who_may_not_see_costs_may_not_export(world: World) -> None:
    browser = signed_in(world, "compliance.export.create", "compliance.export.read")

    answer = browser.post("/admin/exports/new", {"form": "csv"})

    assert "people.cost.view" in answer.content.decode()
    with world.inside(read_only=True):
        assert Export.objects.count() == 0


def test_unknown_form_and_unfinished_zip_are_refused(world: World) -> None:
    with pytest.raises(Invalid):
        create_export(world.actor, form="xml")
    asked = create_export(world.actor)

    with world.inside(read_only=True), pytest.raises(ExportNotReady):
        list(parts_of(asked))
    with world.inside(read_only=True), pytest.raises(NotFound):
        export_for(world.actor, "xpt_nothing")


def test_second_run_of_the_job_writes_nothing_and_deleting_takes_the_bytes(world: World) -> None:
    asked = create_export(world.actor)
    first = write_export(world.actor, export_id=asked.id)

    second = write_export(world.actor, export_id=asked.id)
    delete_export(world.actor, export_id=asked.id)

    assert second.sha256 == first.sha256
    with world.inside(read_only=True):
        assert (Export.objects.count(), ExportPart.objects.count()) == (0, 0)


def test_screens_and_api_lead_from_asking_to_the_zip() -> None:
    firm = new_firm()
    browser = firm.browser()
    program = bearer(firm.token())

    assert browser.post("/admin/exports/new", {"form": "json"}).status_code == 303
    listed = program.get("/api/v1/exports").json()["data"]
    assert [one["finished_at"] for one in listed] == [None]
    waiting = browser.get(f"/admin/exports/{listed[0]['id']}/file")
    write_export(firm.actor, export_id=listed[0]["id"])

    page = browser.get(f"/admin/exports/{listed[0]['id']}").content.decode()
    answer = program.get(f"/api/v1/exports/{listed[0]['id']}/file")

    assert waiting.status_code == 409
    assert "Download" in page
    assert browser.get("/admin/exports").status_code == 200
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert "accounts/role.json" in archive.namelist()
    assert program.delete(f"/api/v1/exports/{listed[0]['id']}").status_code == 204


def test_project_manager_may_not_export() -> None:
    firm = new_firm()

    with pytest.raises(Forbidden):
        create_export(firm.member("Project manager"))
