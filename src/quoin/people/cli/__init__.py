"""Commands about people, gathered for `quoin`."""

import click

from quoin.people.cli.absences import COMMANDS as ABSENCES
from quoin.people.cli.calendars import COMMANDS as CALENDARS
from quoin.people.cli.catalogue import COMMANDS as CATALOGUE
from quoin.people.cli.organisation import COMMANDS as ORGANISATION
from quoin.people.cli.people import COMMANDS as PEOPLE

COMMANDS: list[click.Command] = [*PEOPLE, *ORGANISATION, *ABSENCES, *CATALOGUE, *CALENDARS]
