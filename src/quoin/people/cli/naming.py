"""What people type for a person, a calendar, a skill, a certificate, a team or a role, found."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from quoin.base.console import Session
from quoin.kernel.errors import NotFound
from quoin.kernel.ids import from_public_id
from quoin.people.queries.calendars import calendars
from quoin.people.queries.organisation import job_role_list, team_list
from quoin.people.queries.skills import certificates, skills
from quoin.people.queries.within import people_within, person_named


def person_of(session: Session, wanted: str, right: str) -> Any:
    """Who of those whom the right reaches is meant; whoever runs the command when nothing is typed."""
    people = people_within(session.actor, right)
    if wanted:
        return person_named(people, wanted)
    own = people.filter(id=session.actor.person_id).first() if session.actor.person_id else None
    if own is None:
        raise NotFound("There is no person behind this sign-in whom this reaches. Name one: --person")
    return own


def calendar_named(session: Session, wanted: str) -> Any:
    return _named(calendars(session.actor), "wca", wanted, "calendar", "quoin calendar list")


def skill_named(session: Session, wanted: str) -> Any:
    return _named(skills(session.actor), "skl", wanted, "skill", "quoin skill list")


def certificate_named(session: Session, wanted: str) -> Any:
    return _named(certificates(session.actor), "crt", wanted, "certificate", "quoin certificate list")


def team_named(session: Session, wanted: str) -> Any:
    return _named(team_list(session.actor), "tea", wanted, "team", "quoin team list")


def role_named(session: Session, wanted: str) -> Any:
    return _named(job_role_list(session.actor), "job", wanted, "role", "quoin job-role list")


def _named(rows: QuerySet[Any], prefix: str, wanted: str, noun: str, command: str) -> Any:
    """By its name in any case, or by its public id."""
    try:
        asked = Q(id=from_public_id(prefix, wanted))
    except ValueError:
        asked = Q(name__iexact=wanted)
    found = rows.filter(asked).first()
    if found is None:
        raise NotFound(f"There is no {noun} {wanted}; {command} shows them.")
    return found
