"""What a new expected day does, in sentences."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.ui import formats
from quoin.field.queries.slip import Slip, VisitMove
from quoin.kernel.workcal import instant_of
from quoin.projects.rules.effect import Moved

Fact = tuple[str, str]
"""Meaning and sentence."""


def effect_facts(slip: Slip, locale: str) -> tuple[Fact, ...]:
    """Ends, tasks, visits and people, the worst first."""
    found: list[Fact] = []
    effect = slip.effect
    if effect is not None:
        for end in effect.ends:
            words = {"name": end.name, "before": _day(end.before, locale), "after": _day(end.after, locale)}
            found.append(
                ("warning" if end.after > end.before else "success", _("%(name)s ends %(before)s → %(after)s") % words)
            )
        found += [("neutral", _moved(one, locale)) for one in effect.moved if one.before.start != one.after.start]
        if effect.late:
            count = len(effect.late)
            found.append(("danger", ngettext("%(count)d task late", "%(count)d tasks late", count) % {"count": count}))
    elif slip.delivery.task_id:
        found.append(("success", _("The plan holds: no task moves.")))
    else:
        found.append(("neutral", _("No task waits for these goods, so the plan does not change.")))
    found += [
        ("warning", _visit(one, locale, _("stays, because it is published: %(name)s on %(day)s")))
        for one in slip.flagged
    ]
    found += [("info", _visit(one, locale, _("moves: %(name)s to %(day)s"))) for one in slip.moved]
    found += [
        (
            "info",
            _("%(name)s's booking moves to %(day)s if there is room")
            % {"name": one.booking.person.name, "day": formats.day(one.starts_on, locale)},
        )
        for one in slip.booked
    ]
    found += [
        (
            "warning",
            _("%(name)s is booked from %(day)s") % {"name": row.person.name, "day": formats.day(row.starts_on, locale)},
        )
        for row in slip.bookings
    ]
    return tuple(found)


def _moved(one: Moved, locale: str) -> str:
    before, after = instant_of(one.before.start), instant_of(one.after.start)
    return _("%(name)s begins %(before)s → %(after)s") % {
        "name": one.name, "before": _day(before, locale), "after": _day(after, locale),
    }  # fmt: skip


def _visit(one: VisitMove, locale: str, words: str) -> str:
    day = one.visit.starts_at if one.is_promised else one.starts_at
    assert day is not None
    return _("Visit %(number)d") % {"number": one.visit.number} + " " + words % {
        "name": one.visit.title, "day": _day(day, locale),
    }  # fmt: skip


def _day(at: datetime, locale: str) -> str:
    return formats.day(at.date(), locale)
