"""Standard VAT rates by country, each valid from a day, and the countries of the EU VAT area.

Source: European Commission, "Taxes in Europe" database, standard rates; NO: Stortingets vedtak om merverdiavgift;
GB: VAT Act 1994 s. 2; CH and LI: MWSTG Art. 25. The table starts on 2020-01-01 and knows changes decided up to
2025-08. A tenant passes rows of its own for later changes, reduced rates and special territories (Canary Islands,
Ceuta, Melilla, Madeira, Azores, Corsica), which the table leaves out on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

EU_COUNTRIES = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class StandardRate:
    """The standard rate, in percent, of a country from a day on, until the next row of that country."""

    country: str
    since: date
    percent: Decimal


_TABLE_START = date(2020, 1, 1)

# Rates that have held since before the table starts.
_UNCHANGED = {
    "AT": "20", "BE": "21", "BG": "20", "CH": "7.7", "CY": "19", "CZ": "21", "DE": "19", "DK": "25", "EE": "20",
    "ES": "21", "FI": "24", "FR": "20", "GB": "20", "GR": "24", "HR": "25", "HU": "27", "IE": "23", "IT": "22",
    "LI": "7.7", "LT": "21", "LU": "17", "LV": "21", "MT": "18", "NL": "21", "NO": "25", "PL": "23", "PT": "23",
    "RO": "19", "SE": "25", "SI": "22", "SK": "20",
}  # fmt: skip

_CHANGES = (
    ("DE", date(2020, 7, 1), "16"),  # Zweites Corona-Steuerhilfegesetz, six months
    ("DE", date(2021, 1, 1), "19"),
    ("IE", date(2020, 9, 1), "21"),  # July Jobs Stimulus, six months
    ("IE", date(2021, 3, 1), "23"),
    ("LU", date(2023, 1, 1), "16"),  # one year
    ("LU", date(2024, 1, 1), "17"),
    ("CH", date(2024, 1, 1), "8.1"),
    ("LI", date(2024, 1, 1), "8.1"),
    ("EE", date(2024, 1, 1), "22"),
    ("EE", date(2025, 7, 1), "24"),
    ("FI", date(2024, 9, 1), "25.5"),
    ("SK", date(2025, 1, 1), "23"),
    ("RO", date(2025, 8, 1), "21"),
)

STANDARD_RATES: tuple[StandardRate, ...] = (
    *(StandardRate(country, _TABLE_START, Decimal(percent)) for country, percent in _UNCHANGED.items()),
    *(StandardRate(country, since, Decimal(percent)) for country, since, percent in _CHANGES),
)


def standard_rate(country: str, *, on: date, rates: Iterable[StandardRate] = STANDARD_RATES) -> StandardRate | None:
    """The row that holds in the country on the day; None for a country or day the table does not know."""
    fitting = [row for row in rates if row.country == country and row.since <= on]
    return max(fitting, key=lambda row: row.since, default=None)
