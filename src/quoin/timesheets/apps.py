"""Django app of timesheets."""

from django.apps import AppConfig


class TimesheetsConfig(AppConfig):
    name = "quoin.timesheets"
