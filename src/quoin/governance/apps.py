"""Django app of project governance."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "quoin.governance"
