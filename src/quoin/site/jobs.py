"""Jobs of all apps, imported so that the worker knows them."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings

for _app in settings.APPS:
    if find_spec(f"quoin.{_app}.tasks"):
        import_module(f"quoin.{_app}.tasks")
