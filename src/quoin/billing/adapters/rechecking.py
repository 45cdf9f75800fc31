"""Issued documents looked at again: the files that were issued are read back and checked like a stranger's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from quoin.billing.adapters.cii_reader import read_cii
from quoin.billing.adapters.ubl_reader import read_ubl
from quoin.billing.models import Invoice, IssuedDocument
from quoin.billing.rules.einvoice import InvoiceDocument
from quoin.billing.rules.einvoice_check import findings
from quoin.kernel.errors import Problem
from quoin.kernel.money import Rounding
from quoin.kernel.words import say


def issued_findings(invoice: Invoice, stored: IssuedDocument) -> tuple[Problem, ...]:
    """What is wrong with the files of an issued document; nothing if all is as it was issued."""
    return tuple(_changed(stored)) + tuple(_read_back(invoice, stored))


def _changed(stored: IssuedDocument) -> Iterator[Problem]:
    kinds = {"pdf": (stored.pdf, stored.pdf_sha256), "ubl": (stored.ubl, stored.ubl_sha256)}
    for kind, (content, known) in {**kinds, "cii": (stored.cii, stored.cii_sha256)}.items():
        if hashlib.sha256(bytes(content)).hexdigest() != known:
            yield Problem(
                f"/files/{kind}",
                "QUOIN-HASH",
                say("The %(kind)s file is not the one that was issued.", kind=kind.upper()),
            )


def _read_back(invoice: Invoice, stored: IssuedDocument) -> Iterator[Problem]:
    for kind, document in (("UBL", read_ubl(bytes(stored.ubl))), ("CII", read_cii(bytes(stored.cii)))):
        yield from findings(document, mode=Rounding(invoice.rounding))
        yield from _disagreements(kind, document, invoice)


def _disagreements(kind: str, document: InvoiceDocument, invoice: Invoice) -> Iterator[Problem]:
    said = {
        "number": document.number,
        "net": document.totals.net,
        "tax": document.totals.tax,
        "gross": document.totals.gross,
    }
    known = {
        "number": invoice.number, "net": invoice.net_amount, "tax": invoice.tax_amount, "gross": invoice.gross_amount,
    }  # fmt: skip
    for name, value in known.items():
        if said[name] != value:
            yield Problem(
                f"/{name}",
                "QUOIN-BOOKS",
                say(
                    "The %(kind)s says %(said)s as %(name)s, the books say %(value)s.",
                    kind=kind,
                    said=said[name],
                    name=name,
                    value=value,
                ),
            )
