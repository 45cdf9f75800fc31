"""Lists of clients and of projects with their tasks."""

from __future__ import annotations

from decimal import Decimal

from quoin.imports.rules import catalogue as keys
from quoin.imports.rules.catalogue import Catalogue
from quoin.imports.rules.cells import Cells
from quoin.imports.rules.styles import Styles
from quoin.imports.rules.values import decimals, durations, words
from quoin.imports.types import (
    Field,
    ImportedClient,
    ImportedProject,
    ImportedTask,
    Level,
    MinuteRounding,
    ReadOptions,
)
from quoin.kernel.currency import minor_unit
from quoin.kernel.words import say, say_many

_RATE_PLACES = 6
_NONE: tuple[str, ...] = ()
_CLOSED = frozenset({"archived", "closed", "inactive", "done", "archiviert", "geschlossen"})


def read_clients(cells: Cells, catalogue: Catalogue, options: ReadOptions) -> None:
    """Each row a client."""
    names = _text(cells, Field.CLIENT, options)
    numbers = _text(cells, Field.CLIENT_NUMBER, options)
    addresses = cells.read_text(Field.ADDRESS, one_line=False, formulas_as_text=options.formulas_as_text)
    archived = _archived(cells)
    for index, line in enumerate(cells.table.lines):
        if not names[index]:
            cells.refuse(index, "no_name", "The client has no name.", "Write its name, or leave the row.")
        if index in cells.bad:
            continue
        key = keys.client_key(names[index])
        if key in catalogue.clients:
            first = catalogue.clients[key]
            cells.remark(
                Level.WARNING,
                "twice",
                say(
                    "Client %(name)s already stands on line %(line)s of %(file)s.",
                    name=repr(names[index]),
                    line=first.line,
                    file=first.file,
                ),
                "The first is taken.",
                index=index,
            )
            continue
        catalogue.add_client(
            ImportedClient(
                key,
                names[index],
                number=numbers[index],
                address=addresses[index],
                is_archived=archived[index],
                file=cells.table.file,
                line=line,
            )
        )


def read_projects(cells: Cells, styles: Styles, catalogue: Catalogue, options: ReadOptions) -> None:
    """Each row a project, with its client and its tasks."""
    names = _text(cells, Field.PROJECT, options)
    clients = _text(cells, Field.CLIENT, options)
    client_numbers = _text(cells, Field.CLIENT_NUMBER, options)
    numbers = _text(cells, Field.PROJECT_NUMBER, options)
    notes = cells.read_text(Field.NOTE, one_line=False, formulas_as_text=options.formulas_as_text)
    tasks = cells.read(Field.TASKS, words.parse_tags, empty=_NONE, code="bad_text", remedy="Correct the tasks.")
    billable = _flags(cells)
    archived = _archived(cells)
    currencies = _currencies(cells, options)
    rates = _rates(cells, styles, currencies)
    budgets = _budgets(cells, styles)
    file = cells.table.file
    for index, line in enumerate(cells.table.lines):
        if not names[index]:
            cells.refuse(index, "no_name", "The project has no name.", "Write its name, or leave the row.")
        if index in cells.bad:
            continue
        client = keys.client_key(clients[index])
        key = keys.project_key(client, names[index])
        if key in catalogue.projects:
            _say_twice(cells, index, catalogue.projects[key])
            continue
        if client:
            catalogue.add_client(
                ImportedClient(client, clients[index], number=client_numbers[index], file=file, line=line)
            )
        catalogue.add_project(
            ImportedProject(
                key,
                client,
                names[index],
                number=numbers[index],
                is_archived=archived[index],
                is_billable=billable[index],
                rate_per_hour=rates[index],
                currency=currencies[index] if rates[index] is not None else "",
                budget_minutes=budgets[index],
                note=notes[index],
                file=file,
                line=line,
            )
        )
        for name in tasks[index]:
            catalogue.add_task(ImportedTask(keys.task_key(key, name), key, name, file=file, line=line))


def _say_twice(cells: Cells, index: int, first: ImportedProject) -> None:
    cells.remark(
        Level.WARNING,
        "twice",
        say(
            "Project %(name)s already stands on line %(line)s of %(file)s.",
            name=repr(first.name),
            line=first.line,
            file=first.file,
        ),
        "The first is taken.",
        index=index,
    )


def _text(cells: Cells, field: Field, options: ReadOptions) -> list[str]:
    return cells.read_text(field, one_line=True, formulas_as_text=options.formulas_as_text)


def _flags(cells: Cells) -> list[bool | None]:
    def parse(text: str) -> bool | None:
        return words.parse_flag(text)

    return cells.read(Field.BILLABLE, parse, empty=None, code="bad_flag", remedy="Write yes or no.")


def _archived(cells: Cells) -> list[bool | None]:
    """A date or yes in an archive column, or a closed status; None where the table does not tell."""
    if cells.layout.has(Field.ARCHIVED):

        def parse(text: str) -> bool | None:
            try:
                return words.parse_flag(text)
            except ValueError:
                return any(letter.isdigit() for letter in text)

        return cells.read(Field.ARCHIVED, parse, empty=False, code="bad_flag", remedy="Write yes, no or a date.")
    column = cells.raw(Field.STATUS)
    if column is None:
        return [None] * cells.rows
    return [words.fold(status) in _CLOSED for status in column]


def _currencies(cells: Cells, options: ReadOptions) -> list[str]:
    place = cells.layout.place(Field.RATE)
    default = (place.currency if place else "") or options.currency
    if not cells.layout.has(Field.CURRENCY):
        return [default] * cells.rows
    return cells.read(
        Field.CURRENCY,
        words.parse_currency,
        empty=default,
        code="bad_currency",
        remedy="Write the ISO 4217 code, for example EUR.",
    )


def _rates(cells: Cells, styles: Styles, currencies: list[str]) -> list[Decimal | None]:
    field = Field.RATE if cells.layout.has(Field.RATE) else Field.RATE_MINOR
    point = styles.point(field)
    if point is None:
        return [None] * cells.rows

    def parse(text: str) -> Decimal | None:
        return decimals.parse_decimal(text, point, places=_RATE_PLACES)

    rates = cells.read(field, parse, empty=None, code="bad_number", remedy="Write a plain number, for example 95.50.")
    lacking = [index for index, rate in enumerate(rates) if rate is not None and not currencies[index]]
    if lacking:
        cells.remark(
            Level.WARNING,
            "no_currency",
            say_many(
                "%(count)s project has a rate without a currency; the rate is left out.",
                "%(count)s projects have a rate without a currency; the rates are left out.",
                count=len(lacking),
            ),
            "Say the currency of the file, for example EUR.",
            index=lacking[0],
        )
        rates = [rate if currencies[index] else None for index, rate in enumerate(rates)]
    if field is Field.RATE:
        return rates
    return [None if rate is None else rate * minor_unit(currencies[index]) for index, rate in enumerate(rates)]


def _budgets(cells: Cells, styles: Styles) -> list[int | None]:
    field = Field.BUDGET_HOURS if cells.layout.has(Field.BUDGET_HOURS) else Field.BUDGET_SECONDS
    point = styles.point(field)
    if point is None:
        return [None] * cells.rows

    def parse(text: str) -> int | None:
        if field is Field.BUDGET_SECONDS:
            seconds = durations.parse_count(text, 1)
        else:
            seconds = durations.parse_hours(text, point)
        return durations.to_minutes(seconds, MinuteRounding.NEAREST) or None

    return cells.read(field, parse, empty=None, code="bad_number", remedy="Write a plain number of hours.")
