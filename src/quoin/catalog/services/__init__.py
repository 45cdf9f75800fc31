"""What other apps' actions ask of the catalog."""

from quoin.catalog.services.rates import add_card, add_rate, add_version

__all__ = ["add_card", "add_rate", "add_version"]
