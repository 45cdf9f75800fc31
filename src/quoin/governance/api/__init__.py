"""Governance over the API."""

from quoin.base.http.api import Router
from quoin.governance.api import changes, raid, reports

router = Router(tags=["governance"])
router.add_router("", raid.router)
router.add_router("", changes.router)
router.add_router("", reports.router)
