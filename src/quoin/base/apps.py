"""Django app of the platform."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "quoin.base"
    label = "base"
