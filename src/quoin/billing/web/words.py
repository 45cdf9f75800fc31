"""Words of billing for people."""

from django.utils.translation import gettext_lazy as _

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
BANDS = {
    "not_due": _("Not due"),
    "0-30": _("0–30 days"),
    "31-60": _("31–60 days"),
    "61-90": _("61–90 days"),
    "90+": _("Over 90 days"),
}
