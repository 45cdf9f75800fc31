"""All routes, gathered from the apps."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

_WITH_ROUTES = [app for app in settings.APPS if find_spec(f"quoin.{app}.urls")]

urlpatterns: list[URLPattern | URLResolver] = [
    *(path("", include(f"quoin.{app}.urls")) for app in _WITH_ROUTES),
]
