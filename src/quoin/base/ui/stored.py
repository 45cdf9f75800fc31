"""Texts that are stored in English, shown as their reader reads: in the words, days and amounts of their language.

An app says once which texts it stores (`stores`); a text that nobody said keeps its words and gets its days.
"""

from __future__ import annotations

from django.utils.translation import get_language

from quoin.base.ui import formats
from quoin.kernel.words import Phrases, spoken

_known: list[Phrases] = []


def stores(phrases: Phrases) -> None:
    """Register phrases that are stored."""
    if phrases not in _known:
        _known.append(phrases)


def retold(text: str) -> str:
    """The stored text in the language of the moment."""
    said = text
    for phrases in _known:
        said = phrases.read(text)
        if said is not text:
            break
    # Plain text is somebody's own words, unless it is a phrase: only that is looked up.
    words = spoken(said) if said is not text else text
    return formats.spoken(words, get_language() or "en")
