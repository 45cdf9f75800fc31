"""solidtime's organisation export: CSV files that name each other by id. Rates are in minor units, times in UTC."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from quoin.imports.rules import catalogue as keys
from quoin.imports.rules.catalogue import Catalogue
from quoin.imports.rules.cells import Cells
from quoin.imports.rules.detect import base_name
from quoin.imports.rules.entries import EntryColumns
from quoin.imports.rules.fields import name_of
from quoin.imports.rules.headers import ColumnRule, Holds, Profile, lay_out
from quoin.imports.rules.styles import infer_styles
from quoin.imports.rules.times import read_times, refuse_long
from quoin.imports.rules.values import decimals, words
from quoin.imports.rules.values.dates import zone_named
from quoin.imports.types import (
    Field,
    Finding,
    ImportedClient,
    ImportedPerson,
    ImportedProject,
    ImportedTask,
    Level,
    ReadOptions,
    Table,
    bad_file,
)
from quoin.kernel.currency import CODES, minor_unit
from quoin.kernel.words import listed, say

_SOURCE = "solidtime"
_RATE_PLACES = 4
TIME = Profile(
    key=_SOURCE,
    label=say("solidtime, time_entries.csv"),
    source=_SOURCE,
    holds=Holds.ENTRIES,
    columns=(
        ColumnRule(Field.EXTERNAL_ID, ("id",)),
        ColumnRule(Field.NOTE, ("description",)),
        ColumnRule(Field.STARTED, ("start",)),
        ColumnRule(Field.ENDED, ("end",)),
        ColumnRule(Field.RATE_MINOR, ("billable_rate",)),
        ColumnRule(Field.BILLABLE, ("billable",)),
        ColumnRule(Field.PERSON, ("member_id",)),
        ColumnRule(Field.PERSON_NUMBER, ("user_id",)),
        ColumnRule(Field.PROJECT, ("project_id",)),
        ColumnRule(Field.TASK, ("task_id",)),
        ColumnRule(Field.TAGS, ("tags",)),
    ),
    needs=(
        (Field.EXTERNAL_ID,),
        (Field.STARTED,),
        (Field.ENDED,),
        (Field.PERSON,),
        (Field.PROJECT,),
    ),
)


@dataclass(slots=True)
class _Bundle:
    """The tables by name, and the ids met so far per kind."""

    tables: Mapping[str, Table]
    catalogue: Catalogue
    findings: list[Finding]
    currency: str

    def column(self, name: str, header: str) -> Sequence[str]:
        """A column by its exact header; empty cells where the table lacks it."""
        table = self.tables.get(name)
        if table is None:
            return ()
        if header in table.headers:
            return table.columns[table.headers.index(header)]
        return ("",) * len(table.lines)

    def remark(self, level: Level, code: str, message: str, remedy: str, *, name: str, index: int) -> None:
        table = self.tables[name]
        self.findings.append(Finding(level, code, message, remedy, table.file, table.lines[index]))

    def is_new(self, name: str, ids: Mapping[str, str], row_id: str, index: int) -> bool:
        """False, with a warning, for an id that an earlier row has."""
        if row_id and row_id not in ids:
            return True
        self.remark(
            Level.WARNING,
            "doubled_id",
            say("The id %(row_id)s belongs to an earlier row as well.", row_id=repr(row_id)),
            "Rows that name the id get the first one; this row is read by its name.",
            name=name,
            index=index,
        )
        return False


def read_solidtime(
    tables: Sequence[Table], catalogue: Catalogue, findings: list[Finding], options: ReadOptions
) -> EntryColumns:
    """All records of the export. An id that two rows share, or that no row has, is reported."""
    by_name = {base_name(table.file): table for table in tables}
    bundle = _Bundle(by_name, catalogue, findings, _currency(by_name, options))
    clients = _clients(bundle)
    people = _people(bundle)
    projects = _projects(bundle, clients)
    tasks = _tasks(bundle, projects)
    return _entries(bundle, options, people=people, projects=projects, tasks=tasks)


def _currency(tables: Mapping[str, Table], options: ReadOptions) -> str:
    table = tables.get("organizations.csv")
    if table is not None and "currency" in table.headers and table.lines:
        code = table.columns[table.headers.index("currency")][0]
        if code in CODES:
            return code
    return options.currency


def _clients(bundle: _Bundle) -> dict[str, str]:
    name = "clients.csv"
    table, by_id = bundle.tables[name], dict[str, str]()
    rows = zip(
        table.lines, bundle.column(name, "id"), bundle.column(name, "name"), bundle.column(name, "archived_at"),
        strict=True,
    )  # fmt: skip
    for index, (line, row_id, written, archived) in enumerate(rows):
        if not (label := _label(bundle, name, index, written)):
            continue
        is_new = bundle.is_new(name, by_id, row_id, index)
        external = f"{_SOURCE}:{row_id}" if is_new else ""
        client = ImportedClient(
            keys.client_key(label), label, external, is_archived=bool(archived), file=table.file, line=line
        )
        key = bundle.catalogue.add_client(client)
        if is_new:
            by_id[row_id] = key
    return by_id


def _people(bundle: _Bundle) -> dict[str, str]:
    name = "members.csv"
    table, by_id = bundle.tables[name], dict[str, str]()
    rows = zip(
        table.lines, bundle.column(name, "id"), bundle.column(name, "name"), bundle.column(name, "email"), strict=True
    )
    for index, (line, row_id, written, email) in enumerate(rows):
        mail = _label(bundle, name, index, email, is_required=False)
        label = _label(bundle, name, index, written or mail)
        if not label:
            continue
        is_new = bundle.is_new(name, by_id, row_id, index)
        external = f"{_SOURCE}:{row_id}" if is_new else ""
        person = ImportedPerson(keys.person_key(label, mail), label, mail, external, file=table.file, line=line)
        key = bundle.catalogue.add_person(person)
        if is_new:
            by_id[row_id] = key
    return by_id


def _projects(bundle: _Bundle, clients: Mapping[str, str]) -> dict[str, str]:
    name = "projects.csv"
    table, by_id = bundle.tables[name], dict[str, str]()
    rows = zip(
        table.lines,
        *(bundle.column(name, h) for h in ("id", "name", "client_id", "archived_at", "is_billable", "billable_rate")),
        strict=True,
    )
    for index, (line, row_id, written, client_id, archived, billable, rate) in enumerate(rows):
        if not (label := _label(bundle, name, index, written)):
            continue
        if client_id and client_id not in clients:
            _dangling(bundle, name, index, say("client %(id)s", id=client_id))
        client = clients.get(client_id, "")
        is_new = bundle.is_new(name, by_id, row_id, index)
        price = _rate(bundle, name, index, rate)
        project = ImportedProject(
            keys.project_key(client, label),
            client,
            label,
            f"{_SOURCE}:{row_id}" if is_new else "",
            is_archived=bool(archived),
            is_billable=billable.strip().casefold() == "true",
            rate_per_hour=price,
            currency=bundle.currency if price is not None else "",
            file=table.file,
            line=line,
        )
        key = bundle.catalogue.add_project(project)
        if is_new:
            by_id[row_id] = key
    return by_id


def _tasks(bundle: _Bundle, projects: Mapping[str, str]) -> dict[str, str]:
    name = "tasks.csv"
    table, by_id = bundle.tables[name], dict[str, str]()
    rows = zip(
        table.lines, *(bundle.column(name, header) for header in ("id", "name", "project_id", "done_at")), strict=True
    )
    for index, (line, row_id, written, project_id, done) in enumerate(rows):
        label = _label(bundle, name, index, written)
        if not label:
            continue
        if project_id not in projects:
            _dangling(bundle, name, index, say("project %(id)s", id=project_id or "(none)"))
            continue
        project = projects[project_id]
        is_new = bundle.is_new(name, by_id, row_id, index)
        external = f"{_SOURCE}:{row_id}" if is_new else ""
        task = ImportedTask(
            keys.task_key(project, label), project, label, external, is_archived=bool(done), file=table.file, line=line
        )
        key = bundle.catalogue.add_task(task)
        if is_new:
            by_id[row_id] = key
    return by_id


def _entries(
    bundle: _Bundle,
    options: ReadOptions,
    *,
    people: Mapping[str, str],
    projects: Mapping[str, str],
    tasks: Mapping[str, str],
) -> EntryColumns:
    table = bundle.tables["time_entries.csv"]
    layout = lay_out(table, TIME)
    tags = dict(zip(bundle.column("tags.csv", "id"), bundle.column("tags.csv", "name"), strict=True))
    if layout.missing:
        lacking = listed(listed(map(name_of, group), say(" or ")) for group in layout.missing)
        raise bad_file(
            "missing_columns",
            say("time_entries.csv lacks %(lacking)s.", lacking=lacking),
            "Export again.",
            file=table.file,
        )
    cells = Cells(table, layout)
    styles = infer_styles(cells, options)
    times = read_times(cells, styles, zone_named(options.zone))
    refuse_long(cells, times, options)
    project_keys, task_keys = _work(cells, bundle.catalogue, options, projects=projects, tasks=tasks)
    rates = cells.read(
        Field.RATE_MINOR, _minor(bundle.currency), empty=None, code="bad_number", remedy="Write whole minor units."
    )
    columns = EntryColumns(
        source=_SOURCE,
        file=table.file,
        lines=table.lines,
        bad=cells.bad,
        external_ids=cells.read_text(Field.EXTERNAL_ID, one_line=True, formulas_as_text=True),
        person_keys=_linked(cells, Field.PERSON, people, is_required=True),
        project_keys=project_keys,
        task_keys=task_keys,
        days=times.days,
        seconds=times.seconds,
        starts=times.starts,
        ends=times.ends,
        notes=cells.read_text(Field.NOTE, one_line=False, formulas_as_text=options.formulas_as_text),
        billable=cells.read(
            Field.BILLABLE, words.parse_flag, empty=True, code="bad_flag", remedy="Write true or false."
        ),
        invoiced=[False] * cells.rows,
        tags=cells.read(
            Field.TAGS, _tag_names(tags), empty=(), code="bad_tags", remedy="Write a JSON list of tag ids."
        ),
        rates=rates,
        amounts=[None] * cells.rows,
        currencies=[bundle.currency] * cells.rows,
    )
    bundle.findings.extend(cells.findings)
    return columns


def _work(
    cells: Cells,
    catalogue: Catalogue,
    options: ReadOptions,
    *,
    projects: Mapping[str, str],
    tasks: Mapping[str, str],
) -> tuple[list[str], list[str]]:
    """Projects and tasks of the entries, with the defaults of the options where the export has none."""
    project_keys = _linked(cells, Field.PROJECT, projects, is_required=False)
    task_keys = _linked(cells, Field.TASK, tasks, is_required=False)
    file, lines = cells.table.file, cells.table.lines
    for index, project in enumerate(project_keys):
        if not project and options.default_project:
            key = keys.project_key("", options.default_project)
            project_keys[index] = catalogue.add_project(
                ImportedProject(key, "", options.default_project, file=file, line=lines[index])
            )
        if project_keys[index] and not task_keys[index] and options.default_task:
            key = keys.task_key(project_keys[index], options.default_task)
            task_keys[index] = catalogue.add_task(
                ImportedTask(key, project_keys[index], options.default_task, file=file, line=lines[index])
            )
    return project_keys, task_keys


def _linked(cells: Cells, field: Field, by_id: Mapping[str, str], *, is_required: bool) -> list[str]:
    def parse(text: str) -> str:
        if text not in by_id:
            raise ValueError(
                say("No row of the export has the id %(text)s (%(field)s)", field=name_of(field), text=repr(text))
            )
        return by_id[text]

    return cells.read(
        field, parse, empty="", code="dangling", remedy="Export the whole organisation.", is_required=is_required
    )


def _tag_names(tags: Mapping[str, str]) -> Callable[[str], tuple[str, ...]]:
    def parse(text: str) -> tuple[str, ...]:
        try:
            ids = json.loads(text)
        except (ValueError, RecursionError):
            raise ValueError(say("%(text)s is not a JSON list", text=repr(text[:80]))) from None
        if not isinstance(ids, list):
            raise ValueError(say("%(text)s is not a JSON list", text=repr(text[:80])))  # noqa: TRY004 - a wrong value of a cell
        return tuple(words.clean_name(tags.get(str(tag), str(tag))) for tag in ids)

    return parse


def _minor(currency: str) -> Callable[[str], Decimal | None]:
    unit = minor_unit(currency) if currency else None

    def parse(text: str) -> Decimal | None:
        number = decimals.parse_decimal(text, places=_RATE_PLACES)
        if unit is None:
            raise ValueError(say("%(text)s has no currency; organizations.csv names none", text=repr(text)))
        return number * unit

    return parse


def _rate(bundle: _Bundle, name: str, index: int, text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return _minor(bundle.currency)(text)
    except ValueError as error:
        bundle.remark(
            Level.ERROR,
            "bad_number",
            say("%(error)s.", error=str(error)),
            "Write whole minor units.",
            name=name,
            index=index,
        )
        return None


def _label(bundle: _Bundle, name: str, index: int, written: str, *, is_required: bool = True) -> str:
    try:
        label = words.clean_name(written)
    except ValueError as error:
        bundle.remark(
            Level.ERROR, "bad_text", say("The cell %(error)s.", error=str(error)), "Correct it.", name=name, index=index
        )
        return ""
    if not label and is_required:
        bundle.remark(
            Level.ERROR, "no_name", "The row has no name.", "Name it and export again.", name=name, index=index
        )
    return label


def _dangling(bundle: _Bundle, name: str, index: int, what: str) -> None:
    bundle.remark(
        Level.ERROR,
        "dangling",
        say("The row belongs to %(what)s, which the export does not hold.", what=what),
        "Export the whole organisation.",
        name=name,
        index=index,
    )
