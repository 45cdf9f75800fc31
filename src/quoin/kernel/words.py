"""Sentences that keep what they are made of, so that they can be said in another language later.

The one rule: what raises a refusal writes English and knows no language. A sentence without values is plain text; one
with values is made by `say`, keeps the pattern and the values, and reads as English everywhere. Whoever shows one asks
`spoken`, which uses the speaker that the product installs when it starts; without one, English stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, Self

from typing_extensions import override

__all__ = [
    "FullDay", "Phrases", "PlainDay", "Sentence", "Speaker", "Worded", "listed", "packed", "say", "say_many",
    "speak_with", "spoken", "unpacked", "unsaid",
]  # fmt: skip


class Speaker(Protocol):
    """What knows the language of the moment."""

    def pattern(self, english: str) -> str:
        """The text in that language; the English one where there is no translation."""

    def value(self, value: object) -> object:
        """A value as that language writes it."""


class Sentence(str):
    """English text with its pattern and values."""

    __slots__ = ("pattern", "values")
    pattern: str
    values: Mapping[str, object]

    def __new__(cls, pattern: str, values: Mapping[str, object] | None = None) -> Self:
        made = super().__new__(cls, pattern % values if values else pattern)
        made.pattern, made.values = pattern, values or {}
        return made

    @override
    def __str__(self) -> str:
        # `str(error)` and `str(text)` keep the sentence: what a refusal says of another refusal stays translatable.
        return self

    @override
    def __reduce__(self) -> tuple[type[Sentence], tuple[str, Mapping[str, object]]]:
        return type(self), (self.pattern, self.values)


def say(pattern: str, /, **values: object) -> Sentence:
    """A sentence with `%(name)s` for each of the values."""
    return Sentence(pattern, values)


def say_many(one: str, many: str, /, *, count: int, **values: object) -> Sentence:
    """A sentence about `%(count)s` things: the first pattern where there is one of them."""
    return Sentence(one if count == 1 else many, {"count": count, **values})


def listed(parts: Iterable[str], separator: str = ", ") -> str:
    """The texts in a row; each can still be said in another language, and so can what stands between them."""
    texts = list(parts)
    if len(texts) < 2:  # noqa: PLR2004 - nothing stands between fewer
        return texts[0] if texts else ""
    values: dict[str, object] = {f"part{place}": text for place, text in enumerate(texts)}
    names = "%(between)s".join(f"%({name})s" for name in values)
    return Sentence(names, {"between": separator, **values})


class PlainDay(date):
    """A day that English says without its weekday: 04 May 2026."""

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month, day.day)

    @override
    def __str__(self) -> str:
        return f"{self:%d %b %Y}"


class FullDay(date):
    """A day that English says with its weekday: Mon 4 May 2026."""

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month, day.day)

    @override
    def __str__(self) -> str:
        return f"{self:%a} {self.day} {self:%b %Y}"


class _English:
    def pattern(self, english: str) -> str:
        return english

    def value(self, value: object) -> object:
        return value


_speaker: Speaker = _English()


def speak_with(speaker: Speaker) -> None:
    """From now on sentences are said by this speaker."""
    global _speaker  # noqa: PLW0603  set once, when the product starts
    _speaker = speaker


def spoken(text: str) -> str:
    """The text in the language of the moment."""
    if not text:
        return ""
    if not isinstance(text, Sentence):
        return _speaker.pattern(text)
    pattern = _speaker.pattern(text.pattern)
    return pattern % {name: _said(value) for name, value in text.values.items()} if text.values else pattern


def _said(value: object) -> object:
    return spoken(value) if isinstance(value, Sentence) else _speaker.value(value)


def packed(text: str) -> Any:
    """The text as a JSON value that keeps pattern and values: plain text stays text."""
    if not isinstance(text, Sentence) or not text.values:
        return str.__str__(text)
    return {"say": text.pattern, "with": {name: _packed_value(value) for name, value in text.values.items()}}


def unpacked(kept: Any) -> str:
    """What `packed` kept, to be `spoken`."""
    if not isinstance(kept, Mapping):
        return str(kept)
    return Sentence(kept["say"], {name: _unpacked_value(value) for name, value in kept.get("with", {}).items()})


_DAYS: dict[str, type[date]] = {"day": date, "plain_day": PlainDay, "full_day": FullDay}


def _packed_value(value: object) -> Any:
    if isinstance(value, Sentence):
        kept = packed(value)
        return kept if isinstance(kept, dict) else {"say": kept}
    if isinstance(value, date) and type(value) in _DAYS.values():
        return {next(name for name, kind in _DAYS.items() if kind is type(value)): value.isoformat()}
    if isinstance(value, Decimal):
        return {"number": str(value)}
    return value if value is None or isinstance(value, bool | int) else str(value)


def _unpacked_value(kept: Any) -> object:
    if not isinstance(kept, Mapping):
        return kept
    if "say" in kept:
        return unpacked(kept)
    name, text = next(iter(kept.items()))
    return Decimal(text) if name == "number" else _DAYS[name].fromisoformat(text)


class Phrases:
    """Patterns of sentences that are kept as plain text: gives such a text its pattern and values back."""

    def __init__(self, *sentences: str) -> None:
        self._shapes = [(_shape(one), one) for one in map(_pattern_of, sentences)]

    def read(self, text: str) -> str:
        """The text as a sentence that can be said in another language; any other text as it is."""
        for shape, pattern in self._shapes:
            if found := shape.fullmatch(text):
                return Sentence(pattern, {name: self._value(value) for name, value in found.groupdict().items()})
        return text

    def _value(self, text: str) -> object:
        if _ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
        return self.read(text)


def _pattern_of(sentence: str) -> str:
    return sentence.pattern if isinstance(sentence, Sentence) else sentence


def _shape(pattern: str) -> re.Pattern[str]:
    parts = _NAMED.split(pattern)
    written = (
        f"(?P<{part}>.+?)" if place % 2 else re.escape(part.replace("%%", "%")) for place, part in enumerate(parts)
    )
    return re.compile("".join(written), re.DOTALL)


_NAMED = re.compile(r"%\((\w+)\)s")
_ISO_DAY = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)")


def unsaid(thing: object, name: str) -> str:
    """The sentence of a `Worded` attribute as it was given, in no language yet."""
    found: str = getattr(thing, f"_{name}")
    return found


class Worded:
    """An attribute that takes a sentence and is read in the language of the moment."""

    def __init__(self, default: str | None = None) -> None:
        self._default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, thing: Any, owner: type | None = None) -> str:
        if thing is not None:
            return spoken(getattr(thing, self._name))
        if self._default is None:
            # So a dataclass learns that the field has no default.
            raise AttributeError(self._name)
        return self._default

    def __set__(self, thing: Any, text: str) -> None:
        # Not setattr: a frozen dataclass refuses that.
        object.__setattr__(thing, self._name, text)
