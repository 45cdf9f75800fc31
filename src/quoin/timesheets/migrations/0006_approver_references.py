"""Who approved an entry and by which decision, checked per statement: a month is approved in one."""

from django.db import migrations

from quoin.base.db.references import Pointer, references_sql

_POINTERS = [
    Pointer("approved_by_id", "people_person", "timesheets_timeentry_approver_fk"),
    Pointer("approval_id", "timesheets_approval", "timesheets_timeentry_approval_fk"),
]


class Migration(migrations.Migration):
    dependencies = [("timesheets", "0005_references"), ("people", "0001_initial")]
    operations = [
        *(migrations.RemoveConstraint(model_name="timeentry", name=pointer.name) for pointer in _POINTERS),
        migrations.RunSQL(*references_sql("timesheets_timeentry", _POINTERS)),
    ]
