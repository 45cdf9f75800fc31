"""The words of the chart's script, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from quoin.base.ui.counting import Text, counted


def words() -> dict[str, Text]:
    return {
        "number": _("#"),
        "wbs": _("WBS"),
        "name": _("Name"),
        "duration": _("Duration"),
        "start": _("Start"),
        "finish": _("End"),
        "drift": _("Drift"),
        "percent": _("%"),
        "people": _("People"),
        "predecessors": _("Predecessors"),
        "float": _("Float"),
        "left": _("Left"),
        "deadline": _("Deadline"),
        "constraint": _("Constraint"),
        "status": _("Critical"),
        "critical": _("critical"),
        "late": _("late"),
        "milestone": _("milestone"),
        "deliverable": _("deliverable"),
        "accepted": _("accepted by %(name)s"),
        "pinned": _("dated by hand"),
        "failed": _("That did not reach the server. Nothing was changed."),
        "trying": _("Looking what this does"),
        "reverted": _("Taken back"),
        "moves": _("%(name)s: %(start)s to %(finish)s"),
        "moving": _("%(name)s moves to %(start)s"),
        "resizing": _("%(name)s until %(finish)s"),
        "link_kind": _("Kind of link: %(kind)s"),
        "link_mode": _("Link: arrows choose the task, A the kind, Enter links, Esc leaves"),
        "no_critical": _("No task is critical: the plan has not been calculated."),
        "nobody_over": _("Nobody has too much to do."),
        "week": pgettext("abbreviated", "W"),
        "selected": counted(lambda n: ngettext("%(count)s row selected", "%(count)s rows selected", n)),
        "nothing_moves": _("No date moves: what the task waits for holds it."),
        "booked": _("%(percent)s booked"),
        "people_strip": _("People by week"),
        "quarter": _("Q"),
        "rows": counted(lambda n: ngettext("%(count)s row", "%(count)s rows", n)),
        "effect": _("Effect of this change (not saved)"),
        "edit": _("%(column)s of %(name)s"),
        "none": _("none"),
        "held": _("held by %(name)s"),
        "gate_before": _("before %(phase)s"),
        "gate_missing": _("Missing: %(what)s"),
        "gate_met": _("%(met)s of %(count)s met"),
        "show_row": _("Show"),
        "gate_page": _("Open the gate"),
    }
