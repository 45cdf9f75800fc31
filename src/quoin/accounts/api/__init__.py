"""Users, roles, tokens, settings, legal entities and saved views over the API."""

from quoin.accounts.api import members, views
from quoin.base.http.api import Router

router = Router()
for _part in (members, views):
    router.add_router("", _part.router)
