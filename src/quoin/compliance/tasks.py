"""The nightly seal."""

from __future__ import annotations

from quoin.base.actor import Actor
from quoin.base.jobs import every
from quoin.compliance.actions import seal_trail


@every("15 2 * * *", "compliance.seal")
def seal_nightly(actor: Actor) -> None:
    """One link per night and tenant."""
    seal_trail(actor)
