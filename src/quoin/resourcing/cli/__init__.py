"""Commands of resourcing, gathered for `quoin`."""

import click

from quoin.resourcing.cli.bookings import COMMANDS as BOOKINGS
from quoin.resourcing.cli.feeds import COMMANDS as FEEDS
from quoin.resourcing.cli.requests import COMMANDS as REQUESTS
from quoin.resourcing.cli.staffing import COMMANDS as STAFFING

COMMANDS: list[click.Command] = [*BOOKINGS, *FEEDS, *REQUESTS, *STAFFING]
