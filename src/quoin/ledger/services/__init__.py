"""What other apps ask of the ledger: post, find the day to post on, convert. Runs inside their actions."""

from quoin.ledger.queries.rates import RateTable
from quoin.ledger.queries.rates import rate as fx_rate
from quoin.ledger.services.chart import ensure_chart
from quoin.ledger.services.periods import PostingCalendar, PostingCalendars
from quoin.ledger.services.posting import Posting, next_version, post, post_many, reverse
from quoin.ledger.services.rates import load_reference_rates

__all__ = [
    "Posting",
    "PostingCalendar",
    "PostingCalendars",
    "RateTable",
    "ensure_chart",
    "fx_rate",
    "load_reference_rates",
    "next_version",
    "post",
    "post_many",
    "reverse",
]
