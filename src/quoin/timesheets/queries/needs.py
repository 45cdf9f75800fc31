"""What time and expenses ask of somebody on their day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.actor import Actor, Scope
from quoin.base.ui.icons import Meaning
from quoin.base.ui.needs import Need
from quoin.kernel.period import iso_week, week_of
from quoin.timesheets.models import Expense, TimeEntry, Timesheet
from quoin.timesheets.queries import access

_WEEK = timedelta(days=7)


def needs(actor: Actor) -> Iterable[Need]:
    """Returned time, a week not handed in, approvals that wait, returned expenses."""
    if actor.person_id is not None and actor.may(access.VIEW_TIME):
        yield from _own(actor)
    yield from _approvals(actor)


def _own(actor: Actor) -> Iterable[Need]:
    returned = TimeEntry.objects.filter(person=actor.person_id, status="returned").order_by("work_on")
    if first := returned.first():
        count = returned.count()
        sentence = ngettext("%(count)s entry was returned to you", "%(count)s entries were returned to you", count)
        url = reverse("timesheets:week", args=[iso_week(first.work_on)])
        yield Need(sentence % {"count": count}, url, _("Correct"), meaning=Meaning.WARNING, rank=10)
    last = week_of(actor.today).start - _WEEK
    logged = TimeEntry.objects.filter(person=actor.person_id, work_on__gte=last, work_on__lt=last + _WEEK)
    handed_in = Timesheet.objects.filter(person=actor.person_id, week_on=last, submitted_at__isnull=False)
    if logged.filter(status="open").exists() and not handed_in.exists():
        sentence = _("Week %(week)s is not handed in") % {"week": last.isocalendar().week}
        url = reverse("timesheets:week", args=[iso_week(last)])
        yield Need(sentence, url, _("Check and submit"), meaning=Meaning.WARNING, rank=20)
    back = Expense.objects.filter(person=actor.person_id, status="returned").count()
    if back:
        sentence = ngettext("%(count)s expense was returned to you", "%(count)s expenses were returned to you", back)
        url = f"{reverse('timesheets:expenses')}?status=returned"
        yield Need(sentence % {"count": back}, url, _("Correct"), meaning=Meaning.WARNING, rank=12)


def _approvals(actor: Actor) -> Iterable[Need]:
    if (actor.scope("timesheets.time.approve") or Scope.OWN) > Scope.OWN:
        waiting = TimeEntry.objects.filter(access.reach(actor, "timesheets.time.approve"), status="submitted")
        people = waiting.exclude(person=actor.person_id).values("person").distinct().count()
        if people:
            sentence = ngettext(
                "%(count)s person's time waits for you", "Time of %(count)s people waits for you", people
            )
            yield Need(sentence % {"count": people}, reverse("timesheets:approvals"), _("Approve"), rank=15)
    if (actor.scope("timesheets.expense.approve") or Scope.OWN) > Scope.OWN:
        waiting_money = Expense.objects.filter(access.reach(actor, "timesheets.expense.approve"), status="submitted")
        count = waiting_money.exclude(person=actor.person_id).count()
        if count:
            sentence = ngettext("%(count)s expense waits for you", "%(count)s expenses wait for you", count)
            yield Need(sentence % {"count": count}, reverse("timesheets:approvals"), _("Approve"), rank=16)
