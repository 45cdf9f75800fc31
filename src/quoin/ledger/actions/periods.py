"""Closing a month, and opening it again: by somebody else, with a reason, for a limited time (I-35, I-36).

What is open in foreign currency at its end is revalued while it is open, by an action of its own: closing posts
nothing.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.accounts.models import LegalEntity
from quoin.base.actions import action, running_action_id, touch
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.period import month_of, next_month
from quoin.kernel.words import say
from quoin.ledger.models import FiscalPeriod
from quoin.ledger.queries.periods import is_closed
from quoin.ledger.queries.revaluation import BACK, KIND, hindrance, month_end
from quoin.ledger.services.periods import PostingCalendar
from quoin.ledger.services.posting import next_version, post
from quoin.ledger.types import PeriodClosed, SourceRef

_LONGEST_OPEN = timedelta(days=14)


@action("ledger.period.open", label=_("Open a month"))
def open_period(actor: Actor, *, entity_id: UUID, month: str) -> FiscalPeriod:
    """Open a month that has no period yet; one that has is returned as it is."""
    start = month_start(month)
    if not LegalEntity.objects.filter(id=entity_id).exists():
        raise NotFound("There is no such legal entity.")
    PostingCalendar(actor, entity_id=entity_id).day(start)
    period = _locked(entity_id, start)
    touch(period.public_id)
    return period


@action("ledger.period.close", label=_("Close a month"))
def close_period(actor: Actor, *, entity_id: UUID, month: str) -> FiscalPeriod:
    """Close a month for postings. Earlier months are closed first, so that the books close from the past on."""
    period = _locked(entity_id, month_start(month))
    if is_closed(period, actor):
        raise Conflict(say("%(month)s is closed already.", month=month))
    if actor.today < period.ends_on:
        raise Conflict(
            say("%(month)s has not ended; it can be closed from %(day)s on.", month=month, day=period.ends_on)
        )
    earlier = FiscalPeriod.objects.filter(entity_id=entity_id, starts_on__lt=period.starts_on).order_by("starts_on")
    for row in earlier:
        if not is_closed(row, actor):
            raise Conflict(say("%(starts_on)s is still open; close it first.", starts_on=f"{row.starts_on:%Y-%m}"))
    period.closed_at, period.closed_by_id, period.open_again_until = actor.now, actor.user_id, None
    period.save()
    touch(period.public_id)
    emit(actor, "ledger.period.closed", running_action_id(), entity_id=entity_id, month=month)
    return period


@action("ledger.period.revalue", label=_("Post exchange differences"))
def revalue_period(actor: Actor, *, entity_id: UUID, month: str) -> tuple[UUID, ...]:
    """Post what open items in foreign currency are worth more or less on the last day of a month, and take it back on
    the day after (R14).

    Returns the journal and its reversal. Another run posts only what has changed since; nothing if nothing has.
    """
    start = month_start(month)
    if not LegalEntity.objects.filter(id=entity_id).exists():
        raise NotFound("There is no such legal entity.")
    if reason := hindrance(actor, entity_id=entity_id, start=start):
        raise PeriodClosed(reason)
    calendar = PostingCalendar(actor, entity_id=entity_id)
    for day in (start, next_month(start)):
        calendar.day(day)
    # Runs at the same time wait here for each other, and a posting in flight for this month.
    period = _locked(entity_id, start)
    plan = month_end(actor, entity_id=entity_id, start=start).plan
    touch(period.public_id)
    if plan.journal is None or plan.reversal is None:
        return ()
    version = next_version(kind=KIND, source_id=period.id)
    posted = post(actor, entity_id=entity_id, source=SourceRef(KIND, period.id, version), journal=plan.journal)
    back = SourceRef(BACK, period.id, version)
    return posted, post(actor, entity_id=entity_id, source=back, journal=plan.reversal, reverses_id=posted)


@action("ledger.period.reopen", label=_("Open a closed month again"))
def reopen_period(actor: Actor, *, entity_id: UUID, month: str, reason: str, days: int = 3) -> FiscalPeriod:
    """Let a closed month take postings for some days. Whoever closed it cannot reopen it."""
    if not reason.strip():
        raise invalid("/reason", "Say why the month is opened again.")
    if not 1 <= days <= _LONGEST_OPEN.days:
        raise invalid("/days", say("A month is opened again for 1 to %(days)s days.", days=_LONGEST_OPEN.days))
    period = _locked(entity_id, month_start(month))
    if not is_closed(period, actor):
        raise Conflict(say("%(month)s is open.", month=month))
    if actor.user_id is None or period.closed_by_id == actor.user_id:
        raise Conflict("A month is opened again by somebody other than the person who closed it.")
    period.open_again_until = actor.now + timedelta(days=days)
    period.save()
    touch(period.public_id, reason=reason)
    emit(actor, "ledger.period.reopened", running_action_id(), entity_id=entity_id, month=month)
    return period


def month_start(month: str) -> date:
    """First day of a month written 2026-05."""
    try:
        return month_of(date.fromisoformat(f"{month}-01")).start
    except ValueError:
        raise invalid(
            "/month", say("%(month)s is not a month.", month=repr(month)), remedy="Write it as 2026-05."
        ) from None


def _locked(entity_id: UUID, start: date) -> FiscalPeriod:
    period = FiscalPeriod.objects.select_for_update().filter(entity_id=entity_id, starts_on=start).first()
    if period is None:
        raise NotFound(say("%(start)s has no period in the books of this entity.", start=f"{start:%Y-%m}"))
    return period
