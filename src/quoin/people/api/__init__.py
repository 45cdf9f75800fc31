"""People, their absences, skills and calendars over the API."""

from quoin.base.http.api import Router
from quoin.people.api import absences, calendars, organisation, people, skills

router = Router()
for _part in (people, organisation, absences, skills, calendars):
    router.add_router("", _part.router)
