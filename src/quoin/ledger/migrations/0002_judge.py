"""The ledger's judge: journals balance at commit, gain no lines later, and stay out of closed periods."""

from django.db import migrations

SQL = """
CREATE FUNCTION ledger_check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT l.journal_id INTO bad FROM ledger_journalline l
  WHERE l.tenant_id = NEW.tenant_id AND l.journal_id = NEW.id
  GROUP BY l.journal_id, l.currency HAVING sum(l.amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % does not balance in each currency', NEW.id USING ERRCODE = 'QN010';
  END IF;
  SELECT count(*) AS lines, coalesce(sum(l.base_amount), 0) AS base INTO bad FROM ledger_journalline l
  WHERE l.tenant_id = NEW.tenant_id AND l.journal_id = NEW.id;
  IF bad.lines < 2 OR bad.base <> 0 THEN
    RAISE EXCEPTION 'journal % has % lines and is off by % in the books'' currency', NEW.id, bad.lines, bad.base
      USING ERRCODE = 'QN010';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_journal_balance AFTER INSERT ON ledger_journal
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_balance();

-- A journal takes lines only in the transaction that posted it, so a checked balance stays.
CREATE FUNCTION ledger_refuse_late_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM (SELECT DISTINCT tenant_id, journal_id FROM new_rows) n
    JOIN ledger_journal j ON j.tenant_id = n.tenant_id AND j.id = n.journal_id
    WHERE j.posted_in <> pg_current_xact_id()::text
  ) THEN
    RAISE EXCEPTION 'a posted journal takes no more lines' USING ERRCODE = 'QN001';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_journalline_late AFTER INSERT ON ledger_journalline
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_late_line();

CREATE FUNCTION ledger_check_period() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed timestamptz;
BEGIN
  SELECT p.closed_at INTO closed FROM ledger_fiscalperiod p
  WHERE p.tenant_id = NEW.tenant_id AND p.entity_id = NEW.entity_id
    AND p.starts_on <= NEW.posting_on AND NEW.posting_on < p.ends_on
  FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no fiscal period for %; open it first', NEW.posting_on USING ERRCODE = 'QN011';
  ELSIF closed IS NOT NULL THEN
    RAISE EXCEPTION 'the period of % is closed; post to an open day', NEW.posting_on USING ERRCODE = 'QN011';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_journal_period BEFORE INSERT ON ledger_journal
  FOR EACH ROW EXECUTE FUNCTION ledger_check_period();
"""

DROP = """
DROP TRIGGER ledger_journal_period ON ledger_journal;
DROP FUNCTION ledger_check_period;
DROP TRIGGER ledger_journalline_late ON ledger_journalline;
DROP FUNCTION ledger_refuse_late_line;
DROP TRIGGER ledger_journal_balance ON ledger_journal;
DROP FUNCTION ledger_check_balance;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(SQL, DROP)]
