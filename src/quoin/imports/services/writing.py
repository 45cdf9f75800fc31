"""Writing a plan: parties, prices, time, expenses, approval. All or nothing: it runs inside one transaction."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from quoin.accounts.models import LegalEntity, User
from quoin.accounts.services.entities import firm_currency, open_first_entity
from quoin.base.actor import Actor, Scope
from quoin.billing.types import WorkUnpriced
from quoin.imports.models import ImportBatch
from quoin.imports.rules.loading import Answers, EntryStatus
from quoin.imports.rules.planned import Kind, Outcome, Plan, PlannedEntry, Use
from quoin.imports.services import parties, spending
from quoin.imports.services.costing import write_costs
from quoin.imports.services.lines import keep_before, write_lines
from quoin.imports.services.load import ENTITY, MEMBER, Load, told_by
from quoin.imports.services.pricing import write_prices
from quoin.imports.services.refusing import ImportRefused, refuse_rows
from quoin.imports.types import Export
from quoin.kernel.errors import Invalid, invalid
from quoin.kernel.words import packed, say, say_many
from quoin.people.models import Person
from quoin.people.services import add_person
from quoin.timesheets.models import TimeEntry
from quoin.timesheets.services.decide import approve
from quoin.timesheets.services.entries import snapshot as entry_snapshot
from quoin.timesheets.services.imported import EntryChange, change_entries
from quoin.timesheets.services.load import LoadRow, load_entries
from quoin.timesheets.services.sheets import mark_handed_in
from quoin.timesheets.types import WrongState

APPROVE = "timesheets.time.approve"
_PART = 20_000
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What applying wrote: objects by kind, entries, and what the person should know."""

    made: dict[str, int]
    changed: dict[str, int]
    entries: int
    changed_entries: int
    minutes: int
    approved: int
    waiting: int
    """Entries that stay handed in, because nobody approves their own time."""
    notes: tuple[str, ...]
    expenses: int = 0
    changed_expenses: int = 0
    receipts: int = 0


def write_plan(
    actor: Actor, batch: ImportBatch, export: Export, plan: Plan, *, answers: Answers, progress: Progress | None = None
) -> Written:
    """Write what is new and changed; ImportRefused with file and line where it cannot be."""
    load = _load(actor, batch, export, plan, answers=answers)
    parties.write_clients(load)
    parties.write_people(load)
    parties.write_projects(load)
    parties.write_tasks(load)
    parties.write_categories(load)
    parties.link_records(load)
    write_prices(load)
    write_costs(load)
    new = [item for item in plan.entries if item.outcome is Outcome.NEW]
    if progress is not None:
        progress(0)
    rows = list(_rows(load, new))
    spent = spending.new_rows(load)
    parties.write_members(
        load, {(row.project_id, row.person_id) for row in rows} | {(row.project_id, row.person_id) for row in spent}
    )
    minutes = _write_entries(load, new, rows, progress)
    spending.write_expenses(load, spent)
    write_lines(actor, batch.id, export, plan)
    changed, respent = _change_entries(load), spending.change(load)
    approved, waiting = _approve(load, load.approver) if load.approver and rows else (0, 0)
    if load.approver and spent:
        approved_too, waiting_too = spending.approve(load, load.approver)
        approved, waiting = approved + approved_too, waiting + waiting_too
    load.save_records()
    kinds = Counter((made.kind, made.before is not None) for made in load.made)
    return Written(
        made={kind: count for (kind, is_change), count in kinds.items() if not is_change}
        | ({MEMBER: len(load.members)} if load.members else {}),
        changed={kind: count for (kind, is_change), count in kinds.items() if is_change},
        entries=len(rows),
        changed_entries=changed,
        minutes=minutes,
        approved=approved,
        waiting=waiting,
        notes=tuple(load.notes),
        expenses=len(spent),
        changed_expenses=respent,
        receipts=load.receipts,
    )


def _load(actor: Actor, batch: ImportBatch, export: Export, plan: Plan, *, answers: Answers) -> Load:
    entity, is_new = _entity(actor, answers)
    load = Load(
        actor=actor, batch=batch, export=export, plan=plan, answers=answers, entity=entity,
        ids={(kind, key): UUID(found) for kind, key, found in plan.ids},
        told=told_by(export.records.entries, export.records.expenses),
        papers={paper.name: paper for paper in export.papers},
    )  # fmt: skip
    if is_new:
        load.add(ENTITY, entity, entity.name)
        load.notes.append(
            say(
                "%(name)s was opened as your company. Complete its address and tax number for invoices.",
                name=entity.name,
            )
        )
    if answers.load.status is EntryStatus.APPROVED:
        for right in _rights(plan):
            actor.require(right)
        load.approver = _approver(load)
    return load


def _rights(plan: Plan) -> tuple[str, ...]:
    """What somebody must be allowed who brings approved rows in."""
    if not plan.expenses:
        return (APPROVE,)
    return (APPROVE, spending.APPROVE) if plan.entries else (spending.APPROVE,)


def _entity(actor: Actor, answers: Answers) -> tuple[LegalEntity, bool]:
    asked = answers.load.entity.casefold()
    rows = list(LegalEntity.objects.order_by("id"))
    found = [row for row in rows if not asked or asked in {row.name.casefold(), row.code.casefold(), str(row.id)}]
    if not rows and not asked:
        if not answers.load.country:
            raise invalid(
                "/country", "Say in which country your company is.", code="required",
                remedy="Add --country DE, or open a company in the settings.",
            )  # fmt: skip
        currency = answers.load.currency or firm_currency(actor)
        return open_first_entity(actor, country=answers.load.country, currency=currency), True
    mine = Person.objects.filter(id=actor.person_id).first() if actor.person_id else None
    if len(found) > 1 and not asked and mine is not None:
        return mine.entity, False
    if len(found) != 1:
        names = ", ".join(row.name for row in rows)
        raise invalid(
            "/entity", say("Say which of your companies does the work: %(names)s.", names=names), code="required"
        )
    return found[0], False


def _rows(load: Load, new: list[PlannedEntry]) -> Iterator[LoadRow]:
    ids = load.ids
    home = dict(load.answers.mapping.projects).get("")
    for item in new:
        entry = item.entry
        project_id = (
            ids[Kind.PROJECT, entry.project_key]
            if entry.project_key
            else UUID(home.id if isinstance(home, Use) else "")
        )
        yield LoadRow(
            ids[Kind.PERSON, entry.person_key], project_id, ids.get((Kind.TASK, entry.task_key)), entry.work_on,
            entry.minutes, entry.note, entry.is_billable, entry.external_id,
            entry.starts_at if item.has_times else None, entry.ends_at if item.has_times else None,
        )  # fmt: skip


def _write_entries(load: Load, new: list[PlannedEntry], rows: list[LoadRow], progress: Progress | None) -> int:
    status = load.answers.load.status
    written = EntryStatus.OPEN if status is EntryStatus.OPEN else EntryStatus.SUBMITTED
    minutes = 0
    # In parts, so that the caller hears in between how far it is and can say stop.
    for start in range(0, len(rows), _PART):
        part = rows[start : start + _PART]
        try:
            minutes += load_entries(load.actor, part, status=written.value, import_id=load.batch.id).minutes
        except Invalid as fault:
            refuse_rows(fault, [(item.entry.file, item.entry.line) for item in new[start:]])
        if progress is not None:
            progress(start + len(part))
    if written is EntryStatus.SUBMITTED:
        weeks = {(row.person_id, row.work_on - timedelta(days=row.work_on.weekday())) for row in rows}
        mark_handed_in(load.actor, weeks)
    return minutes


def _change_entries(load: Load) -> int:
    changed = [item for item in load.plan.entries if item.outcome is Outcome.CHANGE]
    if not changed:
        return 0
    found = {str(row.id): row for row in TimeEntry.objects.filter(id__in=[item.existing_id for item in changed])}
    befores = [
        (
            item.entry.external_id,
            json.dumps({**entry_snapshot(found[item.existing_id]), "version": found[item.existing_id].version}),
        )
        for item in changed
    ]
    rows = _rows(load, changed)
    count = change_entries(
        load.actor,
        (
            EntryChange(
                UUID(item.existing_id), row.person_id, row.project_id, row.task_id, row.work_on, row.minutes, row.note,
                bool(row.is_billable), row.started_at, row.ended_at,
            )
            for item, row in zip(changed, rows, strict=True)
        ),
    )  # fmt: skip
    keep_before(load.actor, load.batch.id, befores)
    return count


def _approve(load: Load, approver: Person) -> tuple[int, int]:
    """Approve what was written; own time of the approver and of the importer stays handed in (I-38)."""
    actor = load.actor
    own = {approver.id, actor.person_id}
    entries = list(TimeEntry.objects.filter(import_id=load.batch.id).values_list("id", "person_id"))
    ids = [entry_id for entry_id, person_id in entries if person_id not in own]
    waiting = len(entries) - len(ids)
    if waiting:
        load.notes.append(
            say_many(
                "%(count)s entry waits for approval by somebody else: nobody approves their own time.",
                "%(count)s entries wait for approval by somebody else: nobody approves their own time.",
                count=waiting,
            )
        )
    if ids:
        try:
            approve(replace(actor, person_id=approver.id), scope=actor.scope(APPROVE) or Scope.OWN, entry_ids=ids)
        except WorkUnpriced as fault:
            remedy = "Say a price per hour, or import the time as submitted and price it before approval."
            raise ImportRefused(
                say("%(detail)s %(remedy)s", detail=fault.detail, remedy=remedy), problems=fault.problems
            ) from fault
        except WrongState as fault:
            remedy = "Other managers answer for some of it. Import it as submitted; they approve it."
            raise ImportRefused(say("You may not approve all of this time. %(remedy)s", remedy=remedy)) from fault
    return len(ids), waiting


def _approver(load: Load) -> Person:
    actor, asked = load.actor, load.answers.load.approver.casefold()
    if asked:
        found = [
            row for row in Person.objects.all() if asked in {row.email.casefold(), row.name.casefold(), str(row.id)}
        ]
        if len(found) != 1:
            raise invalid(
                "/approver",
                say("%(approver)s is not one person of yours.", approver=repr(load.answers.load.approver)),
                code="unknown",
            )
        if found[0].id != actor.person_id:
            # Whoever approves in another's name must reach everybody's time themselves.
            for right in _rights(load.plan):
                actor.require(right, Scope.ALL)
        return found[0]
    if actor.person_id is not None:
        return Person.objects.get(id=actor.person_id)
    user = User.objects.filter(id=actor.user_id).first() if actor.user_id else None
    if user is None:
        raise invalid("/approver", "Say who approves.", code="required", remedy="Add --approver MAIL.")
    known = Person.objects.filter(email=user.email).first()
    if known is not None:
        return known
    row = add_person(name=user.name or user.email, entity_id=load.entity.id, email=user.email, user=user)
    load.add(Kind.PERSON, row, row.name)
    load.notes.append(say("%(name)s was added as a person, because an approval needs one.", name=row.name))
    return row


def as_json(written: Written) -> dict[str, Any]:
    """For the batch's column."""
    return {
        "made": written.made, "changed": written.changed, "entries": written.entries,
        "changed_entries": written.changed_entries, "minutes": written.minutes, "approved": written.approved,
        "waiting": written.waiting, "expenses": written.expenses, "changed_expenses": written.changed_expenses,
        "receipts": written.receipts,
        "notes": [packed(note) for note in written.notes],
    }  # fmt: skip
