"""Templates, their versions, what a project would look like, and what people propose to change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.base.listing import Column, Listing
from quoin.catalog.models import Rate
from quoin.clients.models import Client
from quoin.clients.queries import client_for
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.words import say
from quoin.people.models import JobRole, Person
from quoin.projects.models import (
    Gate,
    GateItem,
    ProjectDocument,
    ProjectOrigin,
    ProjectTemplate,
    Task,
    TaskCheck,
    TemplateProposal,
    TemplateVersion,
)
from quoin.projects.queries import project_for, visible_projects
from quoin.projects.queries.plan import load_plan, plan_calendars
from quoin.projects.rules.templates.drawing import Extras, draw
from quoin.projects.rules.templates.laying import Ground, Laid, lay_out
from quoin.projects.rules.templates.reading import read_template
from quoin.projects.rules.templates.values import Billing, GateLine, Goods, Item, Paper, Template

VIEW_TEMPLATES = permission("projects.template.view", _("See project templates"))
METHOD_NAMES = {
    "waterfall": _("Waterfall"),
    "hybrid": _("Agile / hybrid"),
    "installation": _("Installation"),
    "onboarding": _("Onboarding"),
    "own": _("Own method"),
}
TEMPLATES = Listing(
    key="project-templates",
    columns=(Column(key="name", label=_("Name")), Column(key="description", label=_("Description"))),
    search=("name__icontains", "description__icontains"),
    sort="name",
)
GoodsOf: TypeAlias = Callable[[UUID, date], Iterable[tuple[UUID | None, Goods]]]
_goods: list[GoodsOf] = []


def goods_from(provider: GoodsOf) -> None:
    """Register who tells the deliveries of a project that a template is drawn from: (project, its start)."""
    if provider not in _goods:
        _goods.append(provider)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How a project begins from a template: from a first day on, or up to a last one."""

    name: str
    client_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    people: Mapping[str, UUID] = field(default_factory=dict)
    """Persons by the keys of the roles."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Words by the keys of the variables."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a project that begins so would be: the plan, and what it is worth at list rates."""

    version: TemplateVersion
    template: Template
    laid: Laid
    words: Mapping[str, str]
    budget_minutes: int
    currency: str
    price: Decimal | None
    """Effort at the rates of the roles; None where a role has no rate, or the actor may not see rates."""


def templates(actor: Actor) -> QuerySet[ProjectTemplate]:
    """Templates by name, with the number of the last published version and how many projects began from it."""
    actor.require(VIEW_TEMPLATES)
    versions = TemplateVersion.objects.filter(template=OuterRef("pk"), tenant_id=OuterRef("tenant_id"))
    begun = (
        ProjectOrigin.objects.filter(version__template=OuterRef("pk"), tenant_id=OuterRef("tenant_id"))
        .order_by()
        .values("version__template")
        .annotate(n=Count("id"))
        .values("n")
    )
    asked = (
        TemplateProposal.objects.filter(template=OuterRef("pk"), tenant_id=OuterRef("tenant_id"), status="open")
        .order_by()
        .values("template")
        .annotate(n=Count("id"))
        .values("n")
    )
    published = versions.filter(status="published").order_by("-number").values("number")[:1]
    draft = versions.filter(status="draft").values("number")[:1]
    return (
        ProjectTemplate.objects.select_related("owner")
        .annotate(
            published_number=Subquery(published), draft_number=Subquery(draft), begun_count=Subquery(begun),
            open_proposals=Subquery(asked),
        )
        .order_by("name", "id")
    )  # fmt: skip


def template_for(actor: Actor, template_id: UUID) -> ProjectTemplate:
    """The template; NotFound else."""
    found = templates(actor).filter(id=template_id).first()
    if found is None:
        raise NotFound("There is no such template.")
    return found


def template_named(actor: Actor, wanted: str) -> ProjectTemplate:
    """The template of that name, or with that public id."""
    found = templates(actor).filter(Q(name__iexact=wanted)).first()
    if found is not None:
        return found
    try:
        return template_for(actor, ProjectTemplate.uuid_of(wanted))
    except ValueError:
        raise NotFound(say("There is no template %(wanted)s.", wanted=wanted)) from None


def is_owner(actor: Actor, template: ProjectTemplate, permission_name: str) -> bool:
    """Whether the actor may change the template: its owner, or who may change all."""
    if actor.may(permission_name, Scope.ALL):
        return True
    return actor.may(permission_name) and actor.person_id is not None and template.owner_id == actor.person_id


def versions_of(template: ProjectTemplate) -> QuerySet[TemplateVersion]:
    """Versions, the newest first."""
    return TemplateVersion.objects.select_related("published_by").filter(template=template).order_by("-number")


def proposals_of(template: ProjectTemplate) -> QuerySet[TemplateProposal]:
    """What people propose, open ones first."""
    rows = TemplateProposal.objects.select_related("proposed_by", "decided_by").filter(template=template)
    return rows.order_by("-status", "-proposed_at")


def published_of(template_id: UUID) -> TemplateVersion:
    """The last published version, from which projects begin; Invalid if there is none."""
    rows = TemplateVersion.objects.select_related("template").filter(template=template_id, status="published")
    found = rows.order_by("-number").first()
    if found is None:
        raise invalid("/template", "There is no such template, or it was never published.", code="unknown")
    return found


def draft_of(template_id: UUID) -> TemplateVersion | None:
    return TemplateVersion.objects.filter(template=template_id, status="draft").first()


def current_document(template_id: UUID) -> Template:
    """What is edited: the draft if there is one, else the last published version."""
    found = draft_of(template_id) or published_of(template_id)
    return read_template(found.document)


def origin_of(project_id: UUID) -> ProjectOrigin | None:
    """The version the project began from."""
    return ProjectOrigin.objects.select_related("version__template").filter(project=project_id).first()


def origins_of(actor: Actor, template: ProjectTemplate) -> QuerySet[ProjectOrigin]:
    """The projects that began from the template, as far as the actor sees them; the newest first."""
    from_it = ProjectOrigin.objects.select_related("project", "version").filter(version__template=template)
    seen = visible_projects(actor).order_by().values("id")
    return from_it.filter(project__in=seen).order_by("-begun_at", "-id")


def documents_of(project_id: UUID) -> QuerySet[ProjectDocument]:
    """What the project began with, without the bytes of files."""
    rows = ProjectDocument.objects.select_related("file").defer("file__content").filter(project=project_id)
    return rows.order_by("position", "id")


def outlook(actor: Actor, template_id: UUID, start: Start) -> Outlook:
    """What would come out, by the very run that makes it."""
    actor.require(VIEW_TEMPLATES)
    if start.client_id is not None:
        client_for(actor, start.client_id)
    return outlook_of(actor, published_of(template_id), start, project_id=uuid7())


def outlook_of(actor: Actor, version: TemplateVersion, start: Start, *, project_id: UUID) -> Outlook:
    """The version laid out for a project."""
    template = read_template(version.document)
    client = Client.objects.filter(id=start.client_id).first() if start.client_id else None
    words = _words(template, start, client.name if client else "")
    for key in start.people:
        if key not in {role.key for role in template.roles}:
            raise invalid(f"/people/{key}", say("There is no role %(key)s in the template.", key=key), code="unknown")
    ground = Ground(
        project_id=project_id, name=start.name, new_id=uuid7, calendars=plan_calendars(), starts_on=start.starts_on,
        ends_on=start.ends_on, people=start.people, words=words,
    )  # fmt: skip
    laid = lay_out(template, ground)
    budget = template.effort_minutes if template.budget_minutes is None else template.budget_minutes
    currency = client.currency if client else "EUR"
    price = _price(actor, template, currency, on=laid.starts_on)
    return Outlook(version, template, laid, words, budget, currency, price)


def _words(template: Template, start: Start, client: str) -> dict[str, str]:
    words = {"project": start.name, "client": client or "…"}
    for variable in template.variables:
        words[variable.key] = start.answers.get(variable.key) or variable.default or variable.label
    return words


def _price(actor: Actor, template: Template, currency: str, *, on: date) -> Decimal | None:
    """Effort at the default card's rates for the roles, in the client's currency, on the first day."""
    if not actor.may("catalog.rate.view"):
        return None
    rates = Rate.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=on), card__is_default=True, card__currency=currency,
        valid_from__lte=on, person_id=None, client_id=None, project_id=None, contract_id=None,
    )  # fmt: skip
    by_role: dict[UUID | None, Decimal] = dict(rates.values_list("job_role_id", "amount_per_hour"))
    ids: dict[str, UUID] = dict(JobRole.objects.values_list("name", "id"))
    names = {role.key: role.name for role in template.roles}
    total = Decimal(0)
    for row in template.rows:
        if not row.effort_minutes or not row.is_billable:
            continue
        rate = by_role.get(ids.get(names.get(row.role, "")), by_role.get(None))
        if rate is None:
            return None
        total += rate * row.effort_minutes / 60
    return total


def drawn(actor: Actor, project_id: UUID, *, name: str, description: str = "") -> Template:
    """A template from the project as its plan stands."""
    project = project_for(actor, project_id)
    plan = load_plan(project.id, today=actor.today)
    tasks = list(Task.objects.filter(project=project))
    origin = origin_of(project.id)
    starts_on = plan.projects[project.id].starts_on
    contract = project.contract
    extras = Extras(
        roles=_roles_on(tasks), notes={task.id: task.notes for task in tasks if task.notes},
        unbilled=frozenset(task.id for task in tasks if not task.is_billable),
        checklists=_checklists(project.id), gates=_gates(project.id), budget_minutes=project.budget_minutes or None,
        documents=tuple(Paper(name=one.name, text=one.text) for one in documents_of(project.id) if not one.file_id),
        deliveries=tuple(found for provider in _goods for found in provider(project.id, starts_on)),
        billing=Billing(
            contract_kind=contract.kind if contract else "non_billable",
            increment_minutes=contract.increment_minutes if contract else 1,
        ),
    )  # fmt: skip
    found = draw(plan, project.id, extras, name=name, description=description)
    if origin is None:
        return found
    was = read_template(origin.version.document)
    return replace(found, method=was.method, variables=was.variables)


def _roles_on(tasks: list[Task]) -> dict[UUID, str]:
    wanted = {task.assignee_id for task in tasks if task.assignee_id}
    people = Person.objects.select_related("job_role").filter(id__in=wanted)
    roles = {person.id: person.job_role.name for person in people if person.job_role}
    return {task.id: roles[task.assignee_id] for task in tasks if task.assignee_id in roles}


def _checklists(project_id: UUID) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    rows = TaskCheck.objects.filter(task__project=project_id).order_by("position", "id")
    for task_id, text in rows.values_list("task_id", "text"):
        found[task_id] = (*found.get(task_id, ()), text)
    return found


def _gates(project_id: UUID) -> tuple[tuple[UUID, GateLine], ...]:
    items: dict[UUID, tuple[Item, ...]] = {}
    rows = GateItem.objects.select_related("job_role").filter(gate__project=project_id).order_by("position", "id")
    for row in rows:
        item = Item(kind=row.kind, text=row.text, role=row.job_role.name if row.job_role else "")
        items[row.gate_id] = (*items.get(row.gate_id, ()), item)
    gates = Gate.objects.filter(project=project_id).order_by("position", "id")
    return tuple((gate.task_id, GateLine(name=gate.name, holds="", items=items.get(gate.id, ()))) for gate in gates)
