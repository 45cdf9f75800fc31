"""Who may enter: users, tenants, legal entities, members, roles and their permissions."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from quoin.base.db import migrating
from quoin.base.db.tenancy import Reference
from quoin.kernel.ids import uuid7

table = migrating.tables("accounts")


class Migration(migrating.Migration):
    initial = True
    replaces = [("accounts", "0001_initial"), ("accounts", "0003_roles_and_duties"), ("accounts", "0004_saved_views")]
    dependencies = [("base", "0002_tables")]
    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.UUIDField(default=uuid7, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.TextField(default="")),
                ("is_active", models.BooleanField(default=True)),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
                ("preferences", models.JSONField(default=dict)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Door",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind", "key", "tenant_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("key", models.TextField()),
                ("tenant_id", models.UUIDField()),
                ("row_id", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="Tenant",
            fields=[
                ("id", models.UUIDField(default=uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("slug", models.SlugField(unique=True)),
                ("zone", models.TextField(default="UTC")),
                ("locale", models.TextField(default="en")),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("is_demo", models.BooleanField(default=False)),
                ("clock_at", models.DateTimeField(null=True)),
                ("settings", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        table(
            "LegalEntity",
            [
                ("name", models.TextField()),
                ("code", models.CharField(max_length=12)),
                ("country", models.CharField(max_length=2)),
                ("currency", models.CharField(max_length=3)),
                ("vat_id", models.TextField(default="")),
                ("registration_id", models.TextField(default="")),
                ("street", models.TextField(default="")),
                ("city", models.TextField(default="")),
                ("postal_code", models.TextField(default="")),
                ("email", models.TextField(default="")),
                ("phone", models.TextField(default="")),
                ("contact_name", models.TextField(default="")),
                ("iban", models.TextField(default="")),
                ("bic", models.TextField(default="")),
                ("electronic_address", models.TextField(default="")),
                ("rounding", models.CharField(default="half_up", max_length=12)),
                ("logo_id", models.UUIDField(null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "code"), name="legal_entity_code"),
        ),
        table(
            "Membership",
            [
                ("is_active", models.BooleanField(default=True)),
                ("invited_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("duties_reason", models.TextField(default="")),
                ("duties_until", models.DateField(null=True)),
                ("default_views", models.JSONField(default=dict)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "user"), name="membership_once"),
        ),
        table(
            "ApiToken",
            [
                ("name", models.TextField()),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("scopes", ArrayField(base_field=models.TextField(), default=list, size=None)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("membership", Reference("accounts.membership")),
            ],
        ),
        table(
            "Role",
            [
                ("name", models.TextField()),
                ("description", models.TextField(default="")),
                ("landing", models.TextField(default="")),
                ("standard", models.TextField(default="")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "name"), name="role_name"),
        ),
        table(
            "MembershipRole",
            [
                ("membership", Reference("accounts.membership", models.CASCADE)),
                ("role", Reference("accounts.role")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "membership", "role"), name="membership_role_once"),
        ),
        table(
            "Grant",
            [
                ("permission", models.TextField()),
                ("scope", models.PositiveSmallIntegerField(choices=[(1, "own"), (2, "team"), (3, "all")])),
                ("role", Reference("accounts.role", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "role", "permission"), name="grant_once"),
        ),
        table(
            "SavedView",
            [
                ("list_key", models.TextField()),
                ("name", models.TextField()),
                ("query", models.TextField()),
                ("is_shared", models.BooleanField(default=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("membership", Reference("accounts.membership", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "membership", "list_key", "name"), name="saved_view_name"),
            indexes=[models.Index(fields=["tenant_id", "list_key"], name="saved_view_list")],
        ),
    ]
