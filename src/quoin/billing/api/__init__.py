"""From unbilled work to cash over the API."""

from quoin.base.http.api import Router
from quoin.billing.api import charges, invoices, money, runs

router = Router()
for _part in (charges, runs, invoices, money):
    router.add_router("", _part.router)
