"""Django's view of the component library."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "quoin.base.ui"
    label = "ui"
    verbose_name = "User interface"
