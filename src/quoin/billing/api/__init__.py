"""From unbilled work to cash over the API."""

from quoin.base.http.api import Router
from quoin.billing.api import charges, drafts, invoices, links, money, packs, runs

router = Router()
for _part in (charges, runs, drafts, invoices, links, money, packs):
    router.add_router("", _part.router)
