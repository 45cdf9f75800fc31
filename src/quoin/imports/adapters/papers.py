"""Receipts that lie beside a table of expenses: told by their names, judged by their bytes."""

from __future__ import annotations

from hashlib import sha256

from quoin.base.files.keep import content_type
from quoin.imports.types import Paper
from quoin.kernel.words import say
from quoin.timesheets.types import RECEIPT_MOST_BYTES

_NAMES = (".pdf", ".jpg", ".jpeg", ".png", ".webp", ".heic")


def is_paper(name: str) -> bool:
    """Whether a file of an archive or folder may be a receipt."""
    return name.casefold().endswith(_NAMES)


def paper_of(name: str, content: bytes) -> Paper:
    """The file, with what is wrong with it as a receipt."""
    problem = ""
    if len(content) > RECEIPT_MOST_BYTES:
        most = RECEIPT_MOST_BYTES // 1024 // 1024
        problem = say("%(name)s is too large for a receipt; %(most)s MB is the most.", name=name, most=most)
    elif content_type(content) is None:
        problem = say("%(name)s is no PDF and no picture (JPEG, PNG, WebP, HEIC), whatever it is called.", name=name)
    return Paper(name, sha256(content).hexdigest(), content, problem)
