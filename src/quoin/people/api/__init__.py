"""People, their absences, skills and calendars over the API."""

from quoin.base.http.api import Router
from quoin.people.api import absences, calendars, people, skills

router = Router()
for _part in (people, absences, skills, calendars):
    router.add_router("", _part.router)
