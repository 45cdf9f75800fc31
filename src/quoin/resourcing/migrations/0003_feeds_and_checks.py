"""Invariants of capacity (I-31), and the door through which calendar feeds are found."""

from django.db import migrations

from quoin.base.audit.checks import invariant
from quoin.base.db import migrating

OVER = """
SELECT l.tenant_id, 'person ' || l.person_id || ' on ' || l.day_on AS subject,
  l.firm_minutes || ' firm minutes, ' || c.minutes || ' of capacity, ' || l.override_minutes || ' approved, '
    || l.conflict_minutes || ' in conflict' AS detail
FROM (SELECT tenant_id, array_agg(person_id) AS people, array_agg(day_on) AS days FROM resourcing_dayload
      WHERE firm_minutes > 0 GROUP BY tenant_id) asked
CROSS JOIN LATERAL people_day_capacities(asked.tenant_id, asked.people, asked.days) c
JOIN resourcing_dayload l ON l.tenant_id = asked.tenant_id AND l.person_id = c.person_id AND l.day_on = c.day_on
LEFT JOIN (SELECT tenant_id, person_id, day_on, sum(minutes) AS minutes FROM resourcing_override GROUP BY 1, 2, 3) o
  ON o.tenant_id = l.tenant_id AND o.person_id = l.person_id AND o.day_on = l.day_on
WHERE l.firm_minutes > c.minutes + coalesce(o.minutes, 0) + l.conflict_minutes
  OR c.minutes <> l.capacity_minutes OR coalesce(o.minutes, 0) <> l.override_minutes
"""
ROLLUP = """
SELECT coalesce(s.tenant_id, l.tenant_id) AS tenant_id,
  'person ' || coalesce(s.person_id, l.person_id) || ' on ' || coalesce(s.day_on, l.day_on) AS subject,
  coalesce(l.firm_minutes, 0) || ' + ' || coalesce(l.tentative_minutes, 0) || ' minutes kept, '
    || coalesce(s.firm, 0) || ' + ' || coalesce(s.tentative, 0) || ' booked' AS detail
FROM (SELECT tenant_id, person_id, day_on, coalesce(sum(minutes) FILTER (WHERE is_firm), 0) AS firm,
        coalesce(sum(minutes) FILTER (WHERE NOT is_firm), 0) AS tentative
      FROM resourcing_bookingday GROUP BY 1, 2, 3) s
FULL JOIN (SELECT * FROM resourcing_dayload WHERE firm_minutes <> 0 OR tentative_minutes <> 0) l
  USING (tenant_id, person_id, day_on)
WHERE (l.firm_minutes, l.tentative_minutes) IS DISTINCT FROM (s.firm, s.tentative)
"""
DAYS = """
SELECT b.tenant_id, 'booking ' || b.id AS subject, 'a day on ' || d.day_on || ' lies outside of it' AS detail
FROM resourcing_booking b JOIN resourcing_bookingday d ON d.tenant_id = b.tenant_id AND d.booking_id = b.id
WHERE d.day_on < b.starts_on OR d.day_on > b.ends_on
UNION ALL
SELECT b.tenant_id, 'booking ' || b.id, 'it books ' || sum(d.minutes) || ' minutes of ' || b.amount
FROM resourcing_booking b JOIN resourcing_bookingday d ON d.tenant_id = b.tenant_id AND d.booking_id = b.id
WHERE b.effort = 'total' GROUP BY b.tenant_id, b.id, b.amount HAVING sum(d.minutes) <> b.amount
"""


class Migration(migrating.Migration):
    replaces = [("resourcing", "0003_invariants"), ("resourcing", "0005_over")]
    dependencies = [
        ("base", "0003_checks"),
        ("accounts", "0002_standing"),
        ("people", "0002_capacity"),
        ("resourcing", "0002_judges"),
    ]
    operations = [
        migrations.RunSQL(
            migrating.door("resourcing_feed", "feed", "resourcing_keep_feed_door"),
            "DROP FUNCTION resourcing_keep_feed_door CASCADE;",
        ),
        invariant("31", "Nobody is firmly booked over capacity without a reason and an approver", OVER),
        invariant("31r", "Load of a day is what the bookings of the day add up to", ROLLUP),
        invariant("31d", "Days of a booking lie within it and add up to it", DAYS),
    ]
