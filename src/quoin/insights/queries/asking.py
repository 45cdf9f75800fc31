"""From the words of a URL or a command line to the question a figure answers, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from quoin.accounts.models import LegalEntity
from quoin.base.actor import Actor
from quoin.base.figures import Parameter, Parameters
from quoin.clients.models import Client
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.ids import public_id
from quoin.kernel.period import month_of
from quoin.kernel.words import say
from quoin.people.models import Person, Team
from quoin.projects.queries import project_by_number
from quoin.sales.models import Contract

MONTH = "month"
NAMES = frozenset({*(str(name) for name in Parameter), MONTH})


def question(actor: Actor, given: Mapping[str, str]) -> Parameters:
    """The question in these words: `project` by number or id, `client`, `person`, ..., `from`, `until` or `month`.

    Invalid names what is not understood; NotFound what does not exist.
    """
    words = {name: text for name, text in given.items() if text}
    if unknown := sorted(set(words) - NAMES):
        raise invalid(
            f"/{unknown[0]}",
            say("%(unknown)s is no parameter of a figure.", unknown=unknown[0]),
            remedy=say("Use %(names)s.", names=", ".join(sorted(NAMES))),
        )
    if MONTH in words:
        month = month_of(_day(MONTH, f"{words.pop(MONTH)}-01"))
        assert month.end is not None
        words |= {"from": month.start.isoformat(), "until": (month.end - timedelta(days=1)).isoformat()}
    return Parameters(
        project_id=project_by_number(actor, words["project"]).id if "project" in words else None,
        client_id=_thing(Client, "client", words, lambda text: Q(number=text)),
        contract_id=_thing(Contract, "contract", words, lambda text: Q(number=text)),
        person_id=_person(actor, words),
        entity_id=_thing(LegalEntity, "entity", words, lambda text: Q(code=text)),
        team_id=_thing(Team, "team", words, lambda text: Q(name=text)),
        from_on=_day("from", words["from"]) if "from" in words else None,
        until_on=_day("until", words["until"]) if "until" in words else None,
    )


def words_of(asked: Parameters) -> dict[str, str]:
    """The question as query parameters, with public ids."""
    prefixed = (
        ("project", "prj", asked.project_id), ("client", "cli", asked.client_id),
        ("contract", "ctr", asked.contract_id),
        ("person", "per", asked.person_id), ("entity", "ent", asked.entity_id), ("team", "tea", asked.team_id),
    )  # fmt: skip
    words = {name: public_id(prefix, value) for name, prefix, value in prefixed if value is not None}
    days = (("from", asked.from_on), ("until", asked.until_on))
    return words | {name: day.isoformat() for name, day in days if day is not None}


def _thing(model: Any, name: str, words: Mapping[str, str], by: Callable[[str], Q]) -> UUID | None:
    if name not in words:
        return None
    text = words[name]
    wanted = by(text)
    with suppress(ValueError):
        wanted |= Q(id=model.uuid_of(text))
    found: UUID | None = model.objects.filter(wanted).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(say("There is no %(name)s %(text)s, or you may not see it.", name=name, text=text))
    return found


def _person(actor: Actor, words: Mapping[str, str]) -> UUID | None:
    if words.get("person") == "me":
        return actor.person_id
    return _thing(Person, "person", words, lambda text: Q(email=text) if "@" in text else Q(number=text))


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise invalid(
            f"/{name}", say("%(text)s is not a day.", text=text), remedy="Write it as 2026-05-31, a month as 2026-05."
        ) from None
