"""Django app of field work."""

from django.apps import AppConfig
from typing_extensions import override


class FieldConfig(AppConfig):
    name = "quoin.field"

    @override
    def ready(self) -> None:
        # Models load only now.
        from quoin.base.db.faults import explain

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
        explain("delivery_accepted", "Say who accepted the goods, and when.")
