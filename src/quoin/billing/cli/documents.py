"""`quoin bill`, `quoin invoice` and `quoin payment`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from quoin.base.console import PARTLY_DONE, Session
from quoin.billing.actions import bank, links
from quoin.billing.actions.invoices import credit_invoice, issue_run
from quoin.billing.actions.payments import record_payment
from quoin.billing.actions.runs import build_run, discard_run
from quoin.billing.queries import invoices as queries
from quoin.billing.queries import receivables
from quoin.billing.queries.run_plan import Scope, preview_run
from quoin.billing.queries.said import invoice_out, issued_out, line_out, payment_out, plan_out, run_out
from quoin.kernel.errors import NotFound
from quoin.kernel.ids import from_public_id
from quoin.kernel.money import Money

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_ROW = ("number", "client", "state", "issue_on", "due_on", "net", "gross", "open", "id")


@click.group("bill")
def bill() -> None:
    """Billing runs."""


@bill.command("run")
@click.option("--to", "until", type=_DAY, default=None, help="Last day of the work (default: today).")
@click.option("--dry-run", is_flag=True, help="Show what would be drafted.")
@click.pass_obj
def run(session: Session, until: datetime | None, dry_run: bool) -> None:
    """Draft invoices for all approved work: quoin bill run --to 2026-05-31"""
    day = until.date() if until else session.actor.today
    if dry_run or session.is_dry_run:
        session.emit(plan_out(preview_run(session.actor, Scope(work_until=day))))
        return
    built = build_run(session.actor, work_until=day)
    drafts = [invoice_out(row) for row in queries.drafts_of(session.actor, built.run)]
    session.emit({**run_out(built.run), "drafts": drafts})


@bill.command("issue")
@click.argument("run_id", metavar="RUN")
@click.option("--on", "issue_on", type=_DAY, default=None, help="Day on the invoices (default: today).")
@click.pass_obj
def issue(session: Session, run_id: str, issue_on: datetime | None) -> None:
    """Issue all drafts of a run, given by its id or number."""
    row = _run(session, run_id)
    count = queries.drafts_of(session.actor, row).exclude(status="issued").count()
    session.confirm(f"Issue {count} invoices? They never change after that.")
    found = issue_run(session.actor, run_id=row.id, count=count, issue_on=_day(issue_on))
    session.emit(issued_out(found))
    if found.refused:
        raise click.exceptions.Exit(PARTLY_DONE)


@bill.command("discard")
@click.argument("run_id", metavar="RUN")
@click.pass_obj
def discard(session: Session, run_id: str) -> None:
    """Delete the drafts of a run; their work is unbilled again."""
    row = _run(session, run_id)
    session.confirm(f"Discard the drafts of billing run {row.number}?")
    session.emit({"run": row.public_id, "discarded": discard_run(session.actor, run_id=row.id)})


@click.group("invoice")
def invoice() -> None:
    """Invoices and credit notes."""


@invoice.command("list")
@click.option("--state", default="", help="draft, open, overdue, paid, credit_note …")
@click.pass_obj
def list_invoices(session: Session, state: str) -> None:
    """All invoices, newest first."""
    rows = queries.visible_invoices(session.actor).order_by("-issue_on", "-sequence", "-id")
    if state:
        rows = rows.filter(state=state)
    session.emit([invoice_out(row) for row in rows], columns=_ROW)


@invoice.command("show")
@click.argument("number")
@click.pass_obj
def show(session: Session, number: str) -> None:
    """An invoice with its lines, by number or id."""
    row = _invoice(session, number)
    session.emit({**invoice_out(row), "lines": [line_out(line, row.currency) for line in queries.lines_of(row)]})


@invoice.command("pdf")
@click.argument("number")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="File to write (default: NUMBER.pdf).")
@click.pass_obj
def pdf(session: Session, number: str, out: Path | None) -> None:
    """Write the issued PDF."""
    row = _invoice(session, number)
    _write(session, out or Path(f"{row.number}.pdf"), bytes(queries.document_bytes(row).pdf))


@invoice.command("xml")
@click.argument("number")
@click.option("--format", "syntax", type=click.Choice(["ubl", "cii"]), default="ubl", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=None, help="File to write (default: NUMBER.xml).")
@click.pass_obj
def xml(session: Session, number: str, syntax: str, out: Path | None) -> None:
    """Write the issued e-invoice (EN 16931)."""
    row = _invoice(session, number)
    document = queries.document_bytes(row)
    _write(session, out or Path(f"{row.number}.xml"), bytes(document.ubl if syntax == "ubl" else document.cii))


@invoice.command("validate")
@click.argument("number")
@click.pass_obj
def validate(session: Session, number: str) -> None:
    """Check a document against EN 16931, exactly."""
    row = _invoice(session, number)
    found = queries.draft_findings(row) if row.status != "issued" else ()
    session.emit({"number": row.number, "is_valid": not found, "findings": [f"{p.code}: {p.detail}" for p in found]})
    if found:
        raise click.exceptions.Exit(6)


@invoice.command("credit")
@click.argument("number")
@click.option("--reason", required=True)
@click.pass_obj
def credit(session: Session, number: str, reason: str) -> None:
    """Credit all that is left of an invoice; its work is unbilled again."""
    row = _invoice(session, number)
    session.confirm(f"Credit {row.number}?")
    note = credit_invoice(session.actor, invoice_id=row.id, reason=reason)
    session.emit({"id": note.public_id, "number": note.number, "corrects": row.number})


@invoice.command("send")
@click.argument("number")
@click.option("--to", default="", help="Mail address (default: the client's).")
@click.pass_obj
def send(session: Session, number: str, to: str) -> None:
    """Mail an invoice with a link for the client."""
    made = links.send_invoice(session.actor, invoice_id=_invoice(session, number).id, to=to)
    session.emit({"to": made.link.sent_to, "url": made.url, "expires_at": made.link.expires_at})


@click.group("payment")
def payment() -> None:
    """Money that came in."""


@payment.command("record")
@click.argument("number", metavar="INVOICE")
@click.argument("amount")
@click.option("--on", "received_on", type=_DAY, default=None, help="Day it came in (default: today).")
@click.option("--reference", default="")
@click.pass_obj
def record(session: Session, number: str, amount: str, received_on: datetime | None, reference: str) -> None:
    """Record money for an invoice: quoin payment record HD-2026-0412 1190.00"""
    row = _invoice(session, number)
    made = record_payment(
        session.actor, client_id=row.client_id, amount=Money(Decimal(amount), row.currency),
        received_on=_day(received_on) or session.actor.today, shares=[queries.share_of(row)], entity_id=row.entity_id,
        reference=reference,
    )  # fmt: skip
    session.emit(payment_out(made))


@payment.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--entity", default="", help="Code of the company (default: the only one).")
@click.pass_obj
def import_file(session: Session, file: Path, entity: str) -> None:
    """Import a CAMT.053 or CSV bank file."""
    entity_id = queries.entity_id_of(entity)
    found = bank.import_statement(session.actor, entity_id=entity_id, file_name=file.name, content=file.read_bytes())
    session.emit({"id": found.statement.public_id, "new": found.new, "known": found.known})


@payment.command("match")
@click.pass_obj
def match(session: Session) -> None:
    """Accept all exact proposals."""
    session.emit({"matched": bank.match_exact(session.actor)})


@payment.command("list")
@click.pass_obj
def list_payments(session: Session) -> None:
    """Payments, newest first."""
    session.emit([payment_out(row) for row in receivables.payments(session.actor)[:500]])


def _invoice(session: Session, text: str) -> Any:
    rows = queries.visible_invoices(session.actor)
    try:
        found = rows.filter(id=from_public_id("inv", text)).first()
    except ValueError:
        found = rows.filter(number__iexact=text).first()
    if found is None:
        raise NotFound(f"There is no invoice {text}.")
    return found


def _run(session: Session, text: str) -> Any:
    rows = queries.runs(session.actor)
    try:
        found = rows.filter(id=from_public_id("brn", text)).first()
    except ValueError:
        found = rows.filter(number=int(text)).first() if text.isdigit() else None
    if found is None:
        raise NotFound(f"There is no billing run {text}.")
    return found


def _write(session: Session, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    session.emit({"file": str(path), "bytes": len(content)})


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


COMMANDS: list[click.Command] = [bill, invoice, payment]
