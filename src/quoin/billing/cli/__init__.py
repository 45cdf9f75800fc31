"""Commands of billing, gathered for `quoin`."""

import click

from quoin.billing.cli.charges import COMMANDS as CHARGES
from quoin.billing.cli.documents import COMMANDS as DOCUMENTS
from quoin.billing.cli.drafts import COMMANDS as DRAFTS
from quoin.billing.cli.packs import COMMANDS as PACKS

COMMANDS: list[click.Command] = [*CHARGES, *DOCUMENTS, *DRAFTS, *PACKS]
