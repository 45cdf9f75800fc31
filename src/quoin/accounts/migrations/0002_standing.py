"""Row security of the tenant's own row, and the doors: kept by triggers, read by `accounts_standing`."""

from django.db import migrations

from quoin.base.db import migrating

FENCE = """
ALTER TABLE accounts_tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts_tenant FORCE ROW LEVEL SECURITY;
CREATE POLICY accounts_tenant_rows ON accounts_tenant
  USING (id = nullif((SELECT current_setting('quoin.tenant_id', true)), '')::uuid)
  WITH CHECK (id = nullif((SELECT current_setting('quoin.tenant_id', true)), '')::uuid);
"""
MEMBERS = """
CREATE FUNCTION accounts_keep_user_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM accounts_door WHERE kind = 'user' AND key = OLD.user_id::text AND tenant_id = OLD.tenant_id;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.is_active THEN
    INSERT INTO accounts_door (kind, key, tenant_id, row_id) VALUES ('user', NEW.user_id::text, NEW.tenant_id, NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_membership_door AFTER INSERT OR UPDATE OF user_id, is_active OR DELETE ON accounts_membership
  FOR EACH ROW EXECUTE FUNCTION accounts_keep_user_door();
"""
# Who stands behind a door, in one round trip. Sets the tenant for the transaction, then reads under row security.
STANDING = """
CREATE FUNCTION accounts_standing(asked_kind text, asked_key text, asked_tenant uuid)
RETURNS TABLE (
  tenant_id uuid, tenant_name text, is_demo boolean, currency text, clock_at timestamptz,
  membership_id uuid, user_id uuid, user_name text, preferences jsonb,
  person_id uuid, team_id uuid, zone text, locale text, grants jsonb, scopes text[], token_id uuid
) LANGUAGE plpgsql AS $$
DECLARE door accounts_door;
BEGIN
  SELECT d.* INTO door FROM accounts_door d
  WHERE d.kind = asked_kind AND d.key = asked_key AND (asked_tenant IS NULL OR d.tenant_id = asked_tenant)
  ORDER BY d.tenant_id LIMIT 1;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM set_config('quoin.tenant_id', door.tenant_id::text, true);
  RETURN QUERY
  SELECT t.id, t.name, t.is_demo, t.currency::text, t.clock_at,
    m.id, u.id, CASE WHEN u.name = '' THEN u.email::text ELSE u.name END, u.preferences,
    p.id, p.team_id, CASE WHEN p.zone <> '' THEN p.zone ELSE t.zone END,
    coalesce(nullif(u.preferences ->> 'locale', ''), t.locale),
    (SELECT coalesce(jsonb_object_agg(best.permission, best.scope), '{}') FROM (
       SELECT g.permission, max(g.scope) AS scope FROM accounts_membershiprole mr
       JOIN accounts_grant g ON g.tenant_id = mr.tenant_id AND g.role_id = mr.role_id
       WHERE mr.tenant_id = door.tenant_id AND mr.membership_id = m.id GROUP BY g.permission) best),
    k.scopes, k.id
  FROM accounts_tenant t
  LEFT JOIN accounts_apitoken k ON k.tenant_id = t.id AND asked_kind = 'token' AND k.id = door.row_id
    AND k.expires_at > clock_timestamp() AND k.revoked_at IS NULL
  JOIN accounts_membership m ON m.tenant_id = t.id AND m.is_active
    AND m.id = CASE WHEN asked_kind = 'token' THEN k.membership_id ELSE door.row_id END
  JOIN accounts_user u ON u.id = m.user_id AND u.is_active
  LEFT JOIN people_person p ON p.tenant_id = t.id AND p.user_id = u.id
  WHERE t.id = door.tenant_id;
END $$;
"""


class Migration(migrating.Migration):
    replaces = [("accounts", "0002_doors")]
    dependencies = [("accounts", "0001_tables")]
    operations = [
        migrations.RunSQL(
            FENCE,
            "DROP POLICY accounts_tenant_rows ON accounts_tenant; ALTER TABLE accounts_tenant DISABLE ROW LEVEL SECURITY;",
        ),
        migrations.RunSQL(MEMBERS, "DROP FUNCTION accounts_keep_user_door CASCADE;"),
        migrations.RunSQL(
            migrating.door("accounts_apitoken", "token", "accounts_keep_token_door"),
            "DROP FUNCTION accounts_keep_token_door CASCADE;",
        ),
        migrations.RunSQL(STANDING, "DROP FUNCTION accounts_standing;"),
    ]
