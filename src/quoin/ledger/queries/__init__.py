"""What the books say: accounts, journals, balances, periods and exchange rates."""

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission

VIEW = permission("ledger.journal.view", _("See the books"))
"""Journals, balances and periods. Exchange rates are no secret: any member of the tenant may see them."""
