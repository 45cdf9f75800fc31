"""What the catalog of the database must say: a trail for every table, no right that is lent, no float, no stray view."""

import pytest
from django.db import connection, connections, transaction

from quoin.base.audit.models import AuditChange
from quoin.people.models import Team
from tests.make import World

# Tables of tenants whose rows leave no trail, each with the reason. Everything else is written down when it changes.
NO_TRAIL = {
    "base_idempotencykey": "answers kept for retries, deleted after 30 days",
    "base_mailmessage": "the outbox; the mail's state is the post's, not the business's",
    "base_numberseries": "the last number; the numbers stand on the documents",
    "billing_charge": "one for each approved entry version; what changes it is a row with a trail, or an action that names it",
    "billing_chargemonth": "sums that triggers keep; an invariant holds them against the charges",
    "billing_contractuse": "a sum kept for its CHECK; an invariant holds it against the invoices",
    "billing_invoiceitem": "made with its line, which has a trail; the issued document holds it in its hash chain",
    "billing_invoicelink": "counts how often a client opened a link; making and ending one are actions",
    "billing_invoicetax": "computed from the lines, which have a trail; frozen with the document",
    "compliance_exportpart": "bytes of an export, whose hash stands on it; gone after a week",
    "integrations_webhookdelivery": "the log of what was told to others: itself a record of every try",
    "imports_importfile": "the bytes of a file, whose hash stands on the batch",
    "imports_importline": "what an import did line by line: itself a record",
    "imports_importrecord": "what an import made, with its before and after: itself a record",
    "insights_earnedmonth": "sums that triggers keep over journals, which never change",
    "resourcing_bookingday": "days of a booking, which has a trail; undo keeps them, an invariant holds them to it",
    "resourcing_dayload": "sums that triggers keep for their CHECK; invariants hold them against bookings and capacity",
    "timesheets_appliedchange": "ids of edits that were applied, so that a device may send them twice",
    "timesheets_timemonth": "sums that triggers keep; an invariant holds them against the entries",
}
LENT_RIGHTS = {
    "refresh_statistics": "ANALYZE needs the owner; the function does nothing else and its search path is fixed",
}
_TRAILS = ("audit_insert", "audit_update", "audit_delete", "refuse_change")
_WITHOUT_TRAIL = """
SELECT t.name FROM audit_check.tenant_table t
WHERE NOT EXISTS (SELECT FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid
                  WHERE g.tgrelid = t.oid AND p.proname = ANY(%s) AND g.tgenabled <> 'D')
"""
_LENT = """
SELECT p.proname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND n.nspname IN ('public', 'audit_check')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
_LENT_LOOSELY = """
SELECT p.proname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND n.nspname IN ('public', 'audit_check')
  AND NOT coalesce(p.proconfig::text LIKE '%%search_path%%', false)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
# Without a path of its own a function reads a temporary table of the caller's in place of ours.
_LOOSE_PATHS = """
SELECT p.proname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE n.nspname = 'public' AND l.lanname = 'plpgsql' AND (p.prorettype = 'trigger'::regtype OR p.prosecdef)
  AND p.proname NOT LIKE 'procrastinate%%' AND NOT coalesce(p.proconfig::text LIKE '%%public, pg_temp"%%', false)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
_OWNER_VIEWS = """
SELECT v.relname::text FROM pg_class v JOIN pg_namespace n ON n.oid = v.relnamespace
WHERE v.relkind IN ('v', 'm') AND n.nspname IN ('public', 'audit_check')
  AND NOT coalesce(v.reloptions::text LIKE '%%security_invoker=true%%', false)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = v.oid AND d.deptype = 'e')
"""
_FLOATS = """
SELECT table_name || '.' || column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type IN ('real', 'double precision')
  AND table_name !~ '^(django|auth|account|mfa|usersessions|procrastinate)_' AND table_name <> 'base_ratebucket'
"""
_LOOSE_RIGHTS = """
SELECT r.rolname::text FROM pg_roles r WHERE r.rolname IN ('quoin_app', 'quoin_owner')
  AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb)
UNION ALL
SELECT c.relname::text FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
WHERE r.rolname = 'quoin_app' AND c.relkind IN ('r', 'p', 'v')
UNION ALL
SELECT 'truncate ' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND has_table_privilege('quoin_app', c.oid, 'TRUNCATE')
"""


def _found(query: str, *values: object, using: str = "default") -> set[str]:
    with connections[using].cursor() as cursor:
        cursor.execute(query, values or None)
        return {row[0] for row in cursor.fetchall()}


def test_every_table_of_a_tenant_has_a_trail_or_a_reason() -> None:
    silent = _found(_WITHOUT_TRAIL, list(_TRAILS))

    assert not (unknown := sorted(silent - set(NO_TRAIL))), unknown
    assert not (stale := sorted(set(NO_TRAIL) - silent)), stale


def test_rights_are_lent_only_where_there_is_a_reason() -> None:
    assert _found(_LENT) <= set(LENT_RIGHTS)
    assert _found(_LENT_LOOSELY) == set()


def test_judges_read_our_tables_and_no_temporary_ones(world: World) -> None:
    def change() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE base_auditchange (tenant_id uuid, action_id uuid, table_name text, row_id uuid,"
                " operation text, before jsonb, after jsonb) ON COMMIT DROP"
            )
        Team.objects.create(name="Unseen")

    world.do(change)

    with world.inside():
        assert AuditChange.objects.filter(tenant_id=world.tenant_id, after__name="Unseen").count() == 1
    assert _found(_LOOSE_PATHS) == set()


def test_views_show_what_the_reader_may_see() -> None:
    assert _found(_OWNER_VIEWS) == set()


def test_no_amount_is_a_floating_point_number() -> None:
    assert _found(_FLOATS) == set()


def test_the_serving_role_owns_nothing_and_bypasses_nothing() -> None:
    assert _found(_LOOSE_RIGHTS) == set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("quoin_app",)


@pytest.mark.parametrize(
    ("fault", "query", "values"),
    [
        ("CREATE FUNCTION seeded() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'", _LENT, ()),
        ("CREATE FUNCTION seeded() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'", _LENT_LOOSELY, ()),
        (
            "CREATE FUNCTION seeded() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            _LOOSE_PATHS,
            (),
        ),
        ("CREATE VIEW seeded AS SELECT id FROM people_team", _OWNER_VIEWS, ()),
        ("ALTER TABLE people_team ADD COLUMN seeded real", _FLOATS, ()),
        ("ALTER TABLE people_team DISABLE TRIGGER ALL", _WITHOUT_TRAIL, (list(_TRAILS),)),
        ("GRANT TRUNCATE ON people_team TO quoin_app", _LOOSE_RIGHTS, ()),
    ],
)
def test_a_seeded_fault_is_found(fault: str, query: str, values: tuple[object, ...]) -> None:
    with transaction.atomic(using="owner"):
        before = _found(query, *values, using="owner")
        with connections["owner"].cursor() as cursor:
            cursor.execute(fault.replace("TRIGGER ALL", "TRIGGER USER"))
        after = _found(query, *values, using="owner")
        transaction.set_rollback(True, using="owner")

    assert len(after - before) == 1
