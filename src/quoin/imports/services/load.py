"""The state of writing one import: what is written so far, and which object each key of the file has become."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models

from quoin.accounts.models import LegalEntity
from quoin.base.actor import Actor
from quoin.base.audit.write import canonical
from quoin.imports.models import ImportBatch, ImportRecord
from quoin.imports.rules.loading import Answers
from quoin.imports.rules.planned import Kind, Plan
from quoin.imports.types import Export, ImportedEntry, ImportedExpense, Paper
from quoin.people.models import Person

CONTRACT, CARD, RATE, MEMBER, ENTITY, COST = "contract", "card", "rate", "member", "entity", "cost"


@dataclass(frozen=True, slots=True)
class Made:
    """One object that was made or changed."""

    kind: str
    row: models.Model
    label: str
    before: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Told:
    """What the time of the file says about its projects, gathered in one walk."""

    first: date | None = None
    flags: defaultdict[str, set[bool]] = field(default_factory=lambda: defaultdict(set))
    currencies: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    last_of: dict[str, date] = field(default_factory=dict)
    first_of: dict[str, date] = field(default_factory=dict)
    """The first day of work per person."""


def told_by(entries: Iterable[ImportedEntry], expenses: Iterable[ImportedExpense] = ()) -> Told:
    """First day, and per project whether its work is billable and in which currencies; the last day per person."""
    told = Told()
    for entry in entries:
        told.first = entry.work_on if told.first is None else min(told.first, entry.work_on)
        told.flags[entry.project_key].add(entry.is_billable)
        if entry.currency:
            told.currencies[entry.project_key][entry.currency] += 1
        told.last_of[entry.person_key] = max(entry.work_on, told.last_of.get(entry.person_key, entry.work_on))
        told.first_of[entry.person_key] = min(entry.work_on, told.first_of.get(entry.person_key, entry.work_on))
    for expense in expenses:
        day, who = expense.spent_on, expense.person_key
        told.first = day if told.first is None else min(told.first, day)
        told.flags[expense.project_key].add(expense.is_billable)
        told.last_of[who] = max(day, told.last_of.get(who, day))
    return told


@dataclass(slots=True)
class Load:
    """One import while it is written."""

    actor: Actor
    batch: ImportBatch
    export: Export
    plan: Plan
    answers: Answers
    entity: LegalEntity
    ids: dict[tuple[Kind, str], UUID]
    told: Told
    papers: Mapping[str, Paper] = field(default_factory=dict)
    approver: Person | None = None
    """Who approves, and manages the projects that are made; None where nothing is approved."""
    made: list[Made] = field(default_factory=list)
    members: list[UUID] = field(default_factory=list)
    """Memberships that were added; there may be as many as people times projects, so they share one record."""
    notes: list[str] = field(default_factory=list)
    receipts: int = 0
    """How many expenses got theirs."""

    def add(self, kind: str, row: models.Model, label: str) -> None:
        self.made.append(Made(kind, row, label))

    def save_records(self) -> None:
        """Remember what was made, and how it was left, for undo."""
        ids: defaultdict[type[models.Model], list[UUID]] = defaultdict(list)
        for made in self.made:
            ids[type(made.row)].append(made.row.pk)
        # Read again, so that values are as the database wrote them: undo compares with that.
        now = {model: model._default_manager.in_bulk(keys) for model, keys in ids.items()}  # noqa: SLF001  Django's documented Meta API
        rows = [
            ImportRecord(
                batch=self.batch, position=position, kind=made.kind, outcome="change" if made.before else "new",
                object_id=made.row.pk, label=made.label[:200], before=made.before,
                after=snapshot(now[type(made.row)][made.row.pk]),
            )
            for position, made in enumerate(self.made)
        ]  # fmt: skip
        if self.members:
            rows.append(
                ImportRecord(
                    batch=self.batch,
                    position=len(rows),
                    kind=MEMBER,
                    outcome="new",
                    object_id=self.batch.id,
                    label=f"{len(self.members)} memberships",
                    after={"ids": [str(member) for member in self.members]},
                )
            )
        ImportRecord.objects.bulk_create(rows, batch_size=1000)


def snapshot(row: models.Model) -> dict[str, Any]:
    """The columns of a row as JSON values."""
    return canonical({column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields})  # noqa: SLF001  Django's documented Meta API
