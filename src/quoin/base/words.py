"""The speaker of refusals: patterns from the catalogue, values as the language of the moment writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language, gettext
from typing_extensions import override

from quoin.base.ui import formats
from quoin.kernel.money import Money
from quoin.kernel.words import Speaker, say


class CatalogueSpeaker(Speaker):
    """Says sentences by the catalogues of `locale/`. In English values stay as the code wrote them."""

    @override
    def pattern(self, english: str) -> str:
        # An empty text would be answered with the head of the catalogue.
        return gettext(english) if english else ""

    @override
    def value(self, value: object) -> object:
        language = get_language() or "en"
        if language.startswith("en"):
            return value
        if isinstance(value, Money):
            return formats.money(value, language)
        if isinstance(value, Decimal):
            return formats.number(value, language)
        if isinstance(value, date) and not isinstance(value, datetime):
            return formats.day(value, language)
        return value


STATES = (
    say("open"), say("submitted"), say("approved"), say("returned"), say("reopened"), say("draft"), say("proposed"),
    say("part"), say("filled"), say("cancelled"), say("requested"), say("refused"), say("active"), say("closed"),
)  # fmt: skip
"""What refusals say of where a thing stands (`Sentence(row.status)`), for the catalogues."""
