"""Keeping uploaded pictures and PDFs: told by their first bytes and not by their name, each stored once."""

from __future__ import annotations

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


def keep_file(
    actor: Actor, *, name: str, content: bytes, field: str, what: str, most_bytes: int, pictures_only: bool = False
) -> StoredFile:
    """The stored file; the same bytes are kept once. Invalid for what is no picture or PDF, or too large.

    `field` is the JSON pointer of the input, `what` the sentence's subject: say("A receipt").
    """
    if len(content) > most_bytes:
        raise invalid(
            field,
            say("%(what)s has at most %(most_bytes)s MB.", what=what, most_bytes=most_bytes // 1024 // 1024),
            code="too_large",
        )
    kind = content_type(content)
    if kind is None or (pictures_only and not kind.startswith("image/")):
        is_any = say("%(what)s is a PDF or a picture (JPEG, PNG, WebP, HEIC).", what=what)
        raise invalid(
            field,
            say("%(what)s is a picture (JPEG, PNG, WebP, HEIC).", what=what) if pictures_only else is_any,
            code="wrong_type",
        )
    return store_file(actor, name=_safe(name), content_type=kind, content=content)


def content_type(content: bytes) -> str | None:
    """What the bytes are, if they are a picture or a PDF."""
    return next((kind for sign, at, kind in _SIGNS if content[at : at + len(sign)] == sign), None)


def _safe(name: str) -> str:
    """The last part of the name, without what a path or a header could trip over."""
    plain = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in plain if sign.isprintable() and sign not in '"<>:|?*;')
    return kept.strip()[:_NAME_LENGTH] or "file"
