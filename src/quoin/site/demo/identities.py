"""Numbers of invented firms with valid check digits: VAT ids, bank accounts.

The digits are drawn; the check digits are found by trying each in turn, with the library that checks them on entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from stdnum import get_cc_module, iban

from quoin.site.demo.chance import Chance

_FORMS = {
    "AT": "ATU#######?", "BE": "BE0#######??", "DE": "DE########?", "DK": "DK######??", "ES": "ESB#######?",
    "FI": "FI######??", "FR": "FR??4#######?", "GB": "GB#######??", "IT": "IT#######002?", "NL": "NL########?B01",
    "NO": "NO9######??MVA", "PL": "PL########??", "SE": "SE5########?01",
}  # fmt: skip
"""By country, a digit to be drawn for each # and to be tried for each ?. Firms elsewhere have no VAT id."""
_BANKS = {
    "DE": ("10020030", 10), "GB": ("DEMO401276", 8), "NO": ("8601", 7), "NL": ("DEMO", 10), "FR": ("20041010050", 12),
}  # fmt: skip
_TRIES = 500


def vat_id(country: str, chance: Chance) -> str:
    """A VAT id of the country that passes its check; empty where the firm would have none."""
    form = _FORMS.get(country)
    if form is None:
        return ""
    for _ in range(_TRIES):
        drawn = "".join(str(chance.between(0, 9)) if sign == "#" else sign for sign in form)
        for text in _tried(drawn):
            if get_cc_module(country.lower(), "vat").is_valid(text):
                return text
    raise ValueError(f"no VAT id found for {country}")


def bank_account(country: str, chance: Chance) -> str:
    """An IBAN of an invented account at an invented bank."""
    bank, length = _BANKS[country]
    for _ in range(_TRIES):
        rest = bank + _digits(chance, length)
        number: str = country + iban.calc_check_digits(f"{country}00{rest}") + rest
        if iban.is_valid(number):
            return number
    raise ValueError(f"no IBAN found for {country}")


def _tried(drawn: str) -> Iterator[str]:
    """The text with each choice of digits for its question marks."""
    parts = drawn.split("?")
    for digits in product("0123456789", repeat=len(parts) - 1):
        yield parts[0] + "".join(digit + part for digit, part in zip(digits, parts[1:], strict=True))


def _digits(chance: Chance, length: int) -> str:
    return "".join(str(chance.between(0, 9)) for _ in range(length))
