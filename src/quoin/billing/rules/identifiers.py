"""Check digits and shapes of bank identifiers, and the country prefix of VAT ids."""

from __future__ import annotations

import re

from quoin.billing.rules.einvoice_codes import COUNTRIES

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_LOOKS_LIKE_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}")


def compact(text: str) -> str:
    """Upper case without the spaces people put in."""
    return "".join(text.split()).upper()


def is_iban(text: str) -> bool:
    """ISO 13616 shape and the ISO 7064 mod 97-10 check digits."""
    iban = compact(text)
    if not _IBAN.fullmatch(iban):
        return False
    digits = "".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])
    return int(digits) % 97 == 1


def looks_like_iban(text: str) -> bool:
    """Two letters and two digits in front: meant as an IBAN, so its check digits must hold."""
    return _LOOKS_LIKE_IBAN.match(compact(text)) is not None


def is_bic(text: str) -> bool:
    """ISO 9362 shape."""
    return _BIC.fullmatch(compact(text)) is not None


def has_country_prefix(vat_id: str) -> bool:
    """BR-CO-09: a VAT id starts with the ISO 3166-1 code of its country; Greece may write EL."""
    return vat_id[:2] in COUNTRIES or vat_id[:2] == "EL"
