"""Turns a document into the texts the PDF template prints: every number and date in the client's locale.

The template lays out and decides nothing; it gets plain texts as JSON and never sees markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date, format_interval
from babel.numbers import format_currency, format_decimal

from quoin.billing.adapters.labels import LABELS, LOCALES, UNITS, language_of
from quoin.billing.rules.einvoice import Address, Adjustment, InvoiceDocument, InvoiceLine, InvoicingPeriod, Party
from quoin.billing.rules.identifiers import compact, is_iban
from quoin.billing.rules.tax import TAXED, document_unit
from quoin.kernel.quantity import clock

_MINUTES = "MIN"
_HOURS = "HUR"
_MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursEntry:
    """One entry of the appendix "hours behind this invoice"."""

    worked_on: date
    person: str
    task: str
    note: str
    minutes: int


@dataclass(frozen=True, slots=True)
class LineGroup:
    """A heading over some lines, for example a project; `line_ids` are BT-126."""

    title: str
    line_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """How a document is printed; nothing here changes what it says."""

    language: str = "en"
    logo: bytes = b""
    logo_kind: str = "png"  # png, jpg or svg
    accent: str = "#0b5563"
    groups: tuple[LineGroup, ...] = ()
    entries: tuple[HoursEntry, ...] = ()
    is_demo: bool = False


class _Words:
    """Numbers, dates and labels of one language."""

    def __init__(self, document: InvoiceDocument, presentation: Presentation) -> None:
        self.language = language_of(presentation.language)
        self.labels = LABELS[self.language]
        self.currency = document.currency
        self._locale = LOCALES[self.language]
        self._names = Locale.parse(self._locale).territories
        self._decimals = -int(document_unit(document.currency).as_tuple().exponent)

    def amount(self, value: Decimal | None) -> str:
        if value is None:
            return ""
        pattern = "#,##0." + "0" * self._decimals if self._decimals else "#,##0"
        return self._decimal(value, pattern)

    def money(self, value: Decimal | None) -> str:
        return "" if value is None else self.money_in(value, self.currency)

    def money_in(self, value: Decimal, currency: str) -> str:
        text = _with_minus(format_currency(value, currency, locale=self._locale))
        return (
            text.replace(currency, f"{currency}\xa0") if f"{currency}\xa0" not in text and text[-1].isdigit() else text
        )

    def number(self, value: Decimal | None) -> str:
        if value is None:
            return ""
        return self._decimal(value, "#,##0.######")

    def price(self, value: Decimal | None) -> str:
        """At least the currency's decimals, more if the price has more."""
        if value is None:
            return ""
        pattern = "#,##0." + "0" * self._decimals + "####" if self._decimals else "#,##0.####"
        return self._decimal(value, pattern)

    def _decimal(self, value: Decimal, pattern: str) -> str:
        return _with_minus(format_decimal(value, format=pattern, locale=self._locale, decimal_quantization=False))

    def country(self, code: str) -> str:
        return str(self._names.get(code, code))

    def day(self, value: date | None) -> str:
        return "" if value is None else format_date(value, format="long", locale=self._locale)

    def short_day(self, value: date) -> str:
        return format_date(value, format="EEE d MMM", locale=self._locale)

    def period(self, period: InvoicingPeriod | None) -> str:
        if period is None:
            return ""
        if period.start is None or period.end is None:
            return self.day(period.start or period.end)
        return format_interval(period.start, period.end, "yMMMd", locale=self._locale)


def _with_minus(text: str) -> str:
    """A minus sign (U+2212) for the hyphen that some locales write."""
    return text.replace("-", "−")


def pdf_content(document: InvoiceDocument, presentation: Presentation) -> dict[str, Any]:
    """What the template prints, ready for JSON."""
    words = _Words(document, presentation)
    labels = words.labels
    issued_on = document.issued_on
    return {
        "language": words.language,
        "labels": dict(labels),
        "title": labels["credit_note" if document.is_credit_note else "invoice"],
        "number": document.number,
        "issued": [issued_on.year, issued_on.month, issued_on.day] if issued_on else [],
        "accent": presentation.accent,
        "is_demo": presentation.is_demo,
        "seller_name": document.seller.trading_name or document.seller.name,
        "sender": _sender(document.seller),
        "recipient": _recipient(document, words),
        "facts": _facts(document, words),
        "notes": list(document.notes),
        "amount_head": f"{labels['amount']} ({document.currency})",
        "price_head": f"{labels['unit_price']} ({document.currency})",
        "groups": _groups(document, presentation, words),
        "adjustments": [_adjustment(part, words) for part in document.adjustments],
        "sums": _sums(document, words),
        "due": _due(document, words),
        "exemptions": _exemptions(document),
        "payment": _payment(document, words),
        "terms": document.payment_terms,
        "footer": _footer(document, words),
        "entries": _entries(presentation, words),
    }


def _sender(seller: Party) -> str:
    return " · ".join([seller.name, *_address_lines(seller.address)])


def _recipient(document: InvoiceDocument, words: _Words) -> list[str]:
    """Name, contact and address; the country only on a letter that leaves the seller's."""
    buyer, home = document.buyer, document.seller.address
    contact = [buyer.contact.name] if buyer.contact and buyer.contact.name else []
    is_abroad = buyer.address is not None and home is not None and buyer.address.country != home.country
    country = words.country(buyer.address.country).upper() if buyer.address and is_abroad else ""
    return [buyer.name, *contact, *_address_lines(buyer.address, country)]


def _address_lines(address: Address | None, country: str = "") -> list[str]:
    if address is None:
        return []
    town = " ".join(part for part in (address.postcode, address.city) if part)
    lines = [address.line1, address.line2, address.line3, town, address.region, country]
    return [line for line in lines if line]


def _facts(document: InvoiceDocument, words: _Words) -> list[list[str]]:
    """Label and value pairs beside the address."""
    labels = words.labels
    delivery_on = document.delivery.on if document.delivery else None
    period = words.period(document.period)
    facts = [
        (labels["number"], document.number),
        (labels["date"], words.day(document.issued_on)),
        (labels["due"], "" if document.is_credit_note else words.day(document.due_on)),
        *((labels["about"], _preceding(each.number, each.issued_on, words)) for each in document.preceding),
        (labels["period"], period),
        (labels["service_date"], "" if period else words.day(delivery_on)),
        (labels["tax_point"], words.day(document.tax_point_on)),
        (labels["your_reference"], document.buyer_reference),
        (labels["order"], document.order_reference),
        (labels["contract"], document.contract_reference),
        (labels["project"], document.project_reference),
        (labels["customer_vat"], document.buyer.vat_id),
    ]
    return [[label, value] for label, value in facts if value]


def _preceding(number: str, issued_on: date | None, words: _Words) -> str:
    return f"{number}, {words.day(issued_on)}" if issued_on else number


def _groups(document: InvoiceDocument, presentation: Presentation, words: _Words) -> list[dict[str, Any]]:
    """Lines under their headings; lines that no group names come last, without heading."""
    by_id = {line.id: line for line in document.lines}
    groups: list[dict[str, Any]] = []
    for group in presentation.groups:
        lines = [by_id.pop(line_id) for line_id in group.line_ids if line_id in by_id]
        if lines:
            groups.append(_group(group.title, lines, words))
    if by_id:
        groups.append(_group("", list(by_id.values()), words))
    return groups


def _group(title: str, lines: list[InvoiceLine], words: _Words) -> dict[str, Any]:
    subtotal = sum((line.net or Decimal(0) for line in lines), Decimal(0))
    return {
        "title": title,
        "subtotal": words.amount(subtotal) if title else "",
        "lines": [_line(line, words) for line in lines],
    }


def _line(line: InvoiceLine, words: _Words) -> dict[str, Any]:
    details = [line.item.description, words.period(line.period), line.note]
    details.extend(_adjustment_text(part, words) for part in line.adjustments)
    return {
        "id": line.id,
        "name": line.item.name,
        "details": [text for text in details if text],
        "quantity": _quantity(line, words),
        "price": _price(line, words),
        "vat": f"{words.number(line.rate)} %" if line.category in TAXED else (line.category or ""),
        "net": words.amount(line.net),
    }


def _quantity(line: InvoiceLine, words: _Words) -> str:
    """Time is printed as 7:20 h, whether billed in hours or in minutes with a price per hour."""
    minutes = _minutes(line)
    if minutes is not None:
        return f"{clock(minutes)} {UNITS[words.language][_HOURS][0]}"
    singular, plural = UNITS[words.language].get(line.unit, (line.unit, line.unit))
    unit = singular if line.quantity == 1 else plural
    return f"{words.number(line.quantity)} {unit}".strip()


def _minutes(line: InvoiceLine) -> int | None:
    """Whole minutes of a line of time, None for other lines and for hours that are no whole minutes."""
    quantity = line.quantity
    if quantity is None or line.unit not in {_MINUTES, _HOURS}:
        return None
    minutes = quantity if line.unit == _MINUTES else quantity * _MINUTES_PER_HOUR
    return int(minutes) if minutes == int(minutes) else None


def _price(line: InvoiceLine, words: _Words) -> str:
    price, base = words.price(line.price.net), line.price.base_quantity
    if base is None or base == 1 or (line.unit == _MINUTES and base == _MINUTES_PER_HOUR):
        return price
    return f"{price} {words.labels['per']} {words.number(base)}"


def _adjustment_text(part: Adjustment, words: _Words) -> str:
    sign = "+" if part.is_charge else "−"
    name = part.reason or words.labels["charge" if part.is_charge else "allowance"]
    share = f" {words.number(part.percent)} %" if part.percent is not None else ""
    return f"{name}{share}: {sign}{words.amount(part.amount)}"


def _adjustment(part: Adjustment, words: _Words) -> list[str]:
    name = part.reason or words.labels["charge" if part.is_charge else "allowance"]
    share = f" ({words.number(part.percent)} %)" if part.percent is not None else ""
    vat = f"{words.number(part.rate)} %" if part.category in TAXED else (part.category or "")
    return [name + share, vat, ("" if part.is_charge else "−") + words.amount(part.amount)]


def _sums(document: InvoiceDocument, words: _Words) -> list[list[str]]:
    totals, labels = document.totals, words.labels
    sums = [[labels["net"], words.amount(totals.net)]]
    for group in document.vat:
        if group.category in TAXED:
            text = labels["vat_of"].format(rate=words.number(group.rate), amount=words.amount(group.taxable))
            sums.append([text, words.amount(group.tax)])
        else:
            sums.append([f"{labels['tax']} ({group.category})", words.amount(group.tax)])
    if totals.tax_in_accounting_currency is not None:
        local = words.money_in(totals.tax_in_accounting_currency, document.accounting_currency)
        sums.append([f"{labels['tax']} ({document.accounting_currency})", local])
    if totals.prepaid or totals.rounding:
        sums.append([labels["gross"], words.amount(totals.gross)])
    if totals.prepaid:
        sums.append([labels["paid"], f"−{words.amount(totals.prepaid)}"])
    if totals.rounding:
        sums.append([labels["rounding"], words.amount(totals.rounding)])
    return sums


def _due(document: InvoiceDocument, words: _Words) -> list[str]:
    label = words.labels["credited" if document.is_credit_note else "payable"]
    return [label, words.money(document.totals.payable)]


def _exemptions(document: InvoiceDocument) -> list[str]:
    texts = (
        f"{group.category}: {group.exemption.text or group.exemption.code}"
        for group in document.vat
        if group.exemption.text or group.exemption.code
    )
    return list(dict.fromkeys(texts))


def _payment(document: InvoiceDocument, words: _Words) -> dict[str, Any]:
    payment, labels = document.payment, words.labels
    if payment is None or document.is_credit_note:
        return {"rows": [], "sentence": ""}
    if payment.mandate:
        sentence = labels["debit"].format(account=spaced(payment.debited_account), mandate=payment.mandate)
        return {"rows": [], "sentence": sentence}
    rows: list[list[str]] = []
    for account in payment.accounts:
        rows.append([labels["account_holder"], account.holder or document.seller.name])
        rows.append([labels["bank_account"], spaced(account.iban)])
        rows.append([labels["bic"], account.bic])
    rows.append([labels["reference"], payment.remittance or document.number])
    rows.append([labels["due"], words.day(document.due_on)])
    return {"rows": [row for row in rows if row[1]], "sentence": ""}


def spaced(account: str) -> str:
    """An IBAN in groups of four, as people read it; anything else as it is."""
    if not is_iban(account):
        return account
    letters = compact(account)
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _footer(document: InvoiceDocument, words: _Words) -> list[list[str]]:
    seller, contact, labels = document.seller, document.seller.contact, words.labels
    country = words.country(seller.address.country) if seller.address else ""
    reach = [contact.name, contact.phone, contact.email] if contact else []
    numbers = [
        f"{label}: {value}"
        for label, value in (
            (labels["vat_id"], seller.vat_id),
            (labels["tax_number"], seller.tax_number),
            (labels["register"], seller.legal_id.value if seller.legal_id else ""),
        )
        if value
    ]
    columns = [[seller.name, *_address_lines(seller.address, country)], reach, [*numbers, seller.legal_form]]
    return [[text for text in column if text] for column in columns]


def _entries(presentation: Presentation, words: _Words) -> dict[str, Any]:
    """The hours by person, each person's by day, with what they add up to."""
    theirs: dict[str, list[HoursEntry]] = {}
    for entry in sorted(presentation.entries, key=lambda entry: (entry.person, entry.worked_on, entry.task)):
        theirs.setdefault(entry.person, []).append(entry)
    people = [
        {
            "name": person,
            "hours": clock(sum(entry.minutes for entry in entries)),
            "rows": [[words.short_day(one.worked_on), one.task, one.note, clock(one.minutes)] for one in entries],
        }
        for person, entries in theirs.items()
    ]
    return {"people": people, "total": clock(sum(entry.minutes for entry in presentation.entries))}
