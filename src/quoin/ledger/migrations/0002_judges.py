"""The ledger's judge: a journal gets all its lines in one statement, so that its balance is checked once and for ever.

Periods are whole months, are never deleted or moved, and may be open again for a limited time.
"""

from django.db import migrations

from quoin.base.db import migrating

JOURNALS = """
CREATE FUNCTION ledger_check_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT n.journal_id INTO bad FROM (
    SELECT tenant_id, journal_id, count(*) AS lines FROM new_rows GROUP BY tenant_id, journal_id) n
  JOIN ledger_journal j ON j.tenant_id = n.tenant_id AND j.id = n.journal_id
  WHERE j.posted_in <> pg_current_xact_id()::text
    OR n.lines <> (
      SELECT count(*) FROM ledger_journalline l WHERE l.tenant_id = n.tenant_id AND l.journal_id = n.journal_id)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a posted journal takes no more lines' USING ERRCODE = 'QN001';
  END IF;
  SELECT journal_id, currency INTO bad FROM new_rows
  GROUP BY tenant_id, journal_id, currency HAVING sum(amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % does not balance in %', bad.journal_id, bad.currency USING ERRCODE = 'QN010';
  END IF;
  SELECT journal_id, count(*) AS lines, sum(base_amount) AS base INTO bad FROM new_rows
  GROUP BY tenant_id, journal_id HAVING count(*) < 2 OR sum(base_amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % has % lines and is off by % in the books'' currency', bad.journal_id, bad.lines, bad.base
      USING ERRCODE = 'QN010';
  END IF;
  SELECT n.journal_id INTO bad FROM new_rows n JOIN ledger_account a ON a.tenant_id = n.tenant_id AND a.id = n.account_id
  WHERE a.role = '1990' GROUP BY n.tenant_id, n.journal_id HAVING sum(n.base_amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % leaves a balance on the clearing account', bad.journal_id USING ERRCODE = 'QN010';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_journalline_whole AFTER INSERT ON ledger_journalline
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_lines();

CREATE FUNCTION ledger_check_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM ledger_journalline l WHERE l.tenant_id = NEW.tenant_id AND l.journal_id = NEW.id) THEN
    RAISE EXCEPTION 'journal % has no lines', NEW.id USING ERRCODE = 'QN010';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_journal_filled AFTER INSERT ON ledger_journal
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_journal();
"""
PERIODS = """
-- The row lock makes posting and closing wait for each other: closing updates the period's row.
CREATE FUNCTION ledger_check_period() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found_period record;
BEGIN
  SELECT p.closed_at, p.open_again_until INTO found_period FROM ledger_fiscalperiod p
  WHERE p.tenant_id = NEW.tenant_id AND p.entity_id = NEW.entity_id
    AND p.starts_on <= NEW.posting_on AND NEW.posting_on < p.ends_on
  FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no fiscal period for %; open it first', NEW.posting_on USING ERRCODE = 'QN011';
  ELSIF found_period.closed_at IS NOT NULL
      AND (found_period.open_again_until IS NULL OR found_period.open_again_until <= NEW.posted_at) THEN
    RAISE EXCEPTION 'the period of % is closed; post to an open day', NEW.posting_on USING ERRCODE = 'QN011';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_journal_period BEFORE INSERT ON ledger_journal
  FOR EACH ROW EXECUTE FUNCTION ledger_check_period();

CREATE FUNCTION ledger_keep_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.entity_id, OLD.starts_on, OLD.ends_on) = (NEW.entity_id, NEW.starts_on, NEW.ends_on) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a fiscal period is not moved or removed' USING ERRCODE = 'QN001';
END $$;
CREATE TRIGGER ledger_fiscalperiod_keep BEFORE UPDATE OR DELETE ON ledger_fiscalperiod
  FOR EACH ROW EXECUTE FUNCTION ledger_keep_period();
ALTER TABLE ledger_fiscalperiod ADD CONSTRAINT fiscal_period_month CHECK (
  extract(day FROM starts_on) = 1 AND ends_on = (starts_on + interval '1 month')::date);
"""


class Migration(migrating.Migration):
    replaces = [("ledger", "0002_judge"), ("ledger", "0003_whole_journals")]
    dependencies = [("ledger", "0001_tables")]
    operations = [
        migrations.RunSQL(JOURNALS, "DROP FUNCTION ledger_check_journal, ledger_check_lines CASCADE;"),
        migrations.RunSQL(
            PERIODS,
            "ALTER TABLE ledger_fiscalperiod DROP CONSTRAINT fiscal_period_month; DROP FUNCTION ledger_keep_period, ledger_check_period CASCADE;",
        ),
    ]
