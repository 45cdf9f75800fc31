"""What other apps' actions ask of the catalog."""

from quoin.catalog.services.categories import add_category, remove_categories
from quoin.catalog.services.rates import add_card, add_rate, add_version, remove_cards, remove_rate

__all__ = [
    "add_card", "add_category", "add_rate", "add_version", "remove_cards", "remove_categories", "remove_rate",
]  # fmt: skip
