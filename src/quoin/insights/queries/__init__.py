"""Reads of insights: what the actor may look at."""

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission

VIEW_PORTFOLIO = permission("insights.portfolio.view", _("See the portfolio"))
VIEW_REPORTS = permission("insights.report.view", _("See reports"))
