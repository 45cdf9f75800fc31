"""What an import would write: for each record new, change, same, skip or error, with the reason. Nothing is written.

Pure: the same export, inventory and decisions give the same plan and the same hash, so that what is applied is
what was shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from quoin.imports.rules.matching import Index, Match, index_of, match_party, match_person
from quoin.imports.rules.plan_entries import Parties, plan_entries
from quoin.imports.rules.plan_expenses import plan_expenses
from quoin.imports.rules.planned import (
    Answer,
    Candidate,
    Choice,
    Diff,
    Existing,
    Inventory,
    Kind,
    Outcome,
    Plan,
    PlannedEntry,
    PlannedExpense,
    PlannedRecord,
    PlanOptions,
    Record,
    SummaryRow,
    Use,
    ValueMapping,
)
from quoin.imports.rules.seal import seal
from quoin.imports.rules.sums import check_sums
from quoin.imports.rules.values.words import fold
from quoin.imports.types import Export, ImportedProject, RejectedEntry
from quoin.kernel.money import EXACT
from quoin.kernel.words import Sentence, listed, say

_FOLDED = frozenset({"name", "email", "number"})
_NEW_PARENT = "(new)"
_SPENDING = frozenset({Kind.CATEGORY, Kind.EXPENSE})
"""Kinds that a file of time has nothing of, and nothing is said about then."""
_COMPARED = (
    "name", "email", "number", "address", "is_archived", "is_billable", "rate_per_hour", "currency", "budget_minutes",
    "starts_on", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Parent:
    """The client of a project or the project of a task: its id if it exists, or why the child cannot be planned."""

    id: str = ""
    outcome: Outcome = Outcome.SAME
    reason: str = ""
    is_told: bool = False


def plan(export: Export, inventory: Inventory, mapping: ValueMapping, options: PlanOptions | None = None) -> Plan:
    """The plan of an import, with its summary, its check sums and its hash."""
    chosen = options or PlanOptions()
    clients = _plan_clients(export, inventory, mapping, chosen)
    people = _plan_people(export, inventory, mapping, chosen)
    projects = _plan_projects(export, inventory, mapping, options=chosen, clients=clients)
    tasks = _plan_tasks(export, inventory, mapping, options=chosen, projects=projects)
    categories = _plan_categories(export, inventory, mapping, chosen)
    records = (
        *clients.values(), *people.values(), *projects.values(), *tasks.values(), *categories.values(),
    )  # fmt: skip
    parties, answers = Parties(people, projects, tasks, categories), dict(mapping.projects)
    time = plan_entries(export, inventory, answers, parties, options=chosen)
    spent = plan_expenses(export, inventory, answers, parties, options=chosen)
    return Plan(
        records=records,
        entries=time.entries,
        summary=_summary(records, time.entries, spent.expenses, export.rejected),
        check=check_sums(export, time.entries, spent.expenses),
        findings=(*export.findings, *time.findings, *spent.findings),
        gone=(*time.gone, *spent.gone),
        ids=tuple((item.kind, item.key, item.existing_id) for item in records if item.existing_id),
        sha256=seal(records, time.entries, export.rejected, spent.expenses),
        expenses=spent.expenses,
    )


def _plan_clients(
    export: Export, inventory: Inventory, mapping: ValueMapping, options: PlanOptions
) -> dict[str, PlannedRecord]:
    index, answers = index_of(inventory.clients), dict(mapping.clients)
    planned: dict[str, PlannedRecord] = {}
    for client in export.records.clients:
        match = match_party(index, name=client.name, external_id=client.external_id, number=client.number)
        answer = answers.get(client.key, options.unknown_clients)
        if client.key in answers:
            match = _answered(index, answer)
        planned[client.key] = _decide(Kind.CLIENT, client, match, answer=answer, options=options, parent=_Parent())
    return planned


def _plan_categories(
    export: Export, inventory: Inventory, mapping: ValueMapping, options: PlanOptions
) -> dict[str, PlannedRecord]:
    index, answers = index_of(inventory.categories), dict(mapping.categories)
    planned: dict[str, PlannedRecord] = {}
    for category in export.records.categories:
        match = match_party(index, name=category.name)
        answer = answers.get(category.key, options.unknown_categories)
        if category.key in answers:
            match = _answered(index, answer)
        planned[category.key] = _decide(
            Kind.CATEGORY, category, match, answer=answer, options=options, parent=_Parent()
        )
    return planned


def _plan_people(
    export: Export, inventory: Inventory, mapping: ValueMapping, options: PlanOptions
) -> dict[str, PlannedRecord]:
    index, answers = index_of(inventory.people), dict(mapping.people)
    planned: dict[str, PlannedRecord] = {}
    namesakes = Counter(fold(person.name) for person in export.records.people)
    for person in export.records.people:
        match = match_person(
            index, name=person.name, email=person.email, external_id=person.external_id, number=person.number
        )
        if not person.email and namesakes[fold(person.name)] > 1 and match.by in {"", "name"}:
            # The file itself has others of this name, so the name alone does not tell who it is.
            match = Match(
                candidates=(*match.candidates, Candidate("", say("another %(name)s of the file", name=person.name)))
            )
        answer = answers.get(person.key, options.unknown_people)
        if person.key in answers:
            match = _answered(index, answer)
        planned[person.key] = _decide(Kind.PERSON, person, match, answer=answer, options=options, parent=_Parent())
    return planned


def _plan_projects(
    export: Export,
    inventory: Inventory,
    mapping: ValueMapping,
    *,
    options: PlanOptions,
    clients: Mapping[str, PlannedRecord],
) -> dict[str, PlannedRecord]:
    index, answers = index_of(inventory.projects), dict(mapping.projects)
    clientless = dict(mapping.clients).get("")
    home = clientless.id if isinstance(clientless, Use) else inventory.internal_client_id
    planned: dict[str, PlannedRecord] = {}
    for project in export.records.projects:
        parent = _client_of(project, clients, home)
        match = match_party(
            index,
            name=project.name,
            external_id=project.external_id,
            number=project.number,
            parent_id=parent.id or _NEW_PARENT,
        )
        answer = answers.get(project.key, options.unknown_projects)
        if project.key in answers:
            match = _answered(index, answer)
        planned[project.key] = _decide(Kind.PROJECT, project, match, answer=answer, options=options, parent=parent)
    return planned


def _client_of(project: ImportedProject, clients: Mapping[str, PlannedRecord], home: str) -> _Parent:
    if project.client_key:
        return _below(
            clients[project.client_key],
            say("Its client %(name)s is not imported.", name=repr(clients[project.client_key].record.name)),
        )
    if home:
        return _Parent(home)
    return _Parent(outcome=Outcome.ERROR, reason=say("The project has no client; say which client it belongs to."))


def _plan_tasks(
    export: Export,
    inventory: Inventory,
    mapping: ValueMapping,
    *,
    options: PlanOptions,
    projects: Mapping[str, PlannedRecord],
) -> dict[str, PlannedRecord]:
    index, answers = index_of(inventory.tasks), dict(mapping.tasks)
    planned: dict[str, PlannedRecord] = {}
    for task in export.records.tasks:
        parent = _below(
            projects[task.project_key],
            say("Its project %(name)s is not imported.", name=repr(projects[task.project_key].record.name)),
        )
        match = match_party(index, name=task.name, external_id=task.external_id, parent_id=parent.id or _NEW_PARENT)
        answer = answers.get(task.key, options.unknown_tasks)
        if task.key in answers:
            match = _answered(index, answer)
        planned[task.key] = _decide(Kind.TASK, task, match, answer=answer, options=options, parent=parent)
    return planned


def _below(parent: PlannedRecord, refusal: str) -> _Parent:
    if parent.outcome in {Outcome.ERROR, Outcome.SKIP}:
        return _Parent(outcome=parent.outcome, reason=refusal)
    return _Parent(parent.existing_id, is_told=True)


def _answered(index: Index, answer: Answer) -> Match:
    """What a person decided: an existing record, or none although one may match."""
    if not isinstance(answer, Use):
        return Match()
    found = index.by_id.get(answer.id)
    return Match(found, "decision") if found else Match(candidates=(Candidate(answer.id, say("no longer there")),))


def _decide(
    kind: Kind, record: Record, match: Match, *, answer: Answer, options: PlanOptions, parent: _Parent
) -> PlannedRecord:
    if match.found is not None:
        return _matched(kind, record, match.found, by=match.by, options=options, parent=parent)
    if match.candidates:
        names = listed(candidate.label for candidate in match.candidates)
        reason = say("%(name)s may be %(names)s. Say which, or that it is new.", name=repr(record.name), names=names)
        return PlannedRecord(kind, Outcome.ERROR, record, reason=reason, candidates=match.candidates)
    if answer is Choice.SKIP:
        return PlannedRecord(kind, Outcome.SKIP, record, reason=say("Left out by decision."))
    if parent.outcome is not Outcome.SAME:
        return PlannedRecord(kind, parent.outcome, record, reason=parent.reason)
    if answer is Choice.ASK:
        reason = say("Nothing matches %(name)s. Create it, map it or skip it.", name=repr(record.name))
        return PlannedRecord(kind, Outcome.ERROR, record, reason=reason)
    return PlannedRecord(kind, Outcome.NEW, record, reason=say("Nothing matches."))


def _matched(
    kind: Kind, record: Record, found: Existing, *, by: str, options: PlanOptions, parent: _Parent
) -> PlannedRecord:
    # Who says that a name means somebody says nothing about how that somebody is called: a mapping only matches.
    is_mapped = by == "decision"
    diffs = _diffs(record, found) if options.takes_changes and not is_mapped else ()
    if parent.is_told and parent.id != found.parent_id and by == "external id":
        moved = Diff("client" if kind is Kind.PROJECT else "project", found.parent_id, parent.id or "(new)")
        diffs = (*diffs, moved) if options.takes_changes else ()
    outcome = Outcome.CHANGE if diffs else Outcome.SAME
    return PlannedRecord(kind, outcome, record, found.id, by, diffs, say("Matched by %(by)s.", by=Sentence(by)))


def _diffs(record: Record, found: Existing) -> tuple[Diff, ...]:
    """Fields that both sides know and that differ. A blank of the file changes nothing."""
    told = record_values(record)
    return tuple(
        Diff(name, old, told[name])
        for name, old in found.values
        if name in told and told[name] != old and not (name in _FOLDED and fold(told[name]) == fold(old))
    )


def record_values(record: Record) -> dict[str, str]:
    """The fields that a record of the file tells, as text: what `Existing.values` is compared with."""
    told = {name: getattr(record, name, None) for name in _COMPARED}
    return {name: _text(value) for name, value in told.items() if value is not None and value != ""}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{EXACT.normalize(value):f}"
    return str(value)


def _summary(
    records: Sequence[PlannedRecord],
    entries: Sequence[PlannedEntry],
    expenses: Sequence[PlannedExpense],
    rejected: Sequence[RejectedEntry],
) -> tuple[SummaryRow, ...]:
    counts = Counter((item.kind, item.outcome) for item in records)
    for outcome, number in Counter(entry.outcome for entry in entries).items():
        counts[Kind.ENTRY, outcome] = number
    for outcome, number in Counter(expense.outcome for expense in expenses).items():
        counts[Kind.EXPENSE, outcome] = number
    for row in rejected:
        counts[Kind.EXPENSE if row.is_expense else Kind.ENTRY, Outcome.ERROR] += 1
    shown = [kind for kind in Kind if kind not in _SPENDING or any(counts[kind, outcome] for outcome in Outcome)]
    return tuple(SummaryRow(kind, *(counts[kind, outcome] for outcome in Outcome)) for kind in shown)
