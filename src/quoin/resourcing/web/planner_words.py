"""Words of the planner's script."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.ui.counting import Text, counted


def words() -> dict[str, Text]:
    """By name, in the reader's language."""
    return {
        **_counting(),
        "failed": _("That did not work. Nothing was changed."),
        "person": _("Person"),
        "average": _("booked"),
        "week": _("W%(number)s"),
        "free": _("free"),
        "away": _("away"),
        "over": _("over capacity"),
        "tentative": _("tentative"),
        "firm": _("firm"),
        "nothing": _("nothing booked"),
        "none": _("no working time"),
        "incl": _("%(text)s, of it %(part)s tentative"),
        "unassigned": _("Unassigned demand"),
        "capacity": _("Team capacity, hours"),
        "booked": _("Booked"),
        "request": _("Request #%(number)s"),
        "missing": _("%(hours)s still missing"),
        "no_match": _("Nobody fits the filter. Clear it, or ask for less."),
        "brush": _("Brush: %(text)s"),
        "brush_off": _("Brush put down"),
        "moving": _("Moving. Arrows move, Shift with arrows resizes, Enter drops, Escape cancels."),
        "target": _("%(name)s, %(first)s to %(last)s: up to %(percent)s %%"),
        "kept": _("Left as it was"),
        "new_booking": _("Book %(name)s"),
        "edit_booking": _("Change booking of %(name)s"),
        "book": _("Book"),
        "save": _("Save"),
        "per_day": _("%(hours)s h/day"),
        "total": _("%(hours)s h in all"),
        "project_unknown": _("Choose a project of the list."),
        "amount_unknown": _("Write a number above zero."),
        "expand": _("%(name)s, bookings shown"),
        "collapse": _("%(name)s, bookings hidden"),
        "changed_by_others": _("The planner was refreshed: somebody changed bookings."),
        "not_drawn": _("Drag is off while months are shown; open the booking to change its days."),
        "fill": _("Book %(name)s for request #%(number)s?"),
        "no_booking": _("Stand on a booking first: open a person with Enter on the name."),
        "filled": _("Drop on a person to book them for request #%(number)s."),
        "open_cell": _("Open the lines"),
        "book_here": _("Book here"),
        "use_brush": _("Use as brush"),
        "change": _("Change"),
        "move": _("Move or resize"),
        "copy": _("Copy to…"),
        "split": _("Split here"),
        "make_firm": _("Make firm"),
        "make_tentative": _("Make tentative"),
        "delete": _("Delete"),
        "scenario_remove": _("Without it, in a scenario"),
        "what_if": _("What if"),
        "open_booking": _("Open the booking"),
        "why": _("Why so much?"),
        "find_candidates": _("Find candidates"),
    }


def _counting() -> dict[str, Text]:
    return {
        "count_people": counted(lambda n: ngettext("%(count)s person", "%(count)s people", n)),
        "count_bookings": counted(lambda n: ngettext("%(count)s booking", "%(count)s bookings", n)),
        "found": counted(lambda n: ngettext("%(count)s person has the time", "%(count)s people have the time", n)),
        "selected": counted(
            lambda n: ngettext("%(count)s column selected. B books it.", "%(count)s columns selected. B books them.", n)
        ),
    }
