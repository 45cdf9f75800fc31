"""Factur-X / ZUGFeRD: the CII file inside the PDF/A-3, and everything an issued document consists of.

Factur-X 1.0 asks for an associated file named factur-x.xml with relationship Alternative, and XMP metadata in its own
namespace, described by a PDF/A extension schema.
"""

from __future__ import annotations

import hashlib
import io
import os
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape

from quoin.billing.adapters.cii import cii_bytes
from quoin.billing.adapters.cii_reader import read_cii
from quoin.billing.adapters.markup import UnreadableInvoice, xml_safe
from quoin.billing.adapters.pdf import PdfFailed, render_pdf
from quoin.billing.adapters.pdf_content import HoursEntry, Presentation
from quoin.billing.adapters.pdf_revision import Revision, stream_of
from quoin.billing.adapters.ubl import ubl_bytes
from quoin.billing.adapters.ubl_reader import read_ubl
from quoin.billing.rules.einvoice import Identifier, InvoiceDocument
from quoin.billing.rules.einvoice_check import require_issuable
from quoin.kernel.money import Rounding
from quoin.kernel.words import say

FILE_NAME = "factur-x.xml"
_MOST_THREADS, _PRINTED_AHEAD = 4, 16
# What ZUGFeRD 2.0, XRechnung and ZUGFeRD 1 call the same file.
_KNOWN_NAMES = (FILE_NAME, "zugferd-invoice.xml", "xrechnung.xml", "ZUGFeRD-invoice.xml")
_NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_END_OF_SCHEMAS = "</rdf:Bag></pdfaExtension:schemas>"
_END_OF_XMP = "</rdf:RDF>"
# In the order of their values in _with_schema.
_PROPERTIES = {
    "DocumentFileName": "The name of the embedded XML document",
    "DocumentType": "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER",
    "Version": "The actual version of the standard applying to the embedded XML document",
    "ConformanceLevel": "The conformance level of the embedded XML document",
}


@dataclass(frozen=True, slots=True)
class RenderedDocuments:
    """The bytes of an issued document and their SHA-256. `pdf` is Factur-X: it holds `cii`."""

    pdf: bytes
    ubl: bytes
    cii: bytes
    pdf_sha256: str
    ubl_sha256: str
    cii_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """A document that is to be printed, and how."""

    document: InvoiceDocument
    presentation: Presentation
    mode: Rounding = Rounding.HALF_UP
    wrong_vat_ids: frozenset[str] = frozenset()


@contextmanager
def print_together(asked: Sequence[Printing]) -> Iterator[Iterator[RenderedDocuments]]:
    """Begin to print; the block gets the documents in order, as they are ready, and may do other things before.

    The compiler runs outside Python's lock, so that it works beside the database and the caller. Only so many are
    printed ahead, for their files are kept in memory.
    """
    pool = ThreadPoolExecutor(max_workers=min(_MOST_THREADS, os.cpu_count() or 1), thread_name_prefix="print")
    waiting = iter(asked)
    begun = deque(pool.submit(_print, one) for one in islice(waiting, _PRINTED_AHEAD))

    def ready() -> Iterator[RenderedDocuments]:
        while begun:
            done = begun.popleft().result()
            begun.extend(pool.submit(_print, one) for one in islice(waiting, 1))
            yield done

    try:
        yield ready()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _print(one: Printing) -> RenderedDocuments:
    return render_documents(one.document, presentation=one.presentation, mode=one.mode, wrong_vat_ids=one.wrong_vat_ids)


def render_documents(
    document: InvoiceDocument,
    *,
    presentation: Presentation | None = None,
    entries: tuple[HoursEntry, ...] = (),
    mode: Rounding = Rounding.HALF_UP,
    wrong_vat_ids: frozenset[str] = frozenset(),
) -> RenderedDocuments:
    """PDF, UBL and CII of one document. InvoiceRefused unless the exact check finds nothing.

    Both XML files are read back and compared with the document before they leave (I-26). `entries` are the hours
    of the appendix.
    """
    require_issuable(document, mode=mode, wrong_vat_ids=wrong_vat_ids)
    cii, ubl = cii_bytes(document), ubl_bytes(document)
    for syntax, read in (("CII", read_cii(cii)), ("UBL", read_ubl(ubl))):
        # Nearly always the very same value; only else it is asked whether both say the same.
        if read != document and _said(read) != _said(document):
            raise PdfFailed(say("The %(syntax)s file does not say what the document says.", syntax=syntax))
    chosen = presentation or Presentation()
    printed = render_pdf(document, replace(chosen, entries=entries) if entries else chosen)
    pdf = embed(printed, cii, document)
    return RenderedDocuments(pdf, ubl, cii, _digest(pdf), _digest(ubl), _digest(cii))


def embed(pdf: bytes, cii: bytes, document: InvoiceDocument) -> bytes:
    """The PDF with the CII file inside. Same input, same bytes."""
    issued_on = document.issued_on or datetime.fromtimestamp(0, UTC).date()
    stamp = f"(D:{issued_on:%Y%m%d}000000Z)".encode()
    revision = Revision(pdf)
    said = b"/Type/EmbeddedFile/Subtype/text#2Fxml/Filter/FlateDecode/Params<</Size %d/CreationDate%s/ModDate%s>>"
    file = revision.add(stream_of(said % (len(cii), stamp, stamp), zlib.compress(cii, 9)))
    name = FILE_NAME.encode()
    specification = revision.add(
        b"<</Type/Filespec/F(%s)/UF(%s)/Desc(Factur-X/ZUGFeRD invoice)/AFRelationship/Alternative"
        b"/EF<</F %d 0 R/UF %d 0 R>>>>" % (name, name, file, file)
    )
    names = b"/Names<</EmbeddedFiles<</Names[(%s)%d 0 R]>>>>" % (name, specification)
    revision.extend_catalog(b"/AF[%d 0 R]" % specification + names)
    revision.set_metadata(_with_schema(revision.metadata()))
    return revision.written()


def extract(pdf: bytes) -> bytes:
    """The e-invoice inside the PDF; UnreadableInvoice if the file is no PDF or holds none."""
    # It takes a tenth of a second to load, and only reading asks for it.
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(pdf)) as file:
            for name in _KNOWN_NAMES:
                if name in file.attachments:
                    return bytes(file.attachments[name].get_file().read_bytes())
    except pikepdf.PdfError as error:
        raise UnreadableInvoice(say("The file is not a readable PDF: %(error)s.", error=error)) from error
    raise UnreadableInvoice("The PDF holds no e-invoice.")


def _with_schema(metadata: bytes) -> bytes:
    """XMP metadata with the facts of Factur-X, and their schema in the list that typst has already begun."""
    values = (FILE_NAME, "INVOICE", "1.0", "EN 16931")
    facts = "".join(f"<fx:{name}>{escape(value)}</fx:{name}>" for name, value in zip(_PROPERTIES, values, strict=True))
    properties = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{escape(text)}</pdfaProperty:description></rdf:li>"
        for name, text in _PROPERTIES.items()
    )
    schema = (
        '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{_NAMESPACE}</pdfaSchema:namespaceURI>"
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
    description = f'<rdf:Description rdf:about="" xmlns:fx="{_NAMESPACE}">{facts}</rdf:Description>'
    packet = metadata.decode()
    if packet.count(_END_OF_SCHEMAS) != 1 or packet.count(_END_OF_XMP) != 1:
        raise PdfFailed("The metadata of the PDF is not of the shape that Factur-X can be added to.")
    packet = packet.replace(_END_OF_SCHEMAS, schema + _END_OF_SCHEMAS)
    return packet.replace(_END_OF_XMP, description + _END_OF_XMP).encode()


def _said(value: Any) -> Any:
    """What a value says, whatever the syntax: without empty parts, outer spaces and the order of identifiers."""
    if isinstance(value, str):
        return xml_safe(value).strip()
    if isinstance(value, tuple):
        parts = [part for part in map(_said, value) if part]
        return sorted(parts, key=repr) if any(isinstance(each, Identifier) for each in value) else parts
    if is_dataclass(value):
        said = {name: _said(getattr(value, name)) for name in _names_of(value.__class__)}
        return {name: part for name, part in said.items() if part or isinstance(part, Decimal)}
    return value


@cache
def _names_of(kind: type[Any]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
