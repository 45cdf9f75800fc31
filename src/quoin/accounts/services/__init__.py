"""What accounts does for the apps above: settings of the tenant, opening a tenant, names of members."""

from quoin.accounts.queries.things import Thing, declare_thing
from quoin.accounts.rules.options import Option, OptionKind, declare
from quoin.accounts.services.options import option_value, option_values

__all__ = ["Option", "OptionKind", "Thing", "declare", "declare_thing", "option_value", "option_values"]
