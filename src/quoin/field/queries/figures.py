"""Figures of field work: late goods, visits, work that was right the first time, hours on the road.

A visit was right the first time if nothing on its checklist failed and no later visit goes to the same task. A
question without days is about this week.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.base.figures import Line, ListLines, Parameter, Parameters, Unit, declare, ratio
from quoin.field.models import Delivery, Visit, VisitCheck, VisitMember
from quoin.field.queries import VIEW, visible_deliveries
from quoin.field.queries.dispatch import visits_between
from quoin.projects.queries.figures import PLACES, within

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_FIRST, _LAST = date(2000, 1, 1), date(2200, 1, 1)
_SPACE = (*PLACES, Parameter.PERSON, Parameter.FROM, Parameter.UNTIL)
_COMING = ("ordered", "shipped")


def _late(actor: Actor, asked: Parameters) -> ListLines:
    rows = visible_deliveries(actor).filter(within(actor, asked), status__in=_COMING, expected_on__lt=actor.today)
    return ListLines([_delivery(row, actor.today) for row in rows])


def _delivery(row: Delivery, today: date) -> Line:
    assert row.expected_on is not None
    late = (today - row.expected_on).days
    label = f"{row.project.number}/{row.number} · {row.item} · " + _now("%(count)d days late") % {"count": late}
    return Line(
        value=Decimal(1), label=label, on=row.expected_on, who=row.supplier, source=row.public_id,
        url=reverse("field:delivery", args=[row.public_id]),
    )  # fmt: skip


def _asked_visits(actor: Actor, asked: Parameters) -> QuerySet[Visit]:
    """Visits of the days that are asked for; this week where none are."""
    monday = actor.today - timedelta(days=actor.today.weekday())
    is_open = asked.from_on is None and asked.until_on is None
    first = monday if is_open else asked.from_on or _FIRST
    last = monday + _WEEK - _DAY if is_open else asked.until_on or _LAST
    rows = visits_between(actor, first, last + _DAY)
    if asked.person_id is not None:
        rows = rows.filter(id__in=VisitMember.objects.filter(person=asked.person_id).values("visit_id"))
    return rows.filter(within(actor, asked)).order_by("-starts_at", "-number")


def _visits(actor: Actor, asked: Parameters) -> ListLines:
    return ListLines([*_lines(actor, _asked_visits(actor, asked))])


def _finished(actor: Actor, asked: Parameters) -> QuerySet[Visit]:
    return _asked_visits(actor, asked).filter(status="done")


def _done(actor: Actor, asked: Parameters) -> ListLines:
    return ListLines([*_lines(actor, _finished(actor, asked))])


def _right(actor: Actor, asked: Parameters) -> ListLines:
    failed = VisitCheck.objects.filter(visit=OuterRef("pk"), tenant_id=OuterRef("tenant_id"), state="failed")
    again = (
        Visit.objects.filter(tenant_id=OuterRef("tenant_id"), task=OuterRef("task"), starts_at__gt=OuterRef("ends_at"))
        .exclude(status="cancelled")
        .exclude(id=OuterRef("pk"))
    )
    rows = _finished(actor, asked).exclude(Exists(failed)).exclude(Exists(again))
    return ListLines([*_lines(actor, rows)])


def _travel(actor: Actor, asked: Parameters) -> ListLines:
    """Each of a crew who was on the road, from setting out to the begin of the work."""
    rows = _asked_visits(actor, asked).filter(travel_began_at__isnull=False, work_began_at__gt=F("travel_began_at"))
    lines = []
    members = VisitMember.objects.filter(visit__in=rows.order_by().values("id")).select_related("person")
    by_visit: dict[Any, list[str]] = {}
    for member in members.order_by("person__name"):
        if asked.person_id in {None, member.person_id}:
            by_visit.setdefault(member.visit_id, []).append(member.person.name)
    for row in rows:
        minutes = int((row.work_began_at - row.travel_began_at).total_seconds() // 60)  # type: ignore[operator]  # both are there
        lines += [_line(actor, row, Decimal(minutes), who=name, minutes=minutes) for name in by_visit.get(row.id, ())]
    return ListLines(lines)


def _lines(actor: Actor, rows: Iterable[Visit]) -> Iterator[Line]:
    return (_line(actor, row, Decimal(1)) for row in rows)


def _line(actor: Actor, row: Visit, value: Decimal, *, who: str = "", minutes: int | None = None) -> Line:
    assert row.starts_at is not None
    return Line(
        value=value, label=f"#{row.number} {row.title} · {row.site.name}", who=who, minutes=minutes,
        on=row.starts_at.astimezone(ZoneInfo(actor.zone)).date(), source=row.public_id,
        url=reverse("field:visit", args=[row.public_id]),
    )  # fmt: skip


declare(
    "field.late_deliveries",
    label=_("Late deliveries"),
    definition=_("Goods that should be on site by now and are not."),
    formula=_("number of deliveries, ordered or shipped, whose expected day has passed"),
    unit=Unit.COUNT,
    permission=VIEW,
    takes=PLACES,
    lines=_late,
    higher_is_better=False,
)
declare(
    "field.visits",
    label=_("Visits"),
    definition=_("Visits with a time in the days asked for; this week unless days are given."),
    formula=_("number of visits that are not cancelled"),
    unit=Unit.COUNT,
    permission=VIEW,
    takes=_SPACE,
    lines=_visits,
)
declare(
    "field.finished_visits",
    label=_("Finished visits"),
    definition=_("Visits whose work is over; this week unless days are given."),
    formula=_("number of visits that are done"),
    unit=Unit.COUNT,
    permission=VIEW,
    takes=_SPACE,
    lines=_done,
)
declare(
    "field.right_visits",
    label=_("Visits right the first time"),
    definition=_("Finished visits without a failed line on the checklist and without a later visit to the same task."),
    formula=_("finished visits − those with a failed line − those that were followed by another one"),
    unit=Unit.COUNT,
    permission=VIEW,
    takes=_SPACE,
    lines=_right,
    higher_is_better=True,
)
ratio(
    "field.first_time_right",
    label=_("First time right"),
    definition=_("Share of the finished visits after which nobody had to come back."),
    formula=_("visits right the first time ÷ finished visits"),
    permission=VIEW,
    numerator="field.right_visits",
    denominator="field.finished_visits",
    higher_is_better=True,
)
declare(
    "field.travel_time",
    label=_("Travel hours"),
    definition=_("Hours that crews spent on the way to sites; this week unless days are given."),
    formula=_("sum over the crew of begin of work − setting out"),
    unit=Unit.MINUTES,
    permission=VIEW,
    takes=_SPACE,
    lines=_travel,
    higher_is_better=False,
)
