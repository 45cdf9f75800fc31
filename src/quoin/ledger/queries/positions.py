"""What stands for contracts: earned and not billed, or billed and not earned (R10). For services: no permission."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Sum

from quoin.base.db.bulk import fetch_arrays
from quoin.base.db.context import current_tenant
from quoin.kernel.money import Money, zero
from quoin.ledger.models import JournalLine
from quoin.ledger.types import AccountRole, Position, Valued

_STANDING = (
    "SELECT j.entity_id, l.{column}, a.role, l.currency, e.currency, sum(l.amount), sum(l.base_amount)"
    " FROM ledger_account a JOIN ledger_journalline l ON l.tenant_id = a.tenant_id AND l.account_id = a.id"
    " JOIN ledger_journal j ON j.tenant_id = l.tenant_id AND j.id = l.journal_id"
    " JOIN accounts_legalentity e ON e.tenant_id = j.tenant_id AND e.id = j.entity_id"
    " WHERE a.tenant_id = %b AND a.role = ANY(%b::text[]) AND l.{column} = ANY(%b::uuid[]){limit}"
    " GROUP BY j.entity_id, l.{column}, a.role, l.currency, e.currency"
)
_OF_CONTRACTS = _STANDING.format(column="contract_id", limit=" AND l.obligation_id IS NULL")
_OF_OBLIGATIONS = _STANDING.format(column="obligation_id", limit="")
_BOTH = [AccountRole.CONTRACT_ASSET.value, AccountRole.CONTRACT_LIABILITY.value]


def standing_positions(
    *, contract_ids: Iterable[UUID], obligation_ids: Iterable[UUID] = ()
) -> dict[tuple[UUID, UUID], Position]:
    """What stands for contracts, and for promises apart from them, by legal entity: both sides at once."""
    found: dict[tuple[UUID, UUID], dict[str, Valued]] = {}
    for sql, ids in ((_OF_CONTRACTS, list(contract_ids)), (_OF_OBLIGATIONS, list(obligation_ids))):
        rows = fetch_arrays(sql, [current_tenant(), _BOTH, ids]) if ids else []
        for entity_id, key, role, currency, base_currency, amount, base in rows:
            if amount or base:
                found.setdefault((entity_id, key), {})[role] = Valued(
                    Money(amount, currency), Money(base, base_currency)
                )
    return {key: _position(sides) for key, sides in found.items()}


def _position(sides: dict[str, Valued]) -> Position:
    some = next(iter(sides.values()))
    nothing = Valued(zero(some.amount.currency), zero(some.base.currency))
    owed = sides.get(AccountRole.CONTRACT_LIABILITY.value, nothing)
    return Position(sides.get(AccountRole.CONTRACT_ASSET.value, nothing), Valued(-owed.amount, -owed.base))


def positions(*, entity_id: UUID, contract_ids: Iterable[UUID], role: AccountRole) -> dict[UUID, Valued]:
    """Balance of an account per contract, in the contract's currency and in base; debit positive.

    Promises that stand apart from their contract are left out.
    """
    found = (
        JournalLine.objects.filter(
            journal__entity_id=entity_id, account__role=role.value, contract_id__in=set(contract_ids),
            obligation_id__isnull=True,
        )
        .values("contract_id", "currency", "journal__entity__currency")
        .annotate(amount=Sum("amount"), base=Sum("base_amount"))
    )  # fmt: skip
    return {
        row["contract_id"]: Valued(
            Money(row["amount"], row["currency"]), Money(row["base"], row["journal__entity__currency"])
        )
        for row in found
        if row["contract_id"] and (row["amount"] or row["base"])
    }


def position(*, entity_id: UUID, contract_id: UUID, currency: str, base_currency: str) -> Position:
    """The asset or the liability of one contract, in positive amounts."""
    nothing = Valued(zero(currency), zero(base_currency))
    asset = positions(entity_id=entity_id, contract_ids=[contract_id], role=AccountRole.CONTRACT_ASSET)
    owed = positions(entity_id=entity_id, contract_ids=[contract_id], role=AccountRole.CONTRACT_LIABILITY)
    liability = owed.get(contract_id, nothing)
    return Position(asset=asset.get(contract_id, nothing), liability=Valued(-liability.amount, -liability.base))
