"""`quoin budget`: versions of a project's budget on the command line."""

from __future__ import annotations

from datetime import date
from typing import Any, TextIO

import click

from quoin.base.console import DAY, Session, numbered
from quoin.kernel.errors import NotFound
from quoin.projects.actions import budgets as do
from quoin.projects.queries import budgets as read
from quoin.projects.queries import project_by_number
from quoin.projects.rules.budgets import compare, totals
from quoin.projects.types import BudgetStatus

_VERSION = "PROJECT/NUMBER"
_INPUT = click.File(encoding="utf-8-sig")


@click.group()
def budget() -> None:
    """Versions of projects' budgets."""


@budget.command("list")
@click.argument("project")
@click.pass_obj
def budget_list(session: Session, project: str) -> None:
    """List the versions of a project: quoin budget list 1042"""
    found = project_by_number(session.actor, project)
    session.emit([_row(row) for row in read.versions_of(session.actor, found)])


@budget.command("show")
@click.argument("wanted", metavar=_VERSION)
@click.pass_obj
def budget_show(session: Session, wanted: str) -> None:
    """The lines of a version: quoin budget show 1042/2"""
    found = _version(session, wanted)
    sees = read.sees_cost(session.actor, found.project)
    session.emit(
        [
            {
                "kind": row.kind, "text": row.text, "task": row.task_name,
                "role": row.job_role.name if row.job_role else "",
                "month": f"{row.month_on:%Y-%m}" if row.month_on else "",
                "hours": row.minutes / 60, "price": row.amount, **({"cost": row.cost} if sees else {}),
            }
            for row in read.lines_of(found)
        ]
    )  # fmt: skip


@budget.command("draft")
@click.argument("project")
@click.option("--from", "source", type=click.Choice(do.SOURCES), default="current", help="What it begins with.")
@click.pass_obj
def budget_draft(session: Session, project: str, source: str) -> None:
    """Begin a draft: quoin budget draft 1042 --from plan"""
    found = project_by_number(session.actor, project)
    session.emit(_row(do.draft_budget(session.actor, project_id=found.id, source=source)))


@budget.command("add")
@click.argument("wanted", metavar=_VERSION)
@click.argument("lines", nargs=-1, required=True)
@click.pass_obj
def budget_add(session: Session, wanted: str, lines: tuple[str, ...]) -> None:
    """Add lines to a draft: quoin budget add 1042/2 "work;Data migration;12;Consultant;2026-06;120;14400;7800"

    Kind, what, task, role, month, hours, price, cost; empty cells may stay empty.
    """
    found = _version(session, wanted)
    given = read.typed_lines_of(found.project, "\n".join(lines))
    do.add_budget_lines(session.actor, budget_id=found.id, lines=given)
    session.emit(_row(_version(session, wanted)))


@budget.command("write")
@click.argument("wanted", metavar=_VERSION)
@click.argument("file", type=_INPUT)
@click.pass_obj
def budget_write(session: Session, wanted: str, file: TextIO) -> None:
    """Write all lines of a draft from a file with the columns of `add`: quoin budget write 1042/2 lines.csv"""
    found = _version(session, wanted)
    do.write_budget(session.actor, budget_id=found.id, lines=read.typed_lines_of(found.project, file.read()))
    session.emit(_row(_version(session, wanted)))


@budget.command("keep")
@click.argument("wanted", metavar=_VERSION)
@click.option("--reason", default="", help="Why the budget is so; a version after the first needs one.")
@click.option("--on", "valid_on", type=DAY, help="From which day it counts; default: today.")
@click.pass_obj
def budget_keep(session: Session, wanted: str, reason: str, valid_on: date | None) -> None:
    """Keep a draft as the project's budget: quoin budget keep 1042/2 --reason Growth."""
    found = _version(session, wanted)
    session.emit(_row(do.keep_budget(session.actor, budget_id=found.id, reason=reason, valid_on=valid_on)))


@budget.command("reopen")
@click.argument("wanted", metavar=_VERSION)
@click.pass_obj
def budget_reopen(session: Session, wanted: str) -> None:
    """Make the last version a draft again."""
    session.emit(_row(do.reopen_budget(session.actor, budget_id=_version(session, wanted).id)))


@budget.command("discard")
@click.argument("wanted", metavar=_VERSION)
@click.pass_obj
def budget_discard(session: Session, wanted: str) -> None:
    """Discard a draft."""
    found = _version(session, wanted)
    do.discard_budget(session.actor, budget_id=found.id)
    session.emit({"discarded": wanted})


@budget.command("compare")
@click.argument("project")
@click.argument("first", type=int)
@click.argument("second", type=int)
@click.pass_obj
def budget_compare(session: Session, project: str, first: int, second: int) -> None:
    """What changed from one version to another: quoin budget compare 1042 1 3"""
    before, after = _version(session, f"{project}/{first}"), _version(session, f"{project}/{second}")
    was, becomes = read.lines_of(before), read.lines_of(after)
    named = {row.key: row for row in (*was, *becomes)}
    sees = read.sees_cost(session.actor, after.project)
    rows: list[dict[str, Any]] = []
    for one in compare(read.entries(was), read.entries(becomes)):
        entry = one.after or one.before
        assert entry is not None
        row = named[entry.key]
        rows.append({"how": one.how, "line": read.line_name(row), **_sums(one.difference, sees)})
    first_sum, second_sum = totals(read.entries(was)), totals(read.entries(becomes))
    rows.append({"how": "from", "line": f"Budget {first}", **_sums(first_sum, sees)})
    rows.append({"how": "to", "line": f"Budget {second}", **_sums(second_sum, sees)})
    session.emit(rows)


def _sums(found: Any, sees: bool) -> dict[str, Any]:
    told = {"minutes": found.minutes, "price": found.amount}
    return told | ({"cost": found.cost} if sees else {})


def _version(session: Session, wanted: str) -> Any:
    project, number = numbered(wanted)
    rows = read.versions_of(session.actor, project_by_number(session.actor, project))
    found = rows.filter(number=number).first()
    if found is None:
        raise NotFound(f"Project {project} has no version {number} of its budget.")
    return found


def _row(row: Any) -> dict[str, Any]:
    found = totals(read.entries(read.lines_of(row)))
    return {
        "number": f"{row.project.number}/{row.number}", "status": str(BudgetStatus(row.status)),
        "valid_on": row.valid_on, "reason": row.reason, "minutes": found.minutes, "price": found.amount,
        "currency": row.currency, "id": row.public_id,
    }  # fmt: skip


COMMANDS: list[click.Command] = [budget]
