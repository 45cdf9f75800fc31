"""Removing a project that has no origin asks nothing of the origins, which nobody may delete."""

import django.db.models.deletion
from django.db import migrations

import quoin.base.db.tenancy


class Migration(migrations.Migration):
    dependencies = [("projects", "0007_plan_loops")]
    operations = [
        migrations.AlterField(
            model_name="projectorigin",
            name="project",
            field=quoin.base.db.tenancy.Reference(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="projects.project",
            ),
        )
    ]
