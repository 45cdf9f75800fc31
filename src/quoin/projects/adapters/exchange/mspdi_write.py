"""Writes Microsoft Project XML (MSPDI), in the order of elements that the schema asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from lxml import etree

from quoin.kernel.quantity import MINUTES_PER_DAY
from quoin.kernel.workcal import WEEKDAYS, Spans, Week
from quoin.projects.adapters.exchange.mspdi_read import CONSTRAINTS, LINK_KINDS, RESOURCE_TYPES, TASK_TYPES
from quoin.projects.adapters.exchange.xml import NAMESPACE, written_duration
from quoin.projects.rules.planfile import (
    FileAssignment,
    FileBaseline,
    FileCalendar,
    FileException,
    FileLink,
    FileResource,
    FileTask,
    LagUnit,
    PlanFile,
)

_LINKS: Final = {kind: code for code, kind in LINK_KINDS.items()}
_CONSTRAINTS: Final = {kind: code for code, kind in CONSTRAINTS.items()}
_TASK_TYPES: Final = {kind: code for code, kind in TASK_TYPES.items()}
_RESOURCE_TYPES: Final = {kind: code for code, kind in RESOURCE_TYPES.items()}
_DAYS, _ELAPSED_DAYS, _ESTIMATED_DAYS, _ESTIMATED_ELAPSED_DAYS = 7, 8, 39, 40
_LAST_MINUTE: Final = time(23, 59)
Value = str | int | bool | Decimal | datetime | None


def write_mspdi(plan: PlanFile) -> bytes:
    """The file's content, UTF-8."""
    root = etree.Element(f"{{{NAMESPACE}}}Project", nsmap={None: NAMESPACE})
    _put(
        root,
        {
            "SaveVersion": 14,
            "Name": plan.name,
            "Title": plan.name,
            "Author": plan.author or None,
            "ScheduleFromStart": plan.from_start,
            "StartDate": plan.start,
            "FinishDate": plan.finish,
            "CriticalSlackLimit": plan.critical_slack // (plan.minutes_per_day or 1),
            "CurrencyCode": plan.currency or None,
            "CalendarUID": plan.calendar,
            "MinutesPerDay": plan.minutes_per_day,
            "MinutesPerWeek": plan.minutes_per_week,
            "DaysPerMonth": plan.days_per_month,
            "DurationFormat": _DAYS,
            "StatusDate": plan.status_date,
        },
    )
    _calendars(root, plan.calendars)
    _tasks(root, plan.tasks)
    _resources(root, plan.resources)
    _assignments(root, plan.assignments)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True, pretty_print=True))


def _calendars(root: etree._Element, calendars: Iterable[FileCalendar]) -> None:
    holder = _child(root, "Calendars")
    for calendar in calendars:
        node = _child(holder, "Calendar")
        base = -1 if calendar.base is None else calendar.base
        _put(
            node,
            {"UID": calendar.uid, "Name": calendar.name, "IsBaseCalendar": calendar.is_base, "BaseCalendarUID": base},
        )
        _week(node, calendar.week)
        single = [one for whole in calendar.exceptions for one in _without_gaps(whole)]
        if single:
            exceptions = _child(node, "Exceptions")
            for one in single:
                _exception(exceptions, one)
        if calendar.weeks:
            weeks = _child(node, "WorkWeeks")
            for week in calendar.weeks:
                entry = _child(weeks, "WorkWeek")
                _period(entry, week.first, week.last)
                _put(entry, {"Name": week.name})
                _week(entry, week.week)


def _without_gaps(exception: FileException) -> list[FileException]:
    """One exception for each day where only some days between first and last are meant."""
    if not exception.days:
        return [exception]
    return [FileException(exception.name, day, day, exception.spans) for day in exception.days]


def _week(node: etree._Element, week: Week) -> None:
    given = [(day, spans) for day, spans in enumerate(week) if spans is not None]
    if not given:
        return
    holder = _child(node, "WeekDays")
    # The file counts from Sunday = 1.
    for day, spans in sorted(given, key=lambda one: (one[0] + 1) % WEEKDAYS):
        entry = _child(holder, "WeekDay")
        _put(entry, {"DayType": (day + 1) % WEEKDAYS + 1, "DayWorking": bool(spans)})
        _times(entry, spans)


def _exception(holder: etree._Element, exception: FileException) -> None:
    node = _child(holder, "Exception")
    _put(node, {"EnteredByOccurrences": False})
    _period(node, exception.first, exception.last)
    days = (exception.last - exception.first).days + 1
    _put(
        node,
        {"Occurrences": days, "Name": exception.name or None, "Type": 1, "DayWorking": bool(exception.spans)},
    )
    _times(node, exception.spans)


def _period(node: etree._Element, first: date, last: date) -> None:
    period = _child(node, "TimePeriod")
    _put(period, {"FromDate": datetime.combine(first, time.min), "ToDate": datetime.combine(last, _LAST_MINUTE)})


def _times(node: etree._Element, spans: Spans) -> None:
    if not spans:
        return
    holder = _child(node, "WorkingTimes")
    for start, end in spans:
        _put(_child(holder, "WorkingTime"), {"FromTime": _clock(start), "ToTime": _clock(end)})


def _clock(minute: int) -> str:
    within = minute % MINUTES_PER_DAY
    return f"{within // 60:02d}:{within % 60:02d}:00"


def _tasks(root: etree._Element, tasks: Iterable[FileTask]) -> None:
    holder = _child(root, "Tasks")
    counters: list[int] = []
    for task in tasks:
        outline = _outline(counters, task.level)
        node = _child(holder, "Task")
        _put(node, _head_of(task, outline))
        _put(node, _dates_of(task))
        _put(node, _progress_of(task))
        for link in task.links:
            _link(node, link)
        _baselines(node, task.baselines)


def _outline(counters: list[int], level: int) -> str:
    if level == 0:
        return "0"
    del counters[level:]
    counters += [0] * (level - len(counters))
    counters[level - 1] += 1
    return ".".join(map(str, counters))


def _head_of(task: FileTask, outline: str) -> dict[str, Value]:
    days = _ESTIMATED_DAYS if task.is_estimated else _DAYS
    elapsed = _ESTIMATED_ELAPSED_DAYS if task.is_estimated else _ELAPSED_DAYS
    return {
        "UID": task.uid,
        "GUID": None if task.guid is None else str(task.guid).upper(),
        "ID": task.number,
        "Name": task.name or None,
        "Active": task.is_active,
        "Manual": task.is_manual,
        "Type": _TASK_TYPES[task.task_type],
        "IsNull": task.is_blank,
        "WBS": task.wbs or None,
        "OutlineNumber": outline,
        "OutlineLevel": task.level,
        "Priority": task.priority,
        "Start": task.start,
        "Finish": task.finish,
        "Duration": written_duration(task.duration),
        "ManualStart": task.start if task.is_manual else None,
        "ManualFinish": task.finish if task.is_manual else None,
        "ManualDuration": written_duration(task.duration) if task.is_manual else None,
        "DurationFormat": elapsed if task.is_elapsed else days,
        "Work": written_duration(task.work),
        "EffortDriven": task.is_effort_driven,
        "Estimated": task.is_estimated,
        "Milestone": task.is_milestone,
        "Summary": task.is_summary,
    }


def _dates_of(task: FileTask) -> dict[str, Value]:
    return {
        "Critical": task.is_critical,
        "ExternalTask": task.is_external,
        "EarlyStart": task.early_start,
        "EarlyFinish": task.early_finish,
        "LateStart": task.late_start,
        "LateFinish": task.late_finish,
        "FreeSlack": _tenths(task.free_slack),
        "TotalSlack": _tenths(task.total_slack),
        "FixedCost": task.fixed_cost * 100,
    }


def _progress_of(task: FileTask) -> dict[str, Value]:
    return {
        "PercentComplete": task.percent,
        "ActualStart": task.actual_start,
        "ActualFinish": task.actual_finish,
        "ActualDuration": written_duration(task.actual_duration),
        "RemainingDuration": None if task.remaining_duration is None else written_duration(task.remaining_duration),
        "ConstraintType": _CONSTRAINTS[task.constraint],
        "CalendarUID": -1 if task.calendar is None else task.calendar,
        "ConstraintDate": task.constraint_date,
        "Deadline": task.deadline,
        "LevelingDelay": _tenths(task.leveling_delay),
        "LevelingDelayFormat": _ELAPSED_DAYS,
        "IgnoreResourceCalendar": task.ignores_people,
        "Notes": task.notes or None,
    }


def _link(node: etree._Element, link: FileLink) -> None:
    lag = _tenths(link.lag) if link.unit in {LagUnit.WORKING, LagUnit.ELAPSED} else link.lag
    _put(
        _child(node, "PredecessorLink"),
        {
            "PredecessorUID": link.predecessor,
            "Type": _LINKS[link.kind],
            "CrossProject": False,
            "LinkLag": lag,
            "LagFormat": link.shown_as,
        },
    )


def _baselines(node: etree._Element, baselines: Iterable[FileBaseline]) -> None:
    for baseline in baselines:
        _put(
            _child(node, "Baseline"),
            {
                "Number": baseline.number,
                "Start": baseline.start,
                "Finish": baseline.finish,
                "Duration": None if baseline.duration is None else written_duration(baseline.duration),
                "Work": None if baseline.work is None else written_duration(baseline.work),
                "Cost": None if baseline.cost is None else baseline.cost * 100,
            },
        )


def _resources(root: etree._Element, resources: Iterable[FileResource]) -> None:
    holder = _child(root, "Resources")
    for resource in resources:
        node = _child(holder, "Resource")
        _put(
            node,
            {
                "UID": resource.uid,
                "ID": resource.number,
                "Name": resource.name or None,
                "Type": _RESOURCE_TYPES[resource.type],
                "IsNull": False,
                "Initials": resource.initials or None,
                "Group": resource.group or None,
                "EmailAddress": resource.email or None,
                "MaxUnits": resource.max_units,
                "StandardRate": resource.standard_rate,
                "CalendarUID": -1 if resource.calendar is None else resource.calendar,
                "Notes": resource.notes or None,
                "IsGeneric": resource.is_generic,
            },
        )
        _baselines(node, resource.baselines)


def _assignments(root: etree._Element, assignments: Iterable[FileAssignment]) -> None:
    holder = _child(root, "Assignments")
    for assignment in assignments:
        node = _child(holder, "Assignment")
        left = assignment.remaining_work
        _put(
            node,
            {
                "UID": assignment.uid,
                "TaskUID": assignment.task,
                "ResourceUID": assignment.resource,
                "ActualWork": written_duration(assignment.actual_work),
                "Delay": _tenths(assignment.delay),
                "Finish": assignment.finish,
                "RemainingWork": None if left is None else written_duration(left),
                "Start": assignment.start,
                "Units": assignment.units,
                "Work": written_duration(assignment.work),
                "WorkContour": assignment.contour,
            },
        )
        _baselines(node, assignment.baselines)


def _put(node: etree._Element, values: Mapping[str, Value]) -> None:
    for name, value in values.items():
        if value is not None:
            _child(node, name).text = _written(value)


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return _clean(str(value))


def _clean(text: str) -> str:
    """Without the control characters that XML 1.0 cannot carry."""
    return "".join(letter for letter in text if letter in "\t\n\r" or letter >= " ")


def _child(node: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(node, f"{{{NAMESPACE}}}{name}")


def _tenths(minutes: int | None) -> int | None:
    return None if minutes is None else minutes * 10
