"""Jobs of billing: what falls due by its date is charged every night, so that the next run finds it."""

from __future__ import annotations

from quoin.base.actor import Actor
from quoin.base.jobs import every
from quoin.billing.actions.pricing import charge_what_is_due, settle_months


@every("40 1 * * *", "billing.charge_due")
def charge_due_nightly(actor: Actor) -> None:
    """Charge payments of schedules and fees of retainers that are due, and settle the months that are over.

    A second run of the same night finds nothing more to do; the trail says how many were charged.
    """
    charge_what_is_due(actor)
    settle_months(actor)
