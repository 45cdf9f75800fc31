"""Addresses of the invented clients."""

from __future__ import annotations

from typing import Final

from quoin.site.demo.chance import Chance

_CITIES: Final = {
    "AT": (("Graz", "8010"), ("Linz", "4020")), "BE": (("Gent", "9000"),), "CH": (("Winterthur", "8400"),),
    "DE": (("Bremen", "28195"), ("Kassel", "34117"), ("Mannheim", "68159"), ("Potsdam", "14467"), ("Ulm", "89073")),
    "DK": (("Aarhus", "8000"),), "FI": (("Tampere", "33100"),), "FR": (("Lille", "59000"), ("Nantes", "44000")),
    "GB": (("Leeds", "LS2 7EW"), ("York", "YO1 7HH"), ("Sheffield", "S1 2HE"), ("Hull", "HU1 1UU")),
    "IT": (("Bergamo", "24121"),), "NL": (("Breda", "4811 XC"), ("Zwolle", "8011 PK")),
    "NO": (("Bergen", "5003"), ("Odda", "5750"), ("Trondheim", "7010")), "PL": (("Poznan", "61-001"),),
    "SE": (("Malmo", "211 20"),), "US": (("Columbus", "43215"), ("Portland", "97204")),
}  # fmt: skip
_STREETS: Final = {
    "AT": "Mühlgasse", "BE": "Kaaistraat", "CH": "Bachweg", "DE": "Lindenstrasse", "DK": "Havnegade",
    "FI": "Satamakatu",
    "FR": "rue du Canal", "GB": "Mill Lane", "IT": "via Molino", "NL": "Havenweg", "NO": "Sjøgata", "PL": "ul. Portowa",
    "SE": "Hamngatan", "US": "Harbor Street",
}  # fmt: skip
_NUMBER_FIRST: Final = frozenset({"FR", "GB", "US"})
_SCHEMES: Final = {
    "AT": "9914", "BE": "9925", "DE": "9930", "ES": "9920", "FR": "9957", "GB": "9932", "IT": "9906", "NL": "9944",
    "PL": "9945",
}  # fmt: skip
"""Electronic address schemes for VAT ids (EAS code list of EN 16931)."""


def address(chance: Chance, country: str) -> dict[str, str]:
    """Street, postal code and city."""
    city, postal_code = chance.one_of(_CITIES[country])
    number, street = chance.between(2, 98), _STREETS[country]
    text = f"{number} {street}" if country in _NUMBER_FIRST else f"{street} {number}"
    return {"street": text, "postal_code": postal_code, "city": city}


def electronic_address(country: str, vat: str, email: str) -> str:
    """By VAT id where there is a scheme for it, else the address for invoices."""
    return f"{_SCHEMES[country]}:{vat}" if vat and country in _SCHEMES else f"EM:{email}"
