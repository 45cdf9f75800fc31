"""Texts of scripts that count: a form for each kind of number that the language tells apart."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.utils.translation import get_language

from quoin.base.ui.formats import locale_of

Text = str | dict[str, str]
"""A text of a script: plain, or its forms by the kinds of number of `Intl.PluralRules`."""
_SAMPLES = 200


def counted(say: Callable[[int], str]) -> dict[str, str]:
    """The forms of a text: `counted(lambda n: ngettext("%(count)s row", "%(count)s rows", n))`."""
    return {kind: str(say(sample)) for kind, sample in _kinds(get_language() or "en")}


@lru_cache(maxsize=64)
def _kinds(language: str) -> tuple[tuple[str, int], ...]:
    rule = locale_of(language).plural_form
    return tuple({rule(number): number for number in reversed(range(_SAMPLES))}.items())
