"""Values of issued documents as far as a credit needs them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from quoin.kernel.money import Money


@dataclass(frozen=True, slots=True)
class VatKey:
    """A VAT category (EN 16931 BT-118) and its rate in per cent; None for category O."""

    category: str
    percent: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedLine:
    """A line of an issued invoice as far as a credit needs it: what it came to, and what was credited of it."""

    id: UUID
    vat: VatKey
    net: Money
    credited: Money
    charges: tuple[tuple[UUID, Money], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedVat:
    """The VAT of one category of an issued invoice, and what earlier credits took back of it."""

    key: VatKey
    net: Money
    vat: Money
    credited_net: Money
    credited_vat: Money
