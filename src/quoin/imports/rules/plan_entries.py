"""Time entries against what is there: by external id new, change or same; skipped or in error with what they belong to.

A person is in one place at a time. Entries whose clock times overlap others of the person keep their day and
minutes, but not their times; the first by start keeps them. The choice depends only on the file and
on what the file does not touch, so that planning again after applying changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from quoin.imports.rules.planned import (
    Answer,
    Choice,
    Diff,
    ExistingEntry,
    Inventory,
    Outcome,
    PlannedEntry,
    PlannedRecord,
    PlanOptions,
    Use,
)
from quoin.imports.types import Export, Finding, ImportedEntry, ImportedExpense, Level
from quoin.kernel.words import say, say_many


@dataclass(frozen=True, slots=True)
class Parties:
    """What is planned for people, projects, tasks and categories, by key."""

    people: Mapping[str, PlannedRecord]
    projects: Mapping[str, PlannedRecord]
    tasks: Mapping[str, PlannedRecord]
    categories: Mapping[str, PlannedRecord]


@dataclass(frozen=True, slots=True)
class PlannedTime:
    """Entries in file order, findings about them, and ids of earlier imported entries that the file has no more."""

    entries: tuple[PlannedEntry, ...]
    findings: tuple[Finding, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """The ids that an entry goes to ('' is new or none), or why it goes nowhere."""

    person_id: str = ""
    project_id: str = ""
    task_id: str = ""
    outcome: Outcome = Outcome.NEW
    reason: str = ""


_SAME = say("Already imported.")
_TOO_SHORT = say("Shorter than half a minute: nothing to book.")
BLOCKED = frozenset({Outcome.ERROR, Outcome.SKIP})


def plan_entries(
    export: Export,
    inventory: Inventory,
    project_answers: Mapping[str, Answer],
    parties: Parties,
    *,
    options: PlanOptions,
) -> PlannedTime:
    """The plan of all entries of the export."""
    existing = {entry.external_id: entry for entry in inventory.entries if entry.external_id}
    timeless = _timeless(export.records.entries, inventory.entries, parties)
    places: dict[tuple[str, str, str], Where] = {}
    planned: list[PlannedEntry] = []
    for entry in export.records.entries:
        place = (entry.person_key, entry.project_key, entry.task_key)
        where = places.get(place)
        if where is None:
            where = places[place] = where_of(entry, parties, project_answers)
        has_times = entry.external_id not in timeless and entry.starts_at is not None
        planned.append(_plan_entry(entry, where, existing.get(entry.external_id), has_times=has_times, options=options))
    gone = _gone(export, inventory, parties)
    return PlannedTime(tuple(planned), (*_overlaps(planned, timeless), *_missing(gone)), gone)


def where_of(entry: ImportedEntry | ImportedExpense, parties: Parties, project_answers: Mapping[str, Answer]) -> Where:
    """The ids of person, project and task, or why it goes nowhere."""
    person = parties.people[entry.person_key]
    if person.outcome in BLOCKED:
        return Where(
            outcome=person.outcome,
            reason=say("Person %(name)s: %(reason)s", name=repr(person.record.name), reason=person.reason),
        )
    if not entry.project_key:
        return _without_project(person, project_answers.get("", Choice.ASK))
    project = parties.projects[entry.project_key]
    if project.outcome in BLOCKED:
        return Where(
            outcome=project.outcome,
            reason=say("Project %(name)s: %(reason)s", name=repr(project.record.name), reason=project.reason),
        )
    task = parties.tasks.get(entry.task_key)
    if task is not None and task.outcome in BLOCKED:
        return Where(
            outcome=task.outcome,
            reason=say("Task %(name)s: %(reason)s", name=repr(task.record.name), reason=task.reason),
        )
    return Where(person.existing_id, project.existing_id, task.existing_id if task else "")


def _without_project(person: PlannedRecord, answer: Answer) -> Where:
    if isinstance(answer, Use):
        return Where(person.existing_id, answer.id)
    if answer is Choice.SKIP:
        return Where(outcome=Outcome.SKIP, reason=say("Left out by decision: it has no project."))
    return Where(
        outcome=Outcome.ERROR, reason=say("The entry has no project; say which project it belongs to, or skip it.")
    )


def _plan_entry(
    entry: ImportedEntry, where: Where, existing: ExistingEntry | None, *, has_times: bool, options: PlanOptions
) -> PlannedEntry:
    if not entry.minutes:
        return PlannedEntry(Outcome.SKIP, entry, "", has_times, (), _TOO_SHORT)
    if where.outcome in BLOCKED or existing is None:
        return PlannedEntry(where.outcome, entry, "", has_times, (), where.reason)
    diffs = _diffs(entry, where, existing, has_times=has_times)
    if not diffs:
        return PlannedEntry(Outcome.SAME, entry, existing.id, has_times, (), _SAME)
    if not options.takes_changes:
        return PlannedEntry(
            Outcome.SKIP, entry, existing.id, has_times, diffs, say("Changed, but changes are not taken.")
        )
    if existing.locked_because:
        reason = say("It differs from what is there, which may not change: %(why)s.", why=existing.locked_because)
        return PlannedEntry(Outcome.ERROR, entry, existing.id, has_times, diffs, reason)
    return PlannedEntry(Outcome.CHANGE, entry, existing.id, has_times, diffs, say("Changed since it was imported."))


def _diffs(entry: ImportedEntry, where: Where, existing: ExistingEntry, *, has_times: bool) -> tuple[Diff, ...]:
    starts_at = entry.starts_at if has_times else None
    ends_at = entry.ends_at if has_times else None
    if (
        existing.person_id == where.person_id
        and existing.project_id == where.project_id
        and existing.task_id == where.task_id
        and existing.work_on == entry.work_on
        and existing.minutes == entry.minutes
        and existing.note == entry.note
        and existing.is_billable == entry.is_billable
        and existing.starts_at == starts_at
        and existing.ends_at == ends_at
    ):
        return ()
    pairs = (
        ("person", existing.person_id, where.person_id or "(new)"),
        ("project", existing.project_id, where.project_id or "(new)"),
        ("task", existing.task_id, where.task_id or ("(new)" if entry.task_key else "")),
        ("day", existing.work_on.isoformat(), entry.work_on.isoformat()),
        ("minutes", str(existing.minutes), str(entry.minutes)),
        ("note", existing.note, entry.note),
        ("billable", flag(existing.is_billable), flag(entry.is_billable)),
        ("start", _moment(existing.starts_at, starts_at), _moment(starts_at, starts_at)),
        ("end", _moment(existing.ends_at, ends_at), _moment(ends_at, ends_at)),
    )
    return tuple(Diff(field, old, new) for field, old, new in pairs if old != new)


def flag(value: bool) -> str:
    """As a difference shows it."""
    return "yes" if value else "no"


def _moment(value: datetime | None, like: datetime | None) -> str:
    """The moment, written in the zone of the other so that equal instants are equal texts."""
    if value is None:
        return ""
    return (value.astimezone(like.tzinfo) if like else value).isoformat(" ", "seconds")


def _timeless(entries: Sequence[ImportedEntry], existing: Iterable[ExistingEntry], parties: Parties) -> frozenset[str]:
    """External ids of entries whose clock times cannot be kept: they overlap, or end before they begin."""
    own = {entry.external_id for entry in entries}
    taken: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for there in existing:
        if there.external_id not in own and there.starts_at and there.ends_at:
            taken[there.person_id].append((there.starts_at.timestamp(), there.ends_at.timestamp()))
    spans: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for entry in entries:
        if entry.starts_at is not None and entry.ends_at is not None and entry.minutes:
            person = parties.people[entry.person_key]
            who = person.existing_id or entry.person_key
            spans[who].append((entry.starts_at.timestamp(), entry.ends_at.timestamp(), entry.external_id))
    lost: set[str] = set()
    for who, wanted in spans.items():
        lost.update(_overlapping(sorted(wanted), sorted(taken.get(who, ()))))
    return frozenset(lost)


def _overlapping(wanted: Sequence[tuple[float, float, str]], taken: Sequence[tuple[float, float]]) -> set[str]:
    """Ids of spans that overlap an earlier kept one, or one that is taken; both lists are sorted."""
    lost: set[str] = set()
    free_from = float("-inf")
    place = 0
    for start, end, external_id in wanted:
        while place < len(taken) and taken[place][1] <= start:
            place += 1
        meets_taken = place < len(taken) and taken[place][0] < end
        if start < free_from or end <= start or meets_taken:
            lost.add(external_id)
        else:
            free_from = end
    return lost


def _overlaps(planned: Iterable[PlannedEntry], timeless: frozenset[str]) -> list[Finding]:
    if not timeless:
        return []
    return [
        Finding(
            Level.WARNING,
            "overlap",
            say("Its clock times overlap other time of the person; it is booked with its day and minutes only."),
            say("Nothing to do, unless one of the two is wrong."),
            item.entry.file,
            item.entry.line,
        )
        for item in planned
        if item.entry.external_id in timeless and item.outcome not in BLOCKED
    ]


def _gone(export: Export, inventory: Inventory, parties: Parties) -> tuple[str, ...]:
    """Ids of entries of this source, of these people and days, that the file does not hold."""
    entries = export.records.entries
    if not entries or not inventory.entries:
        return ()
    own = {entry.external_id for entry in entries if entry.minutes}
    people = {parties.people[key].existing_id for key in {entry.person_key for entry in entries}} - {""}
    first = min(entry.work_on for entry in entries)
    last = max(entry.work_on for entry in entries)
    sources = {entry.external_id.partition(":")[0] for entry in entries}
    return tuple(
        there.id
        for there in inventory.entries
        if there.external_id
        and there.external_id not in own
        and there.external_id.partition(":")[0] in sources
        and there.person_id in people
        and first <= there.work_on <= last
    )


def _missing(gone: Sequence[str]) -> list[Finding]:
    if not gone:
        return []
    return [
        Finding(
            Level.WARNING,
            "gone",
            say_many(
                "%(count)s entry that was imported earlier for these people and days is not in this file.",
                "%(count)s entries that were imported earlier for these people and days are not in this file.",
                count=len(gone),
            ),
            say("They were deleted or moved at the source, or the file is a part. Nothing is deleted here."),
        )
    ]
