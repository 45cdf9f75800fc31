"""Receipts that come with a file of expenses: found, stored, tied out, replaced, and refused where they are none."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from quoin.base.files.models import StoredFile
from quoin.imports import actions
from quoin.imports.adapters.opened import Opened, open_bytes, open_file
from quoin.imports.queries.reconcile import reconcile
from quoin.imports.queries.told import in_words
from quoin.imports.services.refusing import ImportRefused
from quoin.imports.types import BadFile
from quoin.timesheets.models import Expense
from tests.imports.test_expenses_by_file import HOTEL, TRAIN
from tests.imports.test_wizard import columns_form
from tests.make import World
from tests.make import imports as make
from tests.make.web import signed_in

HEADER = "id,date,employee,email,client,project,category,supplier,amount,vat,currency,billable,note,receipt"
TICKET, BILL = b"%PDF-1.7 ticket", b"\x89PNG\r\n\x1a\n bill"


def packed(rows: list[str], papers: dict[str, bytes], *, header: str = HEADER) -> bytes:
    """A zip of a table and its receipts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("may/spent.csv", "\n".join([header, *rows]) + "\n")
        for name, content in papers.items():
            archive.writestr(name, content)
    return target.getvalue()


def opened(rows: list[str], papers: dict[str, bytes], *, header: str = HEADER) -> Opened:
    return open_bytes("spent.zip", packed(rows, papers, header=header))


def receipts(world: World) -> dict[str, bytes]:
    with world.inside():
        stored = {row.id: bytes(row.content) for row in StoredFile.objects.all()}
        return {row.external_key[-2:]: stored.get(row.receipt_id, b"") for row in Expense.objects.all()}


def test_receipts_come_by_column_or_by_id_count_in_the_sums_and_tie_out(world: World) -> None:
    rows = [f"{TRAIN},Receipts/Ticket.PDF", f"{HOTEL},"]
    papers = {"may/receipts/ticket.pdf": TICKET, "may/x2.png": BILL, "may/lost.pdf": b"%PDF-1 lost"}
    batch = actions.dry_run_batch(world.actor, batch_id=make.upload(world, opened(rows, papers)).id)
    report = in_words(batch.report)
    assert (report["check"]["file"]["receipts"], report["check"]["is_tied"], report["errors"]) == (2, True, [])
    assert [row["message"] for row in report["warnings"]] == ["1 file is the receipt of no row: may/lost.pdf."]
    assert receipts(world) == {}

    applied = actions.apply_batch(world.actor, batch_id=batch.id)

    assert receipts(world) == {"x1": TICKET, "x2": BILL}
    with world.inside():
        total = reconcile(world.actor, applied).total
    assert (applied.written["receipts"], total.file_receipts, total.there_receipts, total.is_tied) == (2, 2, 2, True)

    world.do(lambda: Expense.objects.filter(external_key="expenses:x2").update(receipt_id=None))
    with world.inside():
        found = reconcile(world.actor, applied)
    assert (found.is_tied, found.total.there_receipts) == (False, 1)
    assert [(row.line, row.reason) for row in found.differences] == [(3, "Its receipt was changed since.")]


def test_a_later_zip_brings_missing_receipts_replaces_others_and_undo_restores_them(world: World) -> None:
    rows = [f"{TRAIN},ticket.pdf", f"{HOTEL},bill.png"]
    make.run(world, opened(rows, {"ticket.pdf": TICKET, "bill.png": BILL}))
    same = make.run(world, opened(rows, {"ticket.pdf": TICKET, "bill.png": BILL}))
    assert next(row["same"] for row in same.report["summary"] if row["kind"] == "expense") == 2

    again = make.run(world, opened(rows, {"ticket.pdf": b"%PDF-2 better", "bill.png": BILL}))
    assert [diff["field"] for change in again.report["changes"] for diff in change["diffs"]] == ["receipt"]
    assert receipts(world) == {"x1": b"%PDF-2 better", "x2": BILL}

    bare = make.run(world, open_bytes("spent.csv", "\n".join([HEADER, *rows]).encode()))
    assert receipts(world)["x2"] == BILL
    assert "only the table was given" in in_words(bare.report)["warnings"][0]["message"]

    actions.undo_batch(world.actor, batch_id=again.id)
    assert receipts(world)["x1"] == TICKET


def test_only_expenses_that_lack_their_receipt_are_noted(world: World) -> None:
    rows = [f"{TRAIN},ticket.pdf", f"{HOTEL},"]
    batch = make.run(world, opened(rows, {"ticket.pdf": TICKET}), told=make.answers(status="submitted"))

    assert (
        "1 expense comes in without its receipt, which stays where the file is from."
        in in_words(batch.written)["notes"]
    )


@pytest.mark.parametrize(
    ("cell", "papers", "code"),
    [
        ("nowhere.pdf", {"ticket.pdf": TICKET}, "no_receipt"),
        ("ticket.pdf", {"a/ticket.pdf": TICKET, "b/ticket.pdf": BILL}, "ambiguous_receipt"),
        ("ticket.pdf", {"ticket.pdf": b"MZ a program"}, "bad_receipt"),
        ("", {"x1.pdf": b"<html>"}, "bad_receipt"),
    ],
)
def test_a_row_whose_receipt_is_none_is_refused_with_file_and_line(
    world: World, cell: str, papers: dict[str, bytes], code: str
) -> None:
    batch = make.upload(world, opened([f"{HOTEL},", f"{TRAIN},{cell}"], papers))

    with pytest.raises(ImportRefused) as refused:
        actions.apply_batch(world.actor, batch_id=batch.id)

    assert [(one.pointer, one.code) for one in refused.value.problems] == [("/files/may/spent.csv/3", code)]
    assert receipts(world) == {}


def test_a_workbook_beside_its_receipts_is_read_and_an_archive_in_the_archive_is_not(
    world: World, tmp_path: Path
) -> None:
    with xlsxwriter.Workbook(tmp_path / "spent.xlsx") as book:
        sheet = book.add_worksheet()
        for place, row in enumerate((HEADER.split(","), [*TRAIN.split(","), "ticket.pdf"])):
            sheet.write_row(place, 0, row)
    (tmp_path / "ticket.pdf").write_bytes(TICKET)

    make.run(world, open_file(tmp_path))

    assert receipts(world) == {"x1": TICKET}
    with pytest.raises(BadFile, match="archive inside"):
        open_bytes("spent.zip", packed([f"{TRAIN},t.pdf"], {"t.pdf": packed([], {})}))


def test_wizard_shows_the_receipts_of_a_zip_and_what_came_of_them(world: World) -> None:
    browser = signed_in(world)
    content = packed([f"{TRAIN},ticket.pdf", f"{HOTEL},bill.png"], {"ticket.pdf": TICKET, "bill.png": BILL})
    file = SimpleUploadedFile("spent.zip", content, content_type="application/zip")
    url = browser.post("/admin/import/new", {"file": file, "profile": ""})["Location"].removesuffix("/columns")
    form = columns_form(browser.get(f"{url}/columns").content.decode())
    browser.post(f"{url}/columns", {**form, "profile": "expenses"})

    browser.post(f"{url}/values", {"status": "open", "takes_changes": "on"})
    plan = browser.get(f"{url}/dry-run").content.decode()
    assert '<span class="num">2</span> receipts' in plan
    browser.post(f"{url}/apply")

    assert "Receipts of the file" in browser.get(f"{url}/reconcile").content.decode()
    assert receipts(world) == {"x1": TICKET, "x2": BILL}


def test_api_takes_a_zip_with_receipts_and_tells_how_many_are_there(world: World) -> None:
    browser = signed_in(world)
    file = SimpleUploadedFile("spent.zip", packed([f"{TRAIN},ticket.pdf"], {"ticket.pdf": TICKET}))

    answer = browser.post("/api/v1/imports/upload", {"file": file, "profile": "expenses"})

    made = json.loads(answer.content)
    assert (answer.status_code, made["receipts"]) == (201, 1)
    total = json.loads(browser.get(f"/api/v1/imports/{made['id']}/reconcile").content)["total"]
    assert (total["file_receipts"], total["there_receipts"]) == (1, 1)
