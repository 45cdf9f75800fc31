"""`quoin expense`: expenses on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from quoin.base.console import Session
from quoin.base.listing import page_of, parse
from quoin.kernel.errors import NotFound
from quoin.kernel.ids import public_id
from quoin.timesheets.actions import expenses
from quoin.timesheets.cli.typed import day_of_text, decimal_of, row_of
from quoin.timesheets.queries import access, spending


@click.group()
def expense() -> None:
    """Expenses: add and list."""


@expense.command("add")
@click.argument("amount")
@click.argument("work")
@click.option("--category", required=True, help="Name of the category.")
@click.option("--supplier", default="")
@click.option("--vat", default="0", help="VAT within the amount.")
@click.option("--currency", default="EUR", show_default=True)
@click.option("--on", "on_text", default="", help="The day; today when left out.")
@click.option("--note", default="")
@click.option("--receipt", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None)
@click.pass_obj
def add_expense(session: Session, /, amount: str, work: str, category: str, **options: Any) -> None:
    """Add AMOUNT spent on WORK; for mileage and per diem AMOUNT is kilometres or days."""
    actor, row = session.actor, row_of(session, work)
    kind = next((one for one in spending.categories() if one.name.casefold() == category.casefold()), None)
    if kind is None:
        raise NotFound(f"There is no category {category}.")
    values: dict[str, Any] = {"currency": options["currency"], "vat_amount": decimal_of(options["vat"])}
    values["gross_amount" if kind.kind == "receipt" else "quantity"] = decimal_of(amount)
    if options["receipt"] is not None:
        content = options["receipt"].read_bytes()
        values["receipt_id"] = expenses.upload_receipt(actor, name=options["receipt"].name, content=content).id
    made = expenses.add_expense(
        actor, person_id=access.own_person(actor), spent_on=day_of_text(session, options["on_text"]),
        project_id=row.key.project_id, task_id=row.key.task_id, category_id=kind.id, supplier=options["supplier"],
        note=options["note"], **values,
    )  # fmt: skip
    session.emit(_expense(spending.expense_for(actor, made.id)))


@expense.command("list")
@click.option("--status", default="", help="open, submitted, approved or returned.")
@click.option("--limit", type=click.IntRange(1, 200), default=50)
@click.pass_obj
def list_expenses(session: Session, status: str, limit: int) -> None:
    """List expenses within reach."""
    asked = [("limit", str(limit)), *([("status", status)] if status else [])]
    query = parse(spending.EXPENSES, asked, on=session.actor.today)
    page = page_of(spending.EXPENSES, spending.visible_expenses(session.actor), query)
    session.emit([_expense(row) for row in page.rows])


def _expense(row: Any) -> dict[str, Any]:
    return {
        "id": public_id("exp", row.id), "date": row.spent_on.isoformat(), "project": row.project.name,
        "category": row.category.name, "supplier": row.supplier, "amount": f"{row.gross_amount:.2f}",
        "currency": row.currency, "net_in_books": f"{row.base_net_amount:.2f}", "books": row.base_currency,
        "status": row.status, "receipt": bool(row.receipt_id),
    }  # fmt: skip
