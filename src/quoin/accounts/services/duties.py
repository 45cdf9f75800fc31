"""Keeping duties apart when roles are given: refused, unless a reason and an end date make it an exception."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.accounts.queries.members import grants_of_roles, merged
from quoin.accounts.rules.duties import clashes
from quoin.accounts.rules.options import Option, OptionKind, declare
from quoin.accounts.services.options import option_value
from quoin.accounts.types import DutiesClash
from quoin.base.actor import Actor
from quoin.kernel.words import say

STRICT_DUTIES = declare(
    Option(
        key="accounts.strict_duties",
        section=_("Access"),
        label=_("Separate all duties"),
        meaning=_(
            "Also keep apart making and crediting invoices, posting cash, rates and client terms, as SOX 404 asks."
        ),
        acts_in=_("Giving roles to users"),
        kind=OptionKind.FLAG,
        default=False,
    )
)
_LONGEST_EXCEPTION = timedelta(days=366)


def require_separate_duties(actor: Actor, role_ids: Sequence[UUID], *, reason: str) -> date | None:
    """Raise DutiesClash if the roles clash and no reason is given; with one, the last day of the exception."""
    grants = merged(list(grants_of_roles(role_ids).values()))
    found = clashes(grants, is_strict=bool(option_value(STRICT_DUTIES.key)))
    if not found:
        return None
    if not reason.strip():
        sentences = " ".join(clash.sentence() for clash in found)
        raise DutiesClash(
            say("%(sentences)s Choose other roles, or give a reason for an exception of a year.", sentences=sentences)
        )
    return actor.today + _LONGEST_EXCEPTION
