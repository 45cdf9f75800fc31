"""What the catalog holds: rate cards and their rates, expense categories."""

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission

VIEW = permission("catalog.rate.view", _("See rate cards and prices"))
"""Categories are no secret: any member of the tenant may see them."""
