"""Settings of the tenant."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.accounts.models import Tenant
from quoin.accounts.rules.options import OPTIONS, read
from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.kernel.errors import NotFound, invalid

_STORED = "options"


@action("accounts.setting.set", label=gettext_lazy("Change a setting"))
def set_option(actor: Actor, *, key: str, value: object) -> None:
    """Choose a value of the tenant's own."""
    option = OPTIONS.get(key)
    if option is None:
        raise NotFound(_("There is no setting %(key)s.") % {"key": key})
    try:
        chosen = read(option, value)
    except ValueError as fault:
        raise invalid("/value", str(fault)) from fault
    _keep(actor, key, chosen if isinstance(chosen, bool | int) else str(chosen))


@action("accounts.setting.reset", label=gettext_lazy("Take a setting back to its default"))
def reset_option(actor: Actor, *, key: str) -> None:
    """Follow the default again, also when a later version changes it."""
    _keep(actor, key, None)


def _keep(actor: Actor, key: str, value: bool | int | str | None) -> None:
    tenant = Tenant.objects.select_for_update().get(id=actor.tenant_id)
    chosen = dict(tenant.settings.get(_STORED, {}))
    before = chosen.pop(key, None)
    if value is not None:
        chosen[key] = value
    Tenant.objects.filter(id=tenant.id).update(settings={**tenant.settings, _STORED: chosen})
    touch(f"setting:{key}")
    if before is None:
        undo_with("accounts.setting.reset", key=key)
    else:
        undo_with("accounts.setting.set", key=key, value=before)
