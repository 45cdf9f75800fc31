"""What `quoin check` asks of invoices and payments: I-14, I-15, I-21, I-22 and I-28."""

from django.db import migrations

from quoin.base.audit.checks import invariant

ONE_LINE = """
SELECT m.tenant_id, 'charge ' || m.charge_id AS subject, 'on ' || count(*) || ' live lines' AS detail
FROM billing_invoiceitem m WHERE m.is_live GROUP BY m.tenant_id, m.charge_id HAVING count(*) > 1
UNION ALL
SELECT c.tenant_id, 'charge ' || c.id, c.status || ', but ' || CASE WHEN m.id IS NULL THEN 'on no' ELSE 'on a' END || ' live line'
FROM billing_charge c LEFT JOIN billing_invoiceitem m ON m.tenant_id = c.tenant_id AND m.charge_id = c.id AND m.is_live
WHERE (c.status IN ('drafted', 'billed')) <> (m.id IS NOT NULL)
"""
SUMS = """
SELECT i.tenant_id, coalesce(i.number, i.id::text) AS subject, 'net is not the sum of its lines' AS detail
FROM billing_invoice i LEFT JOIN (SELECT tenant_id, invoice_id, sum(net_amount) AS net FROM billing_invoiceline
  GROUP BY 1, 2) l ON l.tenant_id = i.tenant_id AND l.invoice_id = i.id
WHERE i.net_amount <> coalesce(l.net, 0)
UNION ALL
SELECT l.tenant_id, coalesce(i.number, i.id::text) || ' line ' || l.position, 'net is not the sum of its charges'
FROM billing_invoiceline l JOIN billing_invoice i ON i.tenant_id = l.tenant_id AND i.id = l.invoice_id
LEFT JOIN (SELECT tenant_id, line_id, sum(amount) AS amount FROM billing_invoiceitem GROUP BY 1, 2) m
  ON m.tenant_id = l.tenant_id AND m.line_id = l.id
WHERE i.kind = 'invoice' AND NOT l.is_manual AND l.net_amount IS DISTINCT FROM m.amount
UNION ALL
SELECT i.tenant_id, coalesce(i.number, i.id::text), 'VAT is not exact per category'
FROM billing_invoice i LEFT JOIN (SELECT tenant_id, invoice_id, sum(tax_amount) AS tax FROM billing_invoicetax
  GROUP BY 1, 2) t ON t.tenant_id = i.tenant_id AND t.invoice_id = i.id
WHERE i.tax_amount <> coalesce(t.tax, 0) OR EXISTS (
  SELECT FROM billing_invoicetax x WHERE x.tenant_id = i.tenant_id AND x.invoice_id = i.id AND x.tax_amount <>
    billing_round(x.base_amount * x.percent / 100, billing_decimals(i.currency), i.rounding))
"""
APPLIED = """
SELECT p.tenant_id, 'payment ' || p.id AS subject, 'more is applied than came in' AS detail
FROM billing_payment p JOIN billing_paymentapplication a ON a.tenant_id = p.tenant_id AND a.payment_id = p.id
GROUP BY p.tenant_id, p.id, p.amount HAVING abs(sum(a.amount)) > abs(p.amount)
UNION ALL
SELECT i.tenant_id, i.number, 'more is applied than it comes to'
FROM billing_invoice i JOIN billing_paymentapplication a ON a.tenant_id = i.tenant_id AND a.invoice_id = i.id
GROUP BY i.tenant_id, i.id, i.number, i.gross_amount, i.rounding_amount
HAVING sum(a.amount + a.discount_amount) NOT BETWEEN 0 AND i.gross_amount + i.rounding_amount
"""
CREDITED = """
SELECT o.tenant_id, i.number || ' line ' || o.position AS subject, 'more is credited than was billed' AS detail
FROM billing_invoiceline o JOIN billing_invoice i ON i.tenant_id = o.tenant_id AND i.id = o.invoice_id
JOIN billing_invoiceline c ON c.tenant_id = o.tenant_id AND c.corrects_line_id = o.id
JOIN billing_invoice n ON n.tenant_id = c.tenant_id AND n.id = c.invoice_id AND n.status = 'issued'
GROUP BY o.tenant_id, o.id, i.number, o.position, o.net_amount HAVING abs(sum(c.net_amount)) > abs(o.net_amount)
UNION ALL
SELECT i.tenant_id, i.number, 'a credit note that names no invoice' FROM billing_invoice i
WHERE i.kind = 'credit_note' AND i.corrects_id IS NULL
"""
CHAIN = """
SELECT tenant_id, 'document ' || position AS subject, 'does not follow the hash of the one before' AS detail
FROM (SELECT tenant_id, position, previous_hash, lag(hash) OVER w AS before, lag(position) OVER w AS last
  FROM billing_issueddocument WINDOW w AS (PARTITION BY tenant_id, entity_id ORDER BY position)) x
WHERE previous_hash <> coalesce(before, repeat('0', 64)) OR position <> coalesce(last, 0) + 1
UNION ALL
SELECT d.tenant_id, 'document ' || d.position, 'its files are not those that were issued'
FROM billing_issueddocument d
WHERE encode(sha256(d.pdf), 'hex') <> d.content #>> '{files,pdf}' OR encode(sha256(d.ubl), 'hex') <> d.content #>> '{files,ubl}'
   OR encode(sha256(d.cii), 'hex') <> d.content #>> '{files,cii}'
UNION ALL
SELECT i.tenant_id, i.number, 'issued without a document' FROM billing_invoice i
WHERE i.status = 'issued' AND NOT EXISTS (
  SELECT FROM billing_issueddocument d WHERE d.tenant_id = i.tenant_id AND d.invoice_id = i.id)
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0011_judges"), ("base", "0005_checks")]
    operations = [
        invariant("14", "A charge stands on at most one live invoice line", ONE_LINE),
        invariant("15", "An invoice is the sum of its lines, a line the sum of its charges", SUMS),
        invariant("21", "No more is applied than was paid, and no more than is open", APPLIED),
        invariant("22", "No more is credited than was billed", CREDITED),
        invariant("28", "Issued documents form an unbroken chain", CHAIN),
    ]
