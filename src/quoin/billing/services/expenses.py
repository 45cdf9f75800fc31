"""Approved expenses become charges with the contract's mark-up, and are posted with their VAT.

The rate of exchange is the one frozen on the expense: later rates do not move it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from quoin.accounts.models import LegalEntity
from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.billing.models import Charge
from quoin.billing.queries.pricing import Place, places
from quoin.billing.rules.charges import price_expense
from quoin.billing.services.posting import Group, GroupKey, dimensions_of, group_key, post_groups
from quoin.billing.types import ApprovedExpense, ChargeKind, ChargeStatus
from quoin.kernel.errors import Conflict
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money, from_fraction, zero
from quoin.kernel.words import say
from quoin.ledger.rules.fx import convert
from quoin.ledger.services import Posting, PostingCalendars, RateTable, next_version, post_many
from quoin.ledger.types import AccountRole, Journal, JournalLine, SourceRef
from quoin.timesheets.models import Expense


def on_expense_approved(actor: Actor, payload: Mapping[str, Any]) -> None:
    """Handler of `timesheets.expense.approved`."""
    charge_expenses(actor, payload["expense_ids"])


def charge_expenses(actor: Actor, expense_ids: Iterable[UUID]) -> int:
    """Charge and post approved expenses; returns how many."""
    ids = list(expense_ids)
    rows = list(
        Expense.objects.filter(id__in=ids, status="approved").select_related("person").order_by("spent_on", "id")
    )
    if len(rows) != len(ids):
        raise Conflict(
            say(
                "%(count)s of %(of)s expenses are not approved; only approved ones count.",
                count=len(ids) - len(rows),
                of=len(ids),
            )
        )
    if not rows:
        return 0
    found = places(row.project_id for row in rows)
    books = dict(LegalEntity.objects.values_list("id", "currency"))
    currencies = {row.base_currency for row in rows} | {place.terms.currency for place in found.values()}
    rates = RateTable(currencies | set(books.values()), first=rows[0].spent_on, last=rows[-1].spent_on)
    source_id = running_action_id()
    charges = [_charge(actor, row, found[row.project_id], rates=rates, books=books, batch_id=source_id) for row in rows]
    post_expense_costs(actor, list(zip(rows, charges, strict=True)), sign=1, source_id=source_id)
    posted = post_groups(
        actor,
        _groups(charges),
        source_kind="expense_approval",
        source_id=source_id,
        text="Expenses approved",
        rates=rates,
    )
    for index, base in posted.base_amounts.items():
        charges[index].base_amount = base
    Charge.objects.bulk_create(charges)
    return len(charges)


def post_expense_costs(
    actor: Actor, expenses: list[tuple[Expense, Charge]], *, sign: int, source_id: UUID
) -> tuple[UUID, ...]:
    """One journal per expense: what it cost, the VAT that comes back, and whom it is owed to. -1 takes it back."""
    kind = "expense" if sign > 0 else "expense_reopening"
    calendars = PostingCalendars(actor)
    version = next_version(kind=kind, source_id=source_id)
    postings = []
    for number, (row, charge) in enumerate(expenses):
        entity_id = charge.entity_id
        journal = Journal(
            kind=kind,
            posting_on=calendars.day(entity_id, row.spent_on),
            text=charge.note,
            lines=_cost_lines(row, charge, sign=sign),
        )
        source = SourceRef(kind, source_id, version + number)
        postings.append(Posting(entity_id=entity_id, source=source, journal=journal))
    return post_many(actor, postings)


def _charge(
    actor: Actor, row: Expense, place: Place, *, rates: RateTable, books: dict[UUID, str], batch_id: UUID
) -> Charge:
    charge_id = uuid7()
    entity_id = place.entity_id or row.person.entity_id
    is_billed = row.is_billable and place.is_billed
    net, vat = _values(row, place.terms.currency, rates)
    priced = price_expense(
        ApprovedExpense(
            id=row.id, version=row.version, charge_id=charge_id, contract_id=place.terms.contract_id,
            client_id=place.client_id, project_id=row.project_id, person_id=row.person_id, spent_on=row.spent_on,
            net=net, vat=vat, is_vat_recoverable=row.is_vat_recoverable, is_billable=is_billed,
            description=row.note or row.supplier,
        ),
        terms=place.terms,
    )  # fmt: skip
    own_net, own_vat = _values(row, books[entity_id], rates)
    return Charge(
        id=charge_id, kind=ChargeKind.EXPENSE, source_id=row.id, source_version=row.version, batch_id=batch_id,
        entity_id=entity_id, client_id=place.client_id, contract_id=place.contract_id, project_id=row.project_id,
        task_id=row.task_id, person_id=row.person_id, work_on=row.spent_on, currency=place.terms.currency,
        amount=priced.amount.amount, base_amount=priced.amount.amount,
        cost_amount=(own_net if row.is_vat_recoverable else own_net + own_vat).amount,
        cost_currency=books[entity_id], note=priced.note, charged_at=actor.now,
        status=ChargeStatus.UNBILLED if is_billed else ChargeStatus.NON_BILLABLE,
    )  # fmt: skip


def _values(row: Expense, currency: str, rates: RateTable) -> tuple[Money, Money]:
    """Net and VAT in a currency: as spent, as frozen on the expense, or from there at the rate of the day."""
    if row.currency == currency:
        return Money(row.gross_amount - row.vat_amount, currency), Money(row.vat_amount, currency)
    net, vat = Money(row.base_net_amount, row.base_currency), Money(row.base_vat_amount, row.base_currency)
    if row.base_currency == currency:
        return net, vat
    rate = rates.rate(currency=row.base_currency, base_currency=currency, on=row.spent_on)
    return convert(net, rate).base, convert(vat, rate).base


def _groups(charges: list[Charge]) -> dict[GroupKey, Group]:
    groups: dict[GroupKey, Group] = {}
    for index, charge in enumerate(charges):
        if charge.status == ChargeStatus.UNBILLED:
            key = group_key(charge.entity_id, charge.work_on, ChargeKind.EXPENSE, dimensions_of(charge))
            group = groups.setdefault(key, Group(charge.currency, charge.cost_currency))
            group.add(index, amount=charge.amount, cost=Decimal(0), on=charge.work_on)
    return groups


def _cost_lines(row: Expense, charge: Charge, *, sign: int) -> tuple[JournalLine, ...]:
    cost = Money(charge.cost_amount, charge.cost_currency)
    vat = _recoverable(row, charge)
    account = AccountRole.DELIVERY_COST if charge.status == ChargeStatus.NON_BILLABLE else AccountRole.REBILLABLE_COST
    owed = AccountRole.DUE_TO_EMPLOYEES if row.is_reimbursable else AccountRole.PAYABLE
    about = dimensions_of(charge)
    lines = ((account, cost), (AccountRole.INPUT_VAT, vat), (owed, -(cost + vat)))
    return tuple(JournalLine(role, money * sign, money * sign, about) for role, money in lines if money)


def _recoverable(row: Expense, charge: Charge) -> Money:
    """The VAT that comes back, in the currency of the books, in proportion to the cost that is there."""
    if not row.is_vat_recoverable or not row.vat_amount:
        return zero(charge.cost_currency)
    if row.currency == charge.cost_currency:
        return Money(row.vat_amount, row.currency)
    if row.base_currency == charge.cost_currency:
        return Money(row.base_vat_amount, row.base_currency)
    share = Fraction(row.vat_amount) / Fraction(row.gross_amount - row.vat_amount)
    return from_fraction(Fraction(charge.cost_amount) * share, charge.cost_currency)
