"""Changing what is billed before an invoice: minutes given up, a lower or a higher price (R12, I-13).

Worked minutes stay. Each change is a row of its own with its reason, and a journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from quoin.accounts.models import Tenant
from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.billing.models import Charge, WriteDown
from quoin.billing.rules import writedown as rules
from quoin.billing.rules.line_changes import OpenWork
from quoin.billing.services.fates import Standing, locked_standings
from quoin.billing.services.posting import EARNED_AT_APPROVAL, REVENUE_ACCOUNTS, dimensions_of
from quoin.billing.types import ChargeBilled, ChargeKind, ChargeStatus, WriteDownTooHigh
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money
from quoin.kernel.words import Sentence, say
from quoin.ledger.queries.rates import rate as fx_rate
from quoin.ledger.rules import journals as entries
from quoin.ledger.rules.posting import reversal
from quoin.ledger.services import Posting, PostingCalendars, next_version, post_many
from quoin.ledger.types import AccountRole, Journal, SourceRef, Valued

OVER_LIMIT = "billing.charge.write_down_over_limit"
_DEFAULT_LIMIT = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Change:
    """What to do with one charge. `minutes` None gives up all that is unbilled; `amount` None is their worth."""

    charge_id: UUID
    minutes: int | None = None
    amount: Decimal | None = None


def write_down(actor: Actor, changes: Iterable[Change], *, reason: str) -> tuple[WriteDown, ...]:
    """Give up minutes or money of unbilled charges. Above the limit it needs somebody with the right to it."""
    wanted = {change.charge_id: change for change in changes}
    found = locked_standings(wanted)
    rows, journals = [], []
    for standing in found:
        minutes, amount = _extent(standing, wanted[standing.charge.id])
        fate = rules.write_down(standing.fate, minutes=minutes, amount=amount, reason=reason)
        row = _row(actor, standing.charge, minutes=minutes, amount=amount, reason=reason)
        if amount and is_earned(standing.charge):
            journal = entries.write_down(
                standing.carried, amount, posting_on=actor.today, text=reason, dimensions=dimensions_of(standing.charge)
            )
            row.base_amount = journal.lines[0].base.amount
            journals.append((standing.charge, journal))
        rows.append(row)
        if not fate.unbilled_minutes and not fate.unbilled:
            Charge.objects.filter(id=standing.charge.id).update(status=ChargeStatus.WRITTEN_OFF)
    _check_limit(actor, sum((row.base_amount for row in rows), Decimal(0)))
    return _save(actor, rows, journals)


def write_up(actor: Actor, *, charge_id: UUID, amount: Decimal, reason: str) -> WriteDown:
    """Raise the price of an unbilled charge."""
    (standing,) = locked_standings([charge_id])
    charge = _open(standing)
    money = Money(amount, charge.currency)
    rules.write_up(standing.fate, amount=money, reason=reason)
    if not is_earned(charge):
        return _save(actor, [_row(actor, charge, minutes=0, amount=-money, reason=reason)], [])[0]
    rate = fx_rate(currency=charge.currency, base_currency=charge.cost_currency, on=charge.work_on)
    journal = entries.write_up(
        money, rate=rate, account=REVENUE_ACCOUNTS[ChargeKind(charge.kind)], posting_on=actor.today, text=reason,
        dimensions=dimensions_of(charge),
    )  # fmt: skip
    row = _row(actor, charge, minutes=0, amount=-money, reason=reason)
    row.base_amount = -journal.lines[0].base.amount
    (saved,) = _save(actor, [row], [(charge, journal)])
    return saved


def open_amounts(charge_ids: Iterable[UUID]) -> dict[UUID, OpenWork]:
    """What of these charges is unbilled, locked in the order of their ids."""
    return {
        one.charge.id: OpenWork(one.fate.unbilled_minutes, one.fate.unbilled.amount)
        for one in locked_standings(charge_ids)
    }


def is_earned(charge: Charge) -> bool:
    """Whether the charge is unbilled work in the books. A milestone or a fee earns apart from its charge."""
    return charge.kind in EARNED_AT_APPROVAL


def take_back(actor: Actor, *, write_down_id: UUID, reason: str) -> WriteDown:
    """Undo a write-down or write-up; the charge must still be unbilled. Once per change."""
    row = WriteDown.objects.get(id=write_down_id)
    (standing,) = locked_standings([row.charge_id])
    charge = standing.charge
    if charge.status not in {ChargeStatus.UNBILLED, ChargeStatus.WRITTEN_OFF} or row.reverses_id is not None:
        raise ChargeBilled("The charge is billed by now; credit the invoice instead.")
    if WriteDown.objects.filter(reverses=row).exists():
        raise ChargeBilled("This change is taken back already.")
    mirror = _row(actor, charge, minutes=-row.minutes, amount=-Money(row.amount, charge.currency), reason=reason)
    mirror.reverses, mirror.base_amount = row, -row.base_amount
    Charge.objects.filter(id=charge.id).update(status=ChargeStatus.UNBILLED)
    journal = _mirror(actor, row, charge, text=reason)
    (saved,) = _save(actor, [mirror], [] if journal is None else [(charge, journal)])
    return saved


def _mirror(actor: Actor, row: WriteDown, charge: Charge, *, text: str) -> Journal | None:
    if not row.amount or not is_earned(charge):
        return None
    value = Valued(Money(abs(row.amount), charge.currency), Money(abs(row.base_amount), charge.cost_currency))
    about = dimensions_of(charge)
    if row.amount > 0:
        posted = entries.write_down(value, value.amount, posting_on=actor.today, text=text, dimensions=about)
    else:
        lines = [
            entries.line_of(AccountRole.CONTRACT_ASSET, value, about),
            entries.line_of(REVENUE_ACCOUNTS[ChargeKind(charge.kind)], value, about, -1),
        ]
        posted = entries.journal_of("write_up", actor.today, text, lines)
    return reversal(posted, posting_on=actor.today, text=text)


def _extent(standing: Standing, change: Change) -> tuple[int, Money]:
    charge, fate = _open(standing), standing.fate
    minutes = fate.unbilled_minutes if change.minutes is None else change.minutes
    if change.amount is not None:
        return (0 if change.minutes is None else minutes), Money(change.amount, charge.currency)
    if not fate.unbilled_minutes:
        return 0, fate.unbilled
    return minutes, rules.worth(fate, minutes=minutes)


def _open(standing: Standing) -> Charge:
    if standing.charge.status != ChargeStatus.UNBILLED:
        raise ChargeBilled(
            say(
                "The charge of %(work_on)s is %(state)s; only unbilled work is written down or up."
                " Take it off its draft, or credit its invoice.",
                work_on=standing.charge.work_on,
                state=Sentence(standing.charge.status.replace("_", " ")),
            )
        )
    if standing.charge.kind == ChargeKind.PREPAID:
        raise ChargeBilled("The price of a pack is changed by taking the sale back and selling the pack again.")
    return standing.charge


def _row(actor: Actor, charge: Charge, *, minutes: int, amount: Money, reason: str) -> WriteDown:
    return WriteDown(
        id=uuid7(), charge=charge, minutes=minutes, amount=amount.amount, reason=reason.strip(),
        decided_by_id=actor.user_id, decided_at=actor.now,
    )  # fmt: skip


def _save(actor: Actor, rows: list[WriteDown], journals: list[tuple[Charge, Journal]]) -> tuple[WriteDown, ...]:
    WriteDown.objects.bulk_create(rows)
    source_id = running_action_id()
    calendars = PostingCalendars(actor)
    version = next_version(kind="write_down", source_id=source_id)
    postings = []
    for number, (charge, journal) in enumerate(journals):
        dated = Journal(
            kind=journal.kind, posting_on=calendars.day(charge.entity_id, journal.posting_on), text=journal.text,
            lines=journal.lines,
        )  # fmt: skip
        source = SourceRef("write_down", source_id, version + number)
        postings.append(Posting(entity_id=charge.entity_id, source=source, journal=dated))
    post_many(actor, postings)
    return tuple(rows)


def _check_limit(actor: Actor, base_amount: Decimal) -> None:
    tenant = Tenant.objects.get(id=actor.tenant_id)
    limit = Decimal(str(tenant.settings.get("write_down_limit", _DEFAULT_LIMIT)))
    if base_amount > limit and not actor.may(OVER_LIMIT):
        raise WriteDownTooHigh(
            say(
                "%(base_amount)s is more than you may write down at once (%(limit)s)."
                " Ask somebody with the right to it.",
                base_amount=f"{base_amount:.2f}",
                limit=limit,
            )
        )
