"""Filling the table of exchange rates. Rates are only ever added: a posted document keeps its own."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice

from django.db import connection, transaction

from quoin.ledger.adapters.ecb import SOURCE, reference_quotes
from quoin.ledger.models import FxRate
from quoin.ledger.queries.rates import latest_day

_INSERT = (
    'INSERT INTO ledger_fxrate (currency, "on", per_euro, source)'
    " SELECT u.currency, u.quoted_on, u.per_euro, %s FROM unnest(%s::text[], %s::date[], %s::numeric[])"
    " AS u (currency, quoted_on, per_euro) ON CONFLICT DO NOTHING"
)
_CHUNK = 50_000
_FIRST_DAY = date(1999, 1, 4)


def load_reference_rates(*, since: date | None = None) -> int:
    """Add what the bundled history knows beyond the table; returns how many quotes were added.

    A second call reads one row and adds nothing. The table is the same for all tenants.
    """
    latest = latest_day(SOURCE) if since is not None or _is_whole() else None
    quotes = reference_quotes(after=max(filter(None, (latest, since)), default=None))
    added = 0
    with transaction.atomic(), connection.cursor() as cursor:
        while chunk := tuple(islice(quotes, _CHUNK)):
            cursor.execute(
                _INSERT, [SOURCE, [q.currency for q in chunk], [q.on for q in chunk], [q.per_euro for q in chunk]]
            )
            added += cursor.rowcount
    return added


def _is_whole() -> bool:
    """Whether the table reaches back to the first day of the history: a load with `since` leaves the rest out."""
    return FxRate.objects.filter(source=SOURCE, on__lte=_FIRST_DAY).exists()


CARRIED = "Carried forward"
"""Source of quotes that repeat the last published one. Sorts before ECB, so that a published quote of the day wins."""
_CARRY = (
    'INSERT INTO ledger_fxrate (currency, "on", per_euro, source)'
    " SELECT q.currency, d.day::date, q.per_euro, %(carried)s FROM ledger_fxrate q"
    " CROSS JOIN generate_series(%(first)s::date, %(until)s::date, interval '7 days') AS d (day)"
    ' WHERE q."on" = %(last)s AND q.source = %(source)s ON CONFLICT DO NOTHING'
)


def carry_rates_forward(*, until: date) -> int:
    """Repeat the last published quotes weekly up to a day, for a demo that outlives the bundled history."""
    last = latest_day(SOURCE)
    if last is None or last >= until:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _CARRY,
            {"carried": CARRIED, "source": SOURCE, "last": last, "first": last + timedelta(days=7), "until": until},
        )
        return int(cursor.rowcount)
