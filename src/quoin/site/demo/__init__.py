"""The demo company: Halden Group, an invented firm of three units with fourteen months of work behind it.

Made by the product's own actions from a seed, with dates relative to today; loaded whole or not at all.
"""

from quoin.site.demo.accounts import Account, accounts
from quoin.site.demo.load import Loaded, load, load_if_empty

__all__ = ["Account", "Loaded", "accounts", "load", "load_if_empty"]
