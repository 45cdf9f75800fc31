"""Why a task waits for somebody, or stays although somebody has too much to do, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from quoin.base.ui import formats

_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Case:
    """A day on which somebody has more to do than the day takes."""

    person: str
    on: date
    has: int
    elsewhere: int
    holders: tuple[str, ...]
    """Names of the tasks that take the day."""
    is_hidden: bool
    """Some of the tasks are out of the reader's sight."""
    stays: tuple[str, ...]
    """Those of them that levelling does not move."""
    holder_by: date | None
    """By when the most urgent of them has to begin at the latest."""
    own_by: date
    """By when the task itself has to begin at the latest."""
    is_solved: bool
    locale: str = "en-GB"

    def day(self, on: date) -> str:
        """A day as the reader writes it."""
        return formats.day(on, self.locale)


def wait_reason(person: str, until: datetime, locale: str) -> str:
    """What is kept with the task."""
    return _("Waits for %(name)s until %(day)s") % {"name": person, "day": formats.day(until.date(), locale)}


def wait_text(case: Case, until: datetime) -> str:
    """The same with its explanation: what takes the day, and why the other goes first."""
    return f"{wait_reason(case.person, until, case.locale)}: {_taken(case)}"


def left_text(case: Case) -> str:
    """Why a task stays where it is."""
    return _("%(name)s has too much to do on %(day)s: %(taken)s There is no float left to wait in.") % {
        "name": case.person, "day": case.day(case.on), "taken": _taken(case),
    }  # fmt: skip


def _taken(case: Case) -> str:
    values = {
        "day": case.day(case.on), "span": formats.duration(case.has, case.locale), "names": _names(case.holders),
        "elsewhere": formats.duration(case.elsewhere, case.locale), "stays": _names(case.stays),
        "first": case.day(case.holder_by) if case.holder_by else "", "own": case.day(case.own_by),
    }  # fmt: skip
    parts = []
    if case.elsewhere:
        parts.append(_("On %(day)s %(elsewhere)s of %(span)s hours are booked on other projects.") % values)
    if case.is_hidden:
        parts.append(_("On %(day)s a task of another project takes time.") % values)
    if case.stays:
        parts.append(_("On %(day)s %(stays)s takes time and stays: it has begun, or is dated elsewhere.") % values)
    elif case.holders and case.is_solved:
        parts.append(_("On %(day)s %(names)s goes first: so the plan ends earliest.") % values)
    elif case.holders:
        parts.append(
            _("On %(day)s %(names)s goes first: it has to begin by %(first)s, this one by %(own)s.") % values
        )  # fmt: skip
    return " ".join(parts)


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return shown if more <= 0 else _("%(names)s and %(count)d more") % {"names": shown, "count": more}
