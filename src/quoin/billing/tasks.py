"""Jobs of billing: what falls due by its date is charged every night; packs that end are pointed out."""

from __future__ import annotations

from quoin.base.actor import Actor
from quoin.base.jobs import every
from quoin.billing.actions.packs import tell_of_packs
from quoin.billing.actions.pricing import charge_what_is_due, settle_months


@every("40 1 * * *", "billing.charge_due")
def charge_due_nightly(actor: Actor) -> None:
    """Charge payments of schedules and fees of retainers that are due, and settle the months that are over.

    A second run of the same night finds nothing more to do; the trail says how many were charged.
    """
    charge_what_is_due(actor)
    settle_months(actor)


@every("10 5 * * *", "billing.tell_of_packs")
def tell_of_packs_nightly(actor: Actor) -> None:
    """Mail about packs that expire soon or run low. A second run of the same night says nothing again."""
    tell_of_packs(actor)
