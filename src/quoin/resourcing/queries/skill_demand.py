"""Open requests by the skills that they must have, for the foot of the skills matrix."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from quoin.base.actor import Actor
from quoin.people.queries.skill_gaps import Wanted
from quoin.resourcing.models import Demand, DemandSkill
from quoin.resourcing.queries.demands import VIEW_DEMAND, visible_demands

_OPEN = ("draft", "open", "proposed", "part")


def wanted_skills(actor: Actor, first: date, last: date) -> Iterable[Wanted]:
    """A line for each skill of each open request that the actor sees and that touches the days."""
    if not actor.may(VIEW_DEMAND):
        return []
    rows = {
        row.id: row for row in visible_demands(actor).filter(status__in=_OPEN, starts_on__lte=last, ends_on__gte=first)
    }
    found = DemandSkill.objects.filter(demand_id__in=list(rows), is_must=True)
    return [_wanted(rows[one.demand_id], one) for one in found]


def _wanted(demand: Demand, one: DemandSkill) -> Wanted:
    what = demand.title or (demand.job_role.name if demand.job_role else "")
    url = reverse("resourcing:request", args=[demand.public_id])
    return Wanted(one.skill_id, one.level, f"#{demand.number} {what} · {demand.project.name}", url, demand.starts_on)
