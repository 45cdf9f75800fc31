"""Dates: what Microsoft Project calculated in its own files is what Quoin calculates from them.

Only files that Microsoft Project wrote with all their dates count: those of other programs that MPXJ turns into its
format carry no calculation of Microsoft Project. Where a date differs, a rule says why, and a count says how often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import time
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest

from quoin.kernel.workcal import instant_of, standard_calendar
from quoin.projects.adapters.exchange import mpxj, read_plan
from quoin.projects.rules.exchange import Answers, Merged, merge, taken_rows
from quoin.projects.rules.exchange_calendars import around_the_clock, flat_calendars
from quoin.projects.rules.plan import Plan, PlanProject, calculate
from quoin.projects.rules.planfile import FileTask, PlanFile
from quoin.projects.rules.schedule import Row
from quoin.projects.types import ScheduleMode

_SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "formats" / "msproject_p6"
_PROJECT, _CLOCK = UUID(int=1), UUID(int=2)
_DATES = ("start", "finish", "early_start", "early_finish", "late_start", "late_finish")
_FLOATS = {"total_slack": "total_float", "free_slack": "free_float", "is_critical": "is_critical"}
_BY_MPXJ = "MPXJ Sample"


def _of_project(path: Path) -> bool:
    """Whether Microsoft Project itself wrote the file, with its calculation."""
    content = path.read_bytes()
    is_own = b"schemas.microsoft.com/project" in content[:4000] and _BY_MPXJ.encode() not in content[:4000]
    return path.suffix == ".xml" and is_own and b"<LateStart>" in content


_FILES = sorted(path for path in _SAMPLES.rglob("*") if path.is_file() and _of_project(path))
_BINARY = sorted(_SAMPLES.rglob("*.mpp"))
needs_samples = pytest.mark.skipif(not _FILES, reason="shared/data/formats/msproject_p6 is not beside the checkout")
needs_mpxj = pytest.mark.skipif(bool(mpxj.missing()), reason=f"other formats: {mpxj.missing()}")


def _merged(file: PlanFile) -> tuple[Merged, Plan]:
    """The file in an empty project, on its own calendars."""
    flat = flat_calendars(file)
    ids = {uid: UUID(int=100 + place) for place, uid in enumerate(flat)}
    calendars = {None: standard_calendar(), _CLOCK: around_the_clock().calendar()}
    calendars |= {ids[uid]: one.calendar() for uid, one in flat.items()}
    assert file.start is not None
    project = PlanProject(
        _PROJECT, file.name, ScheduleMode.FROM_START if file.from_start else ScheduleMode.FROM_END,
        file.start.date(), file.finish.date() if file.finish else None,
        ids.get(file.calendar) if file.calendar is not None else None, None, file.critical_slack,
        file.start.time() if file.start.time() != time() else None,
    )  # fmt: skip
    empty = Plan({_PROJECT: project}, {}, {}, {}, calendars)
    fresh = (UUID(int=number) for number in count(10_000))
    answers = Answers(calendars=ids, around_clock=_CLOCK)
    merged = merge(empty, _PROJECT, file, answers=answers, new_id=lambda: next(fresh))
    return merged, merged.plan


def _differences(row: FileTask, ours: Row, plan: Plan, key: UUID) -> Iterator[str]:
    """Names of what differs; instants at which the same work is left are the same."""
    task = plan.tasks[key]
    calendar = plan.calendars[task.calendar_id or plan.projects[_PROJECT].calendar_id]
    for name in _DATES:
        wanted, found = getattr(row, name), instant_of(getattr(ours, name))
        if wanted is not None and wanted != found and calendar.minutes_between(wanted, found):
            yield name
    for name, field in _FLOATS.items():
        wanted = getattr(row, name)
        if wanted is not None and wanted != getattr(ours, field):
            yield name


def _why(row: FileTask, names: list[str], file: PlanFile) -> str:
    """The rule that explains a difference; empty if there is none."""
    if names == ["is_critical"] and row.is_manual and row.is_estimated and not row.is_critical:
        return "placeholder"
    return "stale" if _is_stale(row, names, file) else ""


def _is_stale(row: FileTask, names: list[str], file: PlanFile) -> bool:
    """Late dates from before another task made the project longer: the file contradicts its own end."""
    late = {"late_start", "late_finish", "total_slack", "free_slack"}
    longer = max((other.late_finish for other in file.rows() if other.late_finish), default=None)
    return set(names) <= late and not row.links and row.late_finish is not None and row.late_finish != longer


def _compared(files: list[tuple[str, PlanFile]]) -> tuple[int, Counter[str], list[str]]:
    """How many tasks are the same, how many differ by which rule, and those that no rule explains."""
    same, explained, wrong = 0, Counter[str](), []
    for name, file in files:
        merged, plan = _merged(file)
        dates = calculate(plan)
        for row in taken_rows(file):
            key = merged.tasks[row.uid]
            names = list(_differences(row, dates[key], plan, key))
            why = _why(row, names, file) if names else ""
            same += not names
            if why:
                explained[why] += 1
            elif names:
                wrong.append(f"{name} {row.uid} {row.name}: {names}")
    return same, explained, wrong


@needs_samples
def test_dates_are_those_of_microsoft_project() -> None:
    files = [(path.name, read_plan(path.name, path.read_bytes())) for path in _FILES]
    same, explained, wrong = _compared(files)
    assert not wrong
    assert same >= 150
    assert explained["stale"] <= 4


@needs_samples
@needs_mpxj
def test_dates_of_binary_files_are_those_of_microsoft_project() -> None:
    files = [(path.name, read_plan(path.name, path.read_bytes())) for path in _BINARY]
    same, explained, wrong = _compared(files)
    assert not wrong
    assert same + sum(explained.values()) >= 26
