"""Expenses by file: read, planned, written to the cent, changed, approved, tied out, taken back."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from quoin.billing.models import Charge, Invoice, InvoiceItem, InvoiceLine
from quoin.catalog.models import ExpenseCategory
from quoin.compliance.queries.checks import run_checks
from quoin.imports import actions
from quoin.imports.adapters.opened import Opened, open_bytes
from quoin.imports.models import ImportBatch, ImportLine
from quoin.imports.queries.reconcile import reconcile
from quoin.imports.queries.told import in_words
from quoin.imports.services.kept import ImportBilled
from quoin.imports.services.refusing import ImportRefused
from quoin.kernel.errors import Forbidden
from quoin.kernel.money import Money
from quoin.timesheets.models import Expense, TimeEntry
from tests.imports.test_wizard import columns_form
from tests.make import World
from tests.make import imports as make
from tests.make.web import signed_in

HEADER = "id,date,employee,email,client,project,category,supplier,amount,vat,currency,billable,note"
TRAIN = "x1,2026-05-04,Ana Ruiz,ana@file.example,Nordkraft,Grid,Travel,Bahn,119.00,19.00,EUR,yes,Oslo"
HOTEL = "x2,2026-05-05,Ben Ode,ben@file.example,Nordkraft,Grid,Hotel,Inn,107.00,7.00,EUR,no,Night"


def table(*rows: str, header: str = HEADER) -> Opened:
    return open_bytes("spent.csv", ("\n".join([header, *rows]) + "\n").encode())


def test_expenses_are_found_written_tied_out_and_taken_back(world: World) -> None:
    batch = actions.dry_run_batch(world.actor, batch_id=make.upload(world, table(TRAIN, HOTEL)).id)
    with world.inside():
        assert Expense.objects.count() == ExpenseCategory.objects.count() == 0
    shown = {row["kind"]: row["new"] for row in batch.report["summary"]}
    assert (batch.source, batch.report["refusal"], batch.report["check"]["is_tied"]) == ("expenses", "", True)
    assert (shown["category"], shown["expense"], shown["entry"], shown["person"]) == (2, 2, 0, 2)
    assert batch.report["check"]["file"]["money"] == [{"amount": "226.00", "currency": "EUR"}]

    applied = actions.apply_batch(world.actor, batch_id=batch.id)

    with world.inside():
        train = Expense.objects.select_related("person", "category").get(external_key="expenses:x1")
        found = reconcile(world.actor, applied)
        kinds = list(ImportLine.objects.order_by("position").values_list("kind", "vat_amount"))
    assert (train.person.name, train.category.name, train.supplier, train.note) == (
        "Ana Ruiz",
        "Travel",
        "Bahn",
        "Oslo",
    )
    assert (train.gross_amount, train.vat_amount, train.base_net_amount) == (119, 19, 100)
    assert (found.is_tied, found.total.there_rows) == (True, 2)
    assert found.total.spent_file == found.total.spent_there == (Money(Decimal(226), "EUR"),)
    assert kinds == [("expense", Decimal(19)), ("expense", Decimal(7))]

    undone = actions.undo_batch(world.actor, batch_id=applied.id)
    with world.inside():
        assert Expense.objects.count() == ExpenseCategory.objects.count() == 0
    assert (undone.undo_report["removed"]["expense"], undone.undo_report["kept"]) == (2, [])


def test_second_import_writes_only_what_the_file_changed_and_undo_restores_it(world: World) -> None:
    make.run(world, table(TRAIN, HOTEL))

    again = make.run(world, table(TRAIN, HOTEL.replace("107.00,7.00", "214.00,14.00")))

    counts = next(row for row in again.report["summary"] if row["kind"] == "expense")
    assert (counts["new"], counts["same"], counts["change"]) == (0, 1, 1)
    assert {diff["field"]: (diff["old"], diff["new"]) for diff in again.report["changes"][0]["diffs"]} == {
        "amount": ("107", "214"), "vat": ("7", "14"),
    }  # fmt: skip
    with world.inside():
        assert sorted(Expense.objects.values_list("gross_amount", flat=True)) == [119, 214]
        assert reconcile(world.actor, again).is_tied

    actions.undo_batch(world.actor, batch_id=again.id)
    with world.inside():
        hotel = Expense.objects.get(external_key="expenses:x2")
    assert (hotel.gross_amount, hotel.vat_amount, hotel.base_net_amount, hotel.version) == (107, 7, 100, 3)


def test_expenses_without_an_id_keep_their_keys_when_rows_change_places(world: World) -> None:
    header = HEADER.removeprefix("id,")
    rows = [TRAIN.removeprefix("x1,"), TRAIN.removeprefix("x1,").replace("119.00,19.00", "59.50,9.50")]
    make.run(world, table(*rows, header=header))

    again = make.run(world, table(*reversed(rows), header=header))

    counts = next(row for row in again.report["summary"] if row["kind"] == "expense")
    assert (counts["same"], counts["new"], counts["change"]) == (2, 0, 0)


def test_approved_expenses_are_charged_posted_and_leave_the_books_in_order(world: World) -> None:
    own = "x3,2026-05-06,Eva Berg,eva@halden.example,Nordkraft,Grid,Travel,Taxi,23.80,3.80,EUR,yes,Own"

    batch = make.run(world, table(TRAIN, HOTEL, own), told=make.answers(status="approved"))

    with world.inside():
        states = dict(Expense.objects.values_list("person__name", "status"))
        charges = dict(Charge.objects.values_list("person__name", "amount"))
        broken = [check.name for check in run_checks(world.actor) if check.rows]
        charged = reconcile(world.actor, batch).total.charged_money
    assert states == {"Ana Ruiz": "approved", "Ben Ode": "approved", "Eva Berg": "submitted"}
    assert charges["Ana Ruiz"] == 100
    assert (batch.written["approved"], batch.written["waiting"], broken) == (2, 1, [])
    assert charged[0].amount == sum(charges.values())

    undone = actions.undo_batch(world.actor, batch_id=batch.id)
    with world.inside():
        assert Expense.objects.count() == 0
        assert set(Charge.objects.values_list("status", flat=True)) == {"void"}
        assert [check.name for check in run_checks(world.actor) if check.rows] == []
    assert undone.undo_report["removed"]["expense"] == 3


def test_undo_of_a_billed_expense_names_the_invoice(world: World) -> None:
    batch = make.run(world, table(TRAIN), told=make.answers(status="approved"))

    def bill() -> None:
        charge = Charge.objects.get()
        invoice = Invoice.objects.create(
            entity=world.entity, client=charge.client, currency="EUR", created_at=world.actor.now
        )
        line = InvoiceLine.objects.create(
            invoice=invoice, position=1, description="Train", quantity=1, unit="C62", unit_price=100, net_amount=100
        )
        InvoiceItem.objects.create(line=line, charge=charge, minutes=0, amount=100)

    world.do(bill)

    with pytest.raises(ImportBilled, match="a draft"):
        actions.undo_batch(world.actor, batch_id=batch.id)
    with world.inside():
        assert Expense.objects.get().status == "approved"


@pytest.mark.parametrize(
    ("old", "new", "code", "german"),
    [
        ("119.00,19.00", "0,0", "not_positive", ""),
        ("119.00,19.00", "119.00,119.00", "bad_vat", ""),
        ("119.00,19.00", "119.005,19.00", "bad_number", ""),
        (",Travel,", ",,", "no_category", ""),
        ("2026-05-04", "2026-05-44", "bad_date", "2026-05-44"),
        (",EUR,", ",,", "no_currency", ""),
    ],
)
def test_a_bad_row_is_refused_with_file_and_line_and_counts_in_the_sums(
    world: World, old: str, new: str, code: str, german: str
) -> None:
    batch = make.upload(world, table(HOTEL, TRAIN.replace(old, new)))
    shown = actions.dry_run_batch(world.actor, batch_id=batch.id)

    with pytest.raises(ImportRefused) as refused:
        actions.apply_batch(world.actor, batch_id=batch.id)

    assert (refused.value.problems[0].pointer, refused.value.problems[0].code) == ("/files/spent.csv/3", code)
    assert (shown.report["check"]["is_tied"], shown.report["check"]["columns"]["error"]["rows"]) == (True, 1)
    with translation.override("de"):
        assert german in in_words(shown.report)["errors"][0]["message"]
    with world.inside():
        assert Expense.objects.count() == 0


def test_what_the_books_do_not_take_is_said_before_and_writes_nothing(world: World) -> None:
    world.do(lambda: ExpenseCategory.objects.create(name="Travel", kind="mileage", rate_per_unit=Decimal("0.30")))
    batch = make.upload(world, table(TRAIN, TRAIN.replace("x1,2026-05-04", "x9,2099-05-04")))

    shown = actions.dry_run_batch(world.actor, batch_id=batch.id)
    with pytest.raises(ImportRefused, match=r"spent.csv, line 2: Say how many kilometres") as refused:
        actions.apply_batch(world.actor, batch_id=batch.id)

    assert "spent.csv, line 2" in in_words(shown.report)["refusal"]
    assert [problem.pointer for problem in refused.value.problems] == ["/files/spent.csv/2", "/files/spent.csv/3"]
    with world.inside():
        assert Expense.objects.count() == 0


def test_mileage_costs_what_its_rate_gives_and_nothing_else(world: World) -> None:
    world.do(lambda: ExpenseCategory.objects.create(name="Travel", kind="mileage", rate_per_unit=Decimal("0.30")))
    header, row = f"{HEADER},km", TRAIN.replace("119.00,19.00", "30.00,0")

    make.run(world, table(f"{row},100", header=header))
    with pytest.raises(ImportRefused, match=r"the file 30\.00 EUR"):
        make.run(world, table(f"{row.replace('x1', 'x2')},99", header=header))

    with world.inside():
        assert Expense.objects.get().quantity == 100


def test_approved_expenses_need_the_right_to_approve_them_only(world: World) -> None:
    rights = ("imports.batch.view", "imports.batch.upload", "imports.batch.apply")
    told = make.answers(status="approved")
    weak = world.with_rights(*rights, "timesheets.time.approve")
    batch = actions.upload_batch(weak, opened=table(TRAIN), answers=told)

    with pytest.raises(Forbidden, match=r"timesheets.expense.approve"):
        actions.apply_batch(weak, batch_id=batch.id)

    strong = world.with_rights(*rights, "timesheets.expense.approve")
    assert actions.apply_batch(strong, batch_id=batch.id).written["approved"] == 1
    with world.inside():
        assert TimeEntry.objects.count() == 0


def test_wizard_brings_expenses_in_and_says_it_in_german(world: World) -> None:
    travel = world.do(lambda: ExpenseCategory.objects.create(name="Reisen"))
    browser = signed_in(world)
    opened = table(TRAIN.replace(",EUR,", ",,"), HOTEL.replace(",EUR,", ",,"))
    content = SimpleUploadedFile("spent.csv", opened.content or b"", content_type="text/csv")
    url = browser.post("/admin/import/new", {"file": content, "profile": ""})["Location"].removesuffix("/columns")
    form = {**columns_form(browser.get(f"{url}/columns").content.decode()), "profile": "expenses"}
    assert "2 rows have money without a currency" in browser.get(f"{url}/columns").content.decode()

    browser.post(f"{url}/columns", {**form, "currency": "EUR"})
    page = browser.get(f"{url}/values").content.decode()
    assert re.search(rf'<option value="{travel.id}"[^>]*>Reisen', page)
    browser.post(
        f"{url}/values",
        {"status": "open", "takes_changes": "on", "categories-key": "travel", "categories-answer": str(travel.id)},
    )
    assert browser.post(f"{url}/apply")["Location"] == url
    page = browser.get(url).content.decode()
    assert "The file ties out: 2 rows are here" in page
    assert "EUR 226.00" in browser.get(f"{url}/reconcile").content.decode().replace("\xa0", " ").replace("&nbsp;", " ")
    with world.inside():
        assert set(Expense.objects.values_list("category__name", flat=True)) == {"Reisen", "Hotel"}
        assert ImportBatch.objects.get().written["expenses"] == 2
