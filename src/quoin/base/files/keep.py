"""Keeping uploaded files: told by their first bytes and not by their name alone, each stored once.

Receipts and signatures are pictures or PDFs; documents that people go on working with may be office files and texts.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from quoin.base.actor import Actor
from quoin.base.files.models import StoredFile
from quoin.base.files.store import store_file
from quoin.kernel.errors import invalid
from quoin.kernel.words import say

_NAME_LENGTH = 120
_SIGNS: tuple[tuple[bytes, int, str], ...] = (
    (b"%PDF-", 0, "application/pdf"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"WEBP", 8, "image/webp"),
    (b"ftypheic", 4, "image/heic"),
)


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_PACKED = {
    ".docx": f"{_OFFICE}.wordprocessingml.document", ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}.presentationml.presentation", ".odt": f"{_OPEN}.text", ".ods": f"{_OPEN}.spreadsheet",
    ".odp": f"{_OPEN}.presentation",
}  # fmt: skip
_TEXTS = {".txt": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8", ".md": "text/plain; charset=utf-8"}


def keep_document(actor: Actor, *, name: str, content: bytes, field: str, what: str, most_bytes: int) -> StoredFile:
    """As `keep_file`, also for office files and texts; told by their name's end and what they begin with."""
    plain = safe_name(name)
    _check_size(content, field=field, what=what, most_bytes=most_bytes)
    kind = content_type(content) or _document_type(plain, content)
    if kind is None:
        kinds = ", ".join((*_PACKED, *_TEXTS))
        raise invalid(
            field, say("%(what)s is a PDF, a picture, or one of %(kinds)s.", what=what, kinds=kinds), code="wrong_type"
        )
    return store_file(actor, name=plain, content_type=kind, content=content)


def _document_type(name: str, content: bytes) -> str | None:
    end = PurePosixPath(name).suffix.lower()
    if content.startswith(b"PK\x03\x04"):
        return _PACKED.get(end)
    if end not in _TEXTS or b"\x00" in content:
        return None
    try:
        content.decode()
    except UnicodeDecodeError:
        return None
    return _TEXTS[end]


def keep_file(
    actor: Actor, *, name: str, content: bytes, field: str, what: str, most_bytes: int, pictures_only: bool = False
) -> StoredFile:
    """The stored file; the same bytes are kept once. Invalid for what is no picture or PDF, or too large.

    `field` is the JSON pointer of the input, `what` the sentence's subject: say("A receipt").
    """
    _check_size(content, field=field, what=what, most_bytes=most_bytes)
    kind = content_type(content)
    if kind is None or (pictures_only and not kind.startswith("image/")):
        is_any = say("%(what)s is a PDF or a picture (JPEG, PNG, WebP, HEIC).", what=what)
        raise invalid(
            field,
            say("%(what)s is a picture (JPEG, PNG, WebP, HEIC).", what=what) if pictures_only else is_any,
            code="wrong_type",
        )
    return store_file(actor, name=safe_name(name), content_type=kind, content=content)


def _check_size(content: bytes, *, field: str, what: str, most_bytes: int) -> None:
    if len(content) > most_bytes:
        raise invalid(
            field,
            say("%(what)s has at most %(most_bytes)s MB.", what=what, most_bytes=most_bytes // 1024 // 1024),
            code="too_large",
        )


def content_type(content: bytes) -> str | None:
    """What the bytes are, if they are a picture or a PDF."""
    return next((kind for sign, at, kind in _SIGNS if content[at : at + len(sign)] == sign), None)


def safe_name(name: str) -> str:
    """The last part of the name, without what a path or a header could trip over."""
    plain = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in plain if sign.isprintable() and sign not in '"<>:|?*;')
    return kept.strip()[:_NAME_LENGTH] or "file"
