"""Django app of revenue."""

from django.apps import AppConfig


class RevenueConfig(AppConfig):
    name = "quoin.revenue"
