"""`quoin figures budget`: a project's budget beside actual, committed and remaining."""

from __future__ import annotations

import click

from quoin.base.console import Session
from quoin.insights.cli.figures import figures
from quoin.insights.queries import budget as read
from quoin.projects.queries import project_by_number


@figures.command("budget")
@click.argument("project")
@click.option("--by", type=click.Choice(read.GROUPS), default="phase", help="What the rows are.")
@click.option("--measure", type=click.Choice(read.MEASURES), default="minutes", help="Hours, price or cost.")
@click.option("--column", type=click.Choice(read.COLUMNS), help="Show the lines of this column instead.")
@click.option("--key", default=read.ALL, help="With --column: the key of a row; default: the total.")
@click.pass_obj
def project_budget(session: Session, /, *, project: str, by: str, measure: str, column: str | None, key: str) -> None:
    """Budget, actual, committed, remaining: quoin figures budget 1042 --by role --measure amount"""
    found = project_by_number(session.actor, project)
    if column:
        lines = read.cell_lines(session.actor, found, by=by, measure=measure, column=column, key=key)
        session.emit(
            [
                {"part": part, "line": fact.label, "on": fact.on, "who": fact.who, "value": sign * fact.value}
                for part, sign, fact in lines.lines
            ]
        )
        return
    table = read.grid(session.actor, found, by=by, measure=measure)
    rows = [{"row": row.label, "key": row.key, **row.cells} for row in table.rows]
    session.emit([*rows, {"row": "total", "key": read.ALL, **table.total.cells}])
