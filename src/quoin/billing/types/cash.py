"""Values of money that comes in, and of the invoices that wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from quoin.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvoice:
    """An invoice that waits for money. `retained` is the part that is not due before acceptance."""

    id: UUID
    number: str
    client_name: str
    open: Money
    due_on: date
    retained: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLine:
    """Money that came in, as the bank reports it."""

    id: UUID
    on: date
    amount: Money
    payer_name: str
    text: str
    paid: Money | None = None
    """What the payer instructed, where the bank changed the money or kept charges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What an invoice gets: an amount (None: as much as is left and open), and a cash discount in per cent."""

    invoice_id: UUID
    amount: Decimal | None = None
    discount_percent: Decimal = Decimal(0)
