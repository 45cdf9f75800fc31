"""Skills beside what is asked for: how many have each level, how many are wanted, and how many are missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from quoin.base.actor import Actor
from quoin.people.models import PersonSkill, Skill
from quoin.people.queries.skills import VIEW_SKILL, MatrixRow
from quoin.people.queries.within import people_within
from quoin.people.rules.gaps import missing
from quoin.people.types import HIGHEST_LEVEL

AHEAD = timedelta(weeks=13)
ABLE = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody is asked for who has a skill at a level."""

    skill_id: UUID
    level: int
    label: str
    url: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands below a skill's column."""

    skill: Skill
    by_level: tuple[int, ...]
    """How many people have level 1, 2, ... 5."""
    able: int
    wanted: int
    missing: int


Provider = Callable[[Actor, date, date], Iterable[Wanted]]
_providers: list[Provider] = []


def wanted_from(provider: Provider) -> None:
    """Register who tells what is asked for between two days: requests belong to an app above."""
    if provider not in _providers:
        _providers.append(provider)


def wanted_by_skill(actor: Actor) -> dict[UUID, list[Wanted]]:
    """What is asked for from today on, a quarter ahead, as far as the actor sees it; the highest level first."""
    found: defaultdict[UUID, list[Wanted]] = defaultdict(list)
    for provider in _providers:
        for one in provider(actor, actor.today, actor.today + AHEAD):
            found[one.skill_id].append(one)
    return {key: sorted(rows, key=lambda one: (-one.level, one.starts_on, one.label)) for key, rows in found.items()}


def feet(actor: Actor, columns: Sequence[Skill], rows: Sequence[MatrixRow]) -> list[Foot]:
    """The foot of each column over the people who are shown."""
    wanted = wanted_by_skill(actor)
    found = []
    for at, skill in enumerate(columns):
        levels = [cell.level for row in rows if (cell := row.cells[at]) is not None]
        asked = [one.level for one in wanted.get(skill.id, ())]
        found.append(
            Foot(
                skill, tuple(levels.count(level) for level in range(1, HIGHEST_LEVEL + 1)),
                sum(level >= ABLE for level in levels), len(asked), missing(levels, asked),
            )
        )  # fmt: skip
    return found


def holders(actor: Actor, skill: Skill) -> list[PersonSkill]:
    """Who has the skill, of those whom the actor sees, the best first."""
    people = people_within(actor, VIEW_SKILL).filter(left_on=None).order_by().values("id")
    rows = PersonSkill.objects.select_related("person", "confirmed_by").filter(skill=skill, person_id__in=people)
    return list(rows.filter(level__gt=0).order_by("-level", "person__name"))
