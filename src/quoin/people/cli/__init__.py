"""Commands about people, gathered for `quoin`."""

import click

from quoin.people.cli.absences import COMMANDS as ABSENCES
from quoin.people.cli.people import COMMANDS as PEOPLE

COMMANDS: list[click.Command] = [*PEOPLE, *ABSENCES]
