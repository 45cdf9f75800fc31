"""Toggl Track's workspace data export: clients, projects, tasks and people as JSON files, without time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from quoin.imports.rules import catalogue as keys
from quoin.imports.rules.catalogue import Catalogue
from quoin.imports.rules.detect import base_name
from quoin.imports.rules.values.dates import parse_date
from quoin.imports.rules.values.decimals import parse_decimal
from quoin.imports.rules.values.durations import to_minutes
from quoin.imports.rules.values.words import clean_name
from quoin.imports.types import (
    DateOrder,
    Document,
    Finding,
    ImportedClient,
    ImportedPerson,
    ImportedProject,
    ImportedTask,
    Level,
    MinuteRounding,
    ReadOptions,
)
from quoin.kernel.currency import CODES
from quoin.kernel.words import say

_PREFIX = "toggl"


def read_toggl_workspace(
    documents: Sequence[Document], catalogue: Catalogue, findings: list[Finding], options: ReadOptions
) -> None:
    """Clients, people, projects and tasks, with Toggl's ids; an object that cannot be read is reported."""
    clients = _clients(documents, catalogue, findings)
    _people(documents, catalogue, findings)
    projects = _projects(documents, clients, catalogue, findings=findings, options=options)
    _tasks(documents, projects, catalogue, findings)


def _clients(documents: Sequence[Document], catalogue: Catalogue, findings: list[Finding]) -> dict[str, str]:
    by_id: dict[str, str] = {}
    for file, number, row in _rows(documents, "clients.json", findings):
        name = _name(row)
        if not name:
            findings.append(_unnamed(file, number, say("The client has no name.")))
            continue
        client = ImportedClient(
            keys.client_key(name),
            name,
            external_id=f"{_PREFIX}:{_id(row)}",
            is_archived=_flag(row, "archived"),
            file=file,
            line=number,
        )
        by_id[_id(row)] = catalogue.add_client(client)
    return by_id


def _people(documents: Sequence[Document], catalogue: Catalogue, findings: list[Finding]) -> None:
    for file, number, row in _rows(documents, "workspace_users.json", findings):
        name, email = _name(row), _text(row, "email")
        key = keys.person_key(name, email)
        if not key:
            findings.append(_unnamed(file, number, say("The person has no name.")))
            continue
        active = _flag(row, "active")
        catalogue.add_person(
            ImportedPerson(
                key,
                name or email,
                email,
                external_id=f"{_PREFIX}:{_id(row, 'uid') or _id(row)}",
                is_archived=None if active is None else not active,
                file=file,
                line=number,
            )
        )


def _projects(
    documents: Sequence[Document],
    clients: Mapping[str, str],
    catalogue: Catalogue,
    *,
    findings: list[Finding],
    options: ReadOptions,
) -> dict[str, str]:
    by_id: dict[str, str] = {}
    for file, number, row in _rows(documents, "projects.json", findings):
        name = _name(row)
        if not name:
            findings.append(_unnamed(file, number, say("The project has no name.")))
            continue
        client_id = _id(row, "client_id") or _id(row, "cid")
        if client_id and client_id not in clients:
            findings.append(
                _dangling(file, number, say("Project %(name)s", name=repr(name)), say("client %(id)s", id=client_id))
            )
        client = clients.get(client_id, "")
        rate, currency = _rate(row, file, number, findings=findings, currency=options.currency)
        project = ImportedProject(
            keys.project_key(client, name),
            client,
            name,
            external_id=f"{_PREFIX}:{_id(row)}",
            is_archived=_archived(row),
            is_billable=_flag(row, "billable"),
            rate_per_hour=rate,
            currency=currency,
            budget_minutes=_budget(row),
            starts_on=_day(row),
            file=file,
            line=number,
        )
        by_id[_id(row)] = catalogue.add_project(project)
    return by_id


def _tasks(
    documents: Sequence[Document], projects: Mapping[str, str], catalogue: Catalogue, findings: list[Finding]
) -> None:
    for document in documents:
        parts = document.file.casefold().split("/")
        if "tasks" not in parts[:-1] and parts[-1] != "tasks.json":
            continue
        for file, number, row in _rows_of(document, findings):
            name, project_id = _name(row), _id(row, "project_id")
            if not name or project_id not in projects:
                findings.append(
                    _dangling(
                        file,
                        number,
                        say("Task %(name)s", name=repr(name)),
                        say("project %(id)s", id=project_id or "(none)"),
                    )
                )
                continue
            if parts[-1].removesuffix(".json") not in {project_id, "tasks"}:
                findings.append(_elsewhere(file, number, name, project_id))
            key = keys.task_key(projects[project_id], name)
            catalogue.add_task(
                ImportedTask(
                    key,
                    projects[project_id],
                    name,
                    external_id=f"{_PREFIX}:{_id(row)}",
                    is_archived=_archived(row),
                    file=file,
                    line=number,
                )
            )


def _rows(
    documents: Sequence[Document], name: str, findings: list[Finding]
) -> Iterable[tuple[str, int, Mapping[str, object]]]:
    for document in documents:
        if base_name(document.file) == name:
            yield from _rows_of(document, findings)


def _rows_of(document: Document, findings: list[Finding]) -> Iterable[tuple[str, int, Mapping[str, object]]]:
    """Objects of a JSON list, with their number from 1."""
    if document.content is None:
        return
    if not isinstance(document.content, list):
        findings.append(
            Finding(
                Level.ERROR,
                "bad_json",
                say("The file is not a list of objects."),
                say("Export again."),
                file=document.file,
            )
        )
        return
    for number, row in enumerate(document.content, start=1):
        if isinstance(row, dict):
            yield document.file, number, row
        else:
            findings.append(
                Finding(
                    Level.ERROR,
                    "bad_json",
                    say("Element %(number)s is not an object.", number=number),
                    say("Export again."),
                    file=document.file,
                    line=number,
                )
            )


def _id(row: Mapping[str, object], name: str = "id") -> str:
    value = row.get(name)
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    try:
        return clean_name(value) if isinstance(value, str) else ""
    except ValueError:
        return ""


def _name(row: Mapping[str, object]) -> str:
    return _text(row, "name")


def _flag(row: Mapping[str, object], name: str) -> bool | None:
    value = row.get(name)
    return value if isinstance(value, bool) else None


def _archived(row: Mapping[str, object]) -> bool | None:
    active = _flag(row, "active")
    return None if active is None else not active


def _rate(
    row: Mapping[str, object], file: str, number: int, *, findings: list[Finding], currency: str
) -> tuple[Decimal | None, str]:
    """The hourly rate and its currency. Toggl leaves the currency out where it is the workspace's own."""
    value, own = row.get("rate"), row.get("currency")
    if value is None:
        return None, ""
    code = own if isinstance(own, str) and own in CODES else currency
    if not code:
        message = say("The project has a rate without a currency; the rate is left out.")
        remedy = say("Say the currency of the workspace, for example EUR.")
        findings.append(Finding(Level.WARNING, "no_currency", message, remedy, file, number, "rate", str(value)))
        return None, ""
    try:
        return parse_decimal(str(value)), code
    except ValueError as error:
        findings.append(
            Finding(
                Level.ERROR,
                "bad_number",
                say("The rate %(error)s.", error=str(error)),
                say("Correct the rate."),
                file,
                number,
                "rate",
            )
        )
        return None, ""


def _budget(row: Mapping[str, object]) -> int | None:
    seconds = row.get("estimated_seconds")
    if isinstance(seconds, int) and not isinstance(seconds, bool) and 0 < seconds < 10**9:
        return to_minutes(Decimal(seconds), MinuteRounding.NEAREST)
    return None


def _day(row: Mapping[str, object]) -> date | None:
    value = row.get("start_date")
    try:
        return parse_date(value, DateOrder.YMD) if isinstance(value, str) and value else None
    except ValueError:
        return None


def _unnamed(file: str, number: int, refusal: str) -> Finding:
    return Finding(Level.ERROR, "no_name", refusal, say("Name it in Toggl and export again."), file, number, "name")


def _dangling(file: str, number: int, who: str, what: str) -> Finding:
    return Finding(
        Level.ERROR,
        "dangling",
        say("%(who)s belongs to %(what)s, which the export does not hold.", who=who, what=what),
        say("Export the whole workspace."),
        file,
        number,
    )


def _elsewhere(file: str, number: int, name: str, project_id: str) -> Finding:
    return Finding(
        Level.WARNING,
        "other_project",
        say(
            "Task %(name)s stands in this file but says that it belongs to project %(project_id)s.",
            name=repr(name),
            project_id=project_id,
        ),
        say("It is read into the project that it names."),
        file,
        number,
        "project_id",
        project_id,
    )
