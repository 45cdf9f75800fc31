"""Django app of timesheets: what it adds to the shell."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from quoin.base.ui import nav, needs

_ENTRIES = (
    nav.Entry("my_day", "me", _("My day"), "timesheets:my_day", "home", "", 10, go="h", is_in_bottom_bar=True),
    nav.Entry(
        "timesheet", "me", _("Timesheet"), "timesheets:week_current", "timesheet", "timesheets.time.view", 20,
        go="t", is_in_bottom_bar=True,
    ),
    nav.Entry("expenses", "me", _("Expenses"), "timesheets:expenses", "expense", "timesheets.expense.view", 30),
    nav.Entry(
        "approvals", "me", _("Approvals"), "timesheets:approvals", "approve", "timesheets.time.approve", 40, go="a"
    ),
)  # fmt: skip


class TimesheetsConfig(AppConfig):
    name = "quoin.timesheets"

    @override
    def ready(self) -> None:
        # Imported here because its queries need the models, which are loaded by now.
        from quoin.accounts.rules.options import declare
        from quoin.resourcing.queries.demands import provide_worked
        from quoin.resourcing.queries.planner import provide_actuals
        from quoin.resourcing.queries.project_team import provide_recorded
        from quoin.timesheets.queries.needs import needs as time_needs
        from quoin.timesheets.queries.worked import minutes_by_day, minutes_for, minutes_on_project
        from quoin.timesheets.services.options import GATE_RULE

        declare(GATE_RULE)
        for entry in _ENTRIES:
            nav.add(entry)
        nav.add_create(nav.Create("t", _("Time"), "timesheets:entry_new", "timesheets.entry.add"))
        nav.add_create(nav.Create("e", _("Expense"), "timesheets:expense_new", "timesheets.expense.add"))
        nav.add_slot(nav.Slot("timer", "timesheets:timer_pill", "timesheets.timer.start", event="timer-changed"))
        needs.add("timesheets", time_needs)
        provide_actuals(minutes_by_day)
        provide_worked(minutes_for)
        provide_recorded(minutes_on_project)
