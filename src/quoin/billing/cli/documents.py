"""`quoin bill`, `quoin invoice` and `quoin payment`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from quoin.base.console import DAY, PARTLY_DONE, Session
from quoin.billing.actions import bank, links
from quoin.billing.actions.invoices import correct_invoice, credit_invoice, issue_run
from quoin.billing.actions.payments import apply_payment, record_payment, release_retention, take_back_payment
from quoin.billing.actions.runs import build_run, discard_run
from quoin.billing.adapters.rechecking import issued_findings
from quoin.billing.cli.finding import ids_of, invoice_by, line_at, run_by
from quoin.billing.queries import invoices as queries
from quoin.billing.queries import receivables
from quoin.billing.queries.run_plan import Scope, preview_run
from quoin.billing.queries.said import invoice_out, issued_out, line_out, money_out, payment_out, plan_out, run_out
from quoin.kernel.money import Money

_ROW = ("number", "client", "state", "issue_on", "due_on", "net", "gross", "open", "id")


@click.group("bill")
def bill() -> None:
    """Billing runs."""


@bill.command("run")
@click.option("--to", "until", type=DAY, default=None, help="Last day of the work (default: today).")
@click.option("--dry-run", is_flag=True, help="Show what would be drafted.")
@click.pass_obj
def run(session: Session, until: date | None, dry_run: bool) -> None:
    """Draft invoices for all approved work: quoin bill run --to 2026-05-31"""
    last = until or session.actor.today
    if dry_run or session.is_dry_run:
        session.emit(plan_out(preview_run(session.actor, Scope(work_until=last))))
        return
    built = build_run(session.actor, work_until=last)
    drafts = [invoice_out(row) for row in queries.drafts_of(session.actor, built.run)]
    session.emit({**run_out(built.run), "drafts": drafts})


@bill.command("issue")
@click.argument("run_id", metavar="RUN")
@click.option("--on", "issue_on", type=DAY, default=None, help="Day on the invoices (default: today).")
@click.pass_obj
def issue(session: Session, run_id: str, issue_on: date | None) -> None:
    """Issue all drafts of a run, given by its id or number."""
    row = run_by(session, run_id)
    count = queries.drafts_of(session.actor, row).exclude(status="issued").count()
    session.confirm(f"Issue {count} invoices? They never change after that.")
    found = issue_run(session.actor, run_id=row.id, count=count, issue_on=issue_on)
    session.emit(issued_out(found))
    if found.refused:
        raise click.exceptions.Exit(PARTLY_DONE)


@bill.command("discard")
@click.argument("run_id", metavar="RUN")
@click.pass_obj
def discard(session: Session, run_id: str) -> None:
    """Delete the drafts of a run; their work is unbilled again."""
    row = run_by(session, run_id)
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
    row = invoice_by(session, number)
    session.emit({**invoice_out(row), "lines": [line_out(line, row.currency) for line in queries.lines_of(row)]})


@invoice.command("pdf")
@click.argument("number")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="File to write (default: NUMBER.pdf).")
@click.pass_obj
def pdf(session: Session, number: str, out: Path | None) -> None:
    """Write the issued PDF."""
    row = invoice_by(session, number)
    _write(session, out or Path(f"{row.number}.pdf"), bytes(queries.document_bytes(row).pdf))


@invoice.command("xml")
@click.argument("number")
@click.option("--format", "syntax", type=click.Choice(["ubl", "cii"]), default="ubl", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=None, help="File to write (default: NUMBER.xml).")
@click.pass_obj
def xml(session: Session, number: str, syntax: str, out: Path | None) -> None:
    """Write the issued e-invoice (EN 16931)."""
    row = invoice_by(session, number)
    document = queries.document_bytes(row)
    _write(session, out or Path(f"{row.number}.xml"), bytes(document.ubl if syntax == "ubl" else document.cii))


@invoice.command("validate")
@click.argument("number")
@click.pass_obj
def validate(session: Session, number: str) -> None:
    """Check a document against EN 16931, exactly: a draft as it would be issued, an issued one as it was."""
    row = invoice_by(session, number)
    found = queries.draft_findings(row) if row.status != "issued" else issued_findings(row, queries.document_bytes(row))
    session.emit({"number": row.number, "is_valid": not found, "findings": [f"{p.code}: {p.detail}" for p in found]})
    if found:
        raise click.exceptions.Exit(6)


@invoice.command("credit")
@click.argument("number")
@click.option("--reason", required=True)
@click.option("--line", "parts", multiple=True, metavar="LINE=AMOUNT", help="So much of a line, net: 2=150.00.")
@click.option("--entry", "entries", multiple=True, metavar="CHARGE", help="Some of the work (chg_…).")
@click.option("--reopen", "reopens_work", is_flag=True, help="Open the credited time for correction.")
@click.pass_obj
def credit(
    session: Session, *, number: str, reason: str, parts: tuple[str, ...], entries: tuple[str, ...], reopens_work: bool
) -> None:
    """Credit all that is left of an invoice, amounts of lines, or some of its work, which is unbilled again."""
    row = invoice_by(session, number)
    session.confirm(f"Credit {row.number}?")
    note = credit_invoice(
        session.actor, invoice_id=row.id, reason=reason, reopens_work=reopens_work,
        charge_ids=ids_of("chg", entries) if entries else None, amounts=_amounts(row, parts) if parts else None,
    )  # fmt: skip
    session.emit({"id": note.public_id, "number": note.number, "corrects": row.number})


@invoice.command("correct")
@click.argument("number")
@click.option("--reason", required=True)
@click.option("--entry", "entries", multiple=True, metavar="CHARGE", help="Some of the work (chg_…); else all of it.")
@click.pass_obj
def correct(session: Session, number: str, reason: str, entries: tuple[str, ...]) -> None:
    """Credit an invoice and open a draft with the same work."""
    row = invoice_by(session, number)
    session.confirm(f"Credit {row.number} and open a draft?")
    note, again = correct_invoice(
        session.actor, invoice_id=row.id, reason=reason, charge_ids=ids_of("chg", entries) if entries else None
    )
    session.emit({"credit_note": note.number, "draft": again.public_id, "corrects": row.number})


@invoice.command("accept")
@click.argument("number")
@click.option("--on", "accepted_on", type=DAY, default=None, help="Day of acceptance (default: today).")
@click.pass_obj
def accept(session: Session, number: str, accepted_on: date | None) -> None:
    """The client accepted the work: what was kept back falls due."""
    row = invoice_by(session, number)
    kept = release_retention(session.actor, invoice_id=row.id, accepted_on=accepted_on or session.actor.today)
    session.emit({"number": row.number, "released": money_out(kept.amount, row.currency)})


@invoice.group("link")
def link() -> None:
    """The client's way to an invoice."""


@link.command("list")
@click.argument("number")
@click.pass_obj
def list_links(session: Session, number: str) -> None:
    """Links of an invoice and how often they were opened."""
    session.emit([_link(one) for one in queries.story_of(invoice_by(session, number)).links])


@link.command("create")
@click.argument("number")
@click.option("--for", "sent_to", default="", help="Whom it is for.")
@click.pass_obj
def create_link(session: Session, number: str, sent_to: str) -> None:
    """Make a link for fourteen days; its address is shown once."""
    made = links.create_link(session.actor, invoice_id=invoice_by(session, number).id, sent_to=sent_to)
    session.emit({**_link(made.link), "url": made.url})


@link.command("renew")
@click.argument("link_id", metavar="LINK")
@click.pass_obj
def renew_link(session: Session, link_id: str) -> None:
    """Fourteen more days from now."""
    session.emit(_link(links.renew_link(session.actor, link_id=ids_of("lnk", [link_id])[0])))


@link.command("revoke")
@click.argument("link_id", metavar="LINK")
@click.pass_obj
def revoke_link(session: Session, link_id: str) -> None:
    """End a link now."""
    session.emit(_link(links.revoke_link(session.actor, link_id=ids_of("lnk", [link_id])[0])))


@invoice.command("send")
@click.argument("number")
@click.option("--to", default="", help="Mail address (default: the client's).")
@click.pass_obj
def send(session: Session, number: str, to: str) -> None:
    """Mail an invoice with a link for the client."""
    made = links.send_invoice(session.actor, invoice_id=invoice_by(session, number).id, to=to)
    session.emit({"to": made.link.sent_to, "url": made.url, "expires_at": made.link.expires_at})


@click.group("payment")
def payment() -> None:
    """Money that came in."""


@payment.command("record")
@click.argument("number", metavar="INVOICE")
@click.argument("amount")
@click.option("--on", "received_on", type=DAY, default=None, help="Day it came in (default: today).")
@click.option("--reference", default="")
@click.option("--banked", default="", help="What the bank account got, where that is not AMOUNT: 1085.00 USD.")
@click.option("--charges", default="", help="What banks kept of it, in the currency of the account.")
@click.pass_obj
def record(session: Session, /, *, number: str, amount: str, received_on: date | None, **given: str) -> None:
    """Record money for an invoice: quoin payment record HD-2026-0412 1190.00

    AMOUNT is what is paid, in the currency of the invoice.
    """
    row = invoice_by(session, number)
    banked = _money(given["banked"], row.currency)
    made = record_payment(
        session.actor, client_id=row.client_id, amount=Money(Decimal(amount), row.currency),
        received_on=received_on or session.actor.today, shares=[queries.share_of(row)], entity_id=row.entity_id,
        reference=given["reference"], banked=banked,
        charges=_money(given["charges"], banked.currency if banked else row.currency),
    )  # fmt: skip
    session.emit(payment_out(made))


def _money(text: str, currency: str) -> Money | None:
    """An amount as typed, with or without its currency."""
    amount, _, code = text.strip().partition(" ")
    return Money(Decimal(amount), code.strip().upper() or currency) if amount else None


@payment.command("take-back")
@click.argument("payment_id", metavar="PAYMENT")
@click.option("--reason", required=True)
@click.pass_obj
def take_back(session: Session, payment_id: str, reason: str) -> None:
    """A payment (pay_…) bounced or was a mistake: its invoices are open again."""
    (key,) = ids_of("pay", [payment_id])
    session.confirm(f"Take the payment {payment_id} back?")
    session.emit(payment_out(take_back_payment(session.actor, payment_id=key, reason=reason)))


@payment.command("apply")
@click.argument("payment_id", metavar="PAYMENT")
@click.argument("numbers", metavar="INVOICES...", nargs=-1)
@click.pass_obj
def apply(session: Session, payment_id: str, numbers: tuple[str, ...]) -> None:
    """Set what is left of a payment against invoices; the oldest open ones when none is named."""
    (key,) = ids_of("pay", [payment_id])
    shares = [queries.share_of(invoice_by(session, number)) for number in numbers] or None
    session.emit(payment_out(apply_payment(session.actor, payment_id=key, shares=shares)))


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


def _amounts(row: Any, parts: tuple[str, ...]) -> dict[str, Decimal]:
    found = {}
    for part in parts:
        place, _, amount = part.partition("=")
        try:
            found[str(line_at(row, int(place)).id)] = Decimal(amount)
        except (ValueError, ArithmeticError):
            raise click.UsageError(f"{part!r} is not LINE=AMOUNT; write for example 2=150.00.") from None
    return found


def _link(row: Any) -> dict[str, Any]:
    names = ("sent_to", "expires_at", "revoked_at", "last_opened_at", "opened_count")
    return {"id": row.public_id, **{name: getattr(row, name) for name in names}}


def _write(session: Session, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    session.emit({"file": str(path), "bytes": len(content)})


COMMANDS: list[click.Command] = [bill, invoice, payment]
