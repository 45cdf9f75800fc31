"""Which invoices a bank line pays: proposals with a score and the reasons for it. A person decides.

A proposal is exact if the text names the invoices and the amount is theirs to the cent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from quoin.billing.types import BankLine, OpenInvoice
from quoin.kernel.money import Money, total

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_LEGAL_FORMS = frozenset(
    {"ab", "ag", "as", "asa", "bv", "corp", "gmbh", "inc", "kg", "limited", "llc", "ltd", "nv", "oy", "plc", "sa"}
    | {"sarl", "sas", "spa", "srl", "ug"}
)
# Shorter numbers turn up by chance where words run together.
_TELLING_LENGTH = 8
_NUMBER, _AMOUNT, _NAME = 50, 35, 15
_SMALLEST_SCORE = 30


class MatchReason(StrEnum):
    """What speaks for a proposal, or what to look at."""

    NUMBER = "number"
    AMOUNT = "amount"
    NAME = "name"
    PART_PAYMENT = "part_payment"
    OVERPAYMENT = "overpayment"
    OTHER_CURRENCY = "other_currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Invoices that the bank line may pay, 0 to 100 by how much speaks for it."""

    bank_line_id: UUID
    invoice_ids: tuple[UUID, ...]
    score: int
    reasons: tuple[MatchReason, ...]
    words: str
    is_exact: bool


def propose(bank_lines: Iterable[BankLine], invoices: Sequence[OpenInvoice]) -> tuple[Proposal, ...]:
    """Proposals per bank line in its order, best first, then by invoice number.

    What the payer instructed counts before what the bank made of it. Invoices of a third currency match by their
    number alone, and never exactly.
    """
    found = []
    for booked in bank_lines:
        line = booked if booked.paid is None else replace(booked, amount=booked.paid)
        same = [invoice for invoice in invoices if invoice.open.currency == line.amount.currency]
        text = _plain(line.text)
        named = [invoice for invoice in same if _names(text, invoice.number)]
        proposals = [_single(line, invoice, is_named=invoice in named) for invoice in same]
        if len(named) > 1:
            proposals.append(_several(line, named))
        if not named:
            proposals += [_foreign(line, invoice) for invoice in invoices if _is_foreign(line, invoice, text)]
        proposals = [proposal for proposal in proposals if proposal.score >= _SMALLEST_SCORE]
        found += sorted(proposals, key=lambda proposal: (-proposal.score, -len(proposal.invoice_ids), proposal.words))
    return tuple(found)


def _single(line: BankLine, invoice: OpenInvoice, *, is_named: bool) -> Proposal:
    reasons = [MatchReason.NUMBER] if is_named else []
    score = _NUMBER if is_named else 0
    if line.amount == invoice.open:
        reasons.append(MatchReason.AMOUNT)
        score += _AMOUNT
    if _same_name(line.payer_name, invoice.client_name):
        reasons.append(MatchReason.NAME)
        score += _NAME
    if is_named and line.amount != invoice.open:
        is_part = line.amount < invoice.open
        reasons.append(MatchReason.PART_PAYMENT if is_part else MatchReason.OVERPAYMENT)
    return Proposal(
        bank_line_id=line.id,
        invoice_ids=(invoice.id,),
        score=score,
        reasons=tuple(reasons),
        words=_words(invoice.number, line.amount, invoice.open, reasons),
        is_exact=is_named and line.amount == invoice.open,
    )


def _is_foreign(line: BankLine, invoice: OpenInvoice, text: str) -> bool:
    return invoice.open.currency != line.amount.currency and _names(text, invoice.number)


def _foreign(line: BankLine, invoice: OpenInvoice) -> Proposal:
    """The text names an invoice in another currency than the money came in."""
    reasons = [MatchReason.NUMBER, MatchReason.OTHER_CURRENCY]
    if _same_name(line.payer_name, invoice.client_name):
        reasons.append(MatchReason.NAME)
    return Proposal(
        bank_line_id=line.id,
        invoice_ids=(invoice.id,),
        score=_NUMBER + (_NAME if MatchReason.NAME in reasons else 0),
        reasons=tuple(reasons),
        words=_words(invoice.number, line.amount, invoice.open, reasons),
        is_exact=False,
    )


def _several(line: BankLine, named: Sequence[OpenInvoice]) -> Proposal:
    open_ = total((invoice.open for invoice in named), line.amount.currency)
    reasons = [MatchReason.NUMBER]
    if open_ == line.amount:
        reasons.append(MatchReason.AMOUNT)
    else:
        reasons.append(MatchReason.PART_PAYMENT if line.amount < open_ else MatchReason.OVERPAYMENT)
    is_same_name = all(_same_name(line.payer_name, invoice.client_name) for invoice in named)
    if is_same_name:
        reasons.append(MatchReason.NAME)
    numbers = ", ".join(sorted(invoice.number for invoice in named))
    return Proposal(
        bank_line_id=line.id,
        invoice_ids=tuple(
            invoice.id for invoice in sorted(named, key=lambda invoice: (invoice.due_on, invoice.number))
        ),
        score=_NUMBER + (_AMOUNT if open_ == line.amount else 0) + (_NAME if is_same_name else 0),
        reasons=tuple(reasons),
        words=_words(numbers, line.amount, open_, reasons),
        is_exact=open_ == line.amount,
    )


def _words(numbers: str, paid: Money, open_: Money, reasons: Sequence[MatchReason]) -> str:
    if MatchReason.OTHER_CURRENCY in reasons:
        name = ", the payer's name fits" if MatchReason.NAME in reasons else ""
        return f"{numbers}: the text names it{name}; {paid} came in for {open_}"
    parts = {
        MatchReason.NUMBER: "the text names it",
        MatchReason.AMOUNT: "the amount is equal",
        MatchReason.NAME: "the payer's name fits",
        MatchReason.PART_PAYMENT: f"{open_ - paid} would stay open",
        MatchReason.OVERPAYMENT: f"{paid - open_} too much was paid",
    }
    return f"{numbers}: {', '.join(parts[reason] for reason in reasons)}"


def _plain(text: str) -> str:
    return f" {_NOT_ALPHANUMERIC.sub(' ', text.casefold()).strip()} "


def _names(plain_text: str, number: str) -> bool:
    """Whether the text has the number as whole words, or run together with other separators."""
    plain = _plain(number).strip()
    joined = plain.replace(" ", "")
    if f" {plain} " in plain_text or f" {joined} " in plain_text:
        return True
    is_telling = len(joined) >= _TELLING_LENGTH
    return is_telling and re.search(rf"(?<!\d){re.escape(joined)}(?!\d)", plain_text.replace(" ", "")) is not None


def _same_name(payer: str, client: str) -> bool:
    left = set(_plain(payer).split()) - _LEGAL_FORMS
    right = set(_plain(client).split()) - _LEGAL_FORMS
    return bool(left and right) and (left <= right or right <= left)
