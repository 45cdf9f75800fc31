"""People, their absences, skills and calendars over the API."""

from quoin.base.http.api import Router
from quoin.people.api import people

router = Router()
for _part in (people,):
    router.add_router("", _part.router)
