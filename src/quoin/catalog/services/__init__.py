"""What other apps' actions ask of the catalog."""

from quoin.catalog.services.rates import add_card, add_rate, add_version, remove_cards, remove_rate

__all__ = ["add_card", "add_rate", "add_version", "remove_cards", "remove_rate"]
