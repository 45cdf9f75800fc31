"""Django app of portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "quoin.portal"
