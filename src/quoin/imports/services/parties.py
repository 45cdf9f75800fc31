"""Writing clients, people, projects, tasks, categories and memberships as planned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from quoin.catalog.models import ExpenseCategory
from quoin.catalog.services import add_category
from quoin.clients.models import Client
from quoin.clients.services import add_client, change_client
from quoin.imports.models import ImportLink
from quoin.imports.queries.inventory import NEW_INTERNAL
from quoin.imports.rules.planned import Diff, Kind, Outcome, PlannedRecord, Use
from quoin.imports.services.load import Load, Made, snapshot
from quoin.imports.services.pricing import contract_for, currency_of_client, currency_of_project, is_billed
from quoin.imports.types import ImportedClient, ImportedPerson, ImportedProject, ImportedTask
from quoin.kernel.errors import invalid
from quoin.kernel.words import say
from quoin.people.models import Person
from quoin.people.services import add_person, change_person
from quoin.projects.models import Project, Task
from quoin.projects.services import add_members, add_project, add_tasks, change_project, change_task

_YES = "yes"


def write_clients(load: Load) -> None:
    for planned in _of(load, Kind.CLIENT):
        client = cast("ImportedClient", planned.record)
        if planned.outcome is Outcome.NEW:
            number = "" if _is_taken(Client, client.number) else client.number
            row = add_client(
                name=client.name, country=load.answers.load.country or load.entity.country,
                currency=currency_of_client(load, client.key), number=number, street=client.address,
                is_active=not client.is_archived,
            )  # fmt: skip
            _made(load, planned, row)
        elif planned.outcome is Outcome.CHANGE:
            found = Client.objects.get(id=planned.existing_id)
            _change(load, planned, found, change_client, fields=_client_fields(planned.diffs))


def write_people(load: Load) -> None:
    for planned in _of(load, Kind.PERSON):
        person = cast("ImportedPerson", planned.record)
        left_on = max(load.actor.today, load.told.last_of.get(person.key, load.actor.today) + timedelta(days=1))
        if planned.outcome is Outcome.NEW:
            row = add_person(
                name=person.name, entity_id=load.entity.id, email=person.email, number=person.number,
                left_on=left_on if person.is_archived else None,
            )  # fmt: skip
            _made(load, planned, row)
        elif planned.outcome is Outcome.CHANGE:
            found = Person.objects.get(id=planned.existing_id)
            fields = {diff.field: diff.new for diff in planned.diffs if diff.field in {"name", "email"}}
            if any(diff.field == "is_archived" for diff in planned.diffs):
                fields["left_on"] = left_on if person.is_archived else None  # type: ignore[assignment]  # texts and a day
            _change(load, planned, found, change_person, fields=fields)


def write_projects(load: Load) -> None:
    for planned in _of(load, Kind.PROJECT):
        project = cast("ImportedProject", planned.record)
        if planned.outcome is Outcome.NEW:
            _made(load, planned, _new_project(load, project))
        elif planned.outcome is Outcome.CHANGE:
            found = Project.objects.get(id=planned.existing_id)
            _change(load, planned, found, change_project, fields=_project_fields(planned))


def write_tasks(load: Load) -> None:
    new: list[tuple[PlannedRecord, Task]] = []
    for planned in _of(load, Kind.TASK):
        task = cast("ImportedTask", planned.record)
        if planned.outcome is Outcome.NEW:
            status = "closed" if task.is_archived else "open"
            name = " ".join(task.name.split())
            new.append((planned, Task(project_id=load.ids[Kind.PROJECT, task.project_key], name=name, status=status)))
        elif planned.outcome is Outcome.CHANGE:
            found = Task.objects.get(id=planned.existing_id)
            _change(load, planned, found, change_task, fields=_task_fields(planned))
    for (planned, _), row in zip(new, add_tasks(row for _, row in new), strict=True):
        _made(load, planned, row)


def write_categories(load: Load) -> None:
    for planned in _of(load, Kind.CATEGORY):
        if planned.outcome is Outcome.NEW:
            _made(load, planned, add_category(name=planned.record.name))


def write_members(load: Load, pairs: Iterable[tuple[UUID, UUID]]) -> None:
    """Everybody with time or expenses on a project is on it."""
    load.members.extend(row.id for row in add_members(pairs))


def _new_project(load: Load, project: ImportedProject) -> Project:
    client_id = _client_of(load, project)
    currency = currency_of_project(load, project)
    contract = contract_for(load, client_id, currency) if project.client_key and is_billed(load, project) else None
    return add_project(
        name=project.name, client_id=client_id, number="" if _is_taken(Project, project.number) else project.number,
        contract_id=contract.id if contract else None, currency=contract.currency if contract else currency,
        status="closed" if project.is_archived else "active", budget_minutes=project.budget_minutes or 0,
        starts_on=project.starts_on, description=project.note,
        manager_id=load.approver.id if load.approver else load.actor.person_id,
    )  # fmt: skip


def _client_of(load: Load, project: ImportedProject) -> UUID:
    if project.client_key:
        return load.ids[Kind.CLIENT, project.client_key]
    chosen = dict(load.answers.mapping.clients).get("")
    if isinstance(chosen, Use):
        return UUID(chosen.id)
    found = Client.objects.filter(is_internal=True).order_by("id").first()
    if found is None:
        found = add_client(
            name=load.entity.name, country=load.entity.country, currency=load.entity.currency, is_internal=True
        )
        load.add(Kind.CLIENT, found, f"{found.name} {NEW_INTERNAL}")
        load.notes.append(
            say("Projects without a client belong to %(name)s itself and are never billed.", name=found.name)
        )
    return found.id


def _of(load: Load, kind: Kind) -> Iterable[PlannedRecord]:
    return (planned for planned in load.plan.records if planned.kind is kind)


def _is_taken(model: type[Client | Project], number: str) -> bool:
    return not number or model.objects.filter(number=number).exists()


def _made(load: Load, planned: PlannedRecord, row: Client | Person | Project | Task | ExpenseCategory) -> None:
    load.ids[planned.kind, planned.key] = row.id
    load.add(planned.kind, row, planned.record.name)


def _change(load: Load, planned: PlannedRecord, found: Any, change: Any, *, fields: dict[str, Any]) -> None:
    before = snapshot(found)
    load.made.append(Made(planned.kind, change(found.id, **fields), planned.record.name, before=before))


def _client_fields(diffs: Iterable[Diff]) -> dict[str, Any]:
    names = {"name": "name", "address": "street"}
    told = {diff.field: diff.new for diff in diffs}
    fields: dict[str, Any] = {names[name]: value for name, value in told.items() if name in names}
    return {**fields, "is_active": told["is_archived"] != _YES} if "is_archived" in told else fields


def _project_fields(planned: PlannedRecord) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for diff in planned.diffs:
        match diff.field:
            case "name":
                fields["name"] = diff.new
            case "note":
                fields["description"] = diff.new
            case "budget_minutes":
                fields["budget_minutes"] = int(diff.new)
            case "starts_on":
                fields["starts_on"] = date.fromisoformat(diff.new)
            case "is_archived":
                fields["status"] = "closed" if diff.new == _YES else "active"
            case _:
                raise _moved(planned, diff)
    return fields


def _task_fields(planned: PlannedRecord) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for diff in planned.diffs:
        if diff.field == "name":
            fields["name"] = diff.new
        elif diff.field == "is_archived":
            fields["status"] = "closed" if diff.new == _YES else "open"
        else:
            raise _moved(planned, diff)
    return fields


def _moved(planned: PlannedRecord, diff: Diff) -> Exception:
    return invalid(
        f"/{planned.kind}s/{planned.key}",
        say(
            "The %(kind)s %(record)s stands under another %(field)s than at its last import.",
            kind=planned.kind,
            record=repr(planned.record.name),
            field=diff.field,
        ),
        code="moved",
        remedy="Move it by hand, or import without taking changes.",
    )


def link_records(load: Load) -> None:
    """Remember under which ids the source knows the objects."""
    known = set(ImportLink.objects.values_list("kind", "external_id"))
    rows = []
    for planned in load.plan.records:
        object_id = load.ids.get((planned.kind, planned.key))
        external_id = planned.record.external_id
        if object_id and external_id and (str(planned.kind), external_id) not in known:
            known.add((str(planned.kind), external_id))
            rows.append(
                ImportLink(
                    kind=planned.kind,
                    source=load.export.source,
                    external_id=external_id,
                    object_id=object_id,
                    batch=load.batch,
                )
            )
    ImportLink.objects.bulk_create(rows, batch_size=1000)
