"""Billing forgets contracts that are taken back before anything was billed on them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from quoin.billing.models import ContractUse


def forget_contracts(contract_ids: Iterable[UUID]) -> None:
    """Drop the counters of contracts that were never billed, so that the contracts can be deleted."""
    ContractUse.objects.filter(contract_id__in=list(contract_ids), billed_amount=0, ordered_amount=0).delete()
