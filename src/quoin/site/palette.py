"""What the palette finds beside the pages of the sidebar: forms, sub-pages and reports that have no entry there.

Each page's own permission says who is offered it, so nothing is said here twice.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quoin.base.ui import nav, palette

COMMANDS: tuple[tuple[str | Promise, str, str], ...] = (
    (_("New person"), "people:new", "person"),
    (_("Ask for leave"), "people:absence_new", "calendar"),
    (_("Absences as a list"), "people:absences", "calendar"),
    (_("Catalogue of skills"), "people:skill_catalogue", "skill"),
    (_("Certificates"), "people:certificates", "skill"),
    (_("New skill"), "people:skill_new", "skill"),
    (_("Catalogue of certificates"), "people:certificate_catalogue", "skill"),
    (_("New certificate"), "people:certificate_new", "skill"),
    (_("Carry leave over"), "people:leave_carry", "absence"),
    (_("New work calendar"), "people:calendar_new", "calendar"),
    (_("Teams"), "people:teams", "people"),
    (_("New team"), "people:team_new", "people"),
    (_("Job roles"), "people:job_roles", "people"),
    (_("New job role"), "people:job_role_new", "people"),
    (_("Import a plan from a file"), "projects:plan_import_new", "import"),
    (_("Timeline of projects"), "projects:timeline", "schedule"),
    (_("Planner by project"), "resourcing:planner_projects", "planner"),
    (_("Planner as a list"), "resourcing:planner_list", "planner"),
    (_("Solve all open requests"), "resourcing:staffing", "sparkles"),
    (_("Repair the plan of people"), "resourcing:repair", "refresh"),
    (_("Calendar feeds"), "resourcing:feeds", "calendar"),
    (_("Day view of time"), "timesheets:day_current", "clock"),
    (_("Month of time"), "timesheets:month_current", "timesheet"),
    (_("Which rate applies?"), "billing:rate_tester", "rate"),
    (_("New rate card"), "catalog:card_new", "rate"),
    (_("Expense categories"), "catalog:categories", "expense"),
    (_("Write-downs and write-ups"), "billing:write_downs", "unbilled"),
    (_("Payments"), "billing:payments", "cash"),
    (_("Import a bank file"), "billing:import_file", "bank"),
    (_("Journals"), "ledger:journals", "file"),
    (_("Lines of the books"), "ledger:lines", "file"),
    (_("Close months"), "ledger:periods", "period-close"),
    (_("Exchange rates"), "ledger:rates", "currency"),
    (_("Acceptance certificates"), "field:acceptances", "circle-check"),
    (_("New site"), "field:site_new", "pin"),
    (_("New equipment"), "field:equipment_new", "settings"),
    (_("New checklist"), "field:checklist_new", "check"),
    (_("Write down a lesson"), "governance:lesson_new", "star"),
    (_("Report: hours and revenue"), "insights:report_hours", "report"),
    (_("Report: utilisation"), "insights:report_utilisation", "report"),
    (_("New scenario"), "insights:scenario_new", "scenario"),
    (_("Roles and what they may do"), "accounts:roles", "shield"),
    (_("New webhook"), "integrations:webhook_new", "link"),
    (_("Deliveries of webhooks"), "integrations:deliveries", "send"),
    (_("New import"), "imports:new", "import"),
    (_("Self-checks"), "compliance:checks", "circle-check"),
    (_("Jobs that failed"), "compliance:jobs", "operations"),
)
"""Words, page, icon."""

CREATES: tuple[nav.Create, ...] = (
    nav.Create("b", _("Booking"), "resourcing:booking_new"),
    nav.Create("q", pgettext_lazy("staffing", "Request"), "resourcing:request_new"),
    nav.Create("c", _("Client"), "clients:new"),
    nav.Create("i", _("Invoice"), "billing:new_invoice"),
)
"""`n` and the key: forms that several apps lead to, and none of them names."""


def fill() -> None:
    """Register all of them."""
    for label, name, icon in COMMANDS:
        palette.add_command(palette.Command(label, name, icon=icon))
    for create in CREATES:
        nav.add_create(create)
