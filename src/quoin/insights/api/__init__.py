"""Figures, reports, budgets and scenarios over the API."""

from quoin.base.http.api import Router
from quoin.insights.api import budget, figures, person, scenarios

router = Router()
for _part in (figures, budget, person, scenarios):
    router.add_router("", _part.router)
