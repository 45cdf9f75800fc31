"""What a week is checked for: before it is handed in, and when somebody approves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from quoin.projects.types import NoteRule
from quoin.timesheets.types import Check, Entry, Finding, Level, Policy, RowKey, Work

_SATURDAY = 5


def submit_checks(
    entries: Sequence[Entry],
    *,
    targets: Mapping[date, int],
    works: Mapping[RowKey, Work],
    budget_left: Mapping[UUID, int],
    policy: Policy,
) -> tuple[Check, ...]:
    """Findings of a week about to be handed in, blocks first.

    `targets` are the minutes due per day; `budget_left` the minutes that remain per project, these entries
    already taken off.
    """
    if not entries:
        return (Check(Finding.NOTHING_LOGGED, Level.WARNING),)
    found = [
        *_notes(entries, works),
        *_days(entries, targets, policy),
        *_weekend(entries, targets),
        *_budgets(entries, budget_left),
        *_held(entries, works, policy),
    ]
    return tuple(sorted(found, key=lambda check: check.level is not Level.BLOCK))


def blocks(checks: Iterable[Check]) -> tuple[Check, ...]:
    """The findings that stop a submission."""
    return tuple(check for check in checks if check.level is Level.BLOCK)


def approval_flags(
    entries: Sequence[Entry],
    *,
    targets: Mapping[date, int],
    works: Mapping[RowKey, Work],
    planned: Mapping[UUID, int],
    budget_left: Mapping[UUID, int],
    unpriced: frozenset[UUID] = frozenset(),
    policy: Policy,
) -> tuple[Check, ...]:
    """What an approver should look at; a week without flags is clean.

    `planned` are the minutes planned per project this week (absent: not planned, not flagged); `unpriced`
    are the billable entries for which no rate is found.
    """
    needed = [check for check in _notes(entries, works) if check.level is Level.BLOCK]
    closed = [
        Check(Finding.CLOSED_TASK, Level.WARNING, entry.work_on, entry.row, entry.id, entry.minutes)
        for entry in entries
        if not (works[entry.row].is_task_open and works[entry.row].is_active)
    ]
    rates = [
        Check(Finding.RATE_MISSING, Level.WARNING, entry.work_on, entry.row, entry.id, entry.minutes)
        for entry in entries
        if entry.id in unpriced
    ]
    long_days = [
        Check(Finding.LONG_DAY, Level.WARNING, day=day, minutes=minutes, limit_minutes=policy.long_day_minutes)
        for day, minutes in sorted(_per_day(entries).items())
        if minutes > policy.long_day_minutes
    ]
    return (
        *needed, *_over_planned(entries, planned, policy), *_weekend(entries, targets), *closed,
        *_held(entries, works, policy), *_budgets(entries, budget_left), *rates, *long_days,
    )  # fmt: skip


def _held(entries: Iterable[Entry], works: Mapping[RowKey, Work], policy: Policy) -> list[Check]:
    """Time behind a gate that waits, where the firm looks at it."""
    if policy.gate_rule == "off":
        return []
    return [
        Check(Finding.GATE_WAITS, Level.WARNING, entry.work_on, entry.row, entry.id, entry.minutes)
        for entry in entries
        if works[entry.row].is_held
    ]


def _notes(entries: Iterable[Entry], works: Mapping[RowKey, Work]) -> list[Check]:
    levels = {NoteRule.NEEDED: Level.BLOCK, NoteRule.WANTED: Level.WARNING}
    return [
        Check(Finding.NOTE_MISSING, level, entry.work_on, entry.row, entry.id, entry.minutes)
        for entry in entries
        if not entry.note.strip() and (level := levels.get(works[entry.row].note_rule)) is not None
    ]


def _days(entries: Iterable[Entry], targets: Mapping[date, int], policy: Policy) -> list[Check]:
    logged = _per_day(entries)
    under = [
        Check(Finding.DAY_UNDER_TARGET, Level.WARNING, day=day, minutes=logged[day], limit_minutes=target)
        for day, target in sorted(targets.items())
        if logged[day] < target
    ]
    long_days = [
        Check(Finding.LONG_DAY, Level.WARNING, day=day, minutes=minutes, limit_minutes=policy.long_day_minutes)
        for day, minutes in sorted(logged.items())
        if minutes > policy.long_day_minutes
    ]
    return under + long_days


def _weekend(entries: Iterable[Entry], targets: Mapping[date, int]) -> list[Check]:
    logged = _per_day(entries)
    return [
        Check(Finding.WEEKEND, Level.WARNING, day=day, minutes=logged[day])
        for day in sorted(logged)
        if day.weekday() >= _SATURDAY and not targets.get(day)
    ]


def _budgets(entries: Iterable[Entry], budget_left: Mapping[UUID, int]) -> list[Check]:
    projects = sorted({entry.row.project_id for entry in entries})
    return [
        Check(Finding.OVER_BUDGET, Level.WARNING, row=RowKey(project_id), minutes=-budget_left[project_id])
        for project_id in projects
        if budget_left.get(project_id, 0) < 0
    ]


def _over_planned(entries: Iterable[Entry], planned: Mapping[UUID, int], policy: Policy) -> list[Check]:
    logged: Counter[UUID] = Counter()
    for entry in entries:
        logged[entry.row.project_id] += entry.minutes
    return [
        Check(
            Finding.OVER_PLANNED,
            Level.WARNING,
            row=RowKey(project_id),
            minutes=logged[project_id],
            limit_minutes=planned[project_id],
        )
        for project_id in sorted(logged)
        if project_id in planned
        and logged[project_id] * 100 > planned[project_id] * (100 + policy.over_planned_percent)
    ]


def _per_day(entries: Iterable[Entry]) -> Counter[date]:
    logged: Counter[date] = Counter()
    for entry in entries:
        logged[entry.work_on] += entry.minutes
    return logged
