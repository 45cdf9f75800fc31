"""Filling the table of exchange rates. Rates are only ever added: a posted document keeps its own."""

from __future__ import annotations

from datetime import date
from itertools import islice

from django.db import connection, transaction

from quoin.ledger.adapters.ecb import SOURCE, reference_quotes
from quoin.ledger.queries.rates import latest_day

_INSERT = (
    'INSERT INTO ledger_fxrate (currency, "on", per_euro, source)'
    " SELECT u.currency, u.quoted_on, u.per_euro, %s FROM unnest(%s::text[], %s::date[], %s::numeric[])"
    " AS u (currency, quoted_on, per_euro) ON CONFLICT DO NOTHING"
)
_CHUNK = 50_000


def load_reference_rates(*, since: date | None = None) -> int:
    """Add what the bundled history knows beyond the table; returns how many quotes were added.

    A second call reads one row and adds nothing. The table is the same for all tenants.
    """
    after = latest_day(SOURCE)
    quotes = reference_quotes(after=max(filter(None, (after, since)), default=None))
    added = 0
    with transaction.atomic(), connection.cursor() as cursor:
        while chunk := tuple(islice(quotes, _CHUNK)):
            cursor.execute(
                _INSERT, [SOURCE, [q.currency for q in chunk], [q.on for q in chunk], [q.per_euro for q in chunk]]
            )
            added += cursor.rowcount
    return added
