"""The nightly seal, and exports in the background."""

from __future__ import annotations

from quoin.base.actor import Actor
from quoin.base.jobs import every, job
from quoin.compliance.actions import seal_trail
from quoin.compliance.actions.exports import WRITE, write_export


@every("15 2 * * *", "compliance.seal")
def seal_nightly(actor: Actor) -> None:
    """One link per night and tenant."""
    seal_trail(actor)


@job(WRITE)
def write_in_background(actor: Actor, *, export_id: str, **_: object) -> None:
    """The zip that somebody asked for; a second run finds it done."""
    write_export(actor, export_id=export_id)
