"""Figures, reports and scenarios over the API."""

from quoin.base.http.api import Router
from quoin.insights.api import figures, scenarios

router = Router()
for _part in (figures, scenarios):
    router.add_router("", _part.router)
