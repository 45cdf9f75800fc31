"""The audit trail as a list, and one action with what it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import REGISTRY, permission
from quoin.base.actor import Actor, Source
from quoin.base.audit.models import AuditAction, AuditChange
from quoin.base.clock import utc_now
from quoin.base.listing import Column, Kind, Listing, Status, View
from quoin.compliance.queries.things import name_things
from quoin.kernel.errors import NotFound
from quoin.people.queries import VIEW_COST

SEE_TRAIL = permission("compliance.audit.view", _("See the audit trail"))
UNDO = "compliance.action.undo"
UNDO_LIFE = timedelta(hours=24)
_SOURCES: Mapping[str, Status] = {source.value: Status("neutral", source.value) for source in Source}
_MOST_CHANGES = 500
HIDDEN = "hidden"
"""Stands where the reader may not see what people cost."""
_COST_TABLES = {"people_costrate"}
_COST_FACTS = {"facts"}
"""Frozen figures of a status report: what a project cost stands among them."""
_COST_ACTIONS = ("people.cost_rate.", "projects.budget.")
_KEYS = {"id", "person_id", "valid_from"}


def label_of(action: AuditAction) -> str:
    """What was done, in words."""
    known = REGISTRY.get(action.name)
    return str(known.label) if known else action.name


TRAIL = Listing(
    key="audit",
    columns=(
        Column(key="at", label=_("When"), kind=Kind.DAY),
        Column(key="actor_name", label=_("Who"), kind=Kind.PERSON),
        Column(key="name", label=_("What"), value=label_of),
        Column(key="target", label=_("Thing"), value=lambda action: getattr(action, "thing", action.target)),
        Column(key="reason", label=_("Why"), is_sortable=False),
        Column(key="source", label=_("From"), kind=Kind.STATUS, statuses=_SOURCES),
    ),
    search=("name__icontains", "actor_name__icontains", "target__icontains", "reason__icontains"),
    sort="-at",
    prepare=name_things,
    views=(
        View(key="week", label=_("Last 7 days"), query="at[gte]=-7d"),
        View(key="rights", label=_("Rights"), query="name[like]=accounts."),
    ),
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One column of one row, before and after."""

    table: str
    row_id: UUID
    operation: str
    column: str
    before: Any
    after: Any


def trail(actor: Actor) -> QuerySet[AuditAction, AuditAction]:
    """Every action of the tenant."""
    actor.require(SEE_TRAIL)
    return AuditAction.objects.all()


def action_for(actor: Actor, action_id: UUID | str) -> AuditAction:
    """One action: of the trail, or one of the actor's own."""
    try:
        wanted = action_id if isinstance(action_id, UUID) else AuditAction.uuid_of(action_id)
    except ValueError:
        raise NotFound("There is no such change.") from None
    found = AuditAction.objects.filter(id=wanted).first()
    if found is None or not (actor.may(SEE_TRAIL) or (actor.user_id is not None and found.actor_id == actor.user_id)):
        raise NotFound("There is no such change.")
    name_things([found])
    return found


def changes_of(actor: Actor, action: AuditAction) -> list[FieldChange]:
    """The columns that the action changed, at most some hundred."""
    rows = AuditChange.objects.filter(tenant_id=action.tenant_id, action_id=action.id).order_by("id")[:_MOST_CHANGES]
    return [change for row in rows for change in fields_of(actor, row)]


def fields_of(actor: Actor, row: AuditChange) -> list[FieldChange]:
    """The columns of one changed row; what people cost is there only for those who may see it."""
    before, after = row.before or {}, row.after or {}
    names = [name for name in dict.fromkeys((*before, *after)) if name != "tenant_id"]
    if not actor.may(VIEW_COST):
        before, after = _without_cost(row.table_name, before), _without_cost(row.table_name, after)
    return [
        FieldChange(row.table_name, row.row_id, row.operation, name, before.get(name), after.get(name))
        for name in names
    ]


def arguments_of(actor: Actor, action: AuditAction) -> Mapping[str, Any]:
    """What the action was asked to do, with the same exception."""
    may_see = actor.may(VIEW_COST) or not action.name.startswith(_COST_ACTIONS)
    return action.arguments if may_see else {HIDDEN: VIEW_COST}


def _without_cost(table: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        name: HIDDEN
        if value is not None and (table in _COST_TABLES or _tells_cost(name)) and name not in _KEYS
        else _inside(value)
        for name, value in values.items()
    }


def _tells_cost(name: str) -> bool:
    return "cost" in name or name in _COST_FACTS


def _inside(value: Any) -> Any:
    """The same for what a column keeps as JSON."""
    if isinstance(value, dict):
        return {name: HIDDEN if _tells_cost(name) else _inside(part) for name, part in value.items()}
    return [_inside(part) for part in value] if isinstance(value, list) else value


def recent_changes(actor: Actor, limit: int = 30) -> list[AuditAction]:
    """The actor's own actions of the last day, newest first."""
    since = utc_now() - UNDO_LIFE
    own = AuditAction.objects.filter(actor_id=actor.user_id, at__gt=since).exclude(name=UNDO)
    return list(own.order_by("-at")[:limit])


def undone_ids(actions: list[AuditAction]) -> set[str]:
    """Public ids of those that have been taken back."""
    targets = [action.public_id for action in actions]
    return set(AuditAction.objects.filter(name=UNDO, target__in=targets).values_list("target", flat=True))
