"""Plans as CSV: one row per task, links as people write them (`3FS+2d; 5SS`)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from typing import Final

from quoin.kernel.errors import Invalid, Problem
from quoin.kernel.words import say
from quoin.projects.adapters.exchange.xml import UnreadablePlan
from quoin.projects.rules.planfile import (
    FileAssignment,
    FileLink,
    FileResource,
    FileTask,
    LagUnit,
    LinkKind,
    PlanFile,
    check_plan,
)

COLUMNS: Final = (
    "number", "level", "wbs", "name", "duration", "work_hours", "start", "finish", "percent", "milestone",
    "predecessors", "people", "notes",
)  # fmt: skip
_LINK: Final = re.compile(
    r"(\d+)\s*(FS|SS|FF|SF)?\s*(?:([+-])\s*(\d+(?:[.,]\d+)?)\s*(e?)(min|mo|m|h|d|w|%)?)?", re.IGNORECASE
)
_DURATION: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*(e?)(min|mo|m|h|d|w)?\??", re.IGNORECASE)
_PERSON: Final = re.compile(r"([^\[\]]+?)\s*(?:\[(\d+(?:[.,]\d+)?)\s*%\])?")
_FORMULA: Final = frozenset("=+-@\t")
_MOST_ROWS: Final = 20_000
_OPENING: Final = time(8)
_CLOSING: Final = time(17)


def read_table(content: bytes, *, minutes_per_day: int = 480) -> PlanFile:
    """The plan of a CSV file with Quoin's columns; Invalid lists the lines that cannot be read."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadablePlan("The file is not UTF-8. Save it as CSV UTF-8.") from error
    rows = csv.DictReader(io.StringIO(text), delimiter=_delimiter(text))
    names = [name.strip().lower() for name in rows.fieldnames or ()]
    if "name" not in names:
        raise UnreadablePlan(
            say("The file needs a column 'name'; the columns are %(columns)s.", columns=", ".join(COLUMNS))
        )
    problems: list[Problem] = []
    tasks: list[FileTask] = []
    people: dict[str, int] = {}
    assignments: list[FileAssignment] = []
    for line, row in enumerate(rows, start=2):
        cells = {(key or "").strip().lower(): _meant((value or "").strip()) for key, value in row.items() if key}
        if not cells.get("name"):
            continue
        try:
            task = _task(cells, len(tasks) + 1, minutes_per_day)
            tasks.append(task)
            assignments += _assignments(cells.get("people", ""), task, people, len(assignments))
        except ValueError as error:
            problems.append(
                Problem(f"/lines/{line}", "unreadable", say("Line %(line)s: %(error)s", line=line, error=error))
            )
        if len(tasks) > _MOST_ROWS:
            raise UnreadablePlan(
                say("The file has more than %(most_rows)s tasks. Split the plan.", most_rows=_MOST_ROWS)
            )
    if problems:
        raise Invalid("Some lines cannot be read.", problems=tuple(problems))
    resources = tuple(FileResource(uid, uid, name) for name, uid in people.items())
    return check_plan(
        PlanFile(
            "", tasks=tuple(_with_summaries(tasks)), resources=resources, assignments=tuple(assignments),
            minutes_per_day=minutes_per_day,
        )
    )  # fmt: skip


def write_table(plan: PlanFile) -> str:
    """The plan as CSV with a header line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    numbers = {task.uid: task.number for task in plan.tasks}
    people = _people(plan)
    for task in plan.rows():
        writer.writerow(
            [
                task.number,
                task.level,
                task.wbs,
                _harmless(task.name),
                written_duration(task.duration, plan.minutes_per_day, is_elapsed=task.is_elapsed),
                _plain(Decimal(task.work) / 60),
                task.start.isoformat(" ", "minutes") if task.start else "",
                task.finish.isoformat(" ", "minutes") if task.finish else "",
                task.percent,
                "yes" if task.is_milestone else "",
                "; ".join(written_link(link, numbers, plan.minutes_per_day) for link in task.links),
                _harmless("; ".join(people.get(task.uid, ()))),
                _harmless(task.notes),
            ]
        )
    return out.getvalue()


def parse_links(text: str, *, minutes_per_day: int) -> tuple[FileLink, ...]:
    """Links of a cell such as `3FS+2d; 5SS`; ValueError quotes what is not one."""
    return tuple(_link(part.strip(), minutes_per_day) for part in re.split(r"[;,](?!\d)", text) if part.strip())


def parse_length(text: str, *, minutes_per_day: int) -> tuple[int, bool]:
    """Minutes of `3d`, `4h`, `2w` or `30min`, and whether they are elapsed (`2ed`); a bare number is days."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(say("%(text)s is not a duration. Write 3d, 4h, 2w or 30min.", text=repr(text)))
    day = 1440 if found[2] else minutes_per_day
    return _minutes(found[1], found[3] or "d", day), bool(found[2])


def written_link(link: FileLink, numbers: Mapping[int, int], minutes_per_day: int) -> str:
    kind = "" if link.kind is LinkKind.FINISH_START and not link.lag else link.kind.value
    return f"{numbers.get(link.predecessor, link.predecessor)}{kind}{_written_lag(link, minutes_per_day)}"


def written_duration(minutes: int, minutes_per_day: int, *, is_elapsed: bool = False) -> str:
    """`2.5d`, `4h`, `30min`."""
    day = 1440 if is_elapsed else minutes_per_day
    mark = "e" if is_elapsed else ""
    if minutes % 30 == 0 and (minutes >= day or minutes == 0) and (minutes * 100) % day == 0:
        return f"{_plain(Decimal(minutes) / day)}{mark}d"
    return f"{minutes // 60}{mark}h" if minutes % 60 == 0 else f"{minutes}{mark}min"


def _written_lag(link: FileLink, minutes_per_day: int) -> str:
    if not link.lag:
        return ""
    sign = "+" if link.lag > 0 else "-"
    if link.unit in {LagUnit.PERCENT, LagUnit.ELAPSED_PERCENT}:
        mark = "e%" if link.unit is LagUnit.ELAPSED_PERCENT else "%"
        return f"{sign}{abs(link.lag)}{mark}"
    is_elapsed = link.unit is LagUnit.ELAPSED
    return sign + written_duration(abs(link.lag), minutes_per_day, is_elapsed=is_elapsed)


def _link(text: str, minutes_per_day: int) -> FileLink:
    found = _LINK.fullmatch(text)
    if found is None:
        raise ValueError(say("%(text)s is not a link. Write 3, 3SS, 3FS+2d or 3FF-50%%.", text=repr(text)))
    kind = LinkKind((found[2] or "FS").upper())
    if not found[3]:
        return FileLink(int(found[1]), kind)
    sign = -1 if found[3] == "-" else 1
    is_elapsed = bool(found[5])
    if found[6] == "%":
        unit = LagUnit.ELAPSED_PERCENT if is_elapsed else LagUnit.PERCENT
        return FileLink(int(found[1]), kind, sign * round(_number(found[4])), unit, 20 if is_elapsed else 19)
    day = 1440 if is_elapsed else minutes_per_day
    lag = sign * _minutes(found[4], found[6] or "d", day)
    return FileLink(
        int(found[1]), kind, lag, LagUnit.ELAPSED if is_elapsed else LagUnit.WORKING, 8 if is_elapsed else 7
    )


def _minutes(number: str, unit: str, minutes_per_day: int) -> int:
    days = {"d": 1, "w": 5, "mo": 20}
    unit = unit.lower()
    size = days[unit] * minutes_per_day if unit in days else {"h": 60, "m": 1, "min": 1}[unit]
    return round(_number(number) * size)


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _task(cells: Mapping[str, str], number: int, minutes_per_day: int) -> FileTask:
    milestone = cells.get("milestone", "").lower() in {"yes", "1", "true", "x", "ja", "oui"}
    default = "0d" if milestone else "1d"
    duration, is_elapsed = parse_length(cells.get("duration") or default, minutes_per_day=minutes_per_day)
    own = int(cells["number"]) if cells.get("number", "").isdigit() else number
    return FileTask(
        uid=own,
        number=own,
        name=cells["name"],
        level=_level(cells),
        wbs=cells.get("wbs", ""),
        duration=duration,
        is_elapsed=is_elapsed,
        work=round(_number(cells["work_hours"]) * 60) if cells.get("work_hours") else 0,
        start=_instant(cells.get("start", ""), _OPENING),
        finish=_instant(cells.get("finish", ""), _CLOSING),
        percent=int(_number(cells["percent"].rstrip("%"))) if cells.get("percent") else 0,
        is_milestone=milestone,
        notes=cells.get("notes", ""),
        links=parse_links(cells.get("predecessors", ""), minutes_per_day=minutes_per_day),
    )  # fmt: skip


def _level(cells: Mapping[str, str]) -> int:
    if cells.get("level"):
        return max(int(cells["level"]), 1)
    return cells.get("wbs", "").count(".") + 1


def _instant(text: str, at: time) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            say("%(text)s is not a day. Write 2026-05-06, with 08:00 behind it if the hour matters.", text=repr(text))
        ) from error
    return datetime.combine(found.date(), at) if len(text) == len("2026-05-06") else found.replace(tzinfo=None)


def _assignments(text: str, task: FileTask, people: dict[str, int], held: int) -> Iterator[FileAssignment]:
    for offset, part in enumerate(filter(None, (one.strip() for one in text.split(";"))), start=1):
        found = _PERSON.fullmatch(part)
        if found is None:
            raise ValueError(
                say(
                    "%(part)s is not a person. Write the name, with [50%%] behind it for half the time.",
                    part=repr(part),
                )
            )
        uid = people.setdefault(found[1].strip(), len(people) + 1)
        units = _number(found[2]) / 100 if found[2] else Decimal(1)
        yield FileAssignment(held + offset, task.uid, uid, units, round(task.duration * units))


def _with_summaries(tasks: Iterable[FileTask]) -> list[FileTask]:
    rows = list(tasks)
    if not rows:
        return []
    below = [*(row.level for row in rows[1:]), 0]
    return [replace(row, is_summary=after > row.level) for row, after in zip(rows, below, strict=True)]


def _people(plan: PlanFile) -> dict[int, list[str]]:
    names = {resource.uid: resource.name for resource in plan.resources}
    found: dict[int, list[str]] = {}
    for one in plan.assignments:
        share = "" if one.units == 1 else f" [{_plain(one.units * 100)}%]"
        found.setdefault(one.task, []).append(names.get(one.resource, "") + share)
    return found


def _plain(number: Decimal) -> str:
    text = f"{number:.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _harmless(text: str) -> str:
    """A spreadsheet must not take a text for a formula."""
    return f"'{text}" if text.lstrip("'")[:1] in _FORMULA else text


def _meant(text: str) -> str:
    """A text that was made harmless, as it was."""
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in _FORMULA else text


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max((",", ";", "\t"), key=first.count)
