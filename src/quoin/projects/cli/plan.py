"""`quoin plan`: plans on the command line. Tasks are named by their number in the project."""

from __future__ import annotations

from typing import Any

import click

from quoin.base.console import DAY, Session
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.quantity import parse_duration
from quoin.projects import queries
from quoin.projects.actions import plan as actions
from quoin.projects.queries.desk import outside_task
from quoin.projects.queries.gantt import baseline_by_name, gantt, task_by_number, why_critical
from quoin.projects.queries.levelling import level_by, level_preview
from quoin.projects.queries.plan import preview
from quoin.projects.rules.effect import Effect
from quoin.projects.types import LevelBy, LinkKind, ScheduleMode

_KINDS = click.Choice([kind.value for kind in LinkKind], case_sensitive=False)


@click.group()
def plan() -> None:
    """Plans of projects: dates, links, the critical path, baselines."""


@plan.command("show")
@click.argument("number")
@click.option("--baseline", default="", help="Name of the baseline to compare with.")
@click.pass_obj
def plan_show(session: Session, number: str, baseline: str) -> None:
    """Show the plan of a project."""
    project = queries.project_by_number(session.actor, number)
    kept = baseline_by_name(project.id, baseline).id if baseline else None
    found = gantt(session.actor, project.id, baseline_id=kept)
    session.emit([_row(row) for row in found.rows])


@plan.command("critical")
@click.argument("number")
@click.pass_obj
def plan_critical(session: Session, number: str) -> None:
    """List the tasks that the end of a project hangs on."""
    project = queries.project_by_number(session.actor, number)
    session.emit(
        [
            {"number": task.number, "name": task.name, "start": task.start_at, "finish": task.finish_at}
            for task in why_critical(session.actor, project.id)
        ]
    )


@plan.command("recalc")
@click.argument("number")
@click.pass_obj
def plan_recalc(session: Session, number: str) -> None:
    """Calculate a plan anew."""
    project = queries.project_by_number(session.actor, number)
    found = actions.recalculate_plan(session.actor, project_id=project.id)
    session.emit({"number": found.number, "schedule": found.schedule, "finish": found.finish_at})


@plan.command("level")
@click.argument("number")
@click.option("--by", type=click.Choice([way.value for way in LevelBy]), default="rule", show_default=True)
@click.option("--within-float", is_flag=True, help="Move nothing that would move the end or a deadline.")
@click.option("--apply", "is_real", is_flag=True, help="Do it. Without, it is only told.")
@click.pass_obj
def plan_level(session: Session, number: str, *, by: str, within_float: bool, is_real: bool) -> None:
    """Let tasks wait until those who do them have time, and say why."""
    project = queries.project_by_number(session.actor, number)
    if is_real:
        found = actions.level_plan(session.actor, project_id=project.id, by=by, within_float=within_float)
    else:
        found = level_preview(session.actor, project.id, by=level_by(by), within_float=within_float)
    session.emit({
        "by": found.by.value, "ends": found.ends_at, "changes": len(found.changes), "applied": is_real,
        "waits": [{"number": one.number, "name": one.name, "why": one.why} for one in found.waits],
        "left": [{"number": one.number, "name": one.name, "why": one.why} for one in found.left],
    })  # fmt: skip


@plan.command("settle")
@click.argument("number")
@click.argument("schedule", type=click.Choice([mode.value for mode in ScheduleMode]))
@click.option("--starts-on", type=DAY)
@click.option("--ends-on", type=DAY)
@click.option("--status-on", type=DAY, help="Work not done by then moves behind it.")
@click.pass_obj
def plan_settle(session: Session, /, number: str, schedule: str, **days: Any) -> None:
    """Say how a plan is dated: by_hand, from_start or from_end."""
    project = queries.project_by_number(session.actor, number)
    given = {name: day for name, day in days.items() if day is not None}
    found = actions.settle_plan(session.actor, project_id=project.id, schedule=schedule, **given)
    session.emit({"number": found.number, "schedule": found.schedule, "finish": found.finish_at})


@plan.command("link")
@click.argument("number")
@click.argument("before")
@click.argument("after")
@click.option("--kind", type=_KINDS, default="fs", show_default=True)
@click.option("--lag", default="", help="Working time, as 8h; -8h for a lead.")
@click.option("--try", "is_trial", is_flag=True, help="Only tell what it would do.")
@click.pass_obj
def plan_link(session: Session, number: str, before: str, after: str, *, kind: str, lag: str, is_trial: bool) -> None:
    """Let one task wait for another: quoin plan link 1042 3 5 --lag 8h

    A task of another project is named PROJECT:NUMBER: quoin plan link 1042 1037:4 5
    """
    project = queries.project_by_number(session.actor, number)
    change = {
        "op": "link.add", "before": _end(session, project, before), "after": _end(session, project, after),
        "kind": kind.lower(), "lag": parse_duration(lag).minutes if lag else 0,
    }  # fmt: skip
    _change(session, project, change, is_trial=is_trial)


@plan.command("unlink")
@click.argument("number")
@click.argument("before", type=int)
@click.argument("after", type=int)
@click.pass_obj
def plan_unlink(session: Session, number: str, before: int, after: int) -> None:
    """Take the links between two tasks away."""
    project = queries.project_by_number(session.actor, number)
    ends = (task_by_number(project.id, before), task_by_number(project.id, after))
    links = [link.id for link in gantt(session.actor, project.id).links if (link.before_id, link.after_id) == ends]
    if not links:
        raise NotFound(f"Task {after} does not wait for task {before}.")
    changes = [{"op": "link.remove", "link": link} for link in links]
    found = actions.change_plan(session.actor, project_id=project.id, changes=changes)
    session.emit(_told(found.effect))


@plan.command("set")
@click.argument("number")
@click.argument("task", type=int)
@click.argument("values", nargs=-1, required=True)
@click.option("--try", "is_trial", is_flag=True, help="Only tell what it would do.")
@click.pass_obj
def plan_set(session: Session, number: str, task: int, *, values: tuple[str, ...], is_trial: bool) -> None:
    """Change a task: quoin plan set 1042 3 duration=5d percent=40 constraint=snet constraint_at=2026-05-04T08:00"""
    project = queries.project_by_number(session.actor, number)
    change: dict[str, Any] = {"op": "task.set", "task": task_by_number(project.id, task)}
    for pair in values:
        name, has_value, value = pair.partition("=")
        if not has_value:
            raise invalid(f"/{name}", f"Write {name}=VALUE.")
        change |= _assigned(name, value)
    _change(session, project, change, is_trial=is_trial)


@plan.group("baseline")
def plan_baseline() -> None:
    """Baselines of a plan."""


@plan_baseline.command("create")
@click.argument("number")
@click.option("--name", required=True)
@click.option("--note", default="")
@click.pass_obj
def baseline_create(session: Session, number: str, name: str, note: str) -> None:
    """Keep a plan as it stands."""
    project = queries.project_by_number(session.actor, number)
    made = actions.take_baseline(session.actor, project_id=project.id, name=name, note=note)
    session.emit({"id": made.public_id, "name": made.name, "taken_at": made.taken_at})


@plan_baseline.command("list")
@click.argument("number")
@click.pass_obj
def baseline_list(session: Session, number: str) -> None:
    """List the baselines of a plan."""
    project = queries.project_by_number(session.actor, number)
    rows = gantt(session.actor, project.id).baselines
    session.emit([{"id": row.public_id, "name": row.name, "taken_at": row.taken_at} for row in rows])


@plan_baseline.command("remove")
@click.argument("number")
@click.argument("name")
@click.pass_obj
def baseline_remove(session: Session, number: str, name: str) -> None:
    """Remove a baseline."""
    project = queries.project_by_number(session.actor, number)
    actions.remove_baseline(session.actor, baseline_id=baseline_by_name(project.id, name).id)
    session.emit({"removed": name})


def _change(session: Session, project: Any, change: dict[str, Any], *, is_trial: bool) -> None:
    if is_trial:
        found = preview(session.actor, project_id=project.id, changes=[change])
    else:
        found = actions.change_plan(session.actor, project_id=project.id, changes=[change])
    session.emit(_told(found.effect))


def _end(session: Session, project: Any, name: str) -> Any:
    """A task by its number in the project, or as PROJECT:NUMBER."""
    if name.isdecimal():
        return task_by_number(project.id, int(name))
    return outside_task(session.actor, name).id


def _assigned(name: str, value: str) -> dict[str, Any]:
    if name == "duration":
        days = value.removesuffix("d")
        is_days = value.endswith("d") and days.isdigit()
        return {"duration_minutes": int(days) * 480 if is_days else parse_duration(value).minutes}
    if name == "percent":
        return {name: int(value) if value.isdigit() else -1}
    if name == "is_manual":
        return {name: value.lower() in {"yes", "true", "1"}}
    return {name: value or None}


def _row(row: Any) -> dict[str, Any]:
    task = row.task
    return {
        "wbs": row.wbs, "number": task.number, "name": task.name, "start": task.start_at, "finish": task.finish_at,
        "float_minutes": task.total_float_minutes, "critical": task.is_critical, "percent": row.percent,
        "drift_days": row.drift_days,
    }  # fmt: skip


def _told(effect: Effect) -> dict[str, Any]:
    return {
        "moved": len(effect.moved), "critical_path_changed": effect.is_critical_path_changed,
        "ends": {end.name: end.after.isoformat() for end in effect.ends},
        "cost": [f"{one.amount} {one.currency}" for one in effect.cost],
        "revenue": [f"{one.amount} {one.currency}" for one in effect.revenue],
    }  # fmt: skip


COMMANDS: list[click.Command] = [plan]
