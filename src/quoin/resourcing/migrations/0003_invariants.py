"""Invariants of capacity (I-31), and the door through which calendar feeds are found."""

from django.db import migrations

from quoin.base.audit.checks import invariant

OVER = """
SELECT l.tenant_id, 'person ' || l.person_id || ' on ' || l.day_on AS subject,
  l.firm_minutes || ' firm minutes, ' || c.minutes || ' of capacity, ' || l.override_minutes || ' approved, '
    || l.conflict_minutes || ' in conflict' AS detail
FROM resourcing_dayload l
CROSS JOIN LATERAL (SELECT people_day_capacity(l.tenant_id, l.person_id, l.day_on) AS minutes,
  resourcing_override_of(l.tenant_id, l.person_id, l.day_on) AS approved) c
WHERE l.firm_minutes > 0 AND (l.firm_minutes > c.minutes + c.approved + l.conflict_minutes
  OR c.minutes <> l.capacity_minutes OR c.approved <> l.override_minutes)
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
DOOR = """
CREATE FUNCTION resourcing_keep_feed_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM accounts_door WHERE kind = 'feed' AND key = OLD.digest AND tenant_id = OLD.tenant_id;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.revoked_at IS NULL THEN
    INSERT INTO accounts_door (kind, key, tenant_id, row_id) VALUES ('feed', NEW.digest, NEW.tenant_id, NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER resourcing_feed_door AFTER INSERT OR UPDATE OF digest, revoked_at OR DELETE ON resourcing_feed
  FOR EACH ROW EXECUTE FUNCTION resourcing_keep_feed_door();
"""


class Migration(migrations.Migration):
    dependencies = [("resourcing", "0002_load"), ("accounts", "0002_doors"), ("base", "0005_checks")]
    operations = [
        invariant("31", "Nobody is firmly booked over capacity without a reason and an approver", OVER),
        invariant("31r", "Load of a day is what the bookings of the day add up to", ROLLUP),
        invariant("31d", "Days of a booking lie within it and add up to it", DAYS),
        migrations.RunSQL(
            DOOR, "DROP TRIGGER resourcing_feed_door ON resourcing_feed; DROP FUNCTION resourcing_keep_feed_door;"
        ),
    ]
