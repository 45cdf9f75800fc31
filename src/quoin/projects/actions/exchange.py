"""Commands about plans in files: take one in, as one step that one Undo takes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.kernel.errors import NotFound, invalid
from quoin.projects import services
from quoin.projects.models import PlanImport, Project
from quoin.projects.queries.exchange import Trial, try_file
from quoin.projects.rules.planfile import PlanFile
from quoin.projects.services import exchange
from quoin.projects.services.own import own_project

IMPORT = "projects.plan.import"


@dataclass(frozen=True, slots=True)
class Imported:
    """The project with the file in it."""

    project: Project
    trial: Trial


@action(IMPORT, label=_("Import a plan"))
def import_plan(
    actor: Actor,
    file: PlanFile,
    *,
    file_name: str,
    project_id: UUID | str | None = None,
    client_id: UUID | str | None = None,
    name: str = "",
    people: Mapping[int, UUID | None] | None = None,
    removes_gone: bool = False,
) -> Imported:
    """The file's plan in a project, or in a new one of a client; read again, it updates what it made before.

    `people` maps numbers of resources to persons, None for a placeholder; the others are found by e-mail or name.
    """
    name = name or file.name or file_name
    project = own_project(actor, IMPORT, project_id) if project_id else _new(actor, file, client_id, name)
    exchange.lock_plan(project.id, today=actor.today)
    trial = try_file(actor, file, project, chosen=people, removes_gone=removes_gone)
    done = exchange.write_file(actor, trial, project, file_name=file_name)
    touch(project.public_id, reason=file_name)
    undo_with("projects.plan.take_back", import_id=done.id, removes_project=project_id is None)
    emit(
        actor, "projects.plan.changed", running_action_id(), project_id=project.id,
        task_ids=list(trial.merged.tasks.values()),
    )  # fmt: skip
    project.refresh_from_db()
    return Imported(project, trial)


@action("projects.plan.take_back", label=_("Take the import of a plan back"))
def take_plan_back(actor: Actor, *, import_id: UUID | str, removes_project: bool = False) -> None:
    """Only the last import of a project: an earlier one is what that one began with."""
    done = PlanImport.objects.select_related("project").filter(id=import_id).first()
    if done is None:
        raise NotFound("There is no such import, or it was taken back.")
    project = own_project(actor, "projects.plan.take_back", done.project_id)
    last = PlanImport.objects.filter(project=project).order_by("made_at", "id").last()
    if last is not None and last.id != done.id:
        raise invalid("/import_id", "The plan was imported again since. Take that import back first.", code="not_last")
    touch(project.public_id, reason=done.file_name)
    done.project = project
    exchange.take_back(actor, done)
    done.delete()
    if removes_project:
        exchange.remove_project(project)


def _new(actor: Actor, file: PlanFile, client_id: UUID | str | None, name: str) -> Project:
    actor.require("projects.project.create")
    if client_id is None:
        raise invalid("/client", "Say for which client the new project is.", code="required")
    starts = file.start.date() if file.start else None
    made = services.add_project(name=name, client_id=UUID(str(client_id)), manager_id=actor.person_id, starts_on=starts)
    emit(actor, "projects.project.created", running_action_id(), project_id=made.id)
    return made
