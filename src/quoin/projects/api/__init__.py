"""Projects over the API: one router from the routers of its parts."""

from quoin.base.http.api import Router
from quoin.projects.api import budgets, checklists, documents, exchange, levelling, plan, projects, templates

router = Router()
for _part in (exchange, projects, plan, levelling, templates, documents, budgets, checklists):
    router.add_router("", _part.router)
