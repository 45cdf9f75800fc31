"""What other apps' actions ask of sales."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max

from quoin.accounts.models import LegalEntity
from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.base.db.bulk import update_columns
from quoin.base.db.faults import explain
from quoin.base.events import emit, emit_many
from quoin.base.numbering import next_number
from quoin.catalog.models import RateCard
from quoin.clients.models import Client
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.words import say
from quoin.sales.models import Contract, Milestone
from quoin.sales.queries.terms import terms_of
from quoin.sales.types import RECOGNITION_METHODS, ContractKind, TermsInvalid

explain("contract_number", "That contract number is taken.")
FIELDS = frozenset(
    {
        "name", "kind", "currency", "rate_card_id", "starts_on", "ends_on", "increment_minutes", "increment_scope",
        "rounding_direction", "cap_amount", "cap_is_hard", "fixed_amount", "expense_markup_ratio", "line_grouping",
        "shows_hours", "frequency", "needs_note", "is_vat_inclusive", "payment_days", "purchase_order",
        "purchase_order_amount", "purchase_order_until", "retainer_fee", "retainer_minutes", "rollover_months",
        "overage_rate_per_hour", "retention_ratio", "recognition", "planned_cost", "note",
    }
)  # fmt: skip
"""What a contract says and may be changed to say."""


def add_contract(
    actor: Actor, *, client_id: UUID, entity_id: UUID | None = None, number: str = "", **fields: Any
) -> Contract:
    """A new contract with the next number; the only legal entity is taken when none is named."""
    client = Client.objects.filter(id=client_id).first()
    if client is None:
        raise invalid("/client", "There is no such client. Add it first.", code="unknown")
    entity = _entity(entity_id)
    fields.setdefault("currency", client.currency)
    fields.setdefault("starts_on", actor.today)
    fields.setdefault("name", "")
    number = number.strip() or f"K-{next_number('contract'):04d}"
    if Contract.objects.filter(number=number).exists():
        raise invalid("/number", say("Contract number %(number)s is taken.", number=number), code="taken")
    row = Contract(client=client, entity=entity, number=number, **cleaned(fields))
    check(row)
    row.save(force_insert=True)
    _tell(actor, row)
    return row


def change_contract(actor: Actor, row: Contract, fields: Mapping[str, Any]) -> Contract:
    """New terms, from now on. What is charged already keeps its price."""
    fields = cleaned(fields)
    if fields.get("currency", row.currency) != row.currency:
        raise invalid("/currency", "The currency of a contract stays. Close it and make a new one.")
    for name, value in fields.items():
        setattr(row, name, value)
    check(row)
    row.save()
    _tell(actor, row)
    return row


def check(row: Contract) -> None:
    """Raise if the terms contradict each other; the error names the field."""
    if not row.name.strip():
        raise invalid("/name", "A contract needs a name.", code="required")
    if row.ends_on is not None and row.ends_on < row.starts_on:
        raise invalid("/ends_on", "The end is before the start. Check both dates.")
    if row.recognition not in RECOGNITION_METHODS:
        raise invalid(
            "/recognition",
            say(
                "Revenue is recognised by one of %(methods)s.",
                methods=", ".join(RECOGNITION_METHODS),
            ),
        )
    _check_kind(row)
    _check_card(row)
    try:
        terms_of(row)
    except TermsInvalid:
        raise
    except ValueError as fault:
        raise invalid("", str(fault)) from fault


def _check_kind(row: Contract) -> None:
    kind = row.kind
    if kind not in set(ContractKind):
        raise invalid("/kind", say("A contract is one of %(kinds)s.", kinds=", ".join(ContractKind)))
    if row.is_vat_inclusive and kind != ContractKind.TIME_AND_MATERIALS:
        raise invalid(
            "/is_vat_inclusive", "Only rates per hour may include VAT; write the price and the fee without it."
        )
    if kind == ContractKind.FIXED_PRICE and not row.fixed_amount:
        raise invalid("/fixed_amount", "A fixed-price contract needs its price.", code="required")
    if kind == ContractKind.RETAINER and not (row.retainer_fee and row.retainer_minutes):
        raise invalid("/retainer_fee", "A retainer needs a fee and included hours.", code="required")
    if row.recognition == "cost_to_cost" and not row.planned_cost:
        raise invalid("/planned_cost", "Revenue by cost needs the planned cost.", code="required")
    if row.recognition == "straight_line" and row.ends_on is None:
        raise invalid("/ends_on", "Revenue on a straight line needs the last day of the service.", code="required")


def _check_card(row: Contract) -> None:
    if row.rate_card_id is None:
        return
    card = RateCard.objects.filter(id=row.rate_card_id).first()
    if card is None or card.currency != row.currency:
        raise invalid(
            "/rate_card", say("The rate card must be in %(currency)s, the contract's currency.", currency=row.currency)
        )


def cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the columns' own types: texts of undo and of forms become decimals, days and ids."""
    found = {}
    for name, value in fields.items():
        if name not in FIELDS:
            raise invalid(f"/{name}", say("A contract has no %(name)s.", name=name), code="unknown_field")
        column: Any = Contract._meta.get_field(name)  # noqa: SLF001  Django's documented Meta API
        try:
            found[name] = None if value is None else column.to_python(value)
        except ValidationError as fault:
            raise invalid(f"/{name}", " ".join(fault.messages)) from fault
    return found


def _entity(entity_id: UUID | None) -> LegalEntity:
    found = list(LegalEntity.objects.filter(**({} if entity_id is None else {"id": entity_id}))[:2])
    if len(found) != 1:
        raise invalid("/entity", "Say which of your companies the contract is with.", code="required")
    return found[0]


def _tell(actor: Actor, row: Contract) -> None:
    emit(actor, "sales.contract.changed", running_action_id(), contract_id=row.id)


def milestone_for(milestone_id: UUID) -> Milestone:
    """The milestone, locked."""
    row = Milestone.objects.select_for_update(of=("self",)).select_related("contract").filter(id=milestone_id).first()
    if row is None:
        raise NotFound("There is no such milestone.")
    return row


def mark_reached(actor: Actor, row: Milestone, on: date) -> None:
    """The milestone's part of the price may be billed from now on."""
    mark_all_reached(actor, [(row, on)])


def mark_all_reached(actor: Actor, reached: Sequence[tuple[Milestone, date]]) -> None:
    """As `mark_reached`, of many, each on its day."""
    for row, on in reached:
        row.reached_on = on
    update_columns(Milestone, [row.id for row, _ in reached], {"reached_on": [on for _, on in reached]})
    told = [{"milestone_id": row.id} for row, _ in reached]
    emit_many(actor, "sales.milestone.reached", running_action_id(), told)


def mark_open(actor: Actor, row: Milestone) -> None:
    """The milestone is open again; billing refuses it once it is billed."""
    row.reached_on = None
    row.save(update_fields=["reached_on"])
    emit(actor, "sales.milestone.unreached", running_action_id(), milestone_id=row.id)


def on_milestone_earned(actor: Actor, payload: Mapping[str, Any]) -> None:
    """Handler of `field.milestone.earned`: all goods tied to the milestone are accepted. Reached once."""
    row = milestone_for(payload["milestone_id"])
    if row.reached_on is None:
        mark_reached(actor, row, payload["on"])


def on_milestone_lost(actor: Actor, payload: Mapping[str, Any]) -> None:
    """Handler of `field.milestone.lost`: an acceptance was withdrawn."""
    row = milestone_for(payload["milestone_id"])
    if row.reached_on is not None:
        mark_open(actor, row)


def remove_contracts(contract_ids: Iterable[UUID]) -> None:
    """Delete contracts that nothing points at; whatever is in use is refused by the database."""
    Contract.objects.filter(id__in=list(contract_ids)).delete()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a fixed price to be added; without a position it comes last."""

    id: UUID
    name: str
    amount: Decimal
    due_on: date | None = None
    bills_on_due_day: bool = False
    position: int | None = None


def locked_contract(contract_id: UUID) -> Contract:
    """The contract, locked."""
    rows = Contract.objects.select_for_update(of=("self",)).select_related("client", "entity")
    row = rows.filter(id=contract_id).first()
    if row is None:
        raise NotFound("There is no such contract.")
    return row


def amend_contract(
    actor: Actor,
    row: Contract,
    *,
    fields: Mapping[str, Any],
    add: Iterable[Part] = (),
    amounts: Mapping[UUID, Decimal] | None = None,
    drop: Iterable[UUID] = (),
) -> Contract:
    """Price and parts change together, and still agree; parts that are reached or billed stay as they are."""
    if row.status == "closed":
        raise Conflict(say("Contract %(number)s is closed. Open it again to change it.", number=row.number))
    for milestone_id, amount in (amounts or {}).items():
        milestone = _open_part(milestone_id)
        milestone.amount = amount
        milestone.save(update_fields=["amount"])
    for milestone_id in drop:
        _open_part(milestone_id).delete()
    last = Milestone.objects.filter(contract=row).aggregate(position=Max("position"))["position"] or 0
    for number, part in enumerate(add, 1):
        Milestone.objects.create(
            id=part.id, contract=row, name=part.name, amount=part.amount, due_on=part.due_on,
            bills_on_due_day=part.bills_on_due_day,
            position=last + number if part.position is None else part.position,
        )  # fmt: skip
    changed = change_contract(actor, row, fields)
    parts = list(Milestone.objects.filter(contract=row).values_list("amount", flat=True))
    if parts and changed.fixed_amount is not None and sum(parts) != changed.fixed_amount:
        raise Conflict(
            say(
                "The parts of %(number)s add up to %(total)s, its price is %(fixed_amount)s.",
                number=row.number,
                total=sum(parts),
                fixed_amount=changed.fixed_amount,
            )
        )
    return changed


def _open_part(milestone_id: UUID) -> Milestone:
    milestone = milestone_for(milestone_id)
    if milestone.reached_on is not None:
        raise Conflict(
            say(
                "%(milestone)s was reached on %(reached_on)s; its amount stays.",
                milestone=milestone.name,
                reached_on=milestone.reached_on,
            )
        )
    return milestone
