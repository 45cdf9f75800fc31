"""Field work on the command line."""

import click

from quoin.field.cli.goods import acceptance, delivery, installed
from quoin.field.cli.masters import checklist, equipment, site
from quoin.field.cli.visits import visit

COMMANDS: list[click.Command] = [delivery, acceptance, installed, visit, site, equipment, checklist]
