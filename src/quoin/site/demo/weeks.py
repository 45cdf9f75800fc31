"""Writing the hours week by week: handed in on Fridays, the forgotten ones later, approved by the month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action
from quoin.base.actor import Actor
from quoin.base.db.statistics import refresh_statistics
from quoin.site.demo.chance import Chance
from quoin.site.demo.hours import Worked
from quoin.site.demo.people import Somebody, Staff
from quoin.site.demo.work import Portfolio
from quoin.timesheets.actions.approvals import approve_time, return_time
from quoin.timesheets.actions.weeks import submit_week
from quoin.timesheets.services.load import LoadRow, load_entries
from quoin.timesheets.services.sheets import mark_handed_in

_LEADS = {"digital": "project_manager", "installations": "site_manager", "managed": "service_manager"}
_WEEK = timedelta(days=7)
_DONE = "submitted"
_HANDED_IN_PERCENT = 78
_RETURNED = 3
_BY_HAND = 12
"""Who hand in their last week themselves; the other weeks come handed in, as those before."""
_PLANNED_AGAIN = frozenset({0, 1, 4})
_SETTLED = (
    "people_person", "people_costrate", "clients_client", "sales_contract", "sales_milestone", "projects_project",
    "projects_task", "projects_projectmember", "catalog_rate",
)  # fmt: skip
"""Tables that hardly grow any more once the work begins."""
_RECORDED = ("timesheets_timeentry", "timesheets_timemonth", "timesheets_timesheet")
_GROWING = (*_RECORDED, "billing_charge", "billing_chargemonth", "ledger_journal", "ledger_journalline")


@action("site.demo.write_time", label=_("Write the demo's time"))
def write_time(actor: Actor, *, rows: Iterable[LoadRow], status: str) -> int:
    """Load invented entries as they would have been recorded; handed-in time hands its weeks in."""
    found = list(rows)
    written = load_entries(actor, found, status=status, source="grid").written
    if status == _DONE:
        handed_in: dict[tuple[UUID, date], datetime] = {}
        for row in found:
            week = row.person_id, row.work_on - timedelta(days=row.work_on.weekday())
            at = row.entered_at or actor.now
            handed_in[week] = min(at, handed_in.get(week, at))
        mark_handed_in(actor, handed_in, at=handed_in)
    return written


def write_past(
    staff: Staff, portfolio: Portfolio, rows: Iterable[Worked], *, until: date, told: Callable[[date], None]
) -> None:
    """All weeks before `until`, month by month: recorded, handed in, approved and thereby charged."""
    by_week: defaultdict[date, list[Worked]] = defaultdict(list)
    for row in rows:
        if row.day < until:
            by_week[row.day - timedelta(days=row.day.weekday())].append(row)
    by_month = groupby(sorted(by_week), key=lambda monday: (monday.year, monday.month))
    places = _Places(staff, portfolio)
    for number, mondays in enumerate(list(found) for _month, found in by_month):
        told(mondays[0])
        typed = [one for monday in mondays for one in places.week(by_week[monday], monday)]
        write_time(_typist(staff).at(max(row.entered_at for row in typed if row.entered_at)), rows=typed, status=_DONE)
        if number == 0:
            # A table that nothing is known of is read from end to end for each entry that is looked up.
            refresh_statistics(*_SETTLED, *_RECORDED)
        people = {(row.person, monday) for monday in mondays for row in by_week[monday]}
        _approve(staff, sorted(people), decided_at=_moment(mondays[-1] + timedelta(days=10), 9))
        # Tables that double in size want new plans; autovacuum does not see them before the end.
        if number in _PLANNED_AGAIN:
            refresh_statistics(*_GROWING)


def write_last_weeks(
    staff: Staff, portfolio: Portfolio, rows: list[Worked], chance: Chance, *, since: date, now: datetime
) -> None:
    """Last week, handed in by most and returned to some; this week, still open."""
    recent = [row for row in rows if row.day >= since]
    if not recent:
        return
    monday = since - timedelta(days=since.weekday())
    places = _Places(staff, portfolio)
    typed = [row for row in recent if not row.is_late]
    last_week = dict.fromkeys(row.person for row in typed if row.day < monday + _WEEK)
    handed_in = [number for number in last_week if chance.is_so(_HANDED_IN_PERCENT)]
    finished = frozenset(handed_in[_BY_HAND:])
    done = [row.day < monday + _WEEK and row.person in finished for row in typed]
    for status, is_done in (("open", False), (_DONE, True)):
        found = [places.load_row(row, None) for row, is_over in zip(typed, done, strict=True) if is_over is is_done]
        if found:
            write_time(_typist(staff).at(now), rows=found, status=status)
    for number in handed_in[:_BY_HAND]:
        submit_week(staff.actor(staff.everybody[number]).at(now), person_id=_id(staff, number), week_on=monday)
    others = [one for one in handed_in if not staff.everybody[one].job.is_lead]
    for number in others[:: max(1, len(others) // _RETURNED)]:
        approver = _approver(staff, staff.everybody[number])
        return_time(
            approver.at(now), weeks=[(_id(staff, number), monday)], note="Please say which part was the rework."
        )


def _approve(staff: Staff, weeks: list[tuple[int, date]], *, decided_at: datetime) -> None:
    """Each unit's lead approves the unit, and the managing director the leads."""
    by_approver: defaultdict[UUID | None, list[tuple[UUID | str, date | str]]] = defaultdict(list)
    approvers: dict[UUID | None, Actor] = {}
    for number, monday in weeks:
        approver = _approver(staff, staff.everybody[number])
        approvers[approver.person_id] = approver
        by_approver[approver.person_id].append((_id(staff, number), monday))
    for person_id, asked in by_approver.items():
        approve_time(approvers[person_id].at(decided_at), weeks=asked)


def _approver(staff: Staff, somebody: Somebody) -> Actor:
    lead = staff.with_job("executive" if somebody.job.is_lead else _LEADS[somebody.unit])[0]
    return staff.actor(lead)


class _Places:
    """Ids of people and of what they work on, by the places and keys of the plan."""

    def __init__(self, staff: Staff, portfolio: Portfolio) -> None:
        self._people = [one.id for one in staff.everybody]
        self._projects = {key: project.id for key, project in portfolio.projects.items()}
        self._tasks: dict[tuple[str | int, str], UUID] = {
            (key, name): task for key, tasks in portfolio.tasks.items() for name, task in tasks.items()
        }

    def week(self, rows: Iterable[Worked], monday: date) -> Iterator[LoadRow]:
        """The entries of a week: typed on Friday, and what was forgotten on the Wednesday after."""
        typed_at = _moment(monday + timedelta(days=4), 15), _moment(monday + timedelta(days=9), 15)
        return (self.load_row(row, typed_at[row.is_late]) for row in rows)

    def load_row(self, row: Worked, entered_at: datetime | None) -> LoadRow:
        """The entry; internal work has no tasks."""
        person = self._people[row.person]
        assert person is not None
        return LoadRow(
            person, self._projects[row.work], self._tasks[row.work, row.task] if row.task else None, row.day,
            row.minutes, row.note, row.is_billable, entered_at=entered_at,
        )  # fmt: skip


def _id(staff: Staff, number: int) -> UUID:
    found = staff.everybody[number].id
    assert found is not None
    return found


def _typist(staff: Staff) -> Actor:
    # No user: the entries count as typed by their own people.
    return staff.system


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, clock_time(hour), tzinfo=UTC)
