"""Tables of accounts. Users and their sign-in data are global; everything else belongs to a tenant."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from typing_extensions import override

from quoin.base.actor import Scope
from quoin.base.db.tenancy import Reference, TenantModel, currency_field, tenant_table
from quoin.kernel.ids import uuid7


class Tenant(models.Model):
    """A firm that uses Quoin. The row itself is visible only inside the tenant (see the migration)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField()
    slug = models.SlugField(unique=True)
    zone = models.TextField(default="UTC")
    locale = models.TextField(default="en")
    currency = currency_field(default="EUR")
    is_demo = models.BooleanField(default=False)
    clock_at = models.DateTimeField(null=True)
    """Business time of a sandbox tenant, which only moves forward; null follows the real clock."""
    settings = models.JSONField(default=dict)
    created_at = models.DateTimeField()


class Door(models.Model):
    """Where a key leads: the tenants of a user, the tenant of a token or of a client's link.

    Global, because it is asked before the tenant is known. It holds no business fact. Triggers keep it.
    """

    pk = models.CompositePrimaryKey("kind", "key", "tenant_id")
    kind = models.CharField(max_length=8)
    """user, token or link."""
    key = models.TextField()
    """User id, or SHA-256 of the secret."""
    tenant_id = models.UUIDField()
    row_id = models.UUIDField()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    @override
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """Somebody who can sign in. What they may do stands in their memberships."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.TextField(default="")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    preferences = models.JSONField(default=dict)
    """Theme, density, time format, week start, shortcuts: how screens look to this user."""

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    @override
    def __str__(self) -> str:
        return self.name or self.email

    # The admin site is off; third-party code may still ask.
    is_staff = False
    is_superuser = False


class LegalEntity(TenantModel):
    """A company of the tenant that employs, issues invoices and keeps books."""

    prefix = "ent"

    name = models.TextField()
    code = models.CharField(max_length=12)
    """Short sign that invoice numbers begin with."""
    country = models.CharField(max_length=2)
    currency = currency_field()
    vat_id = models.TextField(default="")
    registration_id = models.TextField(default="")
    street = models.TextField(default="")
    city = models.TextField(default="")
    postal_code = models.TextField(default="")
    email = models.TextField(default="")
    phone = models.TextField(default="")
    contact_name = models.TextField(default="")
    iban = models.TextField(default="")
    bic = models.TextField(default="")
    electronic_address = models.TextField(default="")
    """`scheme:identifier`, for example `0192:987654321` (EN 16931 BT-34)."""
    rounding = models.CharField(max_length=12, default="half_up")
    logo_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("accounts_legalentity"),
            models.UniqueConstraint(fields=["tenant_id", "code"], name="legal_entity_code"),
        ]


class Membership(TenantModel):
    """A user inside a tenant."""

    prefix = "usr"

    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    is_active = models.BooleanField(default=True)
    invited_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    duties_reason = models.TextField(default="")
    """Why this member may hold two duties that belong to two people; empty: they may not."""
    duties_until = models.DateField(null=True)
    default_views = models.JSONField(default=dict)
    """Which saved view a list opens with: its id by the list's key."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("accounts_membership"),
            models.UniqueConstraint(fields=["tenant_id", "user"], name="membership_once"),
        ]


class Role(TenantModel):
    """A named set of permissions, each with its scope."""

    prefix = "rol"

    name = models.TextField()
    description = models.TextField(default="")
    standard = models.TextField(default="")
    """Key of the standard role it started as; empty for a role of the tenant's own."""
    landing = models.TextField(default="")
    """URL name of the page its holders start on."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("accounts_role"),
            models.UniqueConstraint(fields=["tenant_id", "name"], name="role_name"),
        ]


class Grant(TenantModel):
    """A permission that a role carries."""

    role = Reference(Role, models.CASCADE)
    permission = models.TextField()
    scope = models.PositiveSmallIntegerField(choices=[(scope.value, scope.name.lower()) for scope in Scope])

    class Meta:
        constraints: ClassVar = [
            *tenant_table("accounts_grant", role="accounts_role"),
            models.UniqueConstraint(fields=["tenant_id", "role", "permission"], name="grant_once"),
        ]


class MembershipRole(TenantModel):
    """A role that a member holds."""

    membership = Reference(Membership, models.CASCADE)
    role = Reference(Role)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("accounts_membershiprole", membership="accounts_membership", role="accounts_role"),
            models.UniqueConstraint(fields=["tenant_id", "membership", "role"], name="membership_role_once"),
        ]


class ApiToken(TenantModel):
    """A bearer token: shown once, kept as SHA-256, limited by scopes and an end date."""

    prefix = "tok"

    membership = Reference(Membership)
    name = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.TextField(), default=list)
    """Names of permissions; empty means all that the owner has."""
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = tenant_table("accounts_apitoken", membership="accounts_membership")


class SavedView(TenantModel):
    """A list's filters, columns and order under a name."""

    prefix = "viw"

    membership = Reference(Membership, models.CASCADE)
    list_key = models.TextField()
    name = models.TextField()
    query = models.TextField()
    is_shared = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("accounts_savedview", membership="accounts_membership"),
            models.UniqueConstraint(fields=["tenant_id", "membership", "list_key", "name"], name="saved_view_name"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "list_key"], name="saved_view_list")]
