"""Whom a scenario is shared with by name."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from quoin.insights.models import Scenario, ScenarioReader
from quoin.kernel.errors import invalid
from quoin.kernel.words import say
from quoin.people.models import Person


def reader_ids_of(scenario: Scenario) -> list[UUID]:
    rows = ScenarioReader.objects.filter(scenario=scenario).order_by("person_id")
    return list(rows.values_list("person_id", flat=True))


def set_readers(scenario: Scenario, people: Collection[UUID | str]) -> None:
    """These people and nobody else; whoever shares with people names at least one."""
    wanted = sorted({UUID(str(one)) for one in people})
    if scenario.reach == "people" and not wanted:
        raise invalid("/reader_ids", "Name whom the scenario is shared with.", code="required")
    known = set(Person.objects.filter(id__in=wanted).values_list("id", flat=True))
    if missing := [one for one in wanted if one not in known]:
        raise invalid("/reader_ids", say("There is no such person: %(missing)s.", missing=missing[0]))
    there = ScenarioReader.objects.filter(scenario=scenario)
    there.exclude(person__in=wanted).delete()
    held = set(there.values_list("person_id", flat=True))
    ScenarioReader.objects.bulk_create(
        [ScenarioReader(scenario=scenario, person_id=one) for one in wanted if one not in held]
    )
