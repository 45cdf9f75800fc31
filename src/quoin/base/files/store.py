"""Storing bytes that this product made or checked: kept once by their SHA-256, never changed."""

from __future__ import annotations

import hashlib

from quoin.base.actor import Actor
from quoin.base.files.models import StoredFile


def store_file(actor: Actor, *, name: str, content_type: str, content: bytes) -> StoredFile:
    """The stored file; the same bytes are kept once."""
    digest = hashlib.sha256(content).hexdigest()
    known = StoredFile.objects.filter(sha256=digest).first()
    if known is not None:
        return known
    return StoredFile.objects.create(
        name=name, content_type=content_type, size_bytes=len(content), sha256=digest, content=content,
        stored_at=actor.now,
    )  # fmt: skip
