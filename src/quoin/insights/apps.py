"""Django app of insights."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "quoin.insights"
