"""Visits in calendar feeds: those of a person or of a project, once they are published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actor import Actor
from quoin.field.models import VisitMember
from quoin.field.queries.dispatch import visits_between
from quoin.resourcing.models import Feed
from quoin.resourcing.types import Entry

_SHOWN = ("published", "travelling", "on_site", "done")


def visit_entries(actor: Actor, feed: Feed, first: date, last: date) -> Iterator[Entry]:
    """The visits of the feed's person or project, with their hours; drafts are promised to nobody."""
    rows = visits_between(actor, first, last + timedelta(days=1)).filter(status__in=_SHOWN)
    match feed.kind:
        case "person":
            mine = VisitMember.objects.filter(person=feed.subject_id).values("visit_id")
            found = rows.filter(id__in=mine)
        case "project":
            found = rows.filter(project=feed.subject_id)
        case _:
            return
    for row in found:
        yield _entry(actor, feed, row)


def _entry(actor: Actor, feed: Feed, row: Any) -> Entry:
    site = row.site
    title = {"project": row.title, "client": row.project.client.name, "busy": _("Visit")}[feed.detail]
    place = ", ".join(filter(None, (site.name, site.street, f"{site.postal_code} {site.city}".strip())))
    is_open = feed.detail == "project"
    return Entry(
        uid=f"{row.public_id}@quoin", title=title, starts_on=row.starts_at.date(), ends_on=row.ends_at.date(),
        begins_at=row.starts_at, ends_at=row.ends_at, stamped_at=actor.now, sequence=row.version,
        place=place if feed.detail != "busy" else "", description=row.instructions if is_open else "",
        url=f"{settings.QUOIN_URL}{reverse('field:visit', args=[row.public_id])}" if is_open else "",
    )  # fmt: skip
