"""Commands about time and expenses, gathered for `quoin`. The timer and approvals hang theirs on `quoin time`."""

import click

from quoin.timesheets.cli import approvals, timer  # noqa: F401  # they add to the group
from quoin.timesheets.cli.expenses import expense
from quoin.timesheets.cli.time import time

COMMANDS: list[click.Command] = [time, expense]
