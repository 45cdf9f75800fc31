"""What billing refuses."""

from __future__ import annotations

from quoin.kernel.errors import Conflict, Invalid


class BillingInvalid(Invalid):
    """An amount, a share or a number of minutes breaks a rule of billing."""

    code = "billing_invalid"


class CreditTooHigh(Conflict):
    """A credit would take back more than is left of the invoice line."""

    code = "credit_too_high"


class WorkUnpriced(Conflict):
    """Approved work has no rate. `problems` names the entries; a rate for them is the remedy."""

    code = "work_unpriced"


class ChargeBilled(Conflict):
    """The charge is on an invoice or a draft, or was written down: that is taken back first."""

    code = "charge_billed"


class WriteDownTooHigh(Conflict):
    """More is given up than the actor may decide alone."""

    code = "write_down_too_high"
