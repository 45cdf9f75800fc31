"""The database judges prepaid packs: what is left follows from the moves, and work stands on packs once (I-17)."""

from django.db import migrations

from quoin.base.audit.checks import invariant

JUDGE = """
-- Whoever moves a pack waits for its row here, so that no two take the same hours.
CREATE FUNCTION billing_move_pack() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE pack record; work record; covered record;
BEGIN
  SELECT p.contract_id, p.number INTO pack FROM billing_prepaidpack p
  WHERE p.tenant_id = NEW.tenant_id AND p.id = NEW.pack_id FOR NO KEY UPDATE;
  IF NEW.charge_id IS NOT NULL THEN
    SELECT c.contract_id, c.billable_minutes, c.amount INTO work FROM billing_charge c
    WHERE c.tenant_id = NEW.tenant_id AND c.id = NEW.charge_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(m.minutes), 0) + NEW.minutes AS minutes, coalesce(sum(m.value_amount), 0) + NEW.value_amount AS value
    INTO covered FROM billing_packmove m WHERE m.tenant_id = NEW.tenant_id AND m.charge_id = NEW.charge_id;
    IF work.contract_id IS DISTINCT FROM pack.contract_id OR covered.minutes NOT BETWEEN 0 AND work.billable_minutes
      OR covered.value NOT BETWEEN 0 AND work.amount THEN
      RAISE EXCEPTION 'pack % would cover work that is not its own, or covered already', pack.number
        USING ERRCODE = 'QN026';
    END IF;
  END IF;
  NEW.position := 1 + coalesce((SELECT max(m.position) FROM billing_packmove m
    WHERE m.tenant_id = NEW.tenant_id AND m.pack_id = NEW.pack_id), 0);
  UPDATE billing_prepaidpack SET left_size = left_size + NEW.units, left_amount = left_amount + NEW.amount
  WHERE tenant_id = NEW.tenant_id AND id = NEW.pack_id;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_packmove_judge BEFORE INSERT ON billing_packmove
  FOR EACH ROW EXECUTE FUNCTION billing_move_pack();

CREATE FUNCTION billing_keep_pack() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.left_size <> 0 OR NEW.left_amount <> 0 THEN
      RAISE EXCEPTION 'a pack begins with its sale' USING ERRCODE = 'QN026';
    END IF;
  ELSIF (NEW.contract_id, NEW.client_id, NEW.unit, NEW.size, NEW.currency, NEW.price_amount, NEW.sold_on)
      IS DISTINCT FROM (OLD.contract_id, OLD.client_id, OLD.unit, OLD.size, OLD.currency, OLD.price_amount, OLD.sold_on) THEN
    RAISE EXCEPTION 'what was sold does not change; take the sale back' USING ERRCODE = 'QN026';
  ELSIF pg_trigger_depth() = 1 AND (NEW.left_size, NEW.left_amount) IS DISTINCT FROM (OLD.left_size, OLD.left_amount) THEN
    RAISE EXCEPTION 'what is left of a pack follows from its moves' USING ERRCODE = 'QN026';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_prepaidpack_judge BEFORE INSERT OR UPDATE ON billing_prepaidpack
  FOR EACH ROW EXECUTE FUNCTION billing_keep_pack();
"""
DROP = """
DROP TRIGGER billing_prepaidpack_judge ON billing_prepaidpack;
DROP FUNCTION billing_keep_pack;
DROP TRIGGER billing_packmove_judge ON billing_packmove;
DROP FUNCTION billing_move_pack;
"""
LEFT = """
SELECT p.tenant_id, 'pack ' || p.number AS subject,
  format('%s left for %s, its moves come to %s for %s', p.left_size, p.left_amount, coalesce(m.units, 0), coalesce(m.amount, 0)) AS detail
FROM billing_prepaidpack p LEFT JOIN (
  SELECT tenant_id, pack_id, sum(units) AS units, sum(amount) AS amount FROM billing_packmove GROUP BY 1, 2) m
  ON m.tenant_id = p.tenant_id AND m.pack_id = p.id
WHERE (p.left_size, p.left_amount) IS DISTINCT FROM (coalesce(m.units, 0), coalesce(m.amount, 0))
  OR p.left_size NOT BETWEEN 0 AND p.size OR p.left_amount NOT BETWEEN 0 AND p.price_amount
UNION ALL
SELECT c.tenant_id, 'charge ' || c.id, format('%s, %s of %s minutes are covered by packs', c.status, coalesce(m.minutes, 0), c.billable_minutes)
FROM billing_charge c JOIN (
  SELECT tenant_id, charge_id, sum(minutes) AS minutes, sum(value_amount) AS value FROM billing_packmove
  WHERE charge_id IS NOT NULL GROUP BY 1, 2) m ON m.tenant_id = c.tenant_id AND m.charge_id = c.id
WHERE (m.minutes, m.value) IS DISTINCT FROM (CASE WHEN c.status = 'included' THEN c.billable_minutes ELSE 0 END,
  CASE WHEN c.status = 'included' THEN c.amount ELSE 0 END)
UNION ALL
SELECT c.tenant_id, 'charge ' || c.id, 'its price is included, but no pack covers it' FROM billing_charge c
WHERE c.kind = 'time' AND c.status = 'included' AND c.amount <> 0 AND NOT EXISTS (
  SELECT FROM billing_packmove m WHERE m.tenant_id = c.tenant_id AND m.charge_id = c.id)
"""
# Billed less credited, less what was used or expired, is what the books owe the client for the pack.
BOOKS = """
SELECT x.tenant_id, 'pack ' || p.number AS subject,
  format('%s owed on the books, %s by its invoice and its moves', sum(x.books), sum(x.moves)) AS detail
FROM (
  SELECT l.tenant_id, l.obligation_id AS pack_id, -l.amount AS books, 0 AS moves
  FROM ledger_journalline l JOIN ledger_account a ON a.tenant_id = l.tenant_id AND a.id = l.account_id
  WHERE l.obligation_id IS NOT NULL AND a.role IN ('1150', '2200')
  UNION ALL
  SELECT tenant_id, pack_id, 0, amount FROM billing_packmove WHERE kind IN ('draw', 'give_back', 'expire', 'revive')
  UNION ALL
  SELECT l.tenant_id, s.pack_id, 0, CASE WHEN i.kind = 'invoice' THEN l.net_amount ELSE -l.net_amount END
  FROM (SELECT DISTINCT m.tenant_id, m.line_id, c.source_id AS pack_id FROM billing_invoiceitem m
    JOIN billing_charge c ON c.tenant_id = m.tenant_id AND c.id = m.charge_id WHERE c.kind = 'prepaid') s
  JOIN billing_invoiceline l ON l.tenant_id = s.tenant_id AND s.line_id = coalesce(l.corrects_line_id, l.id)
  JOIN billing_invoice i ON i.tenant_id = l.tenant_id AND i.id = l.invoice_id AND i.status = 'issued'
) x JOIN billing_prepaidpack p ON p.tenant_id = x.tenant_id AND p.id = x.pack_id
GROUP BY x.tenant_id, p.id, p.number HAVING sum(x.books) <> sum(x.moves)
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0016_packs"), ("ledger", "0005_obligations"), ("base", "0005_checks")]
    operations = [
        migrations.RunSQL(JUDGE, DROP),
        invariant("17", "A prepaid pack is used once, in turn, and never beyond its end", LEFT),
        invariant("17b", "What is left of prepaid packs is what the books owe for them", BOOKS),
    ]
