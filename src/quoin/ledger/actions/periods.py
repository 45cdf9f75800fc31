"""Closing a month, and opening it again: by somebody else, with a reason, for a limited time (I-35, I-36)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.accounts.models import LegalEntity
from quoin.base.actions import action, running_action_id, touch
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.period import month_of
from quoin.kernel.words import say
from quoin.ledger.models import FiscalPeriod
from quoin.ledger.queries.periods import is_closed
from quoin.ledger.services.periods import PostingCalendar

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
    if period.starts_on > actor.today:
        raise Conflict(say("%(month)s has not begun.", month=month))
    earlier = FiscalPeriod.objects.filter(entity_id=entity_id, starts_on__lt=period.starts_on).order_by("starts_on")
    for row in earlier:
        if not is_closed(row, actor):
            raise Conflict(say("%(starts_on)s is still open; close it first.", starts_on=f"{row.starts_on:%Y-%m}"))
    period.closed_at, period.closed_by_id, period.open_again_until = actor.now, actor.user_id, None
    period.save()
    touch(period.public_id)
    emit(actor, "ledger.period.closed", running_action_id(), entity_id=entity_id, month=month)
    return period


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
