"""Journals with their lines, and the balances that they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from quoin.base.actor import Actor
from quoin.kernel.errors import NotFound
from quoin.kernel.money import Money
from quoin.ledger import queries
from quoin.ledger.models import Account
from quoin.ledger.models import Journal as JournalRow
from quoin.ledger.models import JournalLine as LineRow
from quoin.ledger.types import AccountRole, Dimensions, Journal, JournalLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """An account's movement in a period and its balance at the end, in the currency of the books."""

    account: Account
    debit: Money
    credit: Money
    balance: Money


def journals(actor: Actor) -> QuerySet[JournalRow]:
    """All journals, with the number of their lines and the sum of their debits."""
    actor.require(queries.VIEW)
    lines = LineRow.objects.filter(journal_id=OuterRef("id"), base_amount__gt=0).values("journal_id")
    debit = lines.annotate(debit=Sum("base_amount")).values("debit")
    count = LineRow.objects.filter(journal_id=OuterRef("id")).values("journal_id").annotate(n=Count("id")).values("n")
    return JournalRow.objects.select_related("entity").annotate(
        debit_amount=Coalesce(Subquery(debit), Value(Decimal(0))), line_count=Subquery(count)
    )


def journal_for(actor: Actor, journal_id: UUID) -> JournalRow:
    """The journal, if it may be seen."""
    found = journals(actor).filter(id=journal_id).first()
    if found is None:
        raise NotFound("There is no such journal.")
    return found


def journal_lines(actor: Actor, journal_id: UUID) -> QuerySet[LineRow]:
    """Lines of a journal, in order."""
    return lines(actor).filter(journal_id=journal_id).order_by("position")


def lines(actor: Actor) -> QuerySet[LineRow]:
    """All lines, for lists that narrow them to an account, a month, a client, a contract or a project."""
    actor.require(queries.VIEW)
    return LineRow.objects.select_related("account", "journal__entity")


def journals_of(actor: Actor, *, source_kind: str, source_id: UUID) -> tuple[JournalRow, ...]:
    """What one source posted, in order."""
    actor.require(queries.VIEW)
    found = JournalRow.objects.filter(source_kind=source_kind, source_id=source_id).order_by("source_version", "id")
    return tuple(found)


def journal_value(journal_id: UUID) -> Journal:
    """A posted journal as a value, for its reversal. For services: asks no permission."""
    row = JournalRow.objects.select_related("entity").get(id=journal_id)
    found = LineRow.objects.filter(journal_id=journal_id).select_related("account").order_by("position")
    return Journal(
        kind=row.source_kind,
        posting_on=row.posting_on,
        text=row.memo,
        lines=tuple(_line_value(line, row.entity.currency) for line in found),
    )


def trial_balance(actor: Actor, *, entity_id: UUID, until: date, since: date | None = None) -> tuple[Balance, ...]:
    """Each account that was used up to the day (inclusive): movement since a day, and balance."""
    actor.require(queries.VIEW)
    found = LineRow.objects.filter(journal__entity_id=entity_id, journal__posting_on__lte=until)
    currency = found.values_list("journal__entity__currency", flat=True).first()
    if currency is None:
        return ()
    moved = found if since is None else found.filter(journal__posting_on__gte=since)
    debits, credits_ = _sums(moved.filter(base_amount__gt=0)), _sums(moved.filter(base_amount__lt=0))
    balances = _sums(found)
    accounts = Account.objects.filter(id__in=balances).order_by("code")
    return tuple(
        Balance(
            account=account,
            debit=Money(debits.get(account.id, Decimal(0)), currency),
            credit=Money(-credits_.get(account.id, Decimal(0)), currency),
            balance=Money(balances[account.id], currency),
        )
        for account in accounts
    )


def balance_of(role: AccountRole, **dimensions: UUID) -> tuple[tuple[UUID, Money, Money], ...]:
    """Entity, amount and base value of an account for given dimensions, by entity and currency.

    For services: asks no permission.
    """
    found = (
        LineRow.objects.filter(account__role=role.value, **dimensions)
        .values("journal__entity_id", "journal__entity__currency", "currency")
        .annotate(amount=Sum("amount"), base=Sum("base_amount"))
        .order_by("journal__entity_id", "currency")
    )
    return tuple(
        (
            row["journal__entity_id"],
            Money(row["amount"], row["currency"]),
            Money(row["base"], row["journal__entity__currency"]),
        )
        for row in found
    )


def _sums(found: QuerySet[LineRow]) -> dict[UUID, Decimal]:
    return dict(found.values("account_id").annotate(sum=Sum("base_amount")).values_list("account_id", "sum").order_by())


def _line_value(line: LineRow, base_currency: str) -> JournalLine:
    return JournalLine(
        AccountRole(line.account.role),
        Money(line.amount, line.currency),
        Money(line.base_amount, base_currency),
        Dimensions(
            client_id=line.client_id,
            contract_id=line.contract_id,
            project_id=line.project_id,
            person_id=line.person_id,
            obligation_id=line.obligation_id,
        ),
    )
