"""What a plan is made from and made of: what exists, what a person decided, and what would be written and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from quoin.imports.types import (
    Finding,
    ImportedCategory,
    ImportedClient,
    ImportedEntry,
    ImportedExpense,
    ImportedPerson,
    ImportedProject,
    ImportedTask,
    Totals,
)

Record = ImportedClient | ImportedPerson | ImportedProject | ImportedTask | ImportedCategory


class Kind(StrEnum):
    """What a record is."""

    CLIENT = "client"
    PERSON = "person"
    PROJECT = "project"
    TASK = "task"
    CATEGORY = "category"
    ENTRY = "entry"
    EXPENSE = "expense"


class Outcome(StrEnum):
    """What would happen to a record."""

    NEW = "new"
    CHANGE = "change"
    SAME = "same"
    SKIP = "skip"
    ERROR = "error"


class Choice(StrEnum):
    """What to do with a name that nothing matches."""

    CREATE = "create"
    SKIP = "skip"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Use:
    """Take this existing record."""

    id: str


Answer = Choice | Use


@dataclass(frozen=True, slots=True)
class Existing:
    """A client, person, project or task that is there. `values` are the fields that an import may change.

    `parent_id` is the client of a project and the project of a task.
    """

    id: str
    name: str
    parent_id: str = ""
    number: str = ""
    email: str = ""
    external_ids: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ExistingEntry:
    """Time that is there. Entries without external id matter only by their clock times.

    `locked_because` is '' or the reason why it may not change ("approved on 2 May").
    """

    id: str
    external_id: str
    person_id: str
    project_id: str
    task_id: str
    work_on: date
    minutes: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    note: str = ""
    is_billable: bool = True
    locked_because: str = ""


@dataclass(frozen=True, slots=True)
class ExistingExpense:
    """An expense that an import wrote. `locked_because` is '' or the reason why it may not change."""

    id: str
    external_id: str
    person_id: str
    project_id: str
    task_id: str
    category_id: str
    spent_on: date
    supplier: str
    note: str
    quantity: Decimal | None
    amount: Decimal
    vat: Decimal
    currency: str
    is_billable: bool = True
    is_reimbursable: bool = True
    receipt: str = ""
    receipt_sha256: str = ""
    locked_because: str = ""


@dataclass(frozen=True, slots=True)
class Inventory:
    """All that exists and matters for an import. Projects without client go to the internal client, if there is one.

    Entries: those with an external id of the source, and those of the people and days of the file.
    """

    clients: tuple[Existing, ...] = ()
    people: tuple[Existing, ...] = ()
    projects: tuple[Existing, ...] = ()
    tasks: tuple[Existing, ...] = ()
    entries: tuple[ExistingEntry, ...] = ()
    internal_client_id: str = ""
    categories: tuple[Existing, ...] = ()
    expenses: tuple[ExistingExpense, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueMapping:
    """Decisions per key of the file, for each kind; they come before any match."""

    clients: tuple[tuple[str, Answer], ...] = ()
    people: tuple[tuple[str, Answer], ...] = ()
    projects: tuple[tuple[str, Answer], ...] = ()
    tasks: tuple[tuple[str, Answer], ...] = ()
    categories: tuple[tuple[str, Answer], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What to do with what nothing matches and nobody decided, and whether matched records take the file's values."""

    unknown_clients: Choice = Choice.CREATE
    unknown_people: Choice = Choice.CREATE
    unknown_projects: Choice = Choice.CREATE
    unknown_tasks: Choice = Choice.CREATE
    takes_changes: bool = True
    unknown_categories: Choice = Choice.CREATE


@dataclass(frozen=True, slots=True)
class Diff:
    """One field that would change."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An existing record that may be meant."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """One client, person, project or task. `existing_id` is '' for a new one; `matched_by` says how it was found."""

    kind: Kind
    outcome: Outcome
    record: Record
    existing_id: str = ""
    matched_by: str = ""
    diffs: tuple[Diff, ...] = ()
    reason: str = ""
    candidates: tuple[Candidate, ...] = ()

    @property
    def key(self) -> str:
        return self.record.key


class PlannedEntry(NamedTuple):
    """One time entry. Its person, project and task are found by the keys of `entry` in `Plan.ids`.

    `has_times` is False where the clock times cannot be kept, because they overlap other time of the person.
    """

    outcome: Outcome
    entry: ImportedEntry
    existing_id: str
    has_times: bool
    diffs: tuple[Diff, ...]
    reason: str


class PlannedExpense(NamedTuple):
    """One expense. Its person, project, task and category are found by the keys of `expense` in `Plan.ids`."""

    outcome: Outcome
    expense: ImportedExpense
    existing_id: str
    diffs: tuple[Diff, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """How many records of a kind have which outcome."""

    kind: Kind
    new: int = 0
    change: int = 0
    same: int = 0
    skip: int = 0
    error: int = 0


@dataclass(frozen=True, slots=True)
class CheckSums:
    """The file's totals beside those of each outcome; `is_tied` when the columns add up to the file."""

    file: Totals
    columns: tuple[tuple[Outcome, Totals], ...]
    is_tied: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would write. `sha256` is the hash of its canonical JSON: equal plans, equal hash.

    `gone` are ids of entries that an earlier import of the same source wrote for these people and days and
    that the file does not hold any more; a plan never deletes.
    """

    records: tuple[PlannedRecord, ...]
    entries: tuple[PlannedEntry, ...]
    summary: tuple[SummaryRow, ...]
    check: CheckSums
    findings: tuple[Finding, ...]
    gone: tuple[str, ...]
    ids: tuple[tuple[Kind, str, str], ...]
    sha256: str
    expenses: tuple[PlannedExpense, ...] = ()

    @property
    def has_errors(self) -> bool:
        return any(row.error for row in self.summary)
