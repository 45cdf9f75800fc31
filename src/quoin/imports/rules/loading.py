"""What a person decides about an import beyond reading it, and the hash that binds plan and decisions together."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from quoin.imports.rules.planned import PlanOptions, ValueMapping
from quoin.imports.types import ReadOptions
from quoin.kernel.money import EXACT


class EntryStatus(StrEnum):
    """As what time is written."""

    OPEN = "open"
    SUBMITTED = "submitted"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How planned records are written. '' means: the only one there is, or the company's own.

    `rate_per_hour` prices what the file has no price for. With a `card` the prices of that card hold and those
    of the file are left alone. `approver` approves; their own time, and the importer's, stays handed in.
    """

    status: EntryStatus = EntryStatus.OPEN
    rate_per_hour: Decimal | None = None
    currency: str = ""
    country: str = ""
    card: str = ""
    entity: str = ""
    approver: str = ""
    leaves_errors: bool = False
    cost_per_hour: Decimal | None = None
    """Of people without a cost rate on their first day."""
    cost_currency: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """All that a person told about one import."""

    read: ReadOptions = field(default_factory=ReadOptions)
    mapping: ValueMapping = field(default_factory=ValueMapping)
    plan: PlanOptions = field(default_factory=PlanOptions)
    load: LoadOptions = field(default_factory=LoadOptions)


def fingerprint(plan_sha256: str, load: LoadOptions) -> str:
    """Hash of a plan together with how it is written: what the dry run showed is what is applied."""
    parts = [
        plan_sha256, load.status.value, _number(load.rate_per_hour), load.currency, load.country, load.card,
        load.entity, load.approver, load.leaves_errors, _number(load.cost_per_hour), load.cost_currency,
    ]  # fmt: skip
    return sha256(json.dumps(parts).encode("ascii")).hexdigest()


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{EXACT.normalize(value):f}"
