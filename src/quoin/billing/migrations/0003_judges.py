"""What the database refuses about invoices and payments, whoever asks: I-15, I-21, I-22, I-24, I-25. And the doors of links."""

from django.db import migrations

from quoin.base.db import migrating

FROZEN = """
CREATE FUNCTION billing_freeze_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'document % is issued and never changes; credit it', OLD.number USING ERRCODE = 'QN001';
END $$;
CREATE TRIGGER billing_invoice_frozen BEFORE UPDATE OR DELETE ON billing_invoice
  FOR EACH ROW WHEN (OLD.status = 'issued') EXECUTE FUNCTION billing_freeze_invoice();

CREATE FUNCTION billing_freeze_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE frozen text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT i.number INTO frozen FROM (SELECT DISTINCT tenant_id, invoice_id FROM new_rows) r
    JOIN billing_invoice i ON i.tenant_id = r.tenant_id AND i.id = r.invoice_id WHERE i.status = 'issued' LIMIT 1;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT i.number INTO frozen FROM (SELECT DISTINCT tenant_id, invoice_id FROM old_rows) r
    JOIN billing_invoice i ON i.tenant_id = r.tenant_id AND i.id = r.invoice_id WHERE i.status = 'issued' LIMIT 1;
  ELSE
    SELECT i.number INTO frozen
    FROM (SELECT tenant_id, invoice_id FROM new_rows UNION SELECT tenant_id, invoice_id FROM old_rows) r
    JOIN billing_invoice i ON i.tenant_id = r.tenant_id AND i.id = r.invoice_id WHERE i.status = 'issued' LIMIT 1;
  END IF;
  IF frozen IS NOT NULL THEN
    RAISE EXCEPTION 'document % is issued and never changes; credit it', frozen USING ERRCODE = 'QN001';
  END IF;
  RETURN NULL;
END $$;
"""
ITEMS = """
CREATE FUNCTION billing_freeze_items() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE frozen text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT i.number INTO frozen FROM (SELECT DISTINCT tenant_id, line_id FROM new_rows) r
    JOIN billing_invoiceline l ON l.tenant_id = r.tenant_id AND l.id = r.line_id
    JOIN billing_invoice i ON i.tenant_id = l.tenant_id AND i.id = l.invoice_id WHERE i.status = 'issued' LIMIT 1;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT i.number INTO frozen FROM (SELECT DISTINCT tenant_id, line_id FROM old_rows) r
    JOIN billing_invoiceline l ON l.tenant_id = r.tenant_id AND l.id = r.line_id
    JOIN billing_invoice i ON i.tenant_id = l.tenant_id AND i.id = l.invoice_id WHERE i.status = 'issued' LIMIT 1;
  ELSE
    -- A credit ends the life of an item and changes nothing else of it.
    SELECT i.number INTO frozen FROM old_rows o FULL JOIN new_rows n ON n.tenant_id = o.tenant_id AND n.id = o.id
    JOIN billing_invoiceline l ON l.tenant_id = coalesce(o.tenant_id, n.tenant_id) AND l.id IN (o.line_id, n.line_id)
    JOIN billing_invoice i ON i.tenant_id = l.tenant_id AND i.id = l.invoice_id
    WHERE i.status = 'issued' AND ((n.is_live AND NOT o.is_live)
      OR (n.line_id, n.charge_id, n.minutes, n.amount) IS DISTINCT FROM (o.line_id, o.charge_id, o.minutes, o.amount))
    LIMIT 1;
  END IF;
  IF frozen IS NOT NULL THEN
    RAISE EXCEPTION 'document % is issued and never changes; credit it', frozen USING ERRCODE = 'QN001';
  END IF;
  RETURN NULL;
END $$;
"""
_FROZEN = (
    ("billing_invoiceline", "billing_freeze_lines"),
    ("billing_invoicetax", "billing_freeze_lines"),
    ("billing_invoiceitem", "billing_freeze_items"),
)
STAY = "".join(migrating.per_statement(table, f"{table}_frozen", function) for table, function in _FROZEN)
ISSUE = """
-- I-23 and I-24: numbers follow each other without a hole, and dates never go back.
CREATE FUNCTION billing_check_number() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
  SELECT i.sequence, i.issue_on, i.number INTO last FROM billing_invoice i
  WHERE i.tenant_id = NEW.tenant_id AND i.series = NEW.series AND i.sequence IS NOT NULL AND i.id <> NEW.id
  ORDER BY i.sequence DESC LIMIT 1;
  IF NEW.sequence IS DISTINCT FROM coalesce(last.sequence, 0) + 1 THEN
    RAISE EXCEPTION 'number % leaves a hole after %', NEW.number, coalesce(last.number, 'none') USING ERRCODE = 'QN020';
  ELSIF last.issue_on > NEW.issue_on THEN
    RAISE EXCEPTION 'the last document of the series, %, is dated %; an earlier date is not possible', last.number,
      last.issue_on USING ERRCODE = 'QN021';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_invoice_number_update BEFORE UPDATE ON billing_invoice
  FOR EACH ROW WHEN (NEW.status = 'issued' AND OLD.status <> 'issued') EXECUTE FUNCTION billing_check_number();
CREATE TRIGGER billing_invoice_number_insert BEFORE INSERT ON billing_invoice
  FOR EACH ROW WHEN (NEW.status = 'issued') EXECUTE FUNCTION billing_check_number();

-- Smallest unit of an e-invoice: the currency's own, but never finer than two decimals (BR-DEC).
CREATE FUNCTION billing_decimals(currency text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN currency IN (
    'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF',
    'XPF') THEN 0 ELSE 2 END
$$;

CREATE FUNCTION billing_round(exact numeric, places int, mode text) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN mode = 'half_even' AND abs(exact * power(10::numeric, places) - trunc(exact * power(10::numeric, places))) = 0.5
    THEN 2 * round(exact * power(10::numeric, places) / 2) / power(10::numeric, places) ELSE round(exact, places) END
$$;

-- I-15: a document is the sum of its lines, a line the sum of its charges, tax exact per category.
CREATE FUNCTION billing_check_totals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT coalesce(sum(l.net_amount), 0) AS net, count(*) AS lines INTO bad FROM billing_invoiceline l
  WHERE l.tenant_id = NEW.tenant_id AND l.invoice_id = NEW.id;
  IF bad.lines = 0 OR bad.net <> NEW.net_amount THEN
    RAISE EXCEPTION 'document %: its lines come to %, its net is %', NEW.number, bad.net, NEW.net_amount
      USING ERRCODE = 'QN022';
  END IF;
  SELECT l.position, l.net_amount, sum(m.amount) AS charged INTO bad FROM billing_invoiceline l
  LEFT JOIN billing_invoiceitem m ON m.tenant_id = l.tenant_id AND m.line_id = l.id
  WHERE l.tenant_id = NEW.tenant_id AND l.invoice_id = NEW.id AND NOT l.is_manual AND NEW.kind = 'invoice'
  GROUP BY l.id, l.position, l.net_amount HAVING sum(m.amount) IS DISTINCT FROM l.net_amount LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'document %, line %: its work comes to %, the line says %', NEW.number, bad.position, bad.charged,
      bad.net_amount USING ERRCODE = 'QN022';
  END IF;
  SELECT x.category, x.percent INTO bad FROM (
    SELECT l.tax_category AS category, l.tax_percent AS percent, sum(l.net_amount) AS base FROM billing_invoiceline l
    WHERE l.tenant_id = NEW.tenant_id AND l.invoice_id = NEW.id GROUP BY 1, 2
  ) x FULL JOIN (
    SELECT t.category, t.percent, t.base_amount, t.tax_amount FROM billing_invoicetax t
    WHERE t.tenant_id = NEW.tenant_id AND t.invoice_id = NEW.id
  ) t USING (category, percent)
  WHERE x.base IS DISTINCT FROM t.base_amount OR t.tax_amount <>
    billing_round(t.base_amount * t.percent / 100, billing_decimals(NEW.currency), NEW.rounding) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'document %: the VAT of category % at % %% is not exact', NEW.number, bad.category, bad.percent
      USING ERRCODE = 'QN022';
  END IF;
  SELECT coalesce(sum(t.tax_amount), 0) AS tax INTO bad FROM billing_invoicetax t
  WHERE t.tenant_id = NEW.tenant_id AND t.invoice_id = NEW.id;
  IF bad.tax <> NEW.tax_amount THEN
    RAISE EXCEPTION 'document %: VAT comes to %, the document says %', NEW.number, bad.tax, NEW.tax_amount
      USING ERRCODE = 'QN022';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER billing_invoice_totals AFTER INSERT OR UPDATE ON billing_invoice
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'issued') EXECUTE FUNCTION billing_check_totals();

-- I-22: credit notes never take back more than the invoice, per line and per VAT category.
CREATE FUNCTION billing_check_credit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE original record; bad record;
BEGIN
  -- Two credits of one invoice wait for each other here.
  SELECT i.id, i.number, i.client_id, i.currency, i.status, i.kind INTO original FROM billing_invoice i
  WHERE i.tenant_id = NEW.tenant_id AND i.id = NEW.corrects_id FOR NO KEY UPDATE;
  IF NOT FOUND OR original.status <> 'issued' OR original.kind <> 'invoice' OR original.currency <> NEW.currency
    OR original.client_id <> NEW.client_id THEN
    RAISE EXCEPTION 'a credit note is about an issued invoice of the same client and currency' USING ERRCODE = 'QN023';
  END IF;
  SELECT o.position INTO bad FROM billing_invoiceline o
  JOIN billing_invoiceline c ON c.tenant_id = o.tenant_id AND c.corrects_line_id = o.id
  JOIN billing_invoice n ON n.tenant_id = c.tenant_id AND n.id = c.invoice_id AND (n.status = 'issued' OR n.id = NEW.id)
  WHERE o.tenant_id = NEW.tenant_id AND o.invoice_id = original.id
  GROUP BY o.id, o.position, o.net_amount
  HAVING abs(sum(c.net_amount)) > abs(o.net_amount) OR sum(c.net_amount) * o.net_amount < 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'line % of % was billed for less than is credited', bad.position, original.number
      USING ERRCODE = 'QN023';
  END IF;
  IF EXISTS (SELECT 1 FROM billing_invoiceline c WHERE c.tenant_id = NEW.tenant_id AND c.invoice_id = NEW.id
    AND NOT EXISTS (SELECT 1 FROM billing_invoiceline o WHERE o.tenant_id = c.tenant_id AND o.id = c.corrects_line_id
      AND o.invoice_id = original.id)) THEN
    RAISE EXCEPTION 'each line of a credit note names a line of %', original.number USING ERRCODE = 'QN023';
  END IF;
  SELECT t.category INTO bad FROM billing_invoicetax t
  JOIN billing_invoicetax c ON c.tenant_id = t.tenant_id AND c.category = t.category AND c.percent = t.percent
  JOIN billing_invoice n ON n.tenant_id = c.tenant_id AND n.id = c.invoice_id AND n.corrects_id = original.id
    AND n.kind = 'credit_note' AND (n.status = 'issued' OR n.id = NEW.id)
  WHERE t.tenant_id = NEW.tenant_id AND t.invoice_id = original.id
  GROUP BY t.category, t.percent, t.base_amount, t.tax_amount
  HAVING abs(sum(c.tax_amount)) > abs(t.tax_amount) OR abs(sum(c.base_amount)) > abs(t.base_amount) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'more VAT of category % would be credited than % has', bad.category, original.number
      USING ERRCODE = 'QN023';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_invoice_credit BEFORE UPDATE ON billing_invoice
  FOR EACH ROW WHEN (NEW.status = 'issued' AND OLD.status <> 'issued' AND NEW.kind = 'credit_note')
  EXECUTE FUNCTION billing_check_credit();
"""
PAYMENTS = """
-- I-21: neither more than the payment nor more than what is open. Both rows are locked, so appliers queue up.
CREATE FUNCTION billing_check_application() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE document record; money record; applied numeric;
BEGIN
  SELECT i.number, i.status, i.kind, i.currency, i.gross_amount + i.rounding_amount AS payable INTO document
  FROM billing_invoice i WHERE i.tenant_id = NEW.tenant_id AND i.id = NEW.invoice_id FOR NO KEY UPDATE;
  IF document.status <> 'issued' OR document.kind <> 'invoice' THEN
    RAISE EXCEPTION 'money is applied to issued invoices only' USING ERRCODE = 'QN024';
  END IF;
  SELECT coalesce(sum(a.amount + a.discount_amount), 0) INTO applied FROM billing_paymentapplication a
  WHERE a.tenant_id = NEW.tenant_id AND a.invoice_id = NEW.invoice_id AND a.id <> NEW.id;
  applied := applied + NEW.amount + NEW.discount_amount;
  IF applied < 0 OR applied > document.payable THEN
    RAISE EXCEPTION '% is open for less than that', document.number USING ERRCODE = 'QN024';
  END IF;
  IF NEW.payment_id IS NOT NULL THEN
    SELECT p.amount, p.currency INTO money FROM billing_payment p
    WHERE p.tenant_id = NEW.tenant_id AND p.id = NEW.payment_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(a.amount), 0) + NEW.amount INTO applied FROM billing_paymentapplication a
    WHERE a.tenant_id = NEW.tenant_id AND a.payment_id = NEW.payment_id AND a.id <> NEW.id;
  ELSE
    SELECT i.gross_amount + i.rounding_amount AS amount, i.currency INTO money FROM billing_invoice i
    WHERE i.tenant_id = NEW.tenant_id AND i.id = NEW.credit_note_id AND i.kind = 'credit_note' FOR NO KEY UPDATE;
    SELECT coalesce(sum(a.amount), 0) + NEW.amount INTO applied FROM billing_paymentapplication a
    WHERE a.tenant_id = NEW.tenant_id AND a.credit_note_id = NEW.credit_note_id AND a.id <> NEW.id;
  END IF;
  IF money.currency IS DISTINCT FROM document.currency THEN
    RAISE EXCEPTION 'a payment in % cannot pay an invoice in %', money.currency, document.currency USING ERRCODE = 'QN024';
  ELSIF applied * sign(money.amount) < 0 OR abs(applied) > abs(money.amount) THEN
    RAISE EXCEPTION 'the payment has less than that left' USING ERRCODE = 'QN024';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_application_judge BEFORE INSERT ON billing_paymentapplication
  FOR EACH ROW EXECUTE FUNCTION billing_check_application();
"""


class Migration(migrating.Migration):
    replaces = [("billing", "0011_judges")]
    dependencies = [("accounts", "0002_standing"), ("billing", "0002_charges")]
    operations = [
        migrations.RunSQL(
            [FROZEN, ITEMS, STAY],
            "DROP FUNCTION billing_freeze_items, billing_freeze_lines, billing_freeze_invoice CASCADE;",
        ),
        migrations.RunSQL(
            ISSUE,
            "DROP FUNCTION billing_check_credit, billing_check_totals, billing_round, billing_decimals, billing_check_number CASCADE;",
        ),
        migrations.RunSQL(PAYMENTS, "DROP FUNCTION billing_check_application CASCADE;"),
        migrations.RunSQL(
            migrating.door("billing_invoicelink", "link", "billing_keep_link_door"),
            "DROP FUNCTION billing_keep_link_door CASCADE;",
        ),
    ]
