"""Django app of sales."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "quoin.sales"
