"""Commands of billing, gathered for `quoin`."""

import click

from quoin.billing.cli.charges import COMMANDS as CHARGES

COMMANDS: list[click.Command] = [*CHARGES]
