"""Templates belong to projects: they know phases, links and gates there."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.DeleteModel("TemplateTask"), migrations.DeleteModel("ProjectTemplate")]
