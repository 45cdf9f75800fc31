"""Django app of field work: its place in the sidebar, tabs and palette."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class FieldConfig(AppConfig):
    name = "quoin.field"

    @override
    def ready(self) -> None:  # noqa: PLR0915 -- one line a registration
        # Models load only now.
        from quoin.base.db.faults import explain
        from quoin.base.ui import nav, palette, tabs
        from quoin.field.queries import VIEW
        from quoin.field.queries.feeds import visit_entries
        from quoin.field.queries.search import hits
        from quoin.field.services.begun import goods_of
        from quoin.projects.queries.templates import goods_from
        from quoin.resourcing.queries.feeds import add_entries

        nav.add(nav.Entry("deliveries", "work", _("Deliveries"), "field:deliveries", "delivery", VIEW, 50))
        nav.add(nav.Entry("visits", "work", _("Visits"), "field:visits", "pin", VIEW, 52))
        nav.add(nav.Entry("dispatch", "people", _("Dispatch"), "field:dispatch", "dispatch", "field.visit.plan", 40))
        nav.add(nav.Entry("sites", "work", _("Sites"), "field:sites", "site", "field.site.edit", 54))
        nav.add(
            nav.Entry("equipment", "work", _("Equipment"), "field:equipment", "equipment", "field.equipment.edit", 56)
        )
        nav.add(nav.Entry("installed", "work", _("Installed base"), "field:installed_base", "installed", VIEW, 58))
        nav.add(
            nav.Entry("checklists", "work", _("Checklists"), "field:checklists", "check", "field.checklist.edit", 59)
        )
        nav.add_create(nav.Create("v", _("Visit"), "field:visit_new", "field.visit.create"))
        nav.add_create(nav.Create("d", _("Delivery"), "field:delivery_new", "field.delivery.create"))
        tabs.add("project", "deliveries", _("Deliveries"), "field:project_tab", VIEW, 45)
        palette.add_provider("field", hits)
        add_entries(visit_entries)
        goods_from(goods_of)

        explain(
            "visit_member_one_place",
            "Somebody of the crew is at another visit at that time. Move one of the visits or send somebody else.",
        )
        explain(
            "visit_equipment_one_place",
            "The equipment is at another visit at that time. Move one of the visits or take something else.",
        )
        explain("visit_check_photo", "This line needs a photo. Add one, or answer that it does not apply.")
        explain("visit_check_reason", "Say what is wrong before the line counts as failed.")
        explain("unit_serial_number", "This serial number is on the delivery already.")
        explain("site_name", "The client has a site of that name already.")
        explain("equipment_name", "There is equipment of that name already.")
        explain("checklist_name", "There is a checklist of that name already.")
        explain("unit_accepted_once", "The unit was accepted meanwhile. Look at the delivery again.")
        explain("field_acceptedunit_unit_fk", "The client accepted this unit. Withdraw the certificate first.")
        explain(
            "field_delivery_milestone_fk",
            "Goods are tied to a milestone that would go. Keep its name, or tie the goods to another one first.",
        )
        explain("delivery_accepted", "Say who accepted the goods, and when.")
