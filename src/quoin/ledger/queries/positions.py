"""What stands for contracts: earned and not billed, or billed and not earned (R10). For services: no permission."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Sum

from quoin.kernel.money import Money, zero
from quoin.ledger.models import JournalLine
from quoin.ledger.types import AccountRole, Position, Valued


def positions(*, entity_id: UUID, contract_ids: Iterable[UUID], role: AccountRole) -> dict[UUID, Valued]:
    """Balance of an account per contract, in the contract's currency and in base; debit positive.

    Promises that stand apart from their contract are left out.
    """
    return _balances("contract_id", entity_id, contract_ids, role, obligation_id__isnull=True)


def obligation_positions(*, entity_id: UUID, ids: Iterable[UUID], role: AccountRole) -> dict[UUID, Valued]:
    """As `positions`, of promises that stand apart."""
    return _balances("obligation_id", entity_id, ids, role)


def _balances(
    column: str, entity_id: UUID, ids: Iterable[UUID], role: AccountRole, **limits: bool
) -> dict[UUID, Valued]:
    found = (
        JournalLine.objects.filter(
            journal__entity_id=entity_id, account__role=role.value, **{f"{column}__in": set(ids)}, **limits
        )
        .values(column, "currency", "journal__entity__currency")
        .annotate(amount=Sum("amount"), base=Sum("base_amount"))
    )
    return {
        row[column]: Valued(Money(row["amount"], row["currency"]), Money(row["base"], row["journal__entity__currency"]))
        for row in found
        if row["amount"] or row["base"]
    }


def position(*, entity_id: UUID, contract_id: UUID, currency: str, base_currency: str) -> Position:
    """The asset or the liability of one contract, in positive amounts."""
    nothing = Valued(zero(currency), zero(base_currency))
    asset = positions(entity_id=entity_id, contract_ids=[contract_id], role=AccountRole.CONTRACT_ASSET)
    owed = positions(entity_id=entity_id, contract_ids=[contract_id], role=AccountRole.CONTRACT_LIABILITY)
    liability = owed.get(contract_id, nothing)
    return Position(asset=asset.get(contract_id, nothing), liability=Valued(-liability.amount, -liability.base))
