"""Settings of the firm about prepaid packs: when somebody is told that one ends."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from quoin.accounts.rules.options import Option, OptionKind, declare
from quoin.accounts.services.options import option_value

PACK_DAYS = declare(
    Option(
        key="billing.pack_notice_days",
        section=_("Billing"),
        label=_("Days before a prepaid pack expires"),
        meaning=_("So many days before, the pack is marked and those who sell packs get a mail; 0 is never."),
        acts_in=_("Prepaid packs"),
        kind=OptionKind.NUMBER,
        default=30,
        least=0,
        most=365,
    )
)
PACK_PERCENT = declare(
    Option(
        key="billing.pack_low_percent",
        section=_("Billing"),
        label=_("Share of a prepaid pack that is little, in percent"),
        meaning=_("With so much or less left, the pack is marked and those who sell packs get a mail; 0 is never."),
        acts_in=_("Prepaid packs"),
        kind=OptionKind.NUMBER,
        default=20,
        least=0,
        most=99,
    )
)


def notice_days() -> int:
    """How many days before its end a pack is pointed out."""
    return int(option_value(PACK_DAYS.key))


def low_share() -> Decimal:
    """The part of a pack that is little."""
    return Decimal(int(option_value(PACK_PERCENT.key))) / 100
