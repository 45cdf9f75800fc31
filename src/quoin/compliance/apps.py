"""Django app of compliance."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "quoin.compliance"
