"""Django app of timesheets: what it adds to the shell."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from quoin.base.ui import nav


class TimesheetsConfig(AppConfig):
    name = "quoin.timesheets"

    @override
    def ready(self) -> None:
        nav.add(
            nav.Entry(
                "timesheet", "me", _("Timesheet"), "timesheets:week_current", "timesheet", "timesheets.time.view", 20,
                go="t", is_in_bottom_bar=True,
            )
        )  # fmt: skip
        nav.add_slot(nav.Slot("timer", "timesheets:timer_pill", "timesheets.timer.start", event="timer-changed"))
