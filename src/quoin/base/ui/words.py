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
    say("planned"), say("on_hold"), say("waiting"), say("passed"), say("waived"), say("accepted"), say("declined"),
    say("withdrawn"), say("sent"), say("kept"), say("mitigating"), say("applied"), say("ordered"), say("shipped"),
    say("on_site"), say("checked"), say("installed"), say("published"), say("travelling"), say("done"), say("failed"),
    say("drafted"), say("billed"), say("included"), say("void"), say("unbilled"), say("issued"), say("discarded"),
    say("in_review"), say("in_progress"), say("retired"), say("stopped"), say("running"), say("seller"),
    say("client"), say("on hold"), say("came true"), say("on site"), say("written off"), say("non billable"),
    say("in review"),
)  # fmt: skip
"""What refusals say of where a thing stands (`Sentence(row.status)`), for the catalogues."""
