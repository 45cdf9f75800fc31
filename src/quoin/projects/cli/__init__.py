"""Commands about projects, gathered for `quoin`."""

import click

from quoin.projects.cli.exchange import COMMANDS as EXCHANGE
from quoin.projects.cli.plan import COMMANDS as PLANS
from quoin.projects.cli.projects import COMMANDS as PROJECTS

COMMANDS: list[click.Command] = [*PROJECTS, *PLANS, *EXCHANGE]
