"""What was agreed with clients."""

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission

VIEW = permission("sales.contract.view", _("See contracts"))
