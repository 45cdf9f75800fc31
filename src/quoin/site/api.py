"""The REST API under /api/v1, gathered from the apps' routers."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings

from quoin import __version__
from quoin.base.http.api import Api
from quoin.base.http.document import PlainDocs
from quoin.base.http.views import public

DESCRIPTION = (
    "Ids are a prefix and 26 characters (`prj_01J…`)."
    ' Money is `{"amount": "1234.50", "currency": "EUR"}`, durations are whole minutes, days ISO 8601.'
    " Lists take `q`, `sort=-due_on,name`, `field[op]=value`, `limit`, `cursor`, `fields`."
    " Every write takes `Idempotency-Key` and `?dry_run=true`. Errors are RFC 9457 problem documents."
)


def build_api() -> Api:
    """All routers of the apps, in the order of their layers."""
    api = Api(
        title="Quoin API", version=__version__, description=DESCRIPTION, urls_namespace="api", docs=PlainDocs(),
        docs_decorator=public,
    )  # fmt: skip
    for app in settings.APPS:
        if find_spec(f"quoin.{app}.api"):
            api.add_router("", import_module(f"quoin.{app}.api").router)
    return api


api = build_api()
