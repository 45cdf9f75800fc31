"""A small firm with something on every screen: for looking at all of them."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as field_
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from quoin.accounts.models import Tenant
from quoin.base.db.tenancy import TenantModel
from quoin.billing.actions.invoices import issue_invoices
from quoin.billing.actions.runs import build_run
from quoin.billing.models import Invoice
from quoin.compliance.models import Export
from quoin.field.actions import add_units, create_checklist, issue_acceptance, step_delivery
from quoin.field.models import Delivery
from quoin.kernel.ids import public_id
from quoin.projects.models import Project
from tests.make import billing, field, figures, money, new_world
from tests.make import time as work
from tests.make.governance import steered
from tests.make.web import member

if TYPE_CHECKING:
    from quoin.accounts.models import User
    from tests.make import World

WEEK = "2026-W19"
CSV = b"date,user_name,user_email,client,project,task,description,hours,billable\n2026-03-04,Ana Ruiz,ana@file.example,Nordkraft,Grid,Design,Sketch,2.5,yes\n"


@dataclass
class Firm:
    """The firm's all-powerful member, and up to two ids for every kind of thing, by prefix."""

    world: World
    user: User
    ids: dict[str, list[UUID]] = field_(default_factory=dict)
    words: tuple[str, ...] = ()

    def browser(self) -> Browser:
        """A browser without a screen, for asking which addresses answer."""
        browser = Browser(raise_request_exception=False)
        browser.force_login(self.user)
        return browser


def settle_clock(world: World) -> None:
    """The tenant lives at the time of the tests, whatever the machine's clock says."""
    world.do(lambda: Tenant.objects.filter(id=world.tenant_id).update(clock_at=world.actor.now))


def build() -> Firm:
    """Months of work, invoices in every state, an import, a week with time."""
    world = new_world()
    settle_clock(world)
    made = figures.firm(world)
    user = member(world)
    _bill(world)
    for project in made.projects[:2]:
        work.entry(world, world.boss, project, note="Workshop with the client")
    steered(world, made.projects[0])
    _install(world)
    world.do(lambda: Export.objects.create(asked_at=world.actor.now, asked_by="Eva Berg", form="csv"))
    firm = Firm(world, user)
    firm.browser().post("/admin/import/new", {"file": SimpleUploadedFile("time.csv", CSV, content_type="text/csv")})
    _collect(firm)
    with world.inside():
        numbers = tuple(
            Project.objects.filter(contract__isnull=False).order_by("id").values_list("number", flat=True)[:1]
        )
    firm.words = (*numbers, WEEK, "2026-05-06", "2026-03", "project.worked", "members")
    return firm


def _install(world: World) -> None:
    """Late goods, visits, and units that a client signed for; what is asked for is what was planned last."""
    field.installation(world)
    with world.inside():
        project = Delivery.objects.earliest("id").project
    goods = field.delivery(world, project, item="Control cabinet", expected_on=date(2026, 5, 1), warranty_months=24)
    for status in ("on_site", "checked", "installed"):
        step_delivery(world.actor, delivery_id=goods.id, status=status)
    add_units(world.actor, delivery_id=goods.id, serial_numbers=["C-1", "C-2"])
    issue_acceptance(world.actor, delivery_id=goods.id, accepted_by="Anke Stein", remarks="Paint")
    create_checklist(world.actor, name="Crane", kind="crane", lines=[("Anchors set", True)])


def _bill(world: World) -> None:
    """A real billing run: one invoice issued and paid in part, one still a draft."""
    for name in ("Kranich Verlag AG", "Möwe Reederei"):
        project = billing.job(world, of=billing.buyer(world, name=name), rate="")
        money.approved_time(world, on=project, by=world.person(f"{name} consultant"), minutes=(480, 90, 15))
    drafts = build_run(world.actor, work_until=date(2026, 3, 31)).drafts
    complete = [draft for draft in drafts if draft.client.name.startswith("Kranich")]
    issued = issue_invoices(world.actor, invoice_ids=[draft.id for draft in complete], issue_on=date(2026, 4, 1))
    assert not issued.refused, issued.refused


def _collect(firm: Firm) -> None:
    with firm.world.inside():
        for model in apps.get_models():
            if not issubclass(model, TenantModel) or model.prefix == "row":
                continue
            if found := list(model.objects.order_by("id").values_list("pk", flat=True)[:1]):
                firm.ids[model.prefix] = found
        states = Invoice.objects.order_by("status", "-id").distinct("status")
        firm.ids["inv"] = [invoice.pk for invoice in states]


def shown(prefix: str, value: UUID) -> str:
    return public_id(prefix, value)
