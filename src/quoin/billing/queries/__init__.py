"""What was charged, what is unbilled and what was billed."""

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission

VIEW = permission("billing.charge.view", _("See charges and unbilled work"))
