"""All routes, gathered from the apps."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from quoin.accounts.urls import LIBRARY
from quoin.base.http.views import page
from quoin.base.ui.gallery import gallery
from quoin.base.ui.search import search
from quoin.site.api import api
from quoin.site.health import healthz, readyz
from quoin.site.live import PATH, stream_ticket
from quoin.site.observe import metrics

# Routes are tried in turn, so that of the app that is asked most comes first: a timesheet saves while somebody types.
_WITH_ROUTES = sorted(
    (app for app in settings.APPS if find_spec(f"quoin.{app}.urls")), key=lambda app: app != "timesheets"
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path(PATH.lstrip("/"), stream_ticket),
    path("api/v1/", api.urls),
    path("search", page(None)(search), name="search"),
    # Every part of the screens in every state, for those who build screens.
    *([path("gallery", page(None)(gallery))] if settings.DEBUG else []),
    *LIBRARY,
    *(path("", include(f"quoin.{app}.urls")) for app in _WITH_ROUTES),
]
handler404 = "quoin.base.http.problems.page_not_found"
handler500 = "quoin.base.http.problems.server_error"
