"""References of charges, checked per statement: six foreign keys asked six times for each charge."""

from django.db import migrations

from quoin.base.db.references import Pointer, references_sql

_CHARGE = (
    ("entity", "accounts_legalentity"),
    ("client", "clients_client"),
    ("contract", "sales_contract"),
    ("project", "projects_project"),
    ("task", "projects_task"),
    ("person", "people_person"),
)
_POINTERS = [Pointer(f"{field}_id", target, f"billing_charge_{field}_fk") for field, target in _CHARGE]


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0013_drafted"),
        ("accounts", "0003_roles_and_duties"),
        ("clients", "0001_initial"),
        ("people", "0001_initial"),
        ("projects", "0001_initial"),
        ("sales", "0001_initial"),
    ]
    operations = [
        *(migrations.RemoveConstraint(model_name="charge", name=pointer.name) for pointer in _POINTERS),
        migrations.RunSQL(*references_sql("billing_charge", _POINTERS)),
    ]
