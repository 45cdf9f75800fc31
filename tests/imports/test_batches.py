"""Commands of imports: all or nothing, changed since, billed, rights, tenants, prices."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quoin.base.actor import Scope
from quoin.billing.models import Charge, Invoice, InvoiceItem, InvoiceLine
from quoin.catalog.models import Rate
from quoin.imports import actions
from quoin.imports.models import ImportBatch, ImportFile, ImportLine
from quoin.imports.queries.planning import plan_upload
from quoin.imports.queries.reconcile import reconcile
from quoin.imports.queries.told import in_words
from quoin.imports.rules.planned import Use
from quoin.imports.services import writing
from quoin.imports.services.kept import ImportBilled
from quoin.imports.services.refusing import ImportRefused
from quoin.kernel.errors import Forbidden, NotFound
from quoin.people.models import CostRate, Person
from quoin.projects.models import Project
from quoin.timesheets.models import TimeEntry
from tests.make import World, new_world
from tests.make import imports as make
from tests.make.web import signed_in

MONDAY = "2026-05-04,Ana Ruiz,ana@file.example,Nordkraft,Grid,Design,Sketch,2,yes,95,EUR"
TUESDAY = "2026-05-05,Ben Ode,ben@file.example,Nordkraft,Grid,Design,Draw,3,yes,120,EUR"


def test_apply_killed_at_the_last_write_leaves_nothing(world: World) -> None:
    opened = make.csv(MONDAY, TUESDAY)
    batch = make.upload(world, opened)
    before = make.counts(world)

    with (
        mock.patch.object(writing.Load, "save_records", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        actions.apply_batch(world.actor, batch_id=batch.id, opened=opened)

    assert make.counts(world) == before
    with world.inside():
        assert ImportBatch.objects.get().status == "draft"
        assert ImportLine.objects.count() == 0


def test_apply_after_the_data_changed_is_refused(world: World) -> None:
    opened = make.csv(MONDAY)
    batch = actions.dry_run_batch(world.actor, batch_id=make.upload(world, opened).id)
    world.do(lambda: Person.objects.create(name="Ana R.", email="ana@file.example", entity=world.entity))

    with pytest.raises(actions.PlanOutdated):
        actions.apply_batch(world.actor, batch_id=batch.id)

    with world.inside():
        assert TimeEntry.objects.count() == 0


def test_apply_before_somebody_was_hired_names_file_and_line(world: World) -> None:
    opened = make.csv(MONDAY)
    first = make.run(world, opened)
    with world.inside():
        person = Person.objects.get(email="ana@file.example")
    world.do(lambda: Person.objects.filter(id=person.id).update(hired_on=date(2026, 5, 5)))
    again = make.csv("2026-05-01,Ana Ruiz,ana@file.example,Nordkraft,Grid,Design,Early,2,yes,95,EUR")

    shown = actions.dry_run_batch(world.actor, batch_id=make.upload(world, again).id)
    with pytest.raises(ImportRefused, match=r"time.csv, line 2: The day is before the person was hired"):
        make.run(world, again)

    assert "time.csv, line 2" in in_words(shown.report)["refusal"]
    with world.inside():
        assert TimeEntry.objects.count() == 1
        assert first.status == "applied"


def test_apply_with_a_bad_row_writes_nothing_unless_errors_are_left_out(world: World) -> None:
    bad = make.csv(MONDAY, TUESDAY.replace(",3,", ",three,"))
    before = make.counts(world)

    with pytest.raises(ImportRefused) as refused:
        make.run(world, bad)
    assert refused.value.problems[0].pointer == "/files/time.csv/3"
    assert make.counts(world) == before

    batch = make.run(world, bad, told=make.answers(leaves_errors=True))
    with world.inside():
        found = reconcile(world.actor, batch)
        assert TimeEntry.objects.count() == 1
    assert (found.total.left_out_rows, len(found.differences)) == (1, 1)
    assert found.differences[0].line == 3
    assert not found.is_tied


def test_apply_throws_the_bytes_away_and_keeps_the_proof(world: World) -> None:
    batch = make.upload(world, make.csv(MONDAY))
    with world.inside():
        assert ImportFile.objects.count() == 1

    applied = actions.apply_batch(world.actor, batch_id=batch.id)

    with world.inside():
        assert ImportFile.objects.count() == 0
        assert ImportLine.objects.get().external_key.startswith("generic:")
    assert len(applied.file_sha256) == 64


def test_apply_prices_each_person_as_the_file_says(world: World) -> None:
    make.run(world, make.csv(MONDAY, TUESDAY), told=make.answers(status="approved"))

    with world.inside():
        amounts = sorted(Charge.objects.values_list("amount", flat=True))
        rates = sorted(Rate.objects.values_list("amount_per_hour", flat=True))
    assert amounts == [Decimal(190), Decimal(360)]
    assert rates == [Decimal(95), Decimal(120)]


def test_apply_approved_leaves_own_time_to_somebody_else(world: World) -> None:
    own = "2026-05-04,Eva Berg,eva@halden.example,Nordkraft,Grid,Design,Lead,1,yes,95,EUR"

    batch = make.run(world, make.csv(own, MONDAY), told=make.answers(status="approved"))

    with world.inside():
        states = dict(TimeEntry.objects.values_list("person__name", "status"))
    assert states == {"Eva Berg": "submitted", "Ana Ruiz": "approved"}
    assert (batch.written["approved"], batch.written["waiting"]) == (1, 1)


def test_apply_changed_file_changes_open_time_and_undo_restores_it(world: World) -> None:
    first = "2026-05-04,Ana Ruiz,ana@file.example,Nordkraft,Grid,Design,Sketch,2,yes,95,EUR"
    make.run(world, make.csv(first))

    batch = make.run(world, make.csv(first.replace("Sketch,2", "Sketch again,4")))
    with world.inside():
        entry = TimeEntry.objects.get()
        assert (entry.minutes, entry.note) == (240, "Sketch again")
        assert reconcile(world.actor, batch).is_tied

    actions.undo_batch(world.actor, batch_id=batch.id)
    with world.inside():
        entry = TimeEntry.objects.get()
        assert (entry.minutes, entry.note) == (120, "Sketch")


def test_undo_lists_what_was_changed_since_and_keeps_what_it_needs(world: World) -> None:
    batch = make.run(world, make.csv(MONDAY, TUESDAY))
    with world.inside():
        ana = TimeEntry.objects.get(minutes=120)
    world.do(lambda: TimeEntry.objects.filter(id=ana.id).update(minutes=60, version=2))
    world.do(lambda: Project.objects.update(name="Grid 2"))
    with world.inside():
        found = reconcile(world.actor, batch)
    assert (found.is_tied, found.total.changed_minutes, found.total.adds_up) == (False, -60, True)

    undone = actions.undo_batch(world.actor, batch_id=batch.id)

    kept = {item["kind"]: item["reason"] for item in in_words(undone.undo_report)["kept"]}
    assert kept["entry"] == kept["project"] == "It was changed since."
    assert kept["task"].startswith("In use by")
    with world.inside():
        assert TimeEntry.objects.get().id == ana.id
        assert set(Person.objects.values_list("name", flat=True)) == {"Eva Berg", "Ana Ruiz"}


def test_undo_of_billed_time_names_the_invoice(world: World) -> None:
    batch = make.run(world, make.csv(MONDAY), told=make.answers(status="approved"))

    def bill() -> None:
        charge = Charge.objects.get()
        invoice = Invoice.objects.create(
            entity=world.entity, client=charge.client, currency="EUR", created_at=world.actor.now
        )
        line = InvoiceLine.objects.create(
            invoice=invoice, position=1, description="Design", quantity=2, unit="HUR", unit_price=95, net_amount=190
        )
        InvoiceItem.objects.create(line=line, charge=charge, minutes=120, amount=190)

    world.do(bill)
    before = make.counts(world)

    with pytest.raises(ImportBilled, match="a draft"):
        actions.undo_batch(world.actor, batch_id=batch.id)

    assert make.counts(world) == before


def test_undo_of_approved_time_takes_its_charges_back(world: World) -> None:
    batch = make.run(world, make.csv(MONDAY), told=make.answers(status="approved"))

    undone = actions.undo_batch(world.actor, batch_id=batch.id)

    with world.inside():
        assert TimeEntry.objects.count() == 0
        assert [charge.status for charge in Charge.objects.all()] == ["void"]
    # The books keep both entries, so what they name stays.
    assert {item["kind"] for item in undone.undo_report["kept"]} >= {"client", "project", "person"}


def test_import_needs_its_rights_and_stays_in_its_tenant(world: World) -> None:
    batch = make.upload(world, make.csv(MONDAY))
    other = new_world()

    with pytest.raises(NotFound):
        actions.apply_batch(other.actor, batch_id=batch.id)
    with pytest.raises(Forbidden):
        actions.apply_batch(world.with_rights("imports.batch.view"), batch_id=batch.id)
    weak = world.with_rights("imports.batch.view", "imports.batch.upload", "imports.batch.apply")
    approved = actions.upload_batch(weak, opened=make.csv(MONDAY), answers=make.answers(status="approved"))
    with pytest.raises(Forbidden, match=r"timesheets.time.approve"):
        actions.apply_batch(weak, batch_id=approved.id)
    with world.inside():
        assert TimeEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("time.csv", b"", "empty_file"),
        ("time.csv", b"%PDF-1.7", "wrong_type"),
        ("time.xlsx", b"PK\x03\x04rubbish", "bad_zip"),
        ("time.csv", b"a,b\n1,2\n", "unknown_export"),
    ],
)
def test_api_bad_file_is_refused_with_a_code_and_nothing_is_kept(
    world: World, name: str, content: bytes, code: str
) -> None:
    browser = signed_in(world)

    answer = _post(browser, {"file_name": name, "content_base64": base64.b64encode(content).decode()})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == code
    with world.inside():
        assert ImportBatch.objects.count() == 0


def test_api_dry_run_apply_reconcile_and_undo(world: World) -> None:
    browser = signed_in(world)
    body = {
        "file_name": "time.csv", "content_base64": base64.b64encode(make.csv(MONDAY).content or b"").decode(),
        "status": "approved",
    }  # fmt: skip

    shown = _post(browser, body, "?dry_run=true")
    with world.inside():
        assert (ImportBatch.objects.count(), TimeEntry.objects.count()) == (0, 0)
    applied = _post(browser, {**body, "plan_sha256": shown.json()["plan_sha256"]})
    assert (shown.status_code, applied.status_code) == (200, 201), applied.content
    assert shown.json()["written"]["entries"] == applied.json()["entries"] == 1
    url = f"/api/v1/imports/{applied.json()['id']}"
    tied = browser.get(f"{url}/reconcile").json()
    assert tied["is_tied"]
    assert tied["total"]["charged_money"] == [{"amount": "190.0000", "currency": "EUR"}]
    assert browser.get("/api/v1/imports").json()["data"][0]["status"] == "applied"
    undone = browser.post(f"{url}/undo", content_type="application/json")
    assert undone.json()["status"] == "undone"


def _post(browser, body, query=""):
    return browser.post(f"/api/v1/imports{query}", json.dumps(body), content_type="application/json")


def test_api_multipart_upload_imports_the_file(world: World) -> None:
    browser = signed_in(world)
    content = SimpleUploadedFile("time.csv", make.csv(MONDAY).content or b"", content_type="text/csv")

    answer = browser.post("/api/v1/imports/upload", {"file": content, "status": "submitted"})

    assert answer.status_code == 201, answer.content
    with world.inside():
        assert TimeEntry.objects.get().status == "submitted"


def test_apply_approved_by_the_manager_of_what_is_imported(world: World) -> None:
    rights = {right: Scope.ALL for right in world.actor.grants if right.startswith("imports.")}
    manager = replace(world.actor, grants={**rights, "timesheets.time.approve": Scope.TEAM})
    batch = actions.upload_batch(manager, opened=make.csv(MONDAY), answers=make.answers(status="approved"))

    applied = actions.apply_batch(manager, batch_id=batch.id)

    assert applied.written["approved"] == 1
    other = actions.upload_batch(
        manager, opened=make.csv(TUESDAY), answers=make.answers(status="approved", approver="Ana Ruiz")
    )
    with pytest.raises(Forbidden, match=r"timesheets.time.approve"):
        actions.apply_batch(manager, batch_id=other.id)


def test_mapped_person_keeps_the_name_and_mail_that_they_have(world: World) -> None:
    ana = world.person("Ana Maria Ruiz")
    told = make.answers()
    key = _person_key(world, MONDAY)
    told = replace(told, mapping=replace(told.mapping, people=((key, Use(str(ana.id))),)))

    make.run(world, make.csv(MONDAY), told=told)

    with world.inside():
        kept = Person.objects.get(id=ana.id)
        assert (kept.name, kept.email) == (ana.name, ana.email)
        assert TimeEntry.objects.get().person_id == ana.id


def _person_key(world: World, row: str) -> str:
    with world.inside():
        planned = plan_upload(world.actor, make.csv(row).upload, "", make.answers())
    return planned.export.records.people[0].key


def test_people_without_a_cost_are_told_or_get_the_one_asked_for_and_undo_takes_it_back(world: World) -> None:
    rows = make.csv(MONDAY)
    told = make.answers(status="approved")
    without = actions.dry_run_batch(world.actor, batch_id=make.upload(world, rows, told=told).id)
    assert "1 person has no cost per hour" in str(in_words(without.written)["notes"])

    told = replace(told, load=replace(told.load, cost_per_hour=Decimal(40)))
    batch = make.run(world, rows, told=told)

    with world.inside():
        rate = CostRate.objects.get(person__name="Ana Ruiz")
        assert (rate.valid_from, rate.amount_per_hour, rate.currency) == (date(2026, 5, 4), 40, "EUR")
        assert Charge.objects.get().cost_amount == 80
    assert "no cost per hour" not in str(in_words(batch.written)["notes"])
    actions.undo_batch(world.actor, batch_id=batch.id)
    with world.inside():
        assert not CostRate.objects.filter(person__name="Ana Ruiz").exists()
