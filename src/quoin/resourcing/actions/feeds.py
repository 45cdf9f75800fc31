"""Commands about calendar feeds and preferences."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.clients.models import Client
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.people.queries.within import person_within
from quoin.resourcing.models import Feed, Preference
from quoin.resourcing.queries.feeds import digest_of, own_feeds, subject_name

_PREFER = "resourcing.preference.set"
NOTE = "resourcing.feed.note"
_FORGET = "resourcing.preference.forget"


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed with its address, which is told once: only its digest is kept."""

    feed: Feed
    url: str


@action("resourcing.feed.create", label=_("Make a calendar feed"))
def create_feed(actor: Actor, *, kind: str, subject_id: UUID, detail: str = "project", name: str = "") -> NewFeed:
    """An address that nobody can guess; it reads with the rights of who made it."""
    if kind not in {"person", "project", "team"}:
        raise invalid("/kind", "A feed is of a person, a project or a team.")
    if detail not in {"project", "client", "busy"}:
        raise invalid("/detail", "A title says project, client or busy.")
    if actor.membership_id is None:
        raise Conflict("Sign in to make a feed: it reads with your rights.")
    title = name.strip() or subject_name(actor, kind, subject_id)
    secret = secrets.token_urlsafe(32)
    feed = Feed.objects.create(
        name=title, kind=kind, subject_id=subject_id, detail=detail, digest=digest_of(secret),
        membership_id=actor.membership_id, created_at=actor.now,
    )  # fmt: skip
    undo_with("resourcing.feed.revoke", feed_id=feed.id)
    touch(feed.public_id)
    return NewFeed(feed, f"{settings.QUOIN_URL}{reverse('resourcing:feed', args=[secret])}")


@action("resourcing.feed.revoke", label=_("Revoke a calendar feed"))
def revoke_feed(actor: Actor, *, feed_id: UUID | str) -> None:
    """The address answers nothing from now on."""
    feed = own_feeds(actor).filter(id=feed_id).first()
    if feed is None:
        raise NotFound("There is no such feed of yours.")
    feed.revoked_at = actor.now
    feed.save(update_fields=["revoked_at"])
    touch(feed.public_id)


@action(NOTE, label=_("Note that a calendar feed was read"))
def note_reading(actor: Actor, *, feed_id: UUID) -> None:
    """When the feed was last read, for its owner."""
    Feed.objects.filter(id=feed_id, revoked_at=None).update(last_read_at=actor.now)


@action(_PREFER, label=_("Say where and for whom somebody likes to work"))
def set_preference(
    actor: Actor,
    *,
    person_id: UUID | str,
    client_id: UUID | str | None = None,
    place: str = "",
    is_wanted: bool = True,
) -> Preference:
    """A client or a place, wanted or rather not; staffing weighs it."""
    person = person_within(actor, _PREFER, person_id)
    place = " ".join(place.split())
    if (client_id is None) is (not place):
        raise invalid("/client_id", "Name a client or a place, one of the two.")
    if client_id is not None and not Client.objects.filter(id=client_id).exists():
        raise NotFound("There is no such client.")
    values: dict[str, Any] = {"person": person, "client_id": client_id, "place": place}
    row, _made = Preference.objects.update_or_create(**values, defaults={"is_wanted": is_wanted})
    undo_with(_FORGET, preference_id=row.id)
    touch(person.public_id)
    return row


@action(_FORGET, label=_("Forget a preference"))
def forget_preference(actor: Actor, *, preference_id: UUID | str) -> None:
    row = Preference.objects.filter(id=preference_id).first()
    if row is None:
        raise NotFound("There is no such preference.")
    person = person_within(actor, _FORGET, row.person_id)
    undo_with(_PREFER, person_id=person.id, client_id=row.client_id, place=row.place, is_wanted=row.is_wanted)
    touch(person.public_id)
    row.delete()
