"""Mail to crews: a visit is promised, moved, or not theirs any more. Calendars read the same from their feed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.actor import Actor
from quoin.base.mail.send import queue_mail
from quoin.field.models import Equipment, Visit, VisitEquipment, VisitMember
from quoin.people.models import Person
from quoin.people.queries.languages import languages_of

_PROMISED, _MOVED = gettext_lazy("Visit on %(day)s: %(title)s"), gettext_lazy("Moved to %(day)s: %(title)s")
_OFF = gettext_lazy("Off: %(title)s on %(day)s")


def crew_ids(found: Visit) -> set[UUID]:
    """Who is on the visit."""
    return set(VisitMember.objects.filter(visit=found).values_list("person_id", flat=True))


def tell_promised(actor: Actor, found: Visit) -> None:
    """The visit was published to its crew."""
    _tell(actor, found, crew_ids(found), _PROMISED)


def tell_moved(actor: Actor, found: Visit, was: tuple[datetime | None, Collection[UUID]]) -> None:
    """A published visit changed: who stays hears of the new time, who came of the visit, who left that they are free.

    `was` is its start and crew before. Nothing is said where neither changed.
    """
    started_at, before = was
    now = crew_ids(found)
    fresh, kept = now - set(before), now & set(before)
    _tell(actor, found, fresh, _PROMISED)
    if started_at != found.starts_at:
        _tell(actor, found, kept, _MOVED)
    tell_off(actor, found, set(before) - now, at=started_at)


def tell_off(actor: Actor, found: Visit, people: Collection[UUID], *, at: datetime | None = None) -> None:
    """The visit is off, or theirs no more."""
    _tell(actor, found, people, _OFF, at=at)


def _tell(
    actor: Actor, found: Visit, people: Collection[UUID], subject: Promise, *, at: datetime | None = None
) -> None:
    """Everybody in their own language, whoever made the change."""
    told = set(people) - {actor.person_id}
    languages = languages_of(actor, told)
    for person in Person.objects.filter(id__in=told).exclude(email="").order_by("id"):
        with translation.override(languages[person.id]):
            day = _moment(at or found.starts_at, actor, person, languages[person.id])
            text = _("You need not go there. Somebody else goes, the visit is planned anew, or it is cancelled.")
            queue_mail(
                actor, to=person.email, subject=str(subject) % {"day": day, "title": found.title},
                about=found.public_id,
                text=f"{day}\n{text if subject is _OFF else _whole(found)}\n\n"
                f"{settings.QUOIN_URL}/visits/{found.public_id}\n",
            )  # fmt: skip


def _moment(at: datetime | None, actor: Actor, person: Person, language: str) -> str:
    if at is None:
        return _("a day that is not known yet")
    zone = ZoneInfo(person.zone or actor.zone)
    return format_datetime(at.astimezone(zone), "EEE d MMM yyyy, HH:mm", locale=language.replace("-", "_"))


def _whole(found: Visit) -> str:
    """Where, with what and how to get in."""
    site = found.site
    place = ", ".join(filter(None, (site.name, site.street, f"{site.postal_code} {site.city}".strip())))
    things = Equipment.objects.filter(id__in=VisitEquipment.objects.filter(visit=found).values("equipment_id"))
    names = ", ".join(things.order_by("name").values_list("name", flat=True))
    lines = [
        f"{found.title} · {found.project.name}",
        place,
        _("Contact: %(name)s %(phone)s") % {"name": site.contact_name, "phone": site.contact_phone}
        if site.contact_name or site.contact_phone
        else "",
        site.access_note,
        _("Take along: %(things)s") % {"things": names} if names else "",
        _("Travel one way: %(count)d min") % {"count": found.travel_minutes} if found.travel_minutes else "",
    ]
    return "\n".join(filter(None, lines))
