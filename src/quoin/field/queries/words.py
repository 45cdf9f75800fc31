"""Reasons against a visit, in words."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quoin.base.ui import formats
from quoin.field.rules.dispatch import Found, Trouble


def trouble_words(found: Found) -> str:
    """One sentence that names who or what, and why."""
    who, detail = found.subject, formats.spoken(found.detail, get_language() or "en")
    sentences = {
        Trouble.NO_TIME: _("The visit has no time yet."),
        Trouble.NO_CREW: _("Nobody is on the visit yet."),
        Trouble.CREW_TOO_SMALL: _("The crew is smaller than planned (%(detail)s).") % {"detail": detail},
        Trouble.CERTIFICATE_MISSING: _("%(who)s does not hold %(detail)s.") % {"who": who, "detail": detail},
        Trouble.CERTIFICATE_LAPSED: _("%(who)s's certificate ends before the visit: %(detail)s.")
        % {"who": who, "detail": detail},
        Trouble.AWAY: _("%(who)s is away on %(detail)s.") % {"who": who, "detail": detail},
        Trouble.ELSEWHERE: _("%(who)s is at another visit then: %(detail)s.") % {"who": who, "detail": detail},
        Trouble.EQUIPMENT_ELSEWHERE: _("%(who)s is at another visit then: %(detail)s.")
        % {"who": who, "detail": detail},
        Trouble.NOBODY_MAY_USE: _("Nobody of the crew may use %(who)s.") % {"who": who},
        Trouble.TRAVEL_TOO_SHORT: _("%(who)s cannot get there in time from %(detail)s.")
        % {"who": who, "detail": detail},
        Trouble.GOODS_NOT_THERE: _("%(who)s is expected later (%(detail)s).") % {"who": who, "detail": detail or "?"},
        Trouble.OUTSIDE_WINDOW: _("The client's window does not hold %(detail)s.") % {"detail": detail},
    }
    return sentences[found.trouble]
