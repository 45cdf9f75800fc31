"""Templates on the web: cards and gallery, one template, its editor, and a project begun from it after a preview."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.clients.queries import visible_clients
from quoin.kernel.errors import DomainError, Invalid, Problem, invalid
from quoin.kernel.money import Money
from quoin.people.queries import employed_on
from quoin.projects import actions, queries
from quoin.projects.actions import templates as do
from quoin.projects.queries import templates as read
from quoin.projects.queries.gates import FACT_WORDS
from quoin.projects.queries.template_files import current_files, whole_document
from quoin.projects.queries.templates import METHOD_NAMES, VIEW_TEMPLATES, Outlook, Start
from quoin.projects.rules.templates.laying import duration_days
from quoin.projects.rules.templates.reading import read_template
from quoin.projects.rules.templates.shipped import SHIPPED
from quoin.projects.rules.templates.typed import document_from, sheet_of
from quoin.projects.rules.templates.values import Template
from quoin.projects.types import NewContract

_BIGGEST_FILE = 10_000_000
KINDS = {
    "task": gettext_lazy("Task"), "phase": gettext_lazy("Phase"), "milestone": gettext_lazy("Milestone"),
    "deliverable": gettext_lazy("Deliverable"),
}  # fmt: skip


@page(VIEW_TEMPLATES)
def templates(request: ActorRequest) -> HttpResponse:
    rows = list(read.templates(request.actor))
    taken = {row.name for row in rows}
    context = {
        "title": _("Templates"), "area": _("Work"), "methods": METHOD_NAMES,
        "templates": [(row, METHOD_NAMES[row.method]) for row in rows if row.is_active],
        "retired": [row for row in rows if not row.is_active],
        "gallery": [(key, one, METHOD_NAMES[one.method]) for key, one in SHIPPED.items() if one.name not in taken],
        "may": _rights(request),
    }  # fmt: skip
    return respond.page(request, "projects/templates.html", context)


def _crumbs(row: Any) -> tuple[tuple[str, str], ...]:
    own = reverse("projects:template", args=[row.public_id])
    return ((_("Templates"), reverse("projects:templates")), (row.name, own))


def _rights(request: ActorRequest) -> dict[str, bool]:
    verbs = (
        "create", "take", "edit", "publish", "draw", "retire", "restore", "propose", "accept", "decline", "attach",
        "detach",
    )  # fmt: skip
    found = {verb: request.actor.may(f"projects.template.{verb}") for verb in verbs}
    return {**found, "start": request.actor.may("projects.project.create")}


@page(VIEW_TEMPLATES)
def template(request: ActorRequest, pk: str) -> HttpResponse:
    row = read.template_for(request.actor, object_id("tpl", pk))
    found = read.current_document(row.id)
    roles = {role.key: role.name for role in found.roles}
    names = {each.key: each.name for each in found.rows}
    may = _rights(request)
    owns = read.is_owner(request.actor, row, "projects.template.edit")
    context = {
        "title": row.name, "area": _("Templates"), "crumbs": ((_("Templates"), reverse("projects:templates")),),
        "template": row, "document": found, "method": METHOD_NAMES[row.method], "owns": owns and may["edit"],
        "may": may, "versions": read.versions_of(row), "proposals": read.proposals_of(row),
        "origins": read.origins_of(request.actor, row)[:20],
        "rows": [(each, duration_days(each), roles.get(each.role, "")) for each in found.rows],
        "gates": [(gate, names[gate.holds], _items(gate, roles)) for gate in found.gates],
        "hours": found.effort_minutes, "files": current_files(row.id),
    }  # fmt: skip
    return respond.page(request, "projects/template.html", context)


def _items(gate: Any, roles: Mapping[str, str]) -> list[str]:
    found = []
    for item in gate.items:
        words = item.text or str(FACT_WORDS.get(item.kind, item.kind))
        found.append(f"{words} ({roles[item.role]})" if item.role else words)
    return found


@page("projects.template.create", methods=("POST",))
def create(request: ActorRequest) -> HttpResponse:
    """From a method, or from a file that another firm shared."""
    file = request.FILES.get("file")
    if file is not None:
        made = do.create_template(request.actor, document=_document(file))
        return _to(request, made, _("%(name)s read in as a draft") % {"name": made.name})
    post = request.POST
    made = do.create_template(request.actor, name=post.get("name", ""), method=post.get("method", "own"))
    url = reverse("projects:template_edit", args=[made.public_id])
    return respond.redirect_with_toast(request, url, _("Draft of %(name)s made") % {"name": made.name})


def _document(file: Any) -> Any:
    if (file.size or 0) > _BIGGEST_FILE:
        raise invalid("/file", _("The file is larger than 10 MB."), code="too_large")
    try:
        return json.loads(file.read())
    except (ValueError, UnicodeDecodeError, RecursionError):
        raise invalid("/file", _("The file is no JSON document."), code="unreadable") from None


@page("projects.template.take", methods=("POST",))
def take(request: ActorRequest) -> HttpResponse:
    made = do.take_template(request.actor, shipped=request.POST.get("shipped", ""))
    return _to(request, made, _("%(name)s is ready to start from") % {"name": made.name})


@page("projects.template.draw", methods=("POST",))
def draw(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    made = do.draw_template(request.actor, project_id=found.id, name=request.POST.get("name", ""))
    return _to(request, made, _("Draft of %(name)s made") % {"name": made.name})


@page("projects.template.publish", methods=("POST",))
def publish(request: ActorRequest, pk: str) -> HttpResponse:
    template_id = object_id("tpl", pk)
    version = do.publish_template(request.actor, template_id=template_id, note=request.POST.get("note", ""))
    row = read.template_for(request.actor, template_id)
    return _to(request, row, _("Version %(number)s published") % {"number": version.number})


@page("projects.template.discard", methods=("POST",))
def discard(request: ActorRequest, pk: str) -> HttpResponse:
    row = read.template_for(request.actor, object_id("tpl", pk))
    do.discard_draft(request.actor, template_id=row.id)
    return _to(request, row, _("Draft dropped"))


@page("projects.template.retire", methods=("POST",))
def retire(request: ActorRequest, pk: str) -> HttpResponse:
    row = do.retire_template(request.actor, template_id=object_id("tpl", pk))
    return _to(request, row, _("%(name)s is offered no more") % {"name": row.name})


@page("projects.template.restore", methods=("POST",))
def restore(request: ActorRequest, pk: str) -> HttpResponse:
    row = do.restore_template(request.actor, template_id=object_id("tpl", pk))
    return _to(request, row, _("%(name)s is offered again") % {"name": row.name})


@page("projects.template.propose", methods=("POST",))
def propose(request: ActorRequest, pk: str) -> HttpResponse:
    row = read.template_for(request.actor, object_id("tpl", pk))
    do.propose_template_change(request.actor, template_id=row.id, text=request.POST.get("text", ""))
    return _to(request, row, _("Proposed to the owner"))


@page("projects.template.accept", methods=("POST",))
def answer(request: ActorRequest, pk: str) -> HttpResponse:
    """Accept or decline a proposal."""
    proposal_id, words = object_id("tpp", pk), request.POST.get("answer", "")
    if request.POST.get("do") == "decline":
        done = do.decline_proposal(request.actor, template_proposal_id=proposal_id, answer=words)
        text = _("Declined")
    else:
        done = do.accept_proposal(request.actor, template_proposal_id=proposal_id, answer=words)
        text = _("Noted in the draft")
    return _to(request, read.template_for(request.actor, done.template_id), text)


@page(VIEW_TEMPLATES)
def export(request: ActorRequest, pk: str) -> HttpResponse:
    """The document, to share with others."""
    row = read.template_for(request.actor, object_id("tpl", pk))
    document = whole_document(row.id)
    response = HttpResponse(json.dumps(document, indent=2, ensure_ascii=False), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{row.public_id}.json"'
    return response


@page("projects.template.edit", methods=("GET", "POST"))
def edit(request: ActorRequest, pk: str) -> HttpResponse:
    row = read.template_for(request.actor, object_id("tpl", pk))
    found = read.current_document(row.id)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        cells = {name: str(value) for name, value in request.POST.items()}
        try:
            document = document_from(cells, found)
            do.edit_template(request.actor, template_id=row.id, document=document)
            back = reverse("projects:template" if cells.get("do") == "done" else "projects:template_edit", args=[pk])
            return respond.redirect_with_toast(request, back, _("Draft saved"), undo=undo_token(request.actor))
        except Invalid as error:
            problems = error.problems
            found = _as_typed(cells, found)
    context = {
        "title": _("Edit %(name)s") % {"name": row.name}, "area": _("Templates"), "template": row, "document": found,
        "crumbs": _crumbs(row),
        "sheet": sheet_of(found), "problems": problems, "kinds": KINDS, "facts": FACT_WORDS,
    }  # fmt: skip
    return respond.page(request, "projects/template_edit.html", context, status=422 if problems else 200)


def _as_typed(cells: Mapping[str, str], found: Template) -> Template:
    """What was typed as far as it can be read, so that it is not lost with the refusal."""
    try:
        return read_template(document_from(cells, found))
    except Invalid:
        return found


@page("projects.project.create", methods=("GET", "POST"))
def start(request: ActorRequest, pk: str) -> HttpResponse:
    """The form, the preview beside it, and the project once it is wanted."""
    row = read.template_for(request.actor, object_id("tpl", pk))
    found = read_template(read.published_of(row.id).document)
    asked = request.POST if request.method == "POST" else request.GET
    problem, told = "", None
    try:
        wanted = _wanted(request, asked, found)
        if request.method == "POST" and asked.get("do") == "create":
            return _created(request, row, wanted, asked)
        told = read.outlook(request.actor, row.id, wanted)
    except DomainError as error:
        problem = error.detail if asked else ""
    context = {
        "title": _("Start from %(name)s") % {"name": row.name}, "area": _("Projects"), "template": row,
        "crumbs": _crumbs(row),
        "document": found, "asked": asked or {"starts_on": request.actor.today.isoformat()}, "problem": problem,
        "clients": visible_clients(request.actor).filter(is_active=True),
        "people": list(employed_on(request.actor.today).order_by("name")), "told": _told(told) if told else None,
        "role_values": [(role, asked.get(f"role-{role.key}", "")) for role in found.roles],
        "word_values": [(each, asked.get(f"word-{each.key}", "")) for each in found.variables],
        "may_contract": request.actor.may("sales.contract.create"),
    }  # fmt: skip
    return respond.page(request, "projects/template_start.html", context, status=422 if problem else 200)


def _wanted(request: ActorRequest, asked: Any, found: Template) -> Start:
    is_backward = asked.get("from") == "end"
    starts_on, ends_on = _day(asked, "starts_on"), _day(asked, "ends_on")
    client = asked.get("client", "")
    return Start(
        name=asked.get("name", "").strip() or _("New project"), client_id=_client(request, client),
        starts_on=None if is_backward else starts_on or request.actor.today, ends_on=ends_on if is_backward else None,
        people={role.key: _person(text) for role in found.roles if (text := asked.get(f"role-{role.key}", ""))},
        answers={one.key: asked.get(f"word-{one.key}", "") for one in found.variables},
    )  # fmt: skip


def _person(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise invalid("/people", _("There is no such person."), code="unknown") from None


def _client(request: ActorRequest, text: str) -> UUID | None:
    if not text:
        return None
    found = visible_clients(request.actor).filter(id=object_id("cli", text)).first()
    return found.id if found else None


def _day(asked: Any, name: str) -> date | None:
    text = asked.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise invalid(f"/{name}", _("%(text)s is no day.") % {"text": text}) from None


def _created(request: ActorRequest, row: Any, wanted: Start, asked: Any) -> HttpResponse:
    if wanted.client_id is None:
        raise invalid("/client", _("Choose the client."), code="required")
    made = actions.create_project(
        request.actor, name=asked.get("name", ""), client_id=wanted.client_id, template_id=row.id,
        starts_on=wanted.starts_on, ends_on=wanted.ends_on, people=wanted.people, answers=wanted.answers,
        new_contract=_contract(asked),
    )  # fmt: skip
    url = reverse("projects:project", args=[made.number])
    return respond.redirect_with_toast(request, url, _("%(name)s started") % {"name": made.name})


def _contract(asked: Any) -> NewContract | None:
    if not asked.get("contract"):
        return None
    text = asked.get("price", "").strip().replace(",", ".")
    try:
        return NewContract(price=Decimal(text) if text else None)
    except InvalidOperation:
        raise invalid("/price", _("%(text)s is no amount.") % {"text": text}) from None


def _told(found: Outlook) -> dict[str, Any]:
    """The preview in words: rows with their days, gates, budget and price."""
    gates: dict[str, list[str]] = {}
    for gate in found.template.gates:
        gates.setdefault(gate.holds, []).append(gate.name)
    tasks = found.laid.plan.tasks
    rows = [
        (row, tasks[found.laid.tasks[row.key]].name, found.laid.days(row.key), gates.get(row.key, ()))
        for row in found.template.rows
    ]
    return {
        "rows": rows, "starts_on": found.laid.starts_on, "ends_on": found.laid.ends_on,
        "version": found.version.number, "budget_minutes": found.budget_minutes,
        "price": Money(found.price, found.currency).round() if found.price is not None else None,
    }  # fmt: skip


def _to(request: ActorRequest, row: Any, text: str) -> HttpResponse:
    url = reverse("projects:template", args=[row.public_id])
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))
