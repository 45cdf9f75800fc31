"""Reads of scenarios: which there are, and what comes out of them."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor
from quoin.insights.models import Scenario, ScenarioChange, ScenarioComment, ScenarioReader
from quoin.insights.rules.scenarios.changes import Change
from quoin.kernel.errors import NotFound
from quoin.kernel.words import say
from quoin.projects.queries import visible_projects
from quoin.sales.models import Contract

VIEW_SCENARIOS = permission("insights.scenario.view", _("See and compare scenarios"))


def visible_scenarios(actor: Actor) -> QuerySet[Scenario]:
    """The actor's own, those shared with their team, with them by name, or with everybody."""
    rows = Scenario.objects.exclude(status="discarded").select_related("owner", "team")
    if not actor.may(VIEW_SCENARIOS):
        return rows.none()
    mine = Q(reach="shared")
    if actor.person_id is not None:
        told = ScenarioReader.objects.filter(person=actor.person_id).values("scenario_id")
        mine |= Q(owner=actor.person_id) | Q(reach="people", id__in=told)
    if actor.user_id is not None:
        mine |= Q(owner=None, maker_id=actor.user_id)
    if actor.team_id is not None:
        mine |= Q(reach="team", team=actor.team_id)
    counted = ScenarioChange.objects.filter(scenario=OuterRef("pk"), applied_at=None).order_by().values("scenario")
    number = Coalesce(Subquery(counted.annotate(number=Count("id")).values("number")), 0)
    return rows.filter(mine).annotate(changes=number).order_by("name", "id")


def is_own(actor: Actor, scenario: Scenario) -> bool:
    """Whether it is the actor's: as its owner, or as the user who made it and is no person of the firm."""
    if scenario.owner_id is not None:
        return scenario.owner_id == actor.person_id
    return actor.user_id is not None and scenario.maker_id == actor.user_id


def is_within_reach(actor: Actor, scenario: Scenario) -> bool:
    """Whether somebody who does not own the scenario may see it; discarded ones too, for bringing them back."""
    match scenario.reach:
        case "team":
            return actor.team_id is not None and scenario.team_id == actor.team_id
        case "people":
            return ScenarioReader.objects.filter(scenario=scenario, person=actor.person_id).exists()
        case reach:
            return reach == "shared"


def scenario_for(actor: Actor, scenario_id: UUID | str) -> Scenario:
    """The scenario; NotFound if there is none that the actor may see."""
    found = visible_scenarios(actor).filter(id=scenario_id).first()
    if found is None:
        raise NotFound("There is no such scenario, or you may not see it.")
    return found


def scenario_named(actor: Actor, text: str) -> Scenario:
    """The scenario with that public id or name; NotFound else."""
    wanted = Q(name__iexact=text.strip())
    with suppress(ValueError):
        wanted |= Q(id=Scenario.uuid_of(text))
    found = visible_scenarios(actor).filter(wanted).first()
    if found is None:
        raise NotFound(say("There is no scenario %(text)s, or you may not see it.", text=text))
    return found


def change_rows(scenario: Scenario) -> list[ScenarioChange]:
    """The changes of a scenario that was found by the actor, in the order in which they were made."""
    return list(ScenarioChange.objects.filter(scenario=scenario).select_related("made_by").order_by("made_at", "id"))


def value_of(row: ScenarioChange) -> Change:
    return Change(id=row.id, kind=row.kind, data=row.data, was=row.was)


def changes_of(scenario: Scenario) -> list[Change]:
    """The changes that are not applied yet, as values."""
    return [value_of(row) for row in change_rows(scenario) if row.applied_at is None]


def fixed_prices(actor: Actor) -> list[tuple[str, str]]:
    """Running fixed prices of the projects that the actor sees: id, and name with the price."""
    contracts = visible_projects(actor).filter(contract__isnull=False).order_by().values("contract_id")
    rows = Contract.objects.filter(id__in=contracts, status="active", fixed_amount__isnull=False).order_by("name")
    return [(str(row.id), f"{row.name} · {row.currency} {row.fixed_amount:,.2f}") for row in rows]


def comments_of(scenario: Scenario) -> QuerySet[ScenarioComment]:
    return ScenarioComment.objects.filter(scenario=scenario).select_related("person").order_by("said_at", "id")


def readers_of(scenario: Scenario) -> list[ScenarioReader]:
    """Whom the scenario is shared with by name."""
    return list(ScenarioReader.objects.filter(scenario=scenario).select_related("person").order_by("person__name"))
