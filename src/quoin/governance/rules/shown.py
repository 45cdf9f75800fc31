"""What a client was shown, as one text with its SHA-256: the same words always give the same digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def digest_of(shown: Mapping[str, object]) -> str:
    """The digest of what was shown; numbers and days as text, keys in their order."""
    text = json.dumps(shown, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
