"""Numbers of invented firms with valid check digits: VAT ids, bank accounts.

The digits are drawn; the check digits are found by trying, with the same library that checks them on entry.
"""

from __future__ import annotations

from stdnum import iban
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat
from stdnum.no import mva

from quoin.site.demo.chance import Chance

_FORMS = {
    "AT": "ATU########", "BE": "BE0#########", "DE": "DE#########", "DK": "DK########", "ES": "ESB########",
    "FI": "FI########", "FR": "FR##4########", "GB": "GB#########", "IT": "IT###########", "NL": "NL#########B01",
    "NO": "NO9########MVA", "PL": "PL##########", "SE": "SE5#########01",
}  # fmt: skip
"""By country, a digit to be drawn for each #. Firms elsewhere have no VAT id."""
_BANKS = {
    "DE": ("10020030", 10), "GB": ("DEMO401276", 8), "NO": ("8601", 7), "NL": ("DEMO", 10), "FR": ("20041010050", 12),
}  # fmt: skip
_TRIES = 50_000
_CHECKS = {"NO": mva, "GB": gb_vat}


def vat_id(country: str, chance: Chance) -> str:
    """A VAT id of the country that passes its check; empty where the firm would have none."""
    for _ in range(_TRIES):
        text = _drawn(country, chance)
        if not text or _is_valid(country, text):
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


def _drawn(country: str, chance: Chance) -> str:
    return "".join(str(chance.between(0, 9)) if sign == "#" else sign for sign in _FORMS.get(country, ""))


def _is_valid(country: str, text: str) -> bool:
    return bool(_CHECKS.get(country, eu_vat).is_valid(text))


def _digits(chance: Chance, length: int) -> str:
    return "".join(str(chance.between(0, 9)) for _ in range(length))
