"""What contracts have earned."""

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission

VIEW = permission("revenue.recognition.view", _("See recognised revenue"))
