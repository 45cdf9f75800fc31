"""Reads Microsoft Project XML (MSPDI), as Project 2002 and later and other tools write it.

Element names and codes: "Project XML Data Interchange Schema Reference" of Microsoft.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from quoin.kernel.quantity import MINUTES_PER_DAY
from quoin.projects.adapters.exchange.mspdi_calendars import read_calendars
from quoin.projects.adapters.exchange.xml import NAMESPACE, Node, UnreadablePlan, parse_xml
from quoin.projects.rules.planfile import (
    Constraint,
    FileAssignment,
    FileBaseline,
    FileLink,
    FileResource,
    FileTask,
    LagUnit,
    LinkKind,
    Loss,
    PlanFile,
    ResourceType,
    TaskType,
    check_plan,
)

LINK_KINDS: Final = {
    0: LinkKind.FINISH_FINISH,
    1: LinkKind.FINISH_START,
    2: LinkKind.START_FINISH,
    3: LinkKind.START_START,
}
CONSTRAINTS: Final = {
    0: Constraint.ASAP,
    1: Constraint.ALAP,
    2: Constraint.MUST_START,
    3: Constraint.MUST_FINISH,
    4: Constraint.START_NOT_BEFORE,
    5: Constraint.START_NOT_AFTER,
    6: Constraint.FINISH_NOT_BEFORE,
    7: Constraint.FINISH_NOT_AFTER,
}
TASK_TYPES: Final = {0: TaskType.FIXED_UNITS, 1: TaskType.FIXED_DURATION, 2: TaskType.FIXED_WORK}
RESOURCE_TYPES: Final = {0: ResourceType.MATERIAL, 1: ResourceType.WORK, 2: ResourceType.COST}
ELAPSED: Final = frozenset({4, 6, 8, 10, 12, 20, 36, 38, 40, 42, 44, 52})
"""Duration and lag formats that count the clock, not the calendar."""
PERCENT: Final = frozenset({19, 51})
ELAPSED_PERCENT: Final = frozenset({20, 52})
ESTIMATED: Final = frozenset({35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 51, 52, 53})
NOBODY: Final = -65535
"""The assignment of a task that nobody is on."""
_TENTHS: Final = 10
_EIGHT_HOURS: Final = 480
_FIRST_ROW: Final = 2_000_000_000
"""In place of number 0 on a row: 0 is the project itself, yet other programs count their rows from it."""
_DEEPEST: Final = 200
_LOST: Final = {
    ("Tasks", "Task", "ExtendedAttribute"): "Values of custom fields of tasks",
    ("Resources", "Resource", "ExtendedAttribute"): "Values of custom fields of resources",
    ("Tasks", "Task", "OutlineCode"): "Outline codes of tasks",
    ("Tasks", "Task", "TimephasedData"): "Time-phased values of tasks; Quoin spreads work by the calendar",
    ("Assignments", "Assignment", "TimephasedData"): "Time-phased values of assignments",
    ("Resources", "Resource", "AvailabilityPeriods", "AvailabilityPeriod"): "Periods of availability of resources",
    ("Resources", "Resource", "Rates", "Rate"): "Further rates of resources; Quoin has its own rates",
    ("Views", "View"): "Views",
    ("Filters", "Filter"): "Filters",
    ("Groups", "Group"): "Groupings",
    ("Tables", "Table"): "Tables of the screen",
    ("VBAProjects", "VBAProject"): "Macros",
}


def is_mspdi(content: bytes) -> bool:
    return NAMESPACE.encode() in content[:4000]


def read_mspdi(content: bytes) -> PlanFile:
    """The plan of the file; Invalid names what cannot be read."""
    root = parse_xml(content)
    if root.tag != f"{{{NAMESPACE}}}Project":
        raise UnreadablePlan("The file is XML, but not of Microsoft Project. Choose Save as, type XML.")
    project = Node(root)
    return check_plan(
        _from_one(
            PlanFile(
                name=project.text("Title") or project.text("Name"),
                start=project.instant("StartDate"),
                finish=project.instant("FinishDate"),
                from_start=project.flag("ScheduleFromStart", default=True),
                status_date=project.instant("StatusDate"),
                currency=project.text("CurrencyCode"),
                author=project.text("Author"),
                calendar=project.whole("CalendarUID"),
                minutes_per_day=_day_of(project),
                minutes_per_week=project.number("MinutesPerWeek", 2400),
                days_per_month=project.number("DaysPerMonth", 20),
                critical_slack=project.number("CriticalSlackLimit") * _day_of(project),
                calendars=tuple(read_calendars(project)),
                tasks=tuple(_task(node) for node in project.all("Tasks", "Task")),
                resources=tuple(_resource(node) for node in project.all("Resources", "Resource") if _is_real(node)),
                assignments=tuple(_assignments(project)),
                lost=tuple(_losses(project)),
            )
        )
    )


def _from_one(plan: PlanFile) -> PlanFile:
    """The plan with a row 0 under another number, also where links and assignments name it."""
    if not any(task.uid == 0 and task.level for task in plan.tasks):
        return plan

    def renumbered(task: FileTask) -> FileTask:
        links = tuple(replace(link, predecessor=link.predecessor or _FIRST_ROW) for link in task.links)
        return replace(task, uid=task.uid or (_FIRST_ROW if task.level else 0), links=links)

    return replace(
        plan, tasks=tuple(renumbered(task) for task in plan.tasks),
        assignments=tuple(replace(one, task=one.task or _FIRST_ROW) for one in plan.assignments),
    )  # fmt: skip


def _day_of(project: Node) -> int:
    """Minutes of a day of work; what cannot be one is eight hours."""
    found = project.number("MinutesPerDay", _EIGHT_HOURS)
    return found if 0 < found <= MINUTES_PER_DAY else _EIGHT_HOURS


def _task(node: Node) -> FileTask:
    shown_as = node.number("DurationFormat", 7)
    calendar = node.number("CalendarUID", -1)
    return FileTask(
        uid=node.number("UID"),
        number=node.number("ID"),
        name=node.text("Name"),
        level=min(max(node.number("OutlineLevel"), 0), _DEEPEST),
        wbs=node.text("WBS"),
        duration=node.minutes("Duration"),
        is_elapsed=shown_as in ELAPSED,
        is_estimated=node.flag("Estimated") if node.has("Estimated") else shown_as in ESTIMATED,
        work=node.minutes("Work"),
        start=node.instant("Start"),
        finish=node.instant("Finish"),
        early_start=node.instant("EarlyStart"),
        early_finish=node.instant("EarlyFinish"),
        late_start=node.instant("LateStart"),
        late_finish=node.instant("LateFinish"),
        total_slack=_tenths(node, "TotalSlack"),
        free_slack=_tenths(node, "FreeSlack"),
        is_critical=node.flag("Critical"),
        is_summary=node.flag("Summary"),
        is_milestone=node.flag("Milestone"),
        is_manual=node.flag("Manual"),
        is_active=node.flag("Active", default=True),
        is_blank=node.flag("IsNull"),
        is_external=node.flag("ExternalTask"),
        task_type=TASK_TYPES.get(node.number("Type"), TaskType.FIXED_UNITS),
        is_effort_driven=node.flag("EffortDriven"),
        percent=node.number("PercentComplete"),
        actual_start=node.instant("ActualStart"),
        actual_finish=node.instant("ActualFinish"),
        actual_duration=node.minutes("ActualDuration"),
        remaining_duration=node.duration("RemainingDuration"),
        constraint=CONSTRAINTS.get(node.number("ConstraintType"), Constraint.ASAP),
        constraint_date=node.instant("ConstraintDate"),
        deadline=node.instant("Deadline"),
        calendar=calendar if calendar >= 0 else None,
        ignores_people=node.flag("IgnoreResourceCalendar"),
        priority=node.number("Priority", 500),
        notes=node.text("Notes"),
        fixed_cost=(node.decimal("FixedCost") or Decimal(0)) / 100,
        leveling_delay=_tenths(node, "LevelingDelay") or 0,
        links=tuple(_link(one) for one in node.all("PredecessorLink")),
        baselines=tuple(_baseline(one) for one in node.all("Baseline")),
        guid=node.guid("GUID"),
    )


def _link(node: Node) -> FileLink:
    shown_as = node.number("LagFormat", 7)
    raw = node.number("LinkLag")
    if shown_as in ELAPSED_PERCENT:
        unit, lag = LagUnit.ELAPSED_PERCENT, raw
    elif shown_as in PERCENT:
        unit, lag = LagUnit.PERCENT, raw
    else:
        unit, lag = LagUnit.ELAPSED if shown_as in ELAPSED else LagUnit.WORKING, _per_ten(raw)
    kind = LINK_KINDS.get(node.number("Type", 1), LinkKind.FINISH_START)
    return FileLink(node.number("PredecessorUID"), kind, lag, unit, shown_as)


def _baseline(node: Node) -> FileBaseline:
    cost = node.decimal("Cost")
    return FileBaseline(
        number=node.number("Number"),
        start=node.instant("Start"),
        finish=node.instant("Finish"),
        duration=node.duration("Duration"),
        work=node.duration("Work"),
        cost=cost / 100 if cost is not None else None,
    )


def _is_real(node: Node) -> bool:
    # Number 0 stands for nobody; a blank line has no name and holds nothing.
    return node.number("UID") > 0 and not node.flag("IsNull")


def _resource(node: Node) -> FileResource:
    calendar = node.number("CalendarUID", -1)
    return FileResource(
        uid=node.number("UID"),
        number=node.number("ID"),
        name=node.text("Name"),
        type=RESOURCE_TYPES.get(node.number("Type", 1), ResourceType.WORK),
        max_units=node.decimal("MaxUnits", Decimal(1)) or Decimal(0),
        email=node.text("EmailAddress"),
        initials=node.text("Initials"),
        group=node.text("Group"),
        calendar=calendar if calendar >= 0 else None,
        standard_rate=node.decimal("StandardRate"),
        is_generic=node.flag("IsGeneric"),
        notes=node.text("Notes"),
        baselines=tuple(_baseline(one) for one in node.all("Baseline")),
    )


def _assignments(project: Node) -> Iterator[FileAssignment]:
    for node in project.all("Assignments", "Assignment"):
        resource = node.number("ResourceUID", NOBODY)
        if resource <= 0:
            continue
        yield FileAssignment(
            uid=node.number("UID"),
            task=node.number("TaskUID"),
            resource=resource,
            units=node.decimal("Units", Decimal(1)) or Decimal(0),
            work=node.minutes("Work"),
            actual_work=node.minutes("ActualWork"),
            remaining_work=node.duration("RemainingWork"),
            start=node.instant("Start"),
            finish=node.instant("Finish"),
            delay=_tenths(node, "Delay") or 0,
            contour=node.number("WorkContour"),
            baselines=tuple(_baseline(one) for one in node.all("Baseline")),
        )


def _losses(project: Node) -> Iterator[Loss]:
    for path, words in _LOST.items():
        count = sum(1 for _ in project.all(*path))
        if count:
            yield Loss(words, count)
    contours = Counter(one.number("WorkContour") for one in project.all("Assignments", "Assignment"))
    shaped = sum(count for contour, count in contours.items() if contour)
    if shaped:
        yield Loss("Shapes of assignments", shaped, "Quoin spreads work evenly.")


def _tenths(node: Node, name: str) -> int | None:
    found = node.whole(name)
    return None if found is None else _per_ten(found)


def _per_ten(tenths: int) -> int:
    sign = -1 if tenths < 0 else 1
    return sign * ((abs(tenths) + _TENTHS // 2) // _TENTHS)
