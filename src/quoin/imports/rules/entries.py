"""Rows of a time table into columns of values: who, what, when, how long, for how much.

A row with a bad cell is kept aside with its seconds and money, so that the sums of the file still tie out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from quoin.imports.rules import catalogue as keys
from quoin.imports.rules.catalogue import Catalogue
from quoin.imports.rules.cells import Cells
from quoin.imports.rules.headers import Profile
from quoin.imports.rules.styles import Styles
from quoin.imports.rules.times import Times, read_times, refuse_long
from quoin.imports.rules.values import decimals, durations, words
from quoin.imports.rules.values.dates import zone_named
from quoin.imports.types import (
    Field,
    ImportedClient,
    ImportedPerson,
    ImportedProject,
    ImportedTask,
    Level,
    ReadOptions,
)
from quoin.kernel.words import say, say_many

T = TypeVar("T")
AMOUNT_PLACES = 4
_RATE_PLACES = 6
_OTHER_TYPES = frozenset({"expense", "expenses", "mileage", "ausgabe", "ausgaben"})


@dataclass(frozen=True, slots=True)
class EntryColumns:
    """The time rows of one table, as parallel columns. `bad` are indexes of rows that cannot be booked."""

    source: str
    file: str
    lines: Sequence[int]
    bad: set[int]
    external_ids: Sequence[str]
    person_keys: Sequence[str]
    project_keys: Sequence[str]
    task_keys: Sequence[str]
    days: Sequence[date | None]
    seconds: Sequence[Decimal]
    starts: Sequence[datetime | None]
    ends: Sequence[datetime | None]
    notes: Sequence[str]
    billable: Sequence[bool]
    invoiced: Sequence[bool]
    tags: Sequence[tuple[str, ...]]
    rates: Sequence[Decimal | None]
    amounts: Sequence[Decimal | None]
    currencies: Sequence[str]


def read_entry_columns(
    cells: Cells, profile: Profile, styles: Styles, *, catalogue: Catalogue, options: ReadOptions
) -> EntryColumns:
    """The columns of a time table; findings go to `cells`, names to the catalogue."""
    people = people_of(cells, catalogue, options)
    projects, tasks = work_of(cells, catalogue, options)
    times = _times(cells, profile, styles, options)
    amounts = numbers_of(cells, Field.AMOUNT, styles, AMOUNT_PLACES)
    rates = numbers_of(cells, Field.RATE, styles, _RATE_PLACES)
    currencies = currencies_of(cells, amounts, rates, options)
    notes = cells.read_text(Field.NOTE, one_line=False, formulas_as_text=options.formulas_as_text)
    _refuse_other_types(cells)
    return EntryColumns(
        source=profile.source,
        file=cells.table.file,
        lines=cells.table.lines,
        bad=cells.bad,
        external_ids=cells.read_text(Field.EXTERNAL_ID, one_line=True, formulas_as_text=True),
        person_keys=people,
        project_keys=projects,
        task_keys=tasks,
        days=times.days,
        seconds=times.seconds,
        starts=times.starts,
        ends=times.ends,
        notes=notes,
        billable=flags_of(cells, Field.BILLABLE, missing=True),
        invoiced=flags_of(cells, Field.INVOICED, missing=False),
        tags=cells.read(Field.TAGS, words.parse_tags, empty=(), code="bad_text", remedy="Correct the tags."),
        rates=rates,
        amounts=amounts,
        currencies=currencies,
    )


def people_of(cells: Cells, catalogue: Catalogue, options: ReadOptions) -> list[str]:
    """The key of each row's person, who is in the catalogue then; a row without one is marked bad."""
    as_text = options.formulas_as_text
    names = cells.read_text(Field.PERSON, one_line=True, formulas_as_text=as_text)
    first = cells.read_text(Field.FIRST_NAME, one_line=True, formulas_as_text=as_text)
    last = cells.read_text(Field.LAST_NAME, one_line=True, formulas_as_text=as_text)
    emails = cells.read_text(Field.EMAIL, one_line=True, formulas_as_text=as_text)
    numbers = cells.read_text(Field.PERSON_NUMBER, one_line=True, formulas_as_text=True)
    file, lines = cells.table.file, cells.table.lines

    def add(index: int) -> str:
        name = names[index] or f"{first[index]} {last[index]}".strip()
        key = keys.person_key(name, emails[index])
        if not key:
            return ""
        person = ImportedPerson(
            key, name or emails[index], emails[index], number=numbers[index], file=file, line=lines[index]
        )
        return catalogue.add_person(person)

    people = each_once(zip(names, first, last, emails, strict=True), add)
    for index in missing_of(people):
        cells.refuse(index, "no_person", "The row names no person.", "Write a name or mail address, or leave the row.")
    return people


def work_of(cells: Cells, catalogue: Catalogue, options: ReadOptions) -> tuple[list[str], list[str]]:
    """The keys of each row's project and task, '' for none."""
    as_text = options.formulas_as_text
    clients = cells.read_text(Field.CLIENT, one_line=True, formulas_as_text=as_text)
    client_numbers = cells.read_text(Field.CLIENT_NUMBER, one_line=True, formulas_as_text=True)
    projects = cells.read_text(Field.PROJECT, one_line=True, formulas_as_text=as_text)
    numbers = cells.read_text(Field.PROJECT_NUMBER, one_line=True, formulas_as_text=True)
    tasks = cells.read_text(Field.TASK, one_line=True, formulas_as_text=as_text)
    file, lines = cells.table.file, cells.table.lines

    def add(index: int) -> tuple[str, str]:
        line, client_name = lines[index], clients[index] or options.default_client
        client = keys.client_key(client_name)
        if client:
            catalogue.add_client(
                ImportedClient(client, client_name, number=client_numbers[index], file=file, line=line)
            )
        name = projects[index] or numbers[index] or options.default_project
        if not name:
            return "", ""
        project = keys.project_key(client, name)
        catalogue.add_project(ImportedProject(project, client, name, number=numbers[index], file=file, line=line))
        task_name = tasks[index] or options.default_task
        if not task_name:
            return project, ""
        task = keys.task_key(project, task_name)
        catalogue.add_task(ImportedTask(task, project, task_name, file=file, line=line))
        return project, task

    pairs = each_once(zip(clients, projects, numbers, tasks, strict=True), add)
    return [project for project, _ in pairs], [task for _, task in pairs]


def _times(cells: Cells, profile: Profile, styles: Styles, options: ReadOptions) -> Times:
    times = read_times(cells, styles, zone_named(options.zone))
    refuse_long(cells, times, options)
    for index, spanned in times.mismatches:
        if profile.has_breaks and times.seconds[index] < spanned:
            continue
        cells.remark(
            Level.WARNING,
            "duration_differs",
            say(
                "Start and end are %(apart)s apart, but the duration is %(lasting)s.",
                apart=durations.write_clock(spanned),
                lasting=durations.write_clock(int(times.seconds[index])),
            ),
            "The duration is booked. Check the row if that is not meant.",
            index=index,
        )
    return times


def numbers_of(cells: Cells, field: Field, styles: Styles, places: int) -> list[Decimal | None]:
    """The numbers of a column; None for a blank."""
    point = styles.point(field)
    if point is None:
        return [None] * cells.rows

    def parse(text: str) -> Decimal | None:
        return decimals.parse_decimal(text, point, places=places)

    return cells.read(field, parse, empty=None, code="bad_number", remedy="Write a plain number, for example 1234.50.")


def currencies_of(
    cells: Cells, amounts: Sequence[Decimal | None], rates: Sequence[Decimal | None], options: ReadOptions
) -> list[str]:
    """The currency of each row; money without one marks its row bad."""
    places = (cells.layout.place(Field.AMOUNT), cells.layout.place(Field.RATE))
    in_header = next((place.currency for place in places if place and place.currency), "") or options.currency
    written = cells.read(
        Field.CURRENCY,
        words.parse_currency,
        empty=in_header,
        code="bad_currency",
        remedy="Write the ISO 4217 code, for example EUR.",
    )
    if not cells.layout.has(Field.CURRENCY):
        written = [in_header] * cells.rows
    lacking = [
        index
        for index, code in enumerate(written)
        if not code and (amounts[index] or rates[index]) and index not in cells.bad
    ]
    if lacking:
        cells.bad.update(lacking)
        cells.remark(
            Level.ERROR,
            "no_currency",
            say_many(
                "%(count)s row has money without a currency, on line %(line)s.",
                "%(count)s rows have money without a currency, the first on line %(line)s.",
                count=len(lacking),
                line=cells.table.lines[lacking[0]],
            ),
            "Say the currency of the file, for example EUR.",
            index=lacking[0],
        )
    return written


def flags_of(cells: Cells, field: Field, *, missing: bool) -> list[bool]:
    """Yes or no of each row; `missing` where nothing is said."""
    return cells.read(field, words.parse_flag, empty=missing, code="bad_flag", remedy="Write yes or no.")


def _refuse_other_types(cells: Cells) -> None:
    for index, kind in enumerate(cells.raw(Field.ENTRY_TYPE) or ()):
        if kind and kind.strip().casefold() in _OTHER_TYPES:
            cells.refuse(
                index,
                "not_time",
                say("The row is of type %(kind)s, not time.", kind=repr(kind)),
                "Export time only, or leave the row.",
            )


def missing_of(values: Sequence[str]) -> list[int]:
    """Indexes of the blank ones."""
    return [index for index, value in enumerate(values) if not value] if "" in set(values) else []


def each_once(rows: Iterable[tuple[str, ...]], make: Callable[[int], T]) -> list[T]:
    """`make(index)` for the first of equal rows, its result for all of them."""
    made: dict[tuple[str, ...], T] = {}
    results: list[T] = []
    for index, row in enumerate(rows):
        if row not in made:
            made[row] = make(index)
        results.append(made[row])
    return results
