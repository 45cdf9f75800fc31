"""Billing over the API, gathered in one router."""

from quoin.base.http.api import Router
from quoin.billing.api import charges

router = Router()
router.add_router("", charges.router)
