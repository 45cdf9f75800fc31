"""Checks, the audit trail, undo and a test mail on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from django.core.mail import send_mail

from quoin.base.console import Session
from quoin.base.listing import parse, rows_of
from quoin.compliance import actions
from quoin.compliance.actions import exports as export_actions
from quoin.compliance.adapters.archive import verified
from quoin.compliance.queries import trail as queries
from quoin.compliance.queries.anchors import anchor_file, chain_faults
from quoin.compliance.queries.checks import run_checks
from quoin.compliance.queries.exports import parts_of
from quoin.compliance.queries.trail_export import as_text, changed_values


@click.command("check")
@click.option("--fail", is_flag=True, help="Exit 1 if a rule is broken.")
@click.option("--only", default="", help="One rule by its number, as 01.")
@click.pass_obj
def check(session: Session, fail: bool, only: str) -> None:
    """Run every rule of the books; lists the rows that break one."""
    checks = run_checks(session.actor, only=only)
    session.emit(
        [
            {
                "rule": f"I-{one.number}", "holds": one.holds, "broken": one.count, "title": one.title,
                "rows": [f"{row.subject}: {row.detail}" for row in one.rows],
            }
            for one in checks
        ],
    )  # fmt: skip
    if fail and not all(one.holds for one in checks):
        raise click.exceptions.Exit(1)


@click.group("audit")
def audit() -> None:
    """The trail of every change."""


@audit.command("list")
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="FIELD=VALUE",
    help="As in the address of the screen: name[like]=invoice",
)
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.pass_obj
def list_actions(session: Session, filters: tuple[str, ...], limit: int) -> None:
    """Actions, newest first."""
    pairs = [(name, value) for name, _eq, value in (part.partition("=") for part in filters)]
    query = parse(queries.TRAIL, pairs, on=session.actor.today)
    found = []
    for row in rows_of(queries.TRAIL, queries.trail(session.actor), query):
        found.append(_row(row))
        if len(found) == limit:
            break
    session.emit(found)


@audit.command("seal")
@click.pass_obj
def seal(session: Session) -> None:
    """Add a link to the hash chain now."""
    link = actions.seal_trail(session.actor)
    session.emit(
        {
            "link": link.number,
            "rows": link.rows,
            "hash": link.hash,
            "anchors": str(anchor_file(session.actor.tenant_id)),
        }
    )


@audit.command("verify")
@click.pass_obj
def verify(session: Session) -> None:
    """Compute the whole chain again; exit 1 if anything was changed."""
    found = list(chain_faults(session.actor))
    session.emit({"holds": not found, "faults": found})
    if found:
        raise click.exceptions.Exit(1)


@audit.command("export")
@click.option("--from", "first", default="", metavar="DAY", help="First day, as 2026-01-01 or -30d.")
@click.option("--to", "last", default="", metavar="DAY", help="Last day.")
@click.option("--filter", "filters", multiple=True, metavar="FIELD=VALUE", help="As for list.")
@click.option("--format", "form", type=click.Choice(("csv", "json")), default="csv", show_default=True)
@click.pass_obj
def export_values(session: Session, first: str, last: str, filters: tuple[str, ...], form: str) -> None:
    """Every changed value, before and after: quoin audit export --from 2026-01-01 > audit.csv"""
    pairs = [(name, value) for name, _eq, value in (part.partition("=") for part in filters)]
    pairs += [(name, day) for name, day in (("at[gte]", first), ("at[lte]", last)) if day]
    for text in as_text(changed_values(session.actor, pairs), form):
        click.echo(text, nl=False)


@click.group("export")
def export() -> None:
    """Everything of the firm in open formats."""


@export.command("all")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The zip to write.")
@click.option("--format", "form", type=click.Choice(("csv", "json")), default="csv", show_default=True)
@click.pass_obj
def export_all(session: Session, out: Path, form: str) -> None:
    """Write all of it into one zip: quoin export all --out quoin.zip"""
    asked = export_actions.create_export(session.actor, form=form)
    done = export_actions.write_export(session.actor, export_id=asked.id)
    with out.open("wb") as file:
        for part in parts_of(done):
            file.write(part)
    session.emit({"file": str(out), "rows": done.rows, "size_bytes": done.size_bytes, "sha256": done.sha256})


@export.command("verify")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def export_verify(session: Session, path: Path) -> None:
    """Compare a zip with its manifest; exit 1 where a file is not what was written."""
    found = verified(path)
    session.emit({"holds": not found.faults, "files": found.files, "rows": found.rows, "faults": found.faults})
    if found.faults:
        raise click.exceptions.Exit(1)


@click.command("undo")
@click.argument("action_id")
@click.pass_obj
def undo(session: Session, action_id: str) -> None:
    """Take back an own action of the last day: quoin undo act_01J…"""
    done = actions.undo(session.actor, action_id=action_id)
    session.emit({"undone": done.public_id, "action": queries.label_of(done)})


@click.group("mail")
def mail() -> None:
    """Mail."""


@mail.command("test")
@click.argument("to")
@click.pass_obj
def test(session: Session, to: str) -> None:
    """Send a mail now, past the outbox."""
    try:
        send_mail("Quoin can send mail", "This is the test that was asked for.", None, [to])
    except OSError as fault:
        raise click.ClickException(f"The mail server refused: {fault}") from fault
    session.emit({"to": to, "sent": True})


def _row(row: Any) -> dict[str, Any]:
    return {
        "id": row.public_id, "at": row.at, "who": row.actor_name, "action": row.name, "target": row.target,
        "reason": row.reason, "source": row.source,
    }  # fmt: skip


COMMANDS: list[click.Command] = [check, audit, export, undo, mail]
