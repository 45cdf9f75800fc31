"""Plans in files on the web: upload, preview with who is who, take in; and the plan as a file to keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import respond
from quoin.clients.queries import visible_clients
from quoin.kernel.errors import DomainError, Invalid, Problem, invalid
from quoin.people.queries import employed_on
from quoin.projects import queries
from quoin.projects.actions.exchange import IMPORT, import_plan
from quoin.projects.adapters.exchange import missing, read_plan, write_plan
from quoin.projects.queries.exchange import Trial, kept, try_file
from quoin.projects.queries.exchange_out import exported
from quoin.projects.queries.plan import VIEW_PLAN
from quoin.projects.rules.exchange import taken_rows
from quoin.projects.rules.planfile import PlanFile, ResourceType
from quoin.projects.web.views import project_context

_SALT: Final = "quoin.projects.exchange"
_SECONDS: Final = 24 * 3600
_SHOWN: Final = 20


@page(IMPORT, methods=("GET", "POST"))
def plan_import(request: ActorRequest, number: str) -> HttpResponse:
    """Into a project: first what the file would do, then the import itself."""
    return _import(request, queries.project_by_number(request.actor, number))


@page(IMPORT, methods=("GET", "POST"))
def plan_import_new(request: ActorRequest) -> HttpResponse:
    """Into a new project."""
    request.actor.require("projects.project.create")
    return _import(request, None)


@page(VIEW_PLAN)
def plan_export(request: ActorRequest, number: str, form: str) -> HttpResponse:
    """The plan as Microsoft Project XML or as CSV."""
    found = queries.project_by_number(request.actor, number)
    return _file_of(request.actor, found, form)


def _file_of(actor: Any, found: Any, form: str) -> HttpResponse:
    """The project's plan as a file to keep."""
    written = write_plan(exported(actor, found.id), form)
    response = HttpResponse(written.content, content_type=written.content_type)
    response["Content-Disposition"] = f'attachment; filename="plan-{found.number}.{written.suffix}"'
    return response


def _import(request: ActorRequest, found: Any | None) -> HttpResponse:
    if request.method != "POST":
        return _shown(request, found, {})
    try:
        name, file = _given(request)
    except Invalid as error:
        return _shown(request, found, {"problems": problems_of(error)}, status=422)
    held = signing.dumps({"name": name, "file": kept(file)}, salt=_SALT, compress=True)
    context: dict[str, Any] = {"file_name": name, "held": held, "chosen": request.POST}
    try:
        people = people_of(request.POST)
        removes_gone = bool(request.POST.get("removes_gone"))
        if request.POST.get("do") == "import":
            return _imported(request, found, (name, file), people, removes_gone=removes_gone)
        trial = try_file(request.actor, file, found, chosen=people, removes_gone=removes_gone)
    except DomainError as error:
        return _shown(request, found, context | {"problems": problems_of(error)}, status=error.status)
    return _shown(request, found, context | _told(trial))


def _given(request: ActorRequest) -> tuple[str, PlanFile]:
    """The file: uploaded now, or held by the page of the preview since."""
    upload = request.FILES.get("file")
    if upload is not None:
        name = upload.name or "plan"
        return name, read_plan(name, upload.read())
    try:
        told = signing.loads(request.POST.get("held", ""), salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        raise invalid("/file", _("Choose the file of the plan."), code="required") from None
    return told["name"], msgspec.convert(told["file"], PlanFile, strict=False)


def _imported(
    request: ActorRequest,
    found: Any | None,
    given: tuple[str, PlanFile],
    people: Mapping[int, UUID | None],
    *,
    removes_gone: bool,
) -> HttpResponse:
    done = import_plan(
        request.actor, given[1], file_name=given[0], project_id=found.id if found else None,
        client_id=request.POST.get("client") or None, name=request.POST.get("name", ""), people=people,
        removes_gone=removes_gone,
    )  # fmt: skip
    merged = done.trial.merged
    text = _("Plan imported: %(added)s tasks added, %(updated)s updated") % {
        "added": merged.added, "updated": merged.updated
    }  # fmt: skip
    url = reverse("projects:plan", args=[done.project.number])
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))


def people_of(answers: Mapping[str, Any]) -> dict[int, UUID | None]:
    """The fields `person-3`: who the file's resource 3 is; empty for a placeholder."""
    found: dict[int, UUID | None] = {}
    for key, value in answers.items():
        uid = key.removeprefix("person-")
        if uid != key and uid.isdecimal():
            try:
                found[int(uid)] = UUID(str(value)) if value else None
            except ValueError:
                raise invalid(f"/people/{uid}", _("There is no such person.")) from None
    return found


def problems_of(error: DomainError) -> list[str]:
    """What the page says about a file that cannot be taken in."""
    lines: tuple[Problem, ...] = error.problems
    return [error.detail, *(f"{one.detail} {one.help}".strip() for one in lines[:_SHOWN] if one.detail != error.detail)]


def _told(trial: Trial) -> dict[str, Any]:
    """The preview, as its page shows it."""
    file, merged, moved = trial.file, trial.merged, trial.moved
    rows = taken_rows(file)
    project = trial.merged.plan.projects[trial.project_id]
    return {
        "trial": trial,
        "counts": (
            (_("Tasks added"), merged.added),
            (_("Tasks updated"), merged.updated),
            (_("Links"), sum(len(row.links) for row in rows)),
            (_("Assignments"), len(file.assignments)),
            (_("Calendars"), sum(1 for one in trial.calendars if one.is_written)),
            (_("Baselines"), len(trial.baselines)),
        ),
        "same": trial.dated - len(moved),
        "moved": moved[:_SHOWN],
        "moved_more": max(len(moved) - _SHOWN, 0),
        "lost": (*file.lost, *merged.lost),
        "lines": [line for line in trial.lines if line.resource.type is ResourceType.WORK],
        "starts_on": project.starts_on,
        "gone": [trial.before.tasks[key].name for key in merged.gone],
    }


def _shown(request: ActorRequest, found: Any | None, told: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"title": _("New project from a plan"), "area": _("Projects")}
    if found is not None:
        context = project_context(request, found, current="plan")
    else:
        context["clients"] = [(one.public_id, one.id, one.name) for one in visible_clients(request.actor)]
    context |= {"without_mpxj": missing(), "people": list(employed_on(request.actor.today).order_by("name")), **told}
    template = "projects/exchange.html" if found else "projects/exchange_new.html"
    return respond.page(request, template, context, status=status)
