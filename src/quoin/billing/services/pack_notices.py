"""Mail about prepaid packs that end: to those who sell packs and to the managers of the projects, each pack once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.accounts.services.holders import Reader, holders, readers
from quoin.base.actor import Actor
from quoin.base.mail.send import queue_mail
from quoin.base.ui import formats
from quoin.billing.models import PrepaidPack
from quoin.billing.queries.options import low_share, notice_days
from quoin.billing.types import PackUnit
from quoin.kernel.money import Money
from quoin.kernel.quantity import clock
from quoin.people.models import Person
from quoin.projects.models import Project

SELL = "billing.pack.sell"


def tell(actor: Actor) -> tuple[list[PrepaidPack], list[PrepaidPack]]:
    """Queue the mails; returns the packs that expire soon and those of which little is left, not told of before."""
    share = low_share()
    usable = PrepaidPack.objects.filter(is_closed=False, left_size__gt=0).select_related("client", "contract")
    usable.filter(is_low_told=True, left_size__gt=F("size") * share).update(is_low_told=False)
    until = actor.today + timedelta(days=notice_days())
    ending = usable.filter(expires_on__gt=actor.today, expires_on__lte=until)
    soon = list(ending.exclude(expiry_told_for=F("expires_on")).order_by("expires_on", "number"))
    low = list(usable.filter(is_low_told=False, left_size__lte=F("size") * share).order_by("number"))
    if soon or low:
        _write(actor, sorted({*soon, *low}, key=lambda pack: pack.number))
        PrepaidPack.objects.filter(id__in=[pack.id for pack in soon]).update(expiry_told_for=F("expires_on"))
        PrepaidPack.objects.filter(id__in=[pack.id for pack in low]).update(is_low_told=True)
    return soon, low


def _write(actor: Actor, packs: list[PrepaidPack]) -> None:
    told: defaultdict[Reader, list[PrepaidPack]] = defaultdict(list)
    sellers, managers = holders(SELL), _managers(packs)
    for pack in packs:
        for reader in {*sellers, *managers.get(pack.contract_id, ())}:
            told[reader].append(pack)
    for reader in sorted(told, key=lambda one: one.email):
        with translation.override(reader.locale):
            _mail(actor, reader, told[reader])


def _managers(packs: Iterable[PrepaidPack]) -> dict[UUID, set[Reader]]:
    """Who manages running projects of the contracts."""
    ids = {pack.contract_id for pack in packs}
    rows = Project.objects.filter(contract_id__in=ids, status="active", manager__isnull=False)
    pairs = list(rows.values_list("contract_id", "manager_id"))
    people = Person.objects.filter(id__in={manager for _contract, manager in pairs}, left_on=None).exclude(email="")
    by_id = readers((row.id, row.email, row.user_id) for row in people)
    found: dict[UUID, set[Reader]] = {}
    for contract_id, manager_id in pairs:
        if manager_id in by_id:
            found.setdefault(contract_id, set()).add(by_id[manager_id])
    return found


def _mail(actor: Actor, reader: Reader, packs: list[PrepaidPack]) -> None:
    count = len(packs)
    subject = ngettext("%(count)s prepaid pack ends soon", "%(count)s prepaid packs end soon", count) % {"count": count}
    lines = "\n".join(_line(pack, reader.locale) for pack in packs)
    url = f"{settings.QUOIN_URL}/packs"
    queue_mail(actor, to=reader.email, subject=subject, text=f"{lines}\n\n{url}\n", about=packs[0].public_id)


def _line(pack: PrepaidPack, locale: str) -> str:
    said = {
        "number": pack.number, "name": pack.name, "client": pack.client.name,
        "left": _quantity(pack, locale), "day": formats.day(pack.expires_on, locale) if pack.expires_on else "",
    }  # fmt: skip
    if pack.expires_on is None:
        return _("Pack %(number)s, %(name)s, of %(client)s: %(left)s left.") % said
    return _("Pack %(number)s, %(name)s, of %(client)s: %(left)s left, expires on %(day)s.") % said


def _quantity(pack: PrepaidPack, locale: str) -> str:
    if pack.unit == PackUnit.MINUTES:
        return clock(int(pack.left_size))
    return formats.money(Money(pack.left_size, pack.currency).round(), locale)
