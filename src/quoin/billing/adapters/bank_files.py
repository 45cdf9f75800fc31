"""Bank files: CAMT.053 (ISO 20022) and CSV as banks export them, read to money that came in.

XML is read without DTD, entities or network. Debits are left out: they pay nobody's invoice.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from lxml import etree

from quoin.base.files.xml import xml_root
from quoin.kernel.currency import CODES
from quoin.kernel.errors import Invalid, Problem
from quoin.kernel.words import say

MAX_BYTES = 20_000_000
MAX_LINES = 50_000
_HEADERS = {
    "on": ("date", "booking date", "buchungstag", "buchungsdatum", "booked", "datum", "dato", "fecha"),
    "amount": ("amount", "betrag", "bedrag", "montant", "importe", "beløp", "umsatz", "credit"),
    "currency": ("currency", "währung", "waehrung", "valuta", "devise", "moneda", "ccy"),
    "name": ("name", "payer", "debtor", "counterparty", "beguenstigter/zahlungspflichtiger", "auftraggeber",
             "name zahlungsbeteiligter", "partner name", "avsender"),
    "iban": ("iban", "account", "kontonummer/iban", "iban zahlungsbeteiligter", "counterparty iban", "konto"),
    "text": ("text", "reference", "description", "verwendungszweck", "purpose", "omschrijving", "libellé", "concepto",
             "melding", "details"),
    "id": ("id", "transaction id", "bank reference", "reference number", "transaktions-id"),
}  # fmt: skip
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%d-%m-%Y")
_NUMBER = re.compile(r"^[+-]?[\d.,' \u00a0\u202f]+$")


class BankFileUnreadable(Invalid):
    """The file is not a bank statement that can be read."""

    code = "bank_file_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFileLine:
    """A credit on the statement. `external_id` is the bank's own, or made of what the line says."""

    external_id: str
    booked_on: date
    amount: Decimal
    currency: str
    name: str
    iban: str
    text: str
    paid: tuple[Decimal, str] | None = None
    """What the payer instructed, with its currency, where the bank changed the money or kept charges."""
    charges: Decimal = Decimal(0)
    """What banks kept, in the currency of the line."""


def read_bank_file(name: str, content: bytes, *, currency: str) -> tuple[BankFileLine, ...]:
    """Credits of a CAMT.053 or CSV file; `currency` is that of a CSV without such a column."""
    if len(content) > MAX_BYTES:
        raise BankFileUnreadable(
            say(
                "%(name)s is larger than %(max_bytes)s MB. Export a shorter time.",
                name=name,
                max_bytes=MAX_BYTES // 1000000,
            )
        )
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    lines = tuple(_camt(content) if start == b"<" else _csv(content, currency=currency))
    if len(lines) > MAX_LINES:
        raise BankFileUnreadable(
            say("%(name)s has more than %(max_lines)s lines. Export a shorter time.", name=name, max_lines=MAX_LINES)
        )
    return lines


def _camt(content: bytes) -> Iterator[BankFileLine]:
    typed = say("The XML has a document type; bank files have none.")
    root = xml_root(content, refuse=BankFileUnreadable, typed=typed)
    if not root.tag.endswith("}Document") or (not _all(root, "Ntry") and not _all(root, "Stmt")):
        raise BankFileUnreadable("The XML is no bank statement (CAMT.053).")
    for entry in _all(root, "Ntry"):
        if _text(entry, "CdtDbtInd") == "CRDT" and _text(entry, "RvslInd") != "true":
            yield from _entry(entry)


def _entry(entry: etree._Element) -> Iterator[BankFileLine]:
    """One line per transaction of the entry; an entry without details is one line."""
    day = _text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm")[:10] or _text(entry, "ValDt/Dt")
    reference = _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")
    details = _all(entry, "TxDtls") or [entry]
    for number, one in enumerate(details, 1):
        amount = _booked(entry, one, is_only=len(details) == 1)
        if amount is None:
            raise BankFileUnreadable("An entry of the statement has no amount.")
        name = _text(one, "RltdPties/Dbtr/Nm") or _text(one, "RltdPties/Dbtr/Pty/Nm")
        text = " ".join(_each(one, "RmtInf")) or _text(entry, "AddtlNtryInf")
        own = _text(one, "Refs/AcctSvcrRef") or _text(one, "Refs/EndToEndId")
        line = _line(
            day=_day(day), amount=_decimal(amount.text or "", "amount"), currency=amount.get("Ccy", ""), name=name,
            iban=_text(one, "RltdPties/DbtrAcct/Id/IBAN"), text=text,
        )  # fmt: skip
        line = replace(line, paid=_paid(one, line), charges=_charges(one, line.currency))
        known = ":".join(filter(None, (reference, own if own != "NOTPROVIDED" else "")))
        yield _with_id(line, f"{known}:{number}" if known else "")


def _booked(entry: etree._Element, one: etree._Element, *, is_only: bool) -> etree._Element | None:
    """What the transaction brought to the account: never the amount that the payer instructed in another currency."""
    own, whole = _direct(one, "Amt"), _direct(entry, "Amt")
    if own is not None or is_only:
        return whole if own is None else own
    currency = "" if whole is None else whole.get("Ccy", "")
    told = [_direct(found, "Amt") for path in ("TxAmt", "InstdAmt") for found in _all(one, path)]
    return next((amount for amount in told if amount is not None and amount.get("Ccy", "") == currency), None)


def _paid(details: etree._Element, line: BankFileLine) -> tuple[Decimal, str] | None:
    """The instructed amount, where it is not what was booked."""
    for path in ("InstdAmt", "TxAmt"):
        for found in _all(details, path):
            amount = _direct(found, "Amt")
            if amount is not None and amount.get("Ccy", "") in CODES:
                paid = (_decimal(amount.text or "", "amount"), amount.get("Ccy", ""))
                return None if paid == (line.amount, line.currency) else paid
    return None


def _charges(details: etree._Element, currency: str) -> Decimal:
    """Charges that the bank took off this payment, in the currency of the account."""
    total = Decimal(0)
    for record in _all(details, "Rcrd"):
        amount = _direct(record, "Amt")
        if amount is not None and amount.get("Ccy", "") == currency and _text(record, "CdtDbtInd") != "CRDT":
            total += _decimal(amount.text or "", "charge")
    return total


def _csv(content: bytes, *, currency: str) -> Iterator[BankFileLine]:
    text = _decode(content)
    rows = list(csv.reader(io.StringIO(text), delimiter=_delimiter(text)))
    start, columns = _columns(rows)
    seen: dict[str, int] = {}
    for number, row in enumerate(rows[start + 1 :], start + 2):
        if not any(cell.strip() for cell in row):
            continue
        amount = _decimal(_cell(row, columns, "amount"), f"amount in line {number}")
        if amount <= 0:
            continue
        line = _line(
            day=_day(_cell(row, columns, "on"), where=f" in line {number}"), amount=amount,
            currency=_cell(row, columns, "currency").upper() or currency, name=_cell(row, columns, "name"),
            iban=_cell(row, columns, "iban"), text=_cell(row, columns, "text"),
        )  # fmt: skip
        named = _with_id(line, _cell(row, columns, "id"))
        seen[named.external_id] = count = seen.get(named.external_id, 0) + 1
        # Two equal lines of one day are two payments.
        yield named if count == 1 else _with_id(line, f"{named.external_id}:{count}")


def _columns(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """The header line and where each column stands."""
    for index, row in enumerate(rows[:30]):
        words = [cell.strip().strip('"').casefold() for cell in row]
        found = {key: words.index(word) for key, known in _HEADERS.items() for word in reversed(known) if word in words}
        if "on" in found and "amount" in found:
            return index, found
    raise BankFileUnreadable(
        "The CSV has no line with headers.",
        problems=(Problem("/file", "header_missing", "No columns named date and amount were found."),),
    )


def _cell(row: Sequence[str], columns: dict[str, int], key: str) -> str:
    index = columns.get(key)
    return row[index].strip() if index is not None and index < len(row) else ""


def _delimiter(text: str) -> str:
    head = text[:4000]
    return max(";,\t", key=head.count)


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BankFileUnreadable("The file is neither UTF-8 nor Windows text.")


def _day(text: str, *, where: str = "") -> date:
    for form in _DAYS:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  a calendar day has no zone
        except ValueError:
            continue
    raise BankFileUnreadable(say("%(text)s%(where)s is not a day.", text=repr(text), where=where))


def _decimal(text: str, what: str) -> Decimal:
    plain = text.strip()
    if not _NUMBER.match(plain):
        raise BankFileUnreadable(say("%(text)s is not a number (%(what)s).", text=repr(text), what=what))
    plain = re.sub(r"[ '\u00a0\u202f]", "", plain)
    point = max(plain.rfind("."), plain.rfind(","))
    whole, rest = (plain[:point], plain[point + 1 :]) if point >= 0 else (plain, "")
    if len(rest) == 3 and plain.count(".") + plain.count(",") == 1 and what.startswith("amount in"):  # noqa: PLR2004
        whole, rest = plain.replace(",", "").replace(".", ""), ""
    try:
        return Decimal(f"{re.sub('[.,]', '', whole)}.{rest or 0}")
    except InvalidOperation as error:
        raise BankFileUnreadable(say("%(text)s is not a number (%(what)s).", text=repr(text), what=what)) from error


def _line(*, day: date, amount: Decimal, currency: str, name: str, iban: str, text: str) -> BankFileLine:
    if currency not in CODES:
        raise BankFileUnreadable(say("%(currency)s is not an ISO 4217 currency.", currency=repr(currency)))
    compact = "".join(iban.split())
    return BankFileLine(
        external_id="", booked_on=day, amount=amount, currency=currency, name=" ".join(name.split()), iban=compact,
        text=" ".join(text.split()),
    )  # fmt: skip


def _with_id(line: BankFileLine, known: str) -> BankFileLine:
    said = (line.booked_on, line.amount, line.currency, line.name, line.iban, line.text)
    made = hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest()[:32]
    return replace(line, external_id=known or made)


def _all(node: etree._Element, name: str) -> list[etree._Element]:
    return [found for found in node.iter() if isinstance(found.tag, str) and etree.QName(found).localname == name]


def _first(node: etree._Element, name: str) -> etree._Element | None:
    found = _all(node, name)
    return found[0] if found else None


def _direct(node: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in node if etree.QName(child).localname == name), None)


def _text(node: etree._Element, path: str) -> str:
    """Text of the first element along a path of local names, below the node."""
    first, *rest = path.split("/")
    for found in _all(node, first):
        reached: etree._Element | None = found
        for name in rest:
            reached = None if reached is None else _direct(reached, name)
        if reached is not None and reached.text:
            return str(reached.text).strip()
    return ""


def _each(node: etree._Element, name: str) -> Iterator[str]:
    for found in _all(node, name):
        yield from (str(part).strip() for part in found.itertext() if str(part).strip())
