"""Entries with their keys and the check sums of the file.

An export without ids gets a natural key: who and when it started, or, without a clock time, who, the day and the
task. Entries with an equal key are numbered in the order of what they say, so that the order of rows
does not matter and a second export of the same time gives the same keys.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise, repeat
from typing import Any

from quoin.imports.rules.entries import EntryColumns
from quoin.imports.rules.values.durations import to_minutes
from quoin.imports.types import (
    Finding,
    ImportedEntry,
    Level,
    MinuteRounding,
    RejectedEntry,
    Totals,
)
from quoin.kernel.money import EXACT
from quoin.kernel.words import say

KEY_LETTERS = 32


Place = tuple[int, int]
"""Table and row."""


@dataclass(frozen=True, slots=True)
class Finished:
    """Entries and rejected rows of all time tables, and the file's totals."""

    entries: tuple[ImportedEntry, ...]
    rejected: tuple[RejectedEntry, ...]
    totals: Totals
    findings: tuple[Finding, ...]


def finish(tables: Sequence[EntryColumns], rounding: MinuteRounding, cut: Sequence[RejectedEntry]) -> Finished:
    """Entries in file order. Rows with an error are rejected, as are those that `cut` names; all count."""
    minutes = _minutes(tables, rounding)
    ids = [_bases(columns) for columns in tables]
    findings = number_keys(
        ids,
        says=lambda place: _says(tables, place),
        at=lambda place: (tables[place[0]].file, tables[place[0]].lines[place[1]]),
    )
    entries: list[ImportedEntry] = []
    rejected: list[RejectedEntry] = list(cut)
    for columns, own_ids in zip(tables, ids, strict=True):
        rows = _rows(columns, own_ids, minutes)
        bad = columns.bad
        entries.extend(row for index, row in enumerate(rows) if index not in bad)
        rejected.extend(
            RejectedEntry(row.file, row.line, row.seconds, row.minutes, row.amount, row.currency)
            for index, row in enumerate(rows)
            if index in bad
        )
    return Finished(tuple(entries), tuple(rejected), _totals(tables, minutes, len(cut)), tuple(findings))


def _rows(columns: EntryColumns, ids: Sequence[str], minutes: Mapping[Decimal, int]) -> list[ImportedEntry]:
    """All rows of a table in the order of the fields of an entry; bad rows may lack a day."""
    return list(
        map(
            ImportedEntry,
            ids,
            columns.person_keys,
            columns.project_keys,
            columns.task_keys,
            columns.days,
            [minutes[seconds] for seconds in columns.seconds],
            columns.seconds,
            columns.starts,
            columns.ends,
            columns.notes,
            columns.billable,
            columns.invoiced,
            columns.tags,
            columns.rates,
            columns.amounts,
            columns.currencies,
            repeat(columns.file),
            columns.lines,
        )
    )


def _minutes(tables: Iterable[EntryColumns], rounding: MinuteRounding) -> dict[Decimal, int]:
    distinct = {seconds for columns in tables for seconds in columns.seconds}
    return {seconds: to_minutes(seconds, rounding) for seconds in distinct}


def number_keys(
    bases: list[list[str]], *, says: Callable[[Place], tuple[Any, ...]], at: Callable[[Place], tuple[str, int]]
) -> list[Finding]:
    """Number equal keys in the order of what their rows say; rows that say the same are reported."""
    counted = Counter(base for column in bases for base in column)
    repeated: dict[str, list[Place]] = defaultdict(list)
    if len(counted) < sum(map(len, bases)):
        for number, column in enumerate(bases):
            for index, base in enumerate(column):
                if counted[base] > 1:
                    repeated[base].append((number, index))
    findings: list[Finding] = []
    for base, places in repeated.items():
        ordered = sorted(places, key=says)
        for occurrence, (before, place) in enumerate(pairwise(ordered), start=2):
            bases[place[0]][place[1]] = f"{base}-{occurrence}"
            if says(before) == says(place):
                findings.append(_repeated(at(before), at(place)))
    return findings


def _bases(columns: EntryColumns) -> list[str]:
    """Keys before numbering: the export's own id, or a hash of who, when and, without a clock time, on what."""
    source = columns.source
    keys: list[str] = []
    for own, who, start, day, project, task in zip(
        columns.external_ids,
        columns.person_keys,
        columns.starts,
        columns.days,
        columns.project_keys,
        columns.task_keys,
        strict=True,
    ):
        if own:
            keys.append(f"{source}:{own}")
            continue
        natural = f"{who}\n{start.timestamp():.0f}" if start else f"{who}\n{day}\n{project}\n{task}"
        keys.append(f"{source}:{sha256(natural.encode()).hexdigest()[:KEY_LETTERS]}")
    return keys


def _says(tables: Sequence[EntryColumns], place: Place) -> tuple[str, str, str, Decimal, int]:
    """What makes two entries under one key different, in the order in which they are numbered."""
    columns, index = tables[place[0]], place[1]
    return (
        columns.project_keys[index],
        columns.task_keys[index],
        columns.notes[index],
        columns.seconds[index],
        columns.billable[index],
    )


def _repeated(first: tuple[str, int], again: tuple[str, int]) -> Finding:
    return Finding(
        Level.WARNING,
        "repeated_row",
        say("The row says the same as line %(line)s of %(file)s.", line=first[1], file=first[0]),
        say("It is read as a second entry. Leave one out if the file was put together from overlapping exports."),
        *again,
    )


def _totals(tables: Sequence[EntryColumns], minutes: Mapping[Decimal, int], cut: int) -> Totals:
    """Sums over the columns: each distinct value times how often it occurs."""
    lasting: Counter[Decimal] = Counter()
    sums: Counter[tuple[Decimal | None, str]] = Counter()
    for columns in tables:
        lasting.update(columns.seconds)
        sums.update(zip(columns.amounts, columns.currencies, strict=True))
    money: dict[str, Decimal] = {}
    for (amount, currency), times in sums.items():
        if amount is not None:
            money[currency] = EXACT.add(money.get(currency, Decimal(0)), EXACT.multiply(amount, Decimal(times)))
    seconds = Decimal(0)
    for each, times in lasting.items():
        seconds = EXACT.add(seconds, EXACT.multiply(each, Decimal(times)))
    return Totals(
        rows=sum(len(columns.lines) for columns in tables) + cut,
        seconds=seconds,
        minutes=sum(minutes[each] * times for each, times in lasting.items()),
        money=tuple(sorted(money.items())),
    )
