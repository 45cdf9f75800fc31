"""Commands about governance, gathered for `quoin`."""

import click

from quoin.governance.cli.changes import COMMANDS as CHANGES
from quoin.governance.cli.lessons import COMMANDS as LESSONS
from quoin.governance.cli.raid import COMMANDS as RAID
from quoin.governance.cli.reports import COMMANDS as REPORTS

COMMANDS: list[click.Command] = [*RAID, *CHANGES, *REPORTS, *LESSONS]
