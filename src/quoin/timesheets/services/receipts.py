"""Receipts of expenses."""

from __future__ import annotations

from quoin.base.actor import Actor
from quoin.base.files.keep import keep_file
from quoin.base.files.models import StoredFile
from quoin.kernel.words import say
from quoin.timesheets.types import RECEIPT_MOST_BYTES


def store_receipt(actor: Actor, *, name: str, content: bytes) -> StoredFile:
    """The stored receipt, a PDF or a picture; Invalid for anything else and for what is too large."""
    return keep_file(
        actor, name=name or "receipt", content=content, field="/receipt", what=say("A receipt"),
        most_bytes=RECEIPT_MOST_BYTES,
    )  # fmt: skip
