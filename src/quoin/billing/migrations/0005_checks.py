"""What `quoin check` asks of invoices, payments and packs: I-14, I-15, I-17, I-21, I-22 and I-28."""

from quoin.base.audit.checks import invariant
from quoin.base.db import migrating

ONE_LINE = """
SELECT m.tenant_id, 'charge ' || m.charge_id AS subject, 'on ' || count(*) || ' live lines' AS detail
FROM billing_invoiceitem m WHERE m.is_live GROUP BY m.tenant_id, m.charge_id HAVING count(*) > 1
UNION ALL
SELECT coalesce(c.tenant_id, i.tenant_id), 'charge ' || coalesce(c.id, i.charge_id),
  coalesce(c.status || ', but on no live line', 'on a live line, but neither drafted nor billed')
FROM (SELECT tenant_id, id, status FROM billing_charge WHERE status IN ('drafted', 'billed')) c
FULL JOIN (SELECT tenant_id, charge_id FROM billing_invoiceitem WHERE is_live) i
  ON i.tenant_id = c.tenant_id AND i.charge_id = c.id
WHERE c.id IS NULL OR i.charge_id IS NULL
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


class Migration(migrating.Migration):
    replaces = [("billing", "0012_invariants")]
    dependencies = [("base", "0003_checks"), ("ledger", "0001_tables"), ("billing", "0004_packs")]
    operations = [
        invariant("14", "A charge stands on at most one live invoice line", ONE_LINE),
        invariant("15", "An invoice is the sum of its lines, a line the sum of its charges", SUMS),
        invariant("17", "A prepaid pack is used once, in turn, and never beyond its end", LEFT),
        invariant("17b", "What is left of prepaid packs is what the books owe for them", BOOKS),
        invariant("21", "No more is applied than was paid, and no more than is open", APPLIED),
        invariant("22", "No more is credited than was billed", CREDITED),
        invariant("28", "Issued documents form an unbroken chain", CHAIN),
    ]
