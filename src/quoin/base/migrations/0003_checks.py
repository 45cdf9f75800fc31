"""The schema of invariants, and those that the catalog itself can answer."""

from django.db import migrations

from quoin.base.audit.checks import CREATE_SCHEMA, SCHEMA, invariant
from quoin.base.db import migrating

# Tables of no tenant, each with its reason. Everything else must be fenced.
GLOBAL = """
CREATE TABLE audit_check.global_table (name text PRIMARY KEY, reason text NOT NULL);
INSERT INTO audit_check.global_table VALUES
  ('accounts_tenant', 'the tenant itself; has a policy of its own on its id'),
  ('accounts_user', 'sign-in; one person may belong to several tenants'),
  ('accounts_door', 'asked before the tenant is known; holds digests only'),
  ('base_ratebucket', 'rate limits by digest of the caller'),
  ('base_cache', 'failed sign-ins by digest'),
  ('base_jobdone', 'numbers of finished jobs'),
  ('ledger_fxrate', 'public reference rates');
"""
TENANT_TABLES = """
CREATE VIEW audit_check.tenant_table WITH (security_invoker = true) AS
SELECT c.oid, c.relname::text AS name, c.relrowsecurity, c.relforcerowsecurity
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
  AND c.relname !~ '^(django|auth|account|mfa|usersessions|procrastinate)_'
  AND c.relname NOT IN (SELECT name FROM audit_check.global_table);
"""
APPEND_ONLY = """
SELECT NULL::uuid AS tenant_id, t.name AS subject, 'no trigger refuses to change posted rows' AS detail
FROM audit_check.tenant_table t
WHERE t.name IN ('ledger_journal', 'ledger_journalline', 'base_auditaction', 'base_auditchange', 'base_auditseal',
                 'billing_issueddocument', 'billing_payment', 'billing_paymentapplication')
  AND NOT EXISTS (SELECT FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid
                  WHERE g.tgrelid = t.oid AND p.proname = 'refuse_change' AND g.tgenabled <> 'D')
"""
NO_FLOAT = """
SELECT NULL::uuid AS tenant_id, t.name || '.' || a.attname AS subject, 'floating point column' AS detail
FROM audit_check.tenant_table t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE a.atttypid IN ('real'::regtype, 'double precision'::regtype)
"""
TRAIL = """
SELECT NULL::uuid AS tenant_id, t.name AS subject, 'a trail trigger is switched off' AS detail
FROM audit_check.tenant_table t JOIN pg_trigger g ON g.tgrelid = t.oid JOIN pg_proc p ON p.oid = g.tgfoid
WHERE p.proname IN ('audit_insert', 'audit_update', 'audit_delete', 'refuse_change') AND g.tgenabled = 'D'
UNION ALL
SELECT c.tenant_id, c.table_name || ' ' || c.row_id, 'changed by an action that is not in the trail'
FROM base_auditchange c LEFT JOIN base_auditaction a ON a.tenant_id = c.tenant_id AND a.id = c.action_id
WHERE a.id IS NULL
"""
FENCE = """
SELECT NULL::uuid AS tenant_id, t.name AS subject, 'row security is not forced' AS detail
FROM audit_check.tenant_table t WHERE NOT (t.relrowsecurity AND t.relforcerowsecurity)
UNION ALL
SELECT NULL, t.name, 'not exactly one policy, on the tenant of the transaction'
FROM audit_check.tenant_table t
WHERE (SELECT count(*) FROM pg_policy p WHERE p.polrelid = t.oid) <> 1
   OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polcmd = '*'
                  AND pg_get_expr(p.polqual, t.oid) LIKE '%tenant_id = %quoin.tenant_id%'
                  AND pg_get_expr(p.polwithcheck, t.oid) LIKE '%tenant_id = %quoin.tenant_id%')
UNION ALL
SELECT NULL, t.name || ' ' || i.relname, 'an index does not begin with the tenant'
FROM audit_check.tenant_table t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
WHERE a.attname <> 'tenant_id' AND (t.name, i.relname) NOT IN (('base_auditchange', 'base_auditchange_pkey'))
  -- Digests of secrets are looked up before the tenant is known.
  AND a.attname <> 'digest'
UNION ALL
SELECT NULL, t.name || ' ' || k.conname, 'a reference does not carry the tenant'
FROM audit_check.tenant_table t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'
JOIN pg_class target ON target.oid = k.confrelid
WHERE target.relname NOT IN (SELECT name FROM audit_check.global_table)
  AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (k.conkey)
                  AND a.attname = 'tenant_id')
UNION ALL
SELECT NULL, n.nspname || '.' || v.relname, 'a view runs with its owner''s rights'
FROM pg_class v JOIN pg_namespace n ON n.oid = v.relnamespace
WHERE v.relkind IN ('v', 'm') AND n.nspname IN ('public', 'audit_check')
  AND NOT coalesce(v.reloptions::text LIKE '%security_invoker=true%', false)
"""


class Migration(migrating.Migration):
    replaces = [("base", "0005_checks")]
    dependencies = [("base", "0002_tables")]
    operations = [
        migrations.RunSQL(CREATE_SCHEMA + GLOBAL + TENANT_TABLES, f"DROP SCHEMA {SCHEMA} CASCADE;"),
        invariant("02", "Posted lines, issued documents and the trail never change", APPEND_ONLY),
        invariant("07", "No amount or quantity is a floating point number", NO_FLOAT),
        invariant("42", "Every change has who, when, what and why", TRAIL),
        invariant("46", "Tables, indexes, references and views keep tenants apart", FENCE),
    ]
