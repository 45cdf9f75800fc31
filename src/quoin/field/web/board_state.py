"""The dispatch board as the browser keeps it: local days and minutes, words already in the viewer's language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actor import Actor
from quoin.base.ui import formats
from quoin.field.queries.board import (
    absences_of,
    crews_of,
    others_of_board,
    people_of_board,
    things_of,
    things_of_board,
)
from quoin.field.queries.dispatch import plans_of, visits_between, waiting_visits
from quoin.field.queries.lists import VISIT_STATUSES
from quoin.field.queries.words import trouble_words
from quoin.field.rules.dispatch import Plan, troubles
from quoin.kernel.ids import public_id

_TRAY = 100


@dataclass(frozen=True, slots=True)
class Taken:
    """Who and what is on the visits."""

    crew: dict[UUID, list[tuple[UUID, bool]]]
    equipment: dict[UUID, list[UUID]]


def board_state(actor: Actor, first: date, days: int) -> dict[str, Any]:
    """All that the board shows of these days."""
    until = first + timedelta(days=days)
    waiting = list(waiting_visits(actor)[:_TRAY])
    placed = list(visits_between(actor, first, until))
    people, things = people_of_board(actor), things_of_board(actor)
    away = absences_of([one.id for one in people], first, until)
    return {
        "first": first.isoformat(),
        "days": [
            {
                "on": day.isoformat(), "name": formats.day(day, actor.locale, style="weekday"),
                "today": day == actor.today,
            }
            for day in (first + timedelta(days=n) for n in range(days))
        ],
        "rows": [
            {
                "id": one.public_id, "kind": "person", "name": one.name, "detail": one.place,
                "away": [day.isoformat() for day in away.get(one.id, ())],
            }
            for one in people
        ]
        + [
            {"id": one.public_id, "kind": "equipment", "name": one.name, "detail": one.registration, "away": []}
            for one in things
        ],
        "others": [{"id": one.public_id, "name": one.name} for one in others_of_board(actor, people)],
        "visits": visits_state(actor, [*placed, *waiting]),
        "may": {"plan": actor.may("field.visit.plan"), "publish": actor.may("field.visit.publish")},
        "urls": {name: reverse(f"field:dispatch_{name}") for name in ("state", "try", "plan", "publish", "order")},
        "words": _words(),
    }  # fmt: skip


def visits_state(actor: Actor, visits: Collection[Any]) -> list[dict[str, Any]]:
    """Visits with their crews and what is in the way of each."""
    plans, taken = plans_of(actor, visits), _taken([one.id for one in visits])
    return [_visit(actor, one, plans[one.id], taken) for one in visits]


def against(plan: Plan) -> list[dict[str, Any]]:
    return [{"hard": one.is_hard, "text": trouble_words(one)} for one in troubles(plan)]


def _taken(visits: list[UUID]) -> Taken:
    return Taken(crews_of(visits), things_of(visits))


def _visit(actor: Actor, row: Any, plan: Plan, taken: Taken) -> dict[str, Any]:
    zone = ZoneInfo(actor.zone)
    starts = row.starts_at.astimezone(zone) if row.starts_at else None
    lasts = row.work_minutes
    if row.starts_at and row.ends_at:
        lasts = int((row.ends_at - row.starts_at).total_seconds() // 60)
    window = [formats.day(day, actor.locale, style="short") if day else "…" for day in (row.earliest_on, row.latest_on)]
    return {
        "id": row.public_id, "number": row.number, "title": row.title, "site": row.site.name, "city": row.site.city,
        "project": row.project.name, "status": row.status, "word": str(VISIT_STATUSES[row.status].label),
        "on": starts.date().isoformat() if starts else None,
        "minute": starts.hour * 60 + starts.minute if starts else 0,
        "lasts": lasts, "travel": row.travel_minutes, "size": row.crew_size, "version": row.version,
        "certificate": row.certificate.name if row.certificate else "",
        "window": " – ".join(window) if row.earliest_on or row.latest_on else "",
        "crew": [public_id("per", key) for key, _leads in taken.crew.get(row.id, ())],
        "equipment": [public_id("eqp", key) for key in taken.equipment.get(row.id, ())],
        "against": against(plan) if row.status in {"draft", "published"} else [],
        "url": reverse("field:visit", args=[row.public_id]),
        "form": reverse("field:visit_plan", args=[row.public_id]),
    }  # fmt: skip


def moment(actor: Actor, on: date, minute: int) -> datetime:
    """A minute of a day by the viewer's clock."""
    return datetime.combine(on, datetime.min.time()).replace(tzinfo=ZoneInfo(actor.zone)) + timedelta(minutes=minute)


def _words() -> dict[str, str]:
    return {
        "tray": _("Without a time"), "tray_empty": _("No jobs to place. Visits come from projects."),
        "draft": _("draft"), "away": _("away"), "people": _("People"), "minutes": _("%(count)s min"),
        "moved": _("%(title)s: %(name)s, %(day)s %(time)s"),
        "moving": _(
            "Moving %(title)s. Arrows move, plus and minus change the length, Enter drops, Escape leaves it."
        ),
        "at": _("%(name)s, %(day)s %(time)s"), "kept": _("Left where it was"), "fine": _("Nothing is in the way."),
        "saved": _("%(count)s min of travel saved"), "no_gain": _("The order is the shortest already."),
        "published": _("Published"), "nothing": _("There is no draft to publish in these days."),
        "open": _("Open the visit"), "form": _("Time and crew"), "move": _("Move"), "publish": _("Publish"),
        "why": _("Why"), "second": _("Assign somebody else too"), "leave": _("Take %(name)s off"),
        "wait": _("Back to the tray"), "order": _("Suggest order"), "accept": _("Use this order"), "close": _("Close"),
        "failed": _("That did not reach the server. Try again."), "certificate": _("needs %(name)s"),
        "placed": _("planned"), "shorter": _("15 min shorter"), "longer": _("15 min longer"),
    }  # fmt: skip
