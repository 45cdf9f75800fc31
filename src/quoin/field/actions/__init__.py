"""Commands of field work: sites and equipment, deliveries, visits, and what a crew does on site."""

from quoin.field.actions.acceptance import issue_acceptance, withdraw_acceptance
from quoin.field.actions.checklists import create_checklist, edit_checklist
from quoin.field.actions.deliveries import (
    add_units,
    create_delivery,
    date_delivery,
    edit_delivery,
    remove_unit,
    step_delivery,
)
from quoin.field.actions.hours import record_time
from quoin.field.actions.masters import create_equipment, create_site, edit_equipment, edit_site
from quoin.field.actions.onsite import answer_check, finish_visit, sign_visit, start_visit, use_part
from quoin.field.actions.visits import (
    arrange_visits,
    cancel_visit,
    create_visit,
    edit_visit,
    plan_visit,
    publish_visits,
    unpublish_visit,
)

__all__ = [
    "add_units",
    "answer_check",
    "arrange_visits",
    "cancel_visit",
    "create_checklist",
    "create_delivery",
    "create_equipment",
    "create_site",
    "create_visit",
    "date_delivery",
    "edit_checklist",
    "edit_delivery",
    "edit_equipment",
    "edit_site",
    "edit_visit",
    "finish_visit",
    "issue_acceptance",
    "plan_visit",
    "publish_visits",
    "record_time",
    "remove_unit",
    "sign_visit",
    "start_visit",
    "step_delivery",
    "unpublish_visit",
    "use_part",
    "withdraw_acceptance",
]
