"""Gates get a day and a role that may waive them; templates get files, and those of a published version stay."""

import django.db.models.deletion
import quoin.base.db.context
import quoin.base.db.tenancy
import quoin.kernel.ids
from django.db import migrations, models


KEEP = """
CREATE FUNCTION projects_keep_template_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found text;
BEGIN
  SELECT status INTO found FROM projects_templateversion
  WHERE tenant_id = coalesce(NEW.tenant_id, OLD.tenant_id) AND id = coalesce(NEW.version_id, OLD.version_id) FOR SHARE;
  IF found = 'published' THEN
    RAISE EXCEPTION 'A published version of a template stays as it is. Change the draft of the next one.'
      USING ERRCODE = 'QN075', CONSTRAINT = 'template_version_kept';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER projects_templatefile_kept BEFORE INSERT OR UPDATE OR DELETE ON projects_templatefile
  FOR EACH ROW EXECUTE FUNCTION projects_keep_template_file();
"""
DROP_KEEP = """
DROP TRIGGER projects_templatefile_kept ON projects_templatefile; DROP FUNCTION projects_keep_template_file;
"""


class Migration(migrations.Migration):
    dependencies = [
        ('base', '0007_trail_in_bulk'),
        ('people', '0003_capacity'),
        ('projects', '0011_acceptance_papers'),
    ]

    operations = [
        migrations.CreateModel(
            name='TemplateFile',
            fields=[
                ('tenant_id', models.UUIDField(default=quoin.base.db.context.current_tenant, editable=False)),
                ('id', models.UUIDField(default=quoin.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('name', models.TextField()),
            ],
        ),
        migrations.AddField(
            model_name='gate',
            name='due_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='gate',
            name='waiver_role',
            field=quoin.base.db.tenancy.Reference(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.jobrole'),
        ),
        migrations.AddField(
            model_name='projectdocument',
            name='file',
            field=quoin.base.db.tenancy.Reference(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.storedfile'),
        ),
        migrations.AddConstraint(
            model_name='gate',
            constraint=quoin.base.db.tenancy.TenantReference(column='waiver_role_id', name='projects_gate_waiver_role_fk', to='people_jobrole'),
        ),
        migrations.AddConstraint(
            model_name='projectdocument',
            constraint=quoin.base.db.tenancy.TenantReference(column='file_id', name='projects_projectdocument_file_fk', to='base_storedfile'),
        ),
        migrations.AddField(
            model_name='templatefile',
            name='file',
            field=quoin.base.db.tenancy.Reference(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.storedfile'),
        ),
        migrations.AddField(
            model_name='templatefile',
            name='version',
            field=quoin.base.db.tenancy.Reference(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.templateversion'),
        ),
        migrations.AddConstraint(
            model_name='templatefile',
            constraint=quoin.base.db.tenancy.TenantKey(name='projects_templatefile_key'),
        ),
        migrations.AddConstraint(
            model_name='templatefile',
            constraint=quoin.base.db.tenancy.RowSecurity(name='projects_templatefile_rows'),
        ),
        migrations.AddConstraint(
            model_name='templatefile',
            constraint=quoin.base.db.tenancy.Audited(inserts=True, name='projects_templatefile_trail'),
        ),
        migrations.AddConstraint(
            model_name='templatefile',
            constraint=quoin.base.db.tenancy.TenantReference(column='version_id', name='projects_templatefile_version_fk', to='projects_templateversion'),
        ),
        migrations.AddConstraint(
            model_name='templatefile',
            constraint=quoin.base.db.tenancy.TenantReference(column='file_id', name='projects_templatefile_file_fk', to='base_storedfile'),
        ),
        migrations.AddConstraint(
            model_name='templatefile',
            constraint=models.UniqueConstraint(fields=('tenant_id', 'version', 'name'), name='template_file_name'),
        ),
        migrations.RunSQL(KEEP, DROP_KEEP),
    ]
