"""Selling prepaid packs, and how they end: expired, paid back, or the sale taken back.

The sale owes the client work: its charge is billed against the contract liability, never against revenue (R13).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.base.numbering import next_number
from quoin.billing.models import Charge, Invoice, InvoiceItem, PackMove, PrepaidPack
from quoin.billing.queries.parties import treatment
from quoin.billing.rules.prepaid import lapses
from quoin.billing.rules.tax import split_inclusive
from quoin.billing.services.crediting import Credited, Wish, credit
from quoin.billing.services.draft_rows import saved
from quoin.billing.services.drawing import draw_waiting, give_back, pack_value
from quoin.billing.services.due import single_project
from quoin.billing.services.posting import Positions
from quoin.billing.services.regroup import add_charges
from quoin.billing.services.voiding import void_charges
from quoin.billing.types import ChargeKind, ChargeStatus, MoveKind, Overflow, PackUnit
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money, Rounding
from quoin.kernel.words import say
from quoin.ledger.queries.rates import rate as fx_rate
from quoin.ledger.rules.journals import earn
from quoin.ledger.services import PostingCalendar, next_version, post
from quoin.ledger.types import AccountRole, Dimensions, SourceRef
from quoin.people.models import JobRole
from quoin.projects.models import Project
from quoin.sales.models import Contract
from quoin.sales.types import ContractKind

explain("pack_expires_after_sale", "A pack expires after the day of its sale.")
explain("pack_size", "A pack has hours or an amount to use up.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is sold: so many minutes, or work worth so much at the agreed rates, for a price.

    Where the contract's prices include VAT, so do price and value; else they are without.
    """

    name: str
    price: Money
    minutes: int | None = None
    value: Decimal | None = None
    sold_on: date
    expires_on: date | None = None
    overflow: Overflow = Overflow.BILL
    project_ids: Sequence[UUID] = ()
    role_ids: Sequence[UUID] = ()
    note: str = ""

    @property
    def unit(self) -> PackUnit:
        return PackUnit.MINUTES if self.value is None else PackUnit.MONEY

    @property
    def size(self) -> Decimal:
        return Decimal(self.minutes or 0) if self.value is None else self.value


def sell(actor: Actor, *, contract_id: UUID, offer: Offer) -> PrepaidPack:
    """The pack, its charge to be invoiced, and the open work since the sale that it covers."""
    contract = Contract.objects.select_related("entity", "client").filter(id=contract_id).first()
    if contract is None:
        raise NotFound("There is no such contract.")
    _check(actor, contract, offer)
    entered = offer.price.amount if contract.is_vat_inclusive else None
    offer = _without_vat(contract, offer) if contract.is_vat_inclusive else offer
    pack = PrepaidPack.objects.create(
        id=uuid7(), number=next_number("pack"), name=offer.name.strip(), contract=contract,
        client_id=contract.client_id,
        unit=offer.unit, size=offer.size, currency=contract.currency, price_amount=offer.price.amount,
        sold_on=offer.sold_on, expires_on=offer.expires_on, overflow=offer.overflow,
        project_ids=sorted(set(offer.project_ids)), role_ids=sorted(set(offer.role_ids)), note=offer.note.strip(),
        sold_at=actor.now, entered_amount=entered,
    )  # fmt: skip
    _move(actor, pack, MoveKind.SALE, units=offer.size, amount=offer.price.amount, on=offer.sold_on)
    if offer.price:
        Charge.objects.create(
            id=uuid7(), kind=ChargeKind.PREPAID, source_id=pack.id, batch_id=running_action_id(),
            entity_id=contract.entity_id, client_id=contract.client_id, contract=contract,
            project_id=single_project([contract.id]).get(contract.id), work_on=offer.sold_on,
            currency=contract.currency, amount=offer.price.amount, cost_currency=contract.entity.currency,
            note=pack.name, status=ChargeStatus.UNBILLED, charged_at=actor.now,
        )  # fmt: skip
    draw_waiting(actor, contract_id=contract.id)
    pack.refresh_from_db()
    return pack


def _check(actor: Actor, contract: Contract, offer: Offer) -> None:
    if contract.kind != ContractKind.TIME_AND_MATERIALS or contract.status != "active":
        raise invalid("/contract_id", "Packs are sold on active contracts that bill time by the hour.")
    if not offer.name.strip():
        raise invalid("/name", "Say what the client buys; it is the text of the invoice line.")
    _check_amounts(offer, contract.currency)
    _check_days(actor, offer)
    own = Project.objects.filter(contract=contract, id__in=offer.project_ids).count()
    if own != len(set(offer.project_ids)):
        raise NotFound("One of the projects is not a project of this contract.")
    if JobRole.objects.filter(id__in=offer.role_ids).count() != len(set(offer.role_ids)):
        raise NotFound("One of the roles does not exist.")


def _without_vat(contract: Contract, offer: Offer) -> Offer:
    """The price, and the work that it buys, without the VAT that they include: revenue and packs are net."""
    rate = treatment(contract.entity, contract.client, on=offer.sold_on).rate or Decimal(0)

    def net(amount: Decimal) -> Decimal:
        return split_inclusive([amount], rate, contract.currency, Rounding(contract.entity.rounding)).net

    value = None if offer.value is None else net(offer.value)
    return replace(offer, price=Money(net(offer.price.amount), contract.currency), value=value)


def _check_amounts(offer: Offer, currency: str) -> None:
    if (offer.minutes is None) == (offer.value is None):
        raise invalid("/minutes", "Sell either hours or an amount of money.")
    pointer = "/minutes" if offer.value is None else "/value"
    if offer.size <= 0 or (offer.value and offer.value != Money(offer.value, currency).round().amount):
        raise invalid(pointer, "A pack has hours or an amount to use up.")
    if offer.price.currency != currency or offer.price != offer.price.round() or offer.price.amount < 0:
        raise invalid("/price", say("The price is an amount in %(currency)s, in whole cents.", currency=currency))


def _check_days(actor: Actor, offer: Offer) -> None:
    if offer.sold_on > actor.today:
        raise invalid("/sold_on", "The day of the sale lies in the future.")
    if offer.expires_on is not None and offer.expires_on <= offer.sold_on:
        raise invalid("/expires_on", "A pack expires after the day of its sale.")


def draft_of(actor: Actor, pack: PrepaidPack) -> Invoice:
    """A draft invoice with the pack, and nothing else, on it."""
    charge = Charge.objects.filter(source_id=pack.id, kind=ChargeKind.PREPAID, status=ChargeStatus.UNBILLED).first()
    if charge is None:
        raise Conflict("The pack stands on a draft or an invoice already.")
    contract = Contract.objects.select_related("entity", "client").get(id=pack.contract_id)
    client = contract.client
    draft = Invoice.objects.create(
        entity=contract.entity, client=client, contract=contract, currency=pack.currency,
        rounding=contract.entity.rounding, buyer_reference=client.buyer_reference,
        purchase_order=contract.purchase_order, created_at=actor.now,
        payment_days=client.payment_days if contract.payment_days is None else contract.payment_days,
    )  # fmt: skip
    add_charges(actor, draft, [charge.id])
    return saved(draft)


def expire(actor: Actor, pack: PrepaidPack) -> PackMove:
    """What was not used by the expiry day is lost by the client: breakage."""
    lost = lapses([pack_value(pack)], on=actor.today)
    if pack.expires_on is None or pack.expires_on > actor.today:
        raise Conflict("The pack is still usable. Only a pack past its expiry day lapses.")
    if not lost:
        raise Conflict("Nothing is left of this pack.")
    base = _breakage(actor, pack, lost[0].amount, text=f"Pack {pack.number} expired")
    _close(pack, is_closed=True)
    return _move(
        actor, pack, MoveKind.EXPIRE, units=-lost[0].units, amount=-lost[0].amount.amount, on=actor.today, base=-base
    )


def revive(actor: Actor, pack: PrepaidPack, *, reason: str) -> PackMove:
    """Take the last expiry back, as a favour to the client or because it was a mistake."""
    expired = PackMove.objects.filter(pack=pack, kind=MoveKind.EXPIRE).order_by("-position")
    last = expired.exclude(id__in=PackMove.objects.filter(reverses__pack=pack).values("reverses_id")).first()
    if last is None:
        raise Conflict("This pack did not expire.")
    base = _breakage(actor, pack, Money(last.amount, pack.currency).round(), text=f"Pack {pack.number} revived")
    _close(pack, is_closed=False)
    return _move(
        actor, pack, MoveKind.REVIVE, units=-last.units, amount=-last.amount, on=actor.today, base=-base,
        reverses=last, reason=reason,
    )  # fmt: skip


def refund(actor: Actor, pack: PrepaidPack, *, reason: str) -> Credited:
    """Credit what is left: a credit note on the invoice of the sale, and the pack is closed."""
    worth = Money(pack.left_amount, pack.currency).round()
    item = _invoiced(pack)
    if not pack.left_size:
        raise Conflict("Nothing is left of this pack.")
    if item is None or not worth:
        raise Conflict("The pack is not invoiced. Issue its invoice first, or take the sale back.")
    wish = Wish(amounts={item.line_id: worth.amount}, is_refund=True)
    found = credit(actor, invoice_id=item.line.invoice_id, wish=wish, reason=reason, issue_on=actor.today)
    _close(pack, is_closed=True)
    _move(
        actor, pack, MoveKind.REFUND, units=-pack.left_size, amount=-worth.amount, on=actor.today, reason=reason,
        base=-worth.amount * _fraction(pack),
    )  # fmt: skip
    return found


def cancel(actor: Actor, pack: PrepaidPack, *, reason: str) -> None:
    """Take a sale back that is not invoiced: the work that it covered is unbilled again."""
    used = PackMove.objects.filter(pack=pack).exclude(kind__in=[MoveKind.SALE, MoveKind.DRAW, MoveKind.GIVE_BACK])
    if pack.is_closed or used.exists():
        raise Conflict("The pack has ended already.")
    void_charges(actor, kind=ChargeKind.PREPAID, source_ids=[pack.id])
    give_back(actor, covered_charges(pack), is_open_again=True)
    pack.refresh_from_db()
    _close(pack, is_closed=True)
    _move(
        actor, pack, MoveKind.CANCEL, units=-pack.left_size, amount=-pack.left_amount, on=actor.today, reason=reason
    )  # fmt: skip


def covered_charges(pack: PrepaidPack) -> list[Charge]:
    """The charges that stand on the pack now, locked."""
    live = PackMove.objects.filter(pack=pack, charge__status=ChargeStatus.INCLUDED).values("charge_id")
    return list(Charge.objects.select_for_update(of=("self",)).filter(id__in=live).order_by("id"))


def locked_pack(pack_id: UUID | str) -> PrepaidPack:
    """The pack, locked; NotFound if there is none."""
    found = PrepaidPack.objects.select_for_update(no_key=True).filter(id=pack_id).first()
    if found is None:
        raise NotFound("There is no such pack.")
    return found


def _invoiced(pack: PrepaidPack) -> InvoiceItem | None:
    items = InvoiceItem.objects.filter(
        charge__source_id=pack.id, charge__kind=ChargeKind.PREPAID, is_live=True, line__invoice__status="issued"
    )
    return items.select_related("line").first()


def _breakage(actor: Actor, pack: PrepaidPack, amount: Money, *, text: str) -> Decimal:
    """Earn what is lost, or take that back for a negative amount; returns its value in the books."""
    if not amount:
        return Decimal(0)
    contract = Contract.objects.select_related("entity").get(id=pack.contract_id)
    base, entity_id = contract.entity.currency, contract.entity_id
    rate = fx_rate(currency=pack.currency, base_currency=base, on=actor.today)
    position = Positions((), [pack.id]).of(entity_id, pack.id, currency=pack.currency, base_currency=base)
    journal = earn(
        amount, position=position, rate=rate, account=AccountRole.BREAKAGE, text=text,
        posting_on=PostingCalendar(actor, entity_id=entity_id).day(actor.today),
        dimensions=Dimensions(client_id=pack.client_id, contract_id=pack.contract_id, obligation_id=pack.id),
    )  # fmt: skip
    version = next_version(kind="pack_expiry", source_id=pack.id)
    post(actor, entity_id=entity_id, source=SourceRef("pack_expiry", pack.id, version), journal=journal)
    return -journal.lines[-1].base.amount


def _fraction(pack: PrepaidPack) -> Decimal:
    """The value in the books of one unit of the pack's currency, as its invoice was posted."""
    item = _invoiced(pack)
    if item is None:
        return Decimal(1)
    numerator, _, denominator = item.line.invoice.fx_rate.partition("/")
    return Decimal(numerator) / Decimal(denominator or 1)


def _close(pack: PrepaidPack, *, is_closed: bool) -> None:
    PrepaidPack.objects.filter(id=pack.id).update(is_closed=is_closed)


def _move(  # noqa: PLR0913  all that a move says
    actor: Actor, pack: PrepaidPack, kind: MoveKind, *, units: Decimal, amount: Decimal, on: date,
    base: Decimal | None = None, reverses: PackMove | None = None, reason: str = "",
) -> PackMove:  # fmt: skip
    return PackMove.objects.create(
        id=uuid7(), pack=pack, kind=kind, on=on, units=units, amount=amount,
        base_amount=(amount if base is None else base).quantize(Decimal("0.0001")), reverses=reverses, reason=reason,
        batch_id=running_action_id(), moved_at=actor.now,
    )  # fmt: skip
