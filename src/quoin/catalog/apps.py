"""Django app of catalog."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "quoin.catalog"
