"""Django app of resourcing: its place in the sidebar, tabs and palette."""

from django.apps import AppConfig


class ResourcingConfig(AppConfig):
    name = "quoin.resourcing"
