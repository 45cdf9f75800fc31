"""The events that others may be told about, each in a sentence. Wildcards stand for all events of an app."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEST_EVENT = "integrations.webhook.tested"
EVENTS: Mapping[str, Promise | str] = {
    "accounts.member.joined": _("Somebody signed in for the first time"),
    "billing.charge.repriced": _("Work was priced anew"),
    "billing.charge.written_down": _("Work was written down"),
    "billing.charge.written_up": _("A write-down was taken back"),
    "billing.invoice.credited": _("An invoice was credited"),
    "billing.invoice.issued": _("An invoice was issued"),
    "billing.invoice.sent": _("An invoice was sent"),
    "billing.pack.expired": _("A prepaid pack expired"),
    "billing.pack.ends_soon": _("A prepaid pack expires soon"),
    "billing.pack.low": _("Little is left of a prepaid pack"),
    "billing.pack.refunded": _("The rest of a prepaid pack was paid back"),
    "billing.pack.sold": _("A prepaid pack was sold"),
    "billing.payment.recorded": _("A payment was recorded"),
    "billing.payment.taken_back": _("A payment was taken back"),
    "billing.run.built": _("A billing run made its drafts"),
    "catalog.rate.changed": _("A rate changed"),
    "field.acceptance.issued": _("A client accepted goods"),
    "field.acceptance.withdrawn": _("An acceptance was withdrawn"),
    "field.delivery.moved": _("Goods are expected on another day"),
    "field.delivery.stepped": _("Goods came a step further"),
    "field.milestone.earned": _("All goods of a milestone are accepted"),
    "field.milestone.lost": _("Goods of a milestone are not accepted any more"),
    "field.visit.cancelled": _("A visit was cancelled"),
    "field.visit.finished": _("A visit was finished"),
    "field.visit.planned": _("A visit was given its time and crew"),
    "field.visit.published": _("A visit was published to its crew"),
    "field.visit.recorded": _("The hours of a visit were recorded"),
    "field.visit.signed": _("A client signed a visit"),
    "field.visit.withdrawn": _("A visit was taken back to draft"),
    "governance.change.accepted": _("A change order was accepted"),
    "governance.change.declined": _("A change order was declined"),
    "governance.change.reversed": _("A change order was taken back"),
    "governance.change.sent": _("A change order was sent"),
    "governance.raid.came_true": _("A risk came true"),
    "governance.raid.raised": _("A risk or an issue was raised"),
    "governance.report.sent": _("A status report was sent"),
    "insights.scenario.applied": _("A scenario was applied"),
    "ledger.period.closed": _("A month was closed"),
    "ledger.period.reopened": _("A month was opened again"),
    "projects.budget.kept": _("A version of a budget was kept"),
    "projects.deliverable.signed": _("A client signed off a deliverable"),
    "projects.gate.decided": _("A gate was decided"),
    "projects.plan.changed": _("A plan changed"),
    "projects.project.begun": _("A project began from a template"),
    "projects.project.created": _("A project was created"),
    "projects.project.stepped": _("A project changed its state"),
    "projects.template.answered": _("A proposal for a template was answered"),
    "projects.template.proposed": _("A change of a template was proposed"),
    "resourcing.booking.changed": _("Bookings changed"),
    "resourcing.booking.created": _("Somebody was booked"),
    "resourcing.booking.deleted": _("Bookings were deleted"),
    "resourcing.candidate.answered": _("Somebody answered a request"),
    "resourcing.candidate.asked": _("Somebody was asked for a request"),
    "resourcing.candidate.declined": _("Somebody was not taken for a request"),
    "resourcing.plan.repaired": _("A plan was repaired"),
    "resourcing.request.cancelled": _("A request for people was cancelled"),
    "resourcing.request.filled": _("A request for people was filled"),
    "resourcing.request.opened": _("A request for people was opened"),
    "resourcing.request.part_filled": _("A request for people was filled in part"),
    "resourcing.staffing.accepted": _("A staffing proposal was accepted"),
    "resourcing.staffing.answered": _("A staffing run has its answer"),
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
