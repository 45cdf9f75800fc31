"""Django app of billing."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "quoin.billing"
