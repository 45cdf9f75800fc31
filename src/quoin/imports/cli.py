"""Imports on the command line: run a file, list, show, take back, reconcile."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from quoin.base.console import Session
from quoin.imports import actions, queries
from quoin.imports.adapters.answer_files import read_answers
from quoin.imports.adapters.opened import open_file
from quoin.imports.queries import answers as codec
from quoin.imports.queries.mapping import columns_of, mapping_of
from quoin.imports.queries.planning import has_errors
from quoin.imports.queries.reconcile import Reconciliation, reconcile
from quoin.imports.queries.told import in_words
from quoin.imports.queries.words import batch_out, reconciliation_out
from quoin.imports.rules.detect import PROFILES, profile_names
from quoin.imports.rules.loading import Answers, EntryStatus, LoadOptions
from quoin.imports.rules.planned import Choice, PlanOptions
from quoin.imports.types import DateOrder, MinuteRounding
from quoin.kernel.errors import invalid
from quoin.kernel.words import unpacked

_DATES = {"ymd": DateOrder.YMD, "dmy": DateOrder.DMY, "mdy": DateOrder.MDY}
_EVERY_SECONDS = 10
_ANSWERS = [choice.value for choice in Choice]


@click.group("import")
def import_group() -> None:
    """Bring in clients, projects, people, time and expenses from other tools."""


@import_group.command("run")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--profile",
    default="",
    help="toggl, harvest, clockify, kimai, solidtime, generic or expenses; else it is detected.",
)
@click.option(
    "--status", type=click.Choice([status.value for status in EntryStatus]), default="open", show_default=True
)
@click.option("--approver", default="", help="Who approves, by e-mail or name (default: you).")
@click.option("--rate", default="", help="Price per hour where the file tells none.")
@click.option("--cost", default="", help="Cost per hour of people who have none yet, in your company's currency.")
@click.option("--currency", default="", help="Currency of prices, where the file tells none.")
@click.option("--country", default="", help="Country of new clients, as DE.")
@click.option("--card", default="", help="Rate card of new contracts, instead of the file's prices.")
@click.option("--entity", default="", help="Which of your companies does the work.")
@click.option("--client", "default_client", default="", help="Client of rows and projects that have none.")
@click.option("--project", "default_project", default="", help="Project of rows that have none.")
@click.option("--dates", type=click.Choice(list(_DATES)), help="How days are written, where the file leaves it open.")
@click.option("--zone", default="", help="Time zone of clock times (default: the firm's).")
@click.option("--decimal", "decimal_point", type=click.Choice([".", ","]))
@click.option(
    "--rounding", type=click.Choice([rule.value for rule in MinuteRounding]), default="nearest", show_default=True
)
@click.option("--map", "map_file", type=click.Path(path_type=Path), help="JSON file: what columns and names mean.")
@click.option("--answers", "saved", default="", help="Name of answers that were saved in the wizard.")
@click.option("--unknown-people", type=click.Choice(_ANSWERS), default="create", show_default=True)
@click.option("--unknown-projects", type=click.Choice(_ANSWERS), default="create", show_default=True)
@click.option("--unknown-categories", type=click.Choice(_ANSWERS), default="create", show_default=True)
@click.option(
    "--update/--no-changes", "takes_changes", default=True, show_default=True,
    help="Update clients, people, projects and open time that are there as the file says. What --map names stays.",
)  # fmt: skip
@click.option("--skip-errors", is_flag=True, help="Import the rest; without it nothing is, if anything is wrong.")
@click.pass_obj
def run_import(session: Session, /, file: Path, profile: str, **told: Any) -> None:
    """Import FILE (CSV, XLSX, JSON, zip or folder, with receipts); with --dry-run only show what would happen.

    quoin import run time.csv --profile toggl --status approved --rate 95 --currency EUR
    quoin import run receipts.xlsx --profile expenses --currency EUR --dry-run
    """
    actor = session.actor
    answers = _answers(session, told)
    session.say(f"Reading {file.name} …")
    opened = open_file(file)
    batch = actions.upload_batch(actor, opened=opened, profile=profile, answers=answers)
    started = time.monotonic()
    if session.is_dry_run:
        batch = actions.dry_run_batch(actor, batch_id=batch.id, opened=opened)
        _show(session, batch)
        if batch.report["refusal"]:
            raise invalid("/plan", unpacked(batch.report["refusal"]), code="import_refused")
        if has_errors(batch.report) and not answers.load.leaves_errors:
            raise actions.refusal(batch.report)
        return
    with _progress(session, sum(len(table.lines) for table in opened.upload.tables)) as step:
        batch = actions.apply_batch(actor, batch_id=batch.id, opened=opened, progress=step)
    rows = batch.report["check"]["file"]["rows"]
    seconds = max(time.monotonic() - started, 0.001)
    session.say(f"{rows:,} rows in {seconds:.1f} s ({rows / seconds:,.0f} a second).")
    _show(session, batch)


@import_group.command("list")
@click.pass_obj
def list_imports(session: Session) -> None:
    """All imports, newest first."""
    rows = [batch_out(batch, with_report=False) for batch in queries.batches(session.actor)]
    session.emit(rows, columns=("id", "status", "file", "source", "entries", "expenses", "started_at"))


@import_group.command("show")
@click.argument("import_id")
@click.pass_obj
def show_import(session: Session, import_id: str) -> None:
    """One import, with its counts, check sums and errors."""
    session.emit(batch_out(queries.batch_for(session.actor, import_id)))


@import_group.command("undo")
@click.argument("import_id")
@click.pass_obj
def undo_import(session: Session, import_id: str) -> None:
    """Take an import back; what was changed since stays and is listed."""
    batch = queries.batch_for(session.actor, import_id)
    written = batch.written.get("entries", 0) + batch.written.get("expenses", 0)
    session.confirm(f"Take back the import of {batch.file_name} with {written} {'row' if written == 1 else 'rows'}?")
    batch = actions.undo_batch(session.actor, batch_id=batch.id)
    session.emit({"id": batch.public_id, "status": batch.status, **in_words(batch.undo_report)})


@import_group.command("reconcile")
@click.argument("import_id")
@click.pass_obj
def reconcile_import(session: Session, import_id: str) -> None:
    """The file beside the database: rows, hours and money, and each row that differs. Exit 7 if it does not tie."""
    batch = queries.batch_for(session.actor, import_id)
    found: Reconciliation = reconcile(session.actor, batch)
    session.emit({"id": batch.public_id, **reconciliation_out(found)})
    if not found.is_tied:
        raise click.exceptions.Exit(7)


@import_group.command("profiles")
@click.pass_obj
def list_profiles(session: Session) -> None:
    """What --profile may be, and the answers that were saved."""
    labels = {profile.key: profile.label for profile in PROFILES}
    rows = [{"profile": name, "label": labels.get(name, ""), "saved": False} for name in profile_names()]
    rows += [{"profile": row.name, "label": row.profile, "saved": True} for row in queries.profiles(session.actor)]
    session.emit(rows)


def _answers(session: Session, told: dict[str, Any]) -> Answers:
    start = _saved(session, told["saved"]) if told["saved"] else Answers()
    map_file = read_answers(told["map_file"]) if told["map_file"] else {}
    read = replace(
        start.read,
        date_order=_DATES[told["dates"]] if told["dates"] else start.read.date_order,
        decimal_point=told["decimal_point"] or start.read.decimal_point,
        zone=told["zone"] or start.read.zone,
        currency=told["currency"].upper() or start.read.currency,
        rounding=MinuteRounding(told["rounding"]),
        columns=columns_of(map_file) or start.read.columns,
        default_client=told["default_client"] or start.read.default_client,
        default_project=told["default_project"] or start.read.default_project,
    )
    return Answers(
        read=read,
        mapping=mapping_of(map_file) if map_file else start.mapping,
        plan=PlanOptions(
            unknown_people=Choice(told["unknown_people"]),
            unknown_projects=Choice(told["unknown_projects"]),
            unknown_categories=Choice(told["unknown_categories"]),
            takes_changes=told["takes_changes"],
        ),
        load=LoadOptions(
            status=EntryStatus(told["status"]), rate_per_hour=_price("rate", told["rate"]),
            currency=told["currency"].upper(),
            country=told["country"].upper(), card=told["card"], entity=told["entity"], approver=told["approver"],
            leaves_errors=told["skip_errors"], cost_per_hour=_price("cost", told["cost"]),
        ),
    )  # fmt: skip


def _saved(session: Session, name: str) -> Answers:
    row = queries.profiles(session.actor).filter(name__iexact=name).first()
    if row is None:
        raise invalid("/answers", f"There are no saved answers {name!r}. `quoin import profiles` lists them.")
    return codec.from_json(row.answers)


def _price(name: str, text: str) -> Decimal | None:
    if not text:
        return None
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal(-1)
    if not rate.is_finite() or rate < 0:
        raise invalid(f"/{name}", f"{text!r} is not an amount per hour. Write it as 95 or 95.50.")
    return rate


def _show(session: Session, batch: Any) -> None:
    report = in_words(batch.report)
    for warning in report["warnings"][:20]:
        session.say(f"Note: {actions.place_of(warning)}{warning['message']}")
    for note in in_words(batch.written).get("notes", []):
        session.say(f"Note: {note}")
    if session.form.value != "table":
        session.emit(batch_out(batch))
        return
    session.emit(batch.report["summary"], columns=("kind", "new", "change", "same", "skip", "error"))
    check = batch.report["check"]
    minutes = check["file"]["minutes"]
    money = ", ".join(f"{part['amount']} {part['currency']}" for part in check["file"]["money"]) or "no money"
    tied = "= all columns" if check["is_tied"] else "does not add up over the columns"
    for skip in report["skips"]:
        session.say(
            f"Left out or here already: {skip['rows']} {'row' if skip['rows'] == 1 else 'rows'}: {skip['reason']}"
        )
    receipts = check["file"].get("receipts", 0)
    papers = f", {receipts} {'receipt' if receipts == 1 else 'receipts'}" if receipts else ""
    session.say(
        f"Check sums: {check['file']['rows']} rows, {minutes // 60}:{minutes % 60:02d} h, {money}{papers} {tied}."
    )
    if batch.status == "applied":
        session.say(f"Import {batch.public_id}. Take it back with: quoin import undo {batch.public_id}")


@contextmanager
def _progress(session: Session, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, else a line every ten seconds."""
    said = [time.monotonic()]
    with session.progress("Writing time") as bar:
        bar.update(bar.task_ids[0], total=total or None)

        def step(done: int) -> None:
            bar.update(bar.task_ids[0], completed=done)
            if not sys.stderr.isatty() and time.monotonic() - said[0] > _EVERY_SECONDS:
                said[0] = time.monotonic()
                session.say(f"{done:,} entries written …")

        yield step


COMMANDS: list[click.Command] = [import_group]
