"""Declared lists: one declaration of columns serves the screen, the API, the exports and the command line.

The grammar of a URL is `q=…&sort=-due_on,name&status[in]=open,late&amount[gte]=1000&cursor=…&limit=50`, the same
everywhere. Knows no screen: imports nothing of the user interface.
"""

from quoin.base.listing.columns import LISTINGS, Column, Kind, Listing, Status, View
from quoin.base.listing.paging import Page, Total, page_of, rows_of, totals_of
from quoin.base.listing.query import Filter, Query, Sort, parse
from quoin.base.listing.sheet import Sheet

__all__ = [
    "LISTINGS",
    "Column",
    "Filter",
    "Kind",
    "Listing",
    "Page",
    "Query",
    "Sheet",
    "Sort",
    "Status",
    "Total",
    "View",
    "page_of",
    "parse",
    "rows_of",
    "totals_of",
]
