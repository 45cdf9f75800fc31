"""Words of billing for people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from quoin.kernel.errors import Conflict

REASONS = {
    "on_hold": _("on hold"),
    "not_approved": _("waiting for approval"),
    "after_scope": _("after the last day"),
    "not_in_scope": _("other contracts"),
    "no_contract": _("without a contract"),
    "client_blocked": _("client is blocked"),
    "currency_mismatch": _("in another currency than the contract"),
    "cap_reached": _("over the cap"),
    "order_used_up": _("purchase order used up"),
    "order_expired": _("purchase order expired"),
}
GROUPINGS = {
    "": _("as the contract says"),
    "task": _("by task"),
    "person": _("by person"),
    "role": _("by role"),
    "week": _("by week"),
    "one": _("in one line"),
}
BANDS = {
    "not_due": _("Not due"),
    "0-30": _("0–30 days"),
    "31-60": _("31–60 days"),
    "61-90": _("61–90 days"),
    "90+": _("Over 90 days"),
}


def require_issued(invoice: Any) -> None:
    """Refuse to credit, correct or pay what nobody has been billed yet."""
    if invoice.status != "issued":
        raise Conflict(str(_("This is a draft. Issue it first.")))
