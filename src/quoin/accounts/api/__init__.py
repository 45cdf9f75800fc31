"""Users, roles, tokens, settings, legal entities and saved views over the API."""

from quoin.accounts.api import firm, members, roles, tokens, views
from quoin.base.http.api import Router

router = Router()
for _part in (members, roles, tokens, firm, views):
    router.add_router("", _part.router)
