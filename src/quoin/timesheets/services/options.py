"""Settings of the firm about recording time."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quoin.accounts.rules.options import Option, OptionKind

GATE_RULE = Option(
    key="timesheets.gate_rule",
    section=_("Time"),
    label=_("Time behind a gate that waits"),
    meaning=_(
        "What happens when somebody logs time on work whose gate is not passed: nothing, a warning for them and"
        " their approver, or a refusal."
    ),
    acts_in=_("Recording and approving time"),
    kind=OptionKind.CHOICE,
    default="off",
    choices={"off": _("take it"), "warn": _("take it and warn"), "refuse": _("refuse it")},
)
