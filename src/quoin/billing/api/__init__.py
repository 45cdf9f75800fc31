"""From unbilled work to cash over the API."""

from quoin.base.http.api import Router
from quoin.billing.api import charges, drafts, invoices, links, money, runs

router = Router()
for _part in (charges, runs, drafts, invoices, links, money):
    router.add_router("", _part.router)
