"""Sentences that an import keeps, said in the language of the moment.

Reports are JSON; a sentence with values is kept there as its pattern and values (`kernel.words.packed`), in a column
of text as the JSON of that.
"""

from __future__ import annotations

import json
from typing import Any

from quoin.kernel.words import packed, spoken, unpacked

_SENTENCES = frozenset({"message", "remedy", "reason", "refusal", "notes"})
"""Names under which plain text is a sentence too, and not a name of the firm's."""
_SIGN = '{"say"'


def in_words(kept: Any, name: str = "") -> Any:
    """The JSON with its sentences as text."""
    if isinstance(kept, dict):
        if "say" in kept:
            return spoken(unpacked(kept))
        return {key: in_words(value, key) for key, value in kept.items()}
    if isinstance(kept, list):
        return [in_words(value, name) for value in kept]
    return spoken(kept) if isinstance(kept, str) and name in _SENTENCES else kept


def as_text(sentence: str) -> str:
    """A sentence for a column of text."""
    kept = packed(sentence)
    return json.dumps(kept, ensure_ascii=False) if isinstance(kept, dict) else str(kept)


def from_text(text: str) -> str:
    """What `as_text` wrote, to be `spoken`."""
    return unpacked(json.loads(text)) if text.startswith(_SIGN) else text
