"""Django app of integrations."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "quoin.integrations"
