"""Time, timesheets, the clock, approvals and expenses over the API."""

from quoin.base.http.api import Router
from quoin.timesheets.api import approvals, entries, expenses, weeks

router = Router()
for _part in (entries, weeks, approvals, expenses):
    router.add_router("", _part.router)
