"""Billing in plain values, as the API and the command line write it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from quoin.billing.queries.run_plan import Planned
from quoin.kernel.ids import public_id


def money_out(amount: Decimal, currency: str) -> dict[str, str]:
    """An amount as it is stored, without the zeros that a column adds."""
    return {
        "amount": f"{amount.quantize(Decimal('0.01')) if amount == round(amount, 2) else amount.normalize():f}",
        "currency": currency,
    }


def invoice_out(row: Any) -> dict[str, Any]:
    """An invoice or credit note without its lines."""
    return {
        "id": row.public_id,
        "number": row.number,
        "kind": row.kind,
        "status": row.status,
        "state": row.state,
        "client_id": public_id("cli", row.client_id),
        "client": row.client.name,
        "entity_id": public_id("ent", row.entity_id),
        "contract_id": _id("ctr", row.contract_id),
        "run_id": _id("brn", row.run_id),
        "corrects_id": _id("inv", row.corrects_id),
        "issue_on": _day(row.issue_on),
        "due_on": _day(row.due_on),
        "period_from": _day(row.period_from),
        "period_until": _day(row.period_until),
        "purchase_order": row.purchase_order,
        "buyer_reference": row.buyer_reference,
        "note": row.note,
        "net": money_out(row.net_amount, row.currency),
        "tax": money_out(row.tax_amount, row.currency),
        "gross": money_out(row.gross_amount, row.currency),
        "open": money_out(Decimal(row.open_shown), row.currency),
        "checks": [{"code": check["code"], "words": check["words"]} for check in row.checks],
        "version": row.version,
    }


def line_out(row: Any, currency: str) -> dict[str, Any]:
    """A line of an invoice."""
    return {
        "id": public_id("inl", row.id),
        "position": row.position,
        "kind": row.kind,
        "description": row.description,
        "quantity": f"{row.quantity.normalize():f}",
        "unit": row.unit,
        "unit_price": f"{row.unit_price.normalize():f}",
        "net": money_out(row.net_amount, currency),
        "worked_minutes": row.worked_minutes,
        "billed_minutes": row.billed_minutes,
        "tax_category": row.tax_category,
        "tax_percent": f"{row.tax_percent.normalize():f}",
        "tax_reason": row.tax_reason,
        "is_manual": row.is_manual,
        "entries": row.entries,
    }


def run_out(row: Any) -> dict[str, Any]:
    """A billing run with its proof."""
    return {
        "id": row.public_id,
        "number": row.number,
        "work_until": row.work_until.isoformat(),
        "status": row.status,
        "proof": row.proof,
        "left_out": row.left_out,
        "started_at": row.started_at.isoformat(),
    }


def plan_out(planned: Planned) -> dict[str, Any]:
    """What a run would write."""
    return {
        "drafts": [
            {
                "client_id": public_id("cli", one.draft.client_id),
                "entity_id": public_id("ent", one.entity_id),
                "net": money_out(one.net.amount, one.net.currency),
                "lines": len(one.lines),
                "checks": [{"code": check.code.value, "words": check.words} for check in one.draft.checks],
            }
            for one in planned.drafts
        ],
        "proof": [
            {
                "currency": proof.currency,
                "is_equal": proof.is_equal,
                **{
                    name: f"{getattr(proof, name):f}"
                    for name in ("wip", "increments", "rounding", "drafts", "held", "waiting")
                },
            }
            for proof in planned.proofs
        ],
        "left_out": [
            {"reason": one.reason, "count": one.count, "amount": money_out(one.amount.amount, one.amount.currency)}
            for one in planned.left_out
        ],
    }


def payment_out(row: Any) -> dict[str, Any]:
    """A payment."""
    return {
        "id": row.public_id,
        "client_id": public_id("cli", row.client_id),
        "entity_id": public_id("ent", row.entity_id),
        "received_on": _day(row.received_on),
        "amount": money_out(row.amount, row.currency),
        "banked": None if row.bank_amount is None else money_out(row.bank_amount, row.bank_currency),
        "charges": money_out(row.charge_amount, row.bank_currency or row.currency),
        "method": row.method,
        "reference": row.reference,
        "reverses_id": _id("pay", row.reverses_id),
    }


def _id(prefix: str, value: UUID | None) -> str | None:
    return public_id(prefix, value) if value else None


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def issued_out(found: Any) -> dict[str, object]:
    """What was issued and what was refused, with reasons."""
    return {
        "issued": [{"id": row.public_id, "number": row.number} for row in found.invoices],
        "refused": [
            {
                "id": public_id("inv", one.invoice_id),
                "detail": one.detail,
                "errors": [
                    {"pointer": p.pointer, "code": p.code, "detail": p.detail, "help": p.help} for p in one.problems
                ],
            }
            for one in found.refused
        ],
    }
