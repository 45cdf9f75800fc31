"""Reads of demand: what is asked for, who may fill it, and why not the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.base.db.context import current_tenant
from quoin.base.listing import Column, Kind, Listing, Status, View
from quoin.kernel.errors import NotFound
from quoin.kernel.period import Period
from quoin.kernel.words import say
from quoin.people.models import Certificate, Person
from quoin.people.queries import VIEW as VIEW_PEOPLE
from quoin.people.queries import VIEW_COST, cost_book
from quoin.people.queries.capacity import capacities
from quoin.people.queries.skills import certificates_by_person, certificates_of_roles, levels_by_person
from quoin.people.queries.within import people_within
from quoin.resourcing.models import (
    DayLoad,
    Demand,
    DemandCertificate,
    DemandSkill,
    Preference,
    Proposal,
)
from quoin.resourcing.queries import within_reach
from quoin.resourcing.rules.candidates import rank
from quoin.resourcing.types import Candidate, HeldSkill, Need, Ranking, SkillNeed

VIEW_DEMAND = permission("resourcing.demand.view", _("See staffing requests"))
DEMAND_STATUSES = {
    "draft": Status("neutral", _("Draft")),
    "open": Status("warning", _("Open")),
    "proposed": Status("info", _("Proposed")),
    "part": Status("info", _("Partly filled")),
    "filled": Status("success", _("Filled")),
    "cancelled": Status("neutral", _("Cancelled")),
}
DEMANDS = Listing(
    key="demands",
    columns=(
        Column(key="number", label=_("No."), kind=Kind.NUMBER),
        Column(key="project", label=_("Project"), source="project__name"),
        Column(key="title", label=_("Title")),
        Column(key="job_role", label=_("Role"), source="job_role__name"),
        Column(key="starts_on", label=_("From"), kind=Kind.DAY),
        Column(key="ends_on", label=_("To"), kind=Kind.DAY),
        Column(key="minutes_per_week", label=_("Per week"), kind=Kind.MINUTES),
        Column(key="percent", label=_("Per cent"), kind=Kind.NUMBER),
        Column(key="priority", label=_("Priority"), kind=Kind.NUMBER),
        Column(key="place", label=_("Place"), is_default=False),
        Column(key="asked_by", label=_("Asked by"), source="asked_by__name"),
        Column(key="status", label=_("Status"), kind=Kind.STATUS, statuses=DEMAND_STATUSES),
    ),
    search=("title__icontains", "project__name__icontains", "project__number__iexact", "job_role__name__icontains"),
    sort="priority,starts_on",
    views=(View(key="open", label=_("Open"), query="status[in]=open,proposed,part"),),
)
Worked = Callable[[Iterable[UUID], UUID | None, UUID | None], Mapping[UUID, tuple[int, int]]]
"""Minutes that people have worked for a client and on a project: (people, client, project) to both."""
_worked: list[Worked] = []


def provide_worked(found: Worked) -> None:
    """Say who knows what people have worked: time is recorded above this app."""
    if found not in _worked:
        _worked.append(found)


def worked_minutes(
    people: Iterable[UUID], client_id: UUID | None, project_id: UUID | None
) -> Mapping[UUID, tuple[int, int]]:
    """Minutes of each person for the client and on the project; nothing where nobody knows of time."""
    return _worked[0](people, client_id, project_id) if _worked else {}


def visible_demands(actor: Actor) -> QuerySet[Demand]:
    """Everything asked for; of projects the actor manages or asked for themselves, with a smaller right."""
    rows = Demand.objects.select_related("project", "project__client", "job_role", "asked_by", "task")
    scope = actor.scope(VIEW_DEMAND)
    if scope is None:
        return rows.none()
    if scope is not Scope.ALL:
        asked = Proposal.objects.filter(person=actor.person_id).order_by().values("demand_id")
        mine = Q(asked_by=actor.person_id) | Q(id__in=asked)
        rows = rows.filter(mine | within_reach(actor, VIEW_DEMAND, person="asked_by"))
    return rows.order_by("priority", "starts_on", "id")


def demand_for(actor: Actor, demand_id: UUID) -> Demand:
    """The demand; NotFound if there is none that the actor may see."""
    found = visible_demands(actor).filter(id=demand_id).first()
    if found is None:
        raise NotFound("There is no such request, or you may not see it.")
    return found


def demand_by_number(actor: Actor, number: str) -> Demand:
    """The demand of that number (with or without #), or with that public id; NotFound else."""
    text = number.removeprefix("#")
    wanted = Q(number=int(text)) if text.isdecimal() else Q(id=_uuid_of(text))
    found = visible_demands(actor).filter(wanted).first()
    if found is None:
        raise NotFound(say("There is no request %(number)s, or you may not see it.", number=number))
    return found


def _uuid_of(text: str) -> UUID | None:
    try:
        return Demand.uuid_of(text)
    except ValueError:
        return None


def skills_of_demand(demand: Demand) -> QuerySet[DemandSkill]:
    rows = DemandSkill.objects.select_related("skill").filter(demand=demand)
    return rows.order_by("-is_must", "-level", "skill__name")


def certificates_of_demand(demand: Demand) -> QuerySet[DemandCertificate]:
    return DemandCertificate.objects.select_related("certificate").filter(demand=demand).order_by("certificate__name")


def proposals_of(demand: Demand) -> QuerySet[Proposal]:
    return Proposal.objects.select_related("person", "proposed_by").filter(demand=demand).order_by("proposed_at", "id")


def need_of(demand: Demand, *, rate_per_hour: Decimal | None = None) -> Need:
    """The demand as staffing reads it, with the certificates that its role needs."""
    certificates = {row.certificate_id: row.certificate.name for row in certificates_of_demand(demand)}
    if demand.job_role_id:
        from_role = certificates_of_roles().get(demand.job_role_id, [])
        names = dict(certificate_names(from_role))
        certificates |= {one: names[one] for one in from_role}
    return Need(
        days=tuple(Period(demand.starts_on, demand.ends_on + timedelta(days=1)).days()),
        job_role_id=demand.job_role_id,
        minutes_per_week=demand.minutes_per_week,
        percent=demand.percent,
        curve=tuple(demand.curve),
        skills=tuple(
            SkillNeed(row.skill_id, row.skill.name, row.level, row.is_must) for row in skills_of_demand(demand)
        ),
        certificates=tuple(sorted(certificates.items(), key=lambda one: one[1])),
        languages=tuple(demand.languages),
        place=demand.place,
        client_id=demand.project.client_id,
        project_id=demand.project_id,
        rate_per_hour=rate_per_hour,
    )


def certificate_names(ids: Iterable[UUID]) -> Iterable[tuple[UUID, str]]:
    return Certificate.objects.filter(id__in=list(ids)).values_list("id", "name")


def ranking_for(actor: Actor, demand: Demand, *, rate_per_hour: Decimal | None = None) -> Ranking:
    """Everybody whom the actor sees, ranked for the demand. Cost and margin only for who may see them."""
    need = need_of(demand, rate_per_hour=rate_per_hour)
    people = people_within(actor, VIEW_PEOPLE).exclude(kind="placeholder")
    people = people.filter(Q(left_on=None) | Q(left_on__gt=demand.starts_on))
    return rank(need, candidates_for(actor, list(people), need))


def candidates_for(actor: Actor, people: list[Person], need: Need) -> list[Candidate]:
    """The people with all that the ranking looks at, gathered at once."""
    ids = [person.id for person in people]
    first, last = need.days[0], need.days[-1]
    capacity = capacities(ids, first, last)
    firm, tentative = _loads(ids, first, last)
    skills, certificates = levels_by_person(ids), certificates_by_person(ids)
    worked = worked_minutes(ids, need.client_id, need.project_id)
    wishes = _preferences(ids)
    costs = cost_book(ids) if actor.may(VIEW_COST, Scope.ALL) else None
    found = []
    for person in people:
        cost = costs.on(person.id, first) if costs else None
        liked = wishes[person.id]
        found.append(
            Candidate(
                person_id=person.id, name=person.name, job_role_id=person.job_role_id,
                capacity={first + timedelta(days=at): one for at, one in enumerate(capacity.get(person.id, ()))},
                firm=firm[person.id], tentative=tentative[person.id],
                skills={
                    skill: HeldSkill(row.level, row.confirmed_on is not None, row.wish)
                    for skill, row in skills[person.id].items()
                },
                certificates={one: tuple(spans) for one, spans in certificates[person.id].items()},
                languages=tuple(person.languages), place=person.place,
                cost_per_hour=cost.per_hour.amount if cost else None,
                worked_minutes_for_client=worked.get(person.id, (0, 0))[0],
                worked_minutes_on_project=worked.get(person.id, (0, 0))[1],
                wanted_clients=frozenset(liked["client", True]), unwanted_clients=frozenset(liked["client", False]),
                wanted_places=frozenset(liked["place", True]), unwanted_places=frozenset(liked["place", False]),
            )
        )  # fmt: skip
    return found


def _loads(
    people: list[UUID], from_on: date, until_on: date
) -> tuple[defaultdict[UUID, dict[date, int]], defaultdict[UUID, dict[date, int]]]:
    firm: defaultdict[UUID, dict[date, int]] = defaultdict(dict)
    tentative: defaultdict[UUID, dict[date, int]] = defaultdict(dict)
    rows = DayLoad.objects.filter(
        tenant_id=current_tenant(), person_id__in=people, day_on__gte=from_on, day_on__lte=until_on
    )
    for person, day, sure, maybe in rows.values_list("person_id", "day_on", "firm_minutes", "tentative_minutes"):
        firm[person][day] = sure
        tentative[person][day] = maybe
    return firm, tentative


def _preferences(people: list[UUID]) -> defaultdict[UUID, defaultdict[tuple[str, bool], set[Any]]]:
    found: defaultdict[UUID, defaultdict[tuple[str, bool], set[Any]]] = defaultdict(lambda: defaultdict(set))
    for row in Preference.objects.filter(person_id__in=people):
        if row.client_id:
            found[row.person_id]["client", row.is_wanted].add(row.client_id)
        else:
            found[row.person_id]["place", row.is_wanted].add(row.place.casefold())
    return found
