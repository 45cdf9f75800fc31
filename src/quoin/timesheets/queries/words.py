"""What locks, refusals, findings and reasons say to people, in their language."""

from __future__ import annotations

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from quoin.base.listing import Status as Badge
from quoin.base.ui import formats
from quoin.kernel.quantity import clock
from quoin.timesheets.types import Check, Finding, Lock, Refusal, Status, Suggestion, Why

STATUSES = {
    Status.OPEN: Badge("neutral", pgettext_lazy("status", "Open")),
    Status.SUBMITTED: Badge("info", gettext_lazy("Submitted")),
    Status.APPROVED: Badge("success", gettext_lazy("Approved")),
    Status.RETURNED: Badge("warning", gettext_lazy("Returned")),
}
_LOCKS = {
    Lock.SUBMITTED: gettext_lazy("Handed in. Withdraw the week to change it."),
    Lock.APPROVED: gettext_lazy("Approved. Ask an approver to reopen it."),
    Lock.PROJECT_CLOSED: gettext_lazy("The project takes no time: it is closed or on hold."),
    Lock.PROJECT_NOT_STARTED: gettext_lazy("The project has not started by that day."),
    Lock.TASK_CLOSED: gettext_lazy("The task is closed and takes no more time."),
    Lock.GATE_WAITS: gettext_lazy("A gate holds this work until its list is met. Have it passed, or log elsewhere."),
    Lock.BEFORE_HIRE: gettext_lazy("That day is before the person was hired."),
    Lock.AFTER_LEAVE: gettext_lazy("That day is after the person left."),
    Lock.FUTURE: gettext_lazy("That day is too far in the future."),
    Lock.PERIOD_CLOSED: gettext_lazy("The books of that month are closed."),
}
_REFUSALS = {
    Refusal.STALE: gettext_lazy("It was changed elsewhere meanwhile."),
    Refusal.TOO_LONG: gettext_lazy("More than 24 hours in one day? Type 25m for minutes."),
    Refusal.DAY_FULL: gettext_lazy("The day would hold more than 24 hours."),
    Refusal.BELOW_LOCKED: gettext_lazy("A part of this time is handed in or approved and cannot be taken away."),
    Refusal.UNKNOWN_PROJECT: gettext_lazy("There is no such project, or you do not work on it."),
    Refusal.UNKNOWN_TASK: gettext_lazy("The project has no such task."),
}


def refusal_words(reason: Lock | Refusal) -> str:
    """Why time was not written."""
    return str(_LOCKS[reason] if isinstance(reason, Lock) else _REFUSALS[reason])


_FINDINGS = {
    Finding.DAY_UNDER_TARGET: gettext_lazy("%(logged)s of %(target)s logged"),
    Finding.NOTE_MISSING: gettext_lazy("A note is missing"),
    Finding.WEEKEND: gettext_lazy("%(logged)s on a weekend"),
    Finding.OVER_BUDGET: gettext_lazy("The budget is exceeded by %(logged)s"),
    Finding.OVER_PLANNED: gettext_lazy("%(logged)s logged, %(target)s planned"),
    Finding.CLOSED_TASK: gettext_lazy("%(logged)s on a closed task or project"),
    Finding.GATE_WAITS: gettext_lazy("%(logged)s behind a gate that waits"),
    Finding.RATE_MISSING: gettext_lazy("No rate is found for %(logged)s"),
    Finding.LONG_DAY: gettext_lazy("%(logged)s in one day"),
    Finding.NOTHING_LOGGED: gettext_lazy("Nothing is logged this week"),
}


def check_words(check: Check) -> str:
    """What a finding means, with its numbers."""
    numbers = {"logged": clock(check.minutes), "target": clock(check.limit_minutes)}
    return str(_FINDINGS[check.finding]) % numbers


def why_words(suggestion: Suggestion) -> str:
    """Where a suggestion comes from."""
    if suggestion.why is Why.LAST_WEEK:
        return _("as on the same weekday last week")
    planned = {"planned": clock(suggestion.planned_minutes)}
    if suggestion.why is Why.BOOKED:
        return _("booked %(planned)s on this day") % planned
    if suggestion.until is None:
        return _("planned %(planned)s a day") % planned
    return _("planned %(planned)s a day until %(until)s") % {
        **planned,
        "until": formats.day(suggestion.until, get_language() or "en"),
    }
