"""The events that others may be told about, each in a sentence. Wildcards stand for all events of an app."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEST_EVENT = "integrations.webhook.tested"
EVENTS: Mapping[str, Promise | str] = {
    "accounts.member.joined": _("Somebody signed in for the first time"),
    "billing.charge.written_down": _("Work was written down"),
    "billing.charge.written_up": _("A write-down was taken back"),
    "billing.invoice.issued": _("An invoice was issued"),
    "billing.invoice.sent": _("An invoice was sent"),
    "billing.payment.recorded": _("A payment was recorded"),
    "billing.payment.taken_back": _("A payment was taken back"),
    "billing.run.built": _("A billing run made its drafts"),
    "catalog.rate.changed": _("A rate changed"),
    "ledger.period.closed": _("A month was closed"),
    "ledger.period.reopened": _("A month was opened again"),
    "projects.project.created": _("A project was created"),
    "projects.project.stepped": _("A project changed its state"),
    "revenue.run.recognised": _("Revenue was recognised"),
    "sales.contract.changed": _("A contract changed"),
    "sales.milestone.reached": _("A milestone was reached"),
    "sales.milestone.unreached": _("A milestone was taken back"),
    "timesheets.expense.approved": _("Expenses were approved"),
    "timesheets.expense.reopened": _("Expenses were opened again"),
    "timesheets.expense.returned": _("Expenses were returned"),
    "timesheets.expense.submitted": _("Expenses were submitted"),
    "timesheets.time.approved": _("Time was approved"),
    "timesheets.time.reopened": _("Time was opened again"),
    "timesheets.week.submitted": _("A week was submitted"),
}


def choices() -> list[tuple[str, object]]:
    """Every pattern that an endpoint may take: all, all of an app, one event."""
    apps = dict.fromkeys(name.partition(".")[0] for name in EVENTS)
    return [("*", _("Everything")), *((f"{app}.*", f"{app}.*") for app in apps), *EVENTS.items()]


def is_pattern(text: str) -> bool:
    """Whether the text names an event, all of an app, or everything."""
    return text in EVENTS or text == "*" or (text.endswith(".*") and any(name.startswith(text[:-1]) for name in EVENTS))


def wants(patterns: list[str], name: str) -> bool:
    """Whether an endpoint with these patterns is told about the event."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)
