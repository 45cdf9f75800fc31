"""Small tools for the two e-invoice syntaxes: build a tree top down, read one without trusting it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from quoin.base.files.xml import xml_root
from quoin.billing.rules.tax import VatCategory
from quoin.kernel.errors import Invalid, Problem
from quoin.kernel.words import say

_MAX_BYTES = 20_000_000


class UnreadableInvoice(Invalid):
    """The file is not an e-invoice of a known syntax, or a value in it is malformed."""

    code = "billing.einvoice.unreadable"


class Writer:
    """Writes elements in document order; names are `prefix:Local`. Empty values write nothing."""

    def __init__(self, root: str, namespaces: Mapping[str, str]) -> None:
        """`namespaces` by prefix; the empty prefix is the default namespace."""
        self._namespaces = dict(namespaces)
        nsmap = {prefix or None: uri for prefix, uri in namespaces.items()}
        self._root = etree.Element(self._name(root), nsmap=nsmap)

    @property
    def root(self) -> etree._Element:
        return self._root

    def group(self, parent: etree._Element, name: str) -> etree._Element:
        """An element that will hold others."""
        return etree.SubElement(parent, self._name(name))

    def text(self, parent: etree._Element, name: str, value: str | None, /, **attributes: str) -> None:
        """A leaf, unless the value is empty; empty attributes are left out."""
        if not value:
            return
        leaf = etree.SubElement(parent, self._name(name), {key: text for key, text in attributes.items() if text})
        leaf.text = xml_safe(value)

    def number(self, parent: etree._Element, name: str, value: Decimal | None, /, **attributes: str) -> None:
        """A leaf with a plain decimal number, unless it is None."""
        if value is not None:
            self.text(parent, name, plain(value), **attributes)

    def document(self) -> bytes:
        """UTF-8 bytes; the same tree always gives the same bytes."""
        return bytes(etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", pretty_print=True))

    def _name(self, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        return f"{{{self._namespaces[prefix]}}}{local}"


def plain(value: Decimal) -> str:
    """Digits without exponent and without a sign on zero."""
    return f"{value or abs(value):f}"


def xml_safe(text: str) -> str:
    """Without the control characters that XML 1.0 cannot carry."""
    return "".join(
        letter
        for letter in text
        if letter in "\t\n\r" or " " <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" or letter > "\uffff"
    )


def parse(content: bytes) -> etree._Element:
    """Root of the document: no entities, no network, no huge trees. UnreadableInvoice for anything else."""
    if len(content) > _MAX_BYTES:
        raise UnreadableInvoice("The file is larger than 20 MB.")
    typed = say("The file declares a document type, which an e-invoice never does.")
    return xml_root(content, refuse=UnreadableInvoice, typed=typed)


class Reader:
    """Reads values by path below an element; what is absent is an empty text or None."""

    def __init__(self, element: etree._Element, namespaces: Mapping[str, str]) -> None:
        self.element = element
        self._namespaces = dict(namespaces)

    def all(self, path: str) -> Iterator[Reader]:
        for found in self.element.findall(path, self._namespaces):
            yield Reader(found, self._namespaces)

    def first(self, path: str) -> Reader | None:
        found = self.element.find(path, self._namespaces)
        return None if found is None else Reader(found, self._namespaces)

    def text(self, path: str = ".") -> str:
        found = self.element.find(path, self._namespaces)
        return "" if found is None or found.text is None else str(found.text).strip()

    def attribute(self, path: str, name: str) -> str:
        found = self.element.find(path, self._namespaces)
        return "" if found is None else str(found.get(name, ""))

    def number(self, path: str = ".") -> Decimal | None:
        text = self.text(path)
        if not text:
            return None
        try:
            value = Decimal(text)
        except InvalidOperation as error:
            raise _malformed(path, text, "a number") from error
        if not value.is_finite():
            raise _malformed(path, text, "a number")
        return value

    def day(self, path: str) -> date | None:
        """A date written 2026-05-31, 20260531 or with a time zone behind it."""
        text = self.text(path)
        if not text:
            return None
        try:
            return date.fromisoformat(text[:10] if "-" in text else text[:8])
        except ValueError as error:
            raise _malformed(path, text, "a date") from error


def _malformed(path: str, text: str, kind: str) -> UnreadableInvoice:
    detail = say("%(name)s is %(text)s, not %(kind)s.", name=path.rpartition(":")[2], text=repr(text), kind=kind)
    return UnreadableInvoice(detail, problems=(Problem(path, UnreadableInvoice.code, detail),))


def vat_category(code: str) -> VatCategory | None:
    """The category of the code, None for an empty code; UnreadableInvoice for a code of no category."""
    if not code:
        return None
    try:
        return VatCategory(code)
    except ValueError as error:
        raise UnreadableInvoice(say("%(code)s is not a VAT category.", code=repr(code))) from error


def decoded(text: str) -> bytes:
    """Bytes of a base 64 text; UnreadableInvoice if it is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error as error:
        raise UnreadableInvoice("An attachment is not valid base 64.") from error
