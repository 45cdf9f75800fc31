"""Commands about projects, gathered for `quoin`."""

import click

from quoin.projects.cli.budgets import COMMANDS as BUDGETS
from quoin.projects.cli.deliverables import COMMANDS as DELIVERABLES
from quoin.projects.cli.documents import COMMANDS as DOCUMENTS
from quoin.projects.cli.exchange import COMMANDS as EXCHANGE
from quoin.projects.cli.gates import COMMANDS as GATES
from quoin.projects.cli.plan import COMMANDS as PLANS
from quoin.projects.cli.projects import COMMANDS as PROJECTS
from quoin.projects.cli.templates import COMMANDS as TEMPLATES

COMMANDS: list[click.Command] = [*PROJECTS, *PLANS, *EXCHANGE, *TEMPLATES, *DOCUMENTS, *GATES, *BUDGETS, *DELIVERABLES]
