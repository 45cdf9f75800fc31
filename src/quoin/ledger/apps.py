"""Django app of ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "quoin.ledger"
