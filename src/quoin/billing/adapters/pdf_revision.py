"""Adds objects to a PDF as a second revision (ISO 32000-1, 7.5.6): what was written before stays, byte for byte.

Only for files as typst writes them, with one plain table of objects; writing all objects anew takes ten times as long.
"""

from __future__ import annotations

import hashlib
import re

from quoin.base.files.typeset import PdfFailed

_TABLE = re.compile(rb"xref\s+0 (\d+)\s*?\n")
_SIZE = re.compile(rb"/Size (\d+)")
_ROOT = re.compile(rb"/Root (\d+) 0 R")
_METADATA = re.compile(rb"/Metadata (\d+) 0 R")
_STREAM = re.compile(rb"\d+ 0 obj\s*<<(?P<said>[^>]*)>>\s*stream\r?\n")
_LENGTH = re.compile(rb"/Length (\d+)")
_ID = re.compile(rb"/ID\s*\[\s*(?P<first>\([^()\\]*\)|<[0-9A-Fa-f]*>)\s*(?:\([^()\\]*\)|<[0-9A-Fa-f]*>)\s*\]")
_ENTRY = 20
"""Bytes of a line in the table of objects."""


class Revision:
    """What a second revision of a PDF says: new objects, and others in the place of old ones."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pdf
        self._table_at = int(_found(re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z"), pdf[-64:])[1])
        begun = pdf.rfind(b"trailer")
        table = _TABLE.match(pdf, self._table_at)
        if table is None or begun < table.end() + int(table[1]) * _ENTRY:
            raise _unknown()
        self._entries_at, self._trailer = table.end(), pdf[begun:].partition(b"startxref")[0].rstrip()
        self._size = int(_found(_SIZE, self._trailer)[1])
        self._root = int(_found(_ROOT, self._trailer)[1])
        self._objects: dict[int, bytes] = {}
        self.catalog = self._dictionary(self._root)
        self._metadata = int(_found(_METADATA, self.catalog)[1])

    def metadata(self) -> bytes:
        """The XMP packet of the file."""
        at = self._offset(self._metadata)
        stream = _STREAM.match(self._pdf, at)
        if stream is None or b"/Filter" in stream["said"]:
            raise _unknown()
        length = int(_found(_LENGTH, stream["said"])[1])
        return self._pdf[stream.end() : stream.end() + length]

    def set_metadata(self, packet: bytes) -> None:
        self._objects[self._metadata] = stream_of(b"/Type/Metadata/Subtype/XML", packet)

    def extend_catalog(self, entries: bytes) -> None:
        """Entries that the catalog has not yet."""
        if any(name in self.catalog for name in re.findall(rb"/[A-Za-z]+", entries)):
            raise _unknown()
        self._objects[self._root] = b"<<" + self.catalog + entries + b">>"

    def add(self, body: bytes) -> int:
        """Add an object; returns its number."""
        number, self._size = self._size, self._size + 1
        self._objects[number] = body
        return number

    def written(self) -> bytes:
        """The file with both revisions. Same input, same bytes."""
        parts, at, table = [self._pdf], len(self._pdf), []
        for number, body in sorted(self._objects.items()):
            part = b"\n%d 0 obj\n%s\nendobj" % (number, body)
            table.append(b"%d 1\n%010d 00000 n\r\n" % (number, at + 1))
            parts.append(part)
            at += len(part)
        parts.append(b"\nxref\n" + b"".join(table) + self._last_trailer(b"".join(parts[1:])))
        parts.append(b"\nstartxref\n%d\n%%%%EOF\n" % (at + 1))
        return b"".join(parts)

    def _last_trailer(self, added: bytes) -> bytes:
        """As the first one; the first id stays, the second one tells the revision."""
        first = _found(_ID, self._trailer)["first"]
        told = hashlib.sha256(first + added).hexdigest()[:32].upper().encode()
        said = _SIZE.sub(b"/Size %d" % self._size, self._trailer, count=1)
        said = _ID.sub(lambda _: b"/ID[" + first + b"<" + told + b">]", said, count=1)
        return said.removesuffix(b">>") + b"/Prev %d>>" % self._table_at

    def _dictionary(self, number: int) -> bytes:
        at = self._offset(number)
        text = self._pdf[at : self._pdf.index(b"endobj", at)]
        if b"stream" in text or not text.startswith(b"%d 0 obj" % number):
            raise _unknown()
        return text[text.index(b"<<") + 2 : text.rindex(b">>")]

    def _offset(self, number: int) -> int:
        at = self._entries_at + number * _ENTRY
        return int(self._pdf[at : at + 10])


def stream_of(said: bytes, content: bytes) -> bytes:
    """The body of a stream object."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (said, len(content), content)


def _found(pattern: re.Pattern[bytes], text: bytes) -> re.Match[bytes]:
    found = pattern.search(text)
    if found is None:
        raise _unknown()
    return found


def _unknown() -> PdfFailed:
    return PdfFailed("The PDF is not of the shape that an invoice can be added to.")
