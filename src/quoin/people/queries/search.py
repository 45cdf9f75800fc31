"""People in the command palette."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actor import Actor
from quoin.base.ui.palette import Hit
from quoin.people.queries import VIEW, visible_people

_MOST = 6


def person_hits(actor: Actor, text: str) -> Iterator[Hit]:
    """People whose name or address holds the text."""
    if not actor.may(VIEW):
        return
    for person in visible_people(actor).filter(Q(name__icontains=text) | Q(email__icontains=text))[:_MOST]:
        role = person.job_role.name if person.job_role else ""
        yield Hit(_("Person"), person.name, reverse("people:person", args=[person.public_id]), role, "person", 4)
