"""The judge of capacity: triggers keep DayLoad, and its CHECK refuses a firm minute too many.

Whoever changes a person's days takes the person's row first, in the order of ids: writers of the same days come one
after the other, and two can never wait for each other. Capacity is asked after that lock, so that leave approved in
the meantime counts. A day that loses capacity keeps its bookings and is marked; new ones find no room.
"""

from django.db import migrations

from quoin.base.db import migrating

LOCK = """
CREATE FUNCTION resourcing_lock_people(of_tenant uuid, people uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM people_person WHERE tenant_id = of_tenant AND id = ANY (people) ORDER BY id FOR NO KEY UPDATE;
END $$;

CREATE FUNCTION resourcing_override_of(of_tenant uuid, of_person uuid, on_day date) RETURNS integer
LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(minutes), 0)::integer FROM resourcing_override
  WHERE tenant_id = of_tenant AND person_id = of_person AND day_on = on_day
$$;
"""
LOAD = """
CREATE FUNCTION resourcing_roll_load() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    FOR one IN SELECT tenant_id, array_agg(DISTINCT person_id) AS people FROM new_rows GROUP BY 1 LOOP
      PERFORM resourcing_lock_people(one.tenant_id, one.people);
    END LOOP;
    INSERT INTO resourcing_dayload
      (tenant_id, person_id, day_on, firm_minutes, tentative_minutes, capacity_minutes, override_minutes,
       conflict_minutes)
    SELECT d.tenant_id, d.person_id, d.day_on, 0, 0, people_day_capacity(d.tenant_id, d.person_id, d.day_on),
      resourcing_override_of(d.tenant_id, d.person_id, d.day_on), 0
    FROM (SELECT DISTINCT tenant_id, person_id, day_on FROM new_rows) d
    WHERE NOT EXISTS (SELECT FROM resourcing_dayload l
      WHERE l.tenant_id = d.tenant_id AND l.person_id = d.person_id AND l.day_on = d.day_on)
    ON CONFLICT (tenant_id, person_id, day_on) DO NOTHING;
    UPDATE resourcing_dayload l SET
      firm_minutes = l.firm_minutes + d.firm, tentative_minutes = l.tentative_minutes + d.tentative,
      conflict_minutes = least(l.conflict_minutes,
        greatest(0, l.firm_minutes + d.firm - l.capacity_minutes - l.override_minutes))
    FROM (SELECT tenant_id, person_id, day_on, coalesce(sum(minutes) FILTER (WHERE is_firm), 0) AS firm,
            coalesce(sum(minutes) FILTER (WHERE NOT is_firm), 0) AS tentative
          FROM new_rows GROUP BY 1, 2, 3) d
    WHERE l.tenant_id = d.tenant_id AND l.person_id = d.person_id AND l.day_on = d.day_on;
  ELSIF TG_OP = 'DELETE' THEN
    FOR one IN SELECT tenant_id, array_agg(DISTINCT person_id) AS people FROM old_rows GROUP BY 1 LOOP
      PERFORM resourcing_lock_people(one.tenant_id, one.people);
    END LOOP;
    UPDATE resourcing_dayload l SET
      firm_minutes = l.firm_minutes - d.firm, tentative_minutes = l.tentative_minutes - d.tentative,
      conflict_minutes = least(l.conflict_minutes,
        greatest(0, l.firm_minutes - d.firm - l.capacity_minutes - l.override_minutes))
    FROM (SELECT tenant_id, person_id, day_on, coalesce(sum(minutes) FILTER (WHERE is_firm), 0) AS firm,
            coalesce(sum(minutes) FILTER (WHERE NOT is_firm), 0) AS tentative
          FROM old_rows GROUP BY 1, 2, 3) d
    WHERE l.tenant_id = d.tenant_id AND l.person_id = d.person_id AND l.day_on = d.day_on;
  ELSE
    FOR one IN SELECT tenant_id, array_agg(DISTINCT person_id) AS people
        FROM (SELECT tenant_id, person_id FROM new_rows UNION SELECT tenant_id, person_id FROM old_rows) b
        GROUP BY 1 LOOP
      PERFORM resourcing_lock_people(one.tenant_id, one.people);
    END LOOP;
    IF EXISTS (SELECT FROM new_rows n WHERE NOT EXISTS (SELECT FROM old_rows o WHERE o.tenant_id = n.tenant_id
        AND o.booking_id = n.booking_id AND o.person_id = n.person_id AND o.day_on = n.day_on)) THEN
      RAISE EXCEPTION 'A booked day keeps its person and date: delete it and add another.' USING ERRCODE = 'QN031';
    END IF;
    UPDATE resourcing_dayload l SET
      firm_minutes = l.firm_minutes + d.firm, tentative_minutes = l.tentative_minutes + d.tentative,
      conflict_minutes = least(l.conflict_minutes,
        greatest(0, l.firm_minutes + d.firm - l.capacity_minutes - l.override_minutes))
    FROM (SELECT tenant_id, person_id, day_on, coalesce(sum(sign * minutes) FILTER (WHERE is_firm), 0) AS firm,
            coalesce(sum(sign * minutes) FILTER (WHERE NOT is_firm), 0) AS tentative
          FROM (SELECT 1 AS sign, n.* FROM new_rows n UNION ALL SELECT -1, o.* FROM old_rows o) b
          GROUP BY 1, 2, 3) d
    WHERE l.tenant_id = d.tenant_id AND l.person_id = d.person_id AND l.day_on = d.day_on;
  END IF;
  RETURN NULL;
END $$;
"""
# A day goes with its booking, and says the same of person and firmness.
BIND = """
ALTER TABLE resourcing_bookingday ADD CONSTRAINT resourcing_bookingday_booking_fk
  FOREIGN KEY (tenant_id, booking_id, person_id, is_firm)
  REFERENCES resourcing_booking (tenant_id, id, person_id, is_firm) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""
OVERRIDES = """
CREATE FUNCTION resourcing_roll_override() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  one := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  IF TG_OP = 'UPDATE' AND (NEW.person_id, NEW.day_on) IS DISTINCT FROM (OLD.person_id, OLD.day_on) THEN
    RAISE EXCEPTION 'An override keeps its person and day: delete it and grant another.' USING ERRCODE = 'QN031';
  END IF;
  PERFORM resourcing_lock_people(one.tenant_id, ARRAY[one.person_id]);
  INSERT INTO resourcing_dayload
    (tenant_id, person_id, day_on, firm_minutes, tentative_minutes, capacity_minutes, override_minutes,
     conflict_minutes)
  VALUES (one.tenant_id, one.person_id, one.day_on, 0, 0,
    people_day_capacity(one.tenant_id, one.person_id, one.day_on), 0, 0)
  ON CONFLICT (tenant_id, person_id, day_on) DO NOTHING;
  UPDATE resourcing_dayload l SET override_minutes = o.minutes,
    conflict_minutes = least(l.conflict_minutes, greatest(0, l.firm_minutes - l.capacity_minutes - o.minutes))
  FROM (SELECT resourcing_override_of(one.tenant_id, one.person_id, one.day_on) AS minutes) o
  WHERE l.tenant_id = one.tenant_id AND l.person_id = one.person_id AND l.day_on = one.day_on;
  RETURN NULL;
END $$;
CREATE TRIGGER resourcing_override_roll AFTER INSERT OR UPDATE OR DELETE ON resourcing_override
  FOR EACH ROW EXECUTE FUNCTION resourcing_roll_override();
"""
CAPACITY = """
CREATE FUNCTION resourcing_refresh(of_tenant uuid, people uuid[], from_on date, until_on date) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM resourcing_lock_people(of_tenant, people);
  UPDATE resourcing_dayload l SET capacity_minutes = c.minutes,
    conflict_minutes = greatest(0, l.firm_minutes - c.minutes - l.override_minutes)
  FROM (SELECT person_id, day_on, people_day_capacity(tenant_id, person_id, day_on) AS minutes
        FROM resourcing_dayload
        WHERE tenant_id = of_tenant AND person_id = ANY (people) AND day_on BETWEEN from_on AND until_on) c
  WHERE l.tenant_id = of_tenant AND l.person_id = c.person_id AND l.day_on = c.day_on
    AND l.capacity_minutes <> c.minutes;
END $$;

CREATE FUNCTION resourcing_absence_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.status = 'approved' THEN
    PERFORM resourcing_refresh(OLD.tenant_id, ARRAY[OLD.person_id], OLD.starts_on, OLD.ends_on);
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.status = 'approved' THEN
    PERFORM resourcing_refresh(NEW.tenant_id, ARRAY[NEW.person_id], NEW.starts_on, NEW.ends_on);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER resourcing_absence_load AFTER INSERT OR UPDATE OR DELETE ON people_absence
  FOR EACH ROW EXECUTE FUNCTION resourcing_absence_changed();

CREATE FUNCTION resourcing_pattern_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one people_workpattern;
BEGIN
  one := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  PERFORM resourcing_refresh(one.tenant_id, ARRAY[one.person_id],
    CASE WHEN TG_OP = 'UPDATE' THEN least(OLD.valid_from, NEW.valid_from) ELSE one.valid_from END, 'infinity');
  RETURN NULL;
END $$;
CREATE TRIGGER resourcing_pattern_load AFTER INSERT OR UPDATE OR DELETE ON people_workpattern
  FOR EACH ROW EXECUTE FUNCTION resourcing_pattern_changed();

CREATE FUNCTION resourcing_person_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM resourcing_refresh(NEW.tenant_id, ARRAY[NEW.id], '-infinity', 'infinity');
  RETURN NULL;
END $$;
CREATE TRIGGER resourcing_person_load AFTER UPDATE ON people_person FOR EACH ROW
  WHEN ((OLD.hired_on, OLD.left_on, OLD.calendar_id) IS DISTINCT FROM (NEW.hired_on, NEW.left_on, NEW.calendar_id))
  EXECUTE FUNCTION resourcing_person_changed();

-- Which people a calendar reaches (by parents, or as the default) is not asked: whoever has days there is looked at.
CREATE FUNCTION resourcing_calendar_day_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  FOR one IN SELECT l.tenant_id, l.day_on, array_agg(l.person_id) AS people FROM resourcing_dayload l
      JOIN (SELECT DISTINCT tenant_id, day_on FROM changed_rows) d ON d.tenant_id = l.tenant_id AND d.day_on = l.day_on
      GROUP BY 1, 2 LOOP
    PERFORM resourcing_refresh(one.tenant_id, one.people, one.day_on, one.day_on);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER resourcing_calendarday_load_insert AFTER INSERT ON people_calendarday
  REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION resourcing_calendar_day_changed();
CREATE TRIGGER resourcing_calendarday_load_update AFTER UPDATE ON people_calendarday
  REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION resourcing_calendar_day_changed();
CREATE TRIGGER resourcing_calendarday_load_delete AFTER DELETE ON people_calendarday
  REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION resourcing_calendar_day_changed();
-- A day that is moved to another date leaves one behind.
CREATE TRIGGER resourcing_calendarday_load_moved AFTER UPDATE ON people_calendarday
  REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION resourcing_calendar_day_changed();

CREATE FUNCTION resourcing_calendar_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one people_workcalendar;
BEGIN
  one := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  IF TG_OP <> 'UPDATE' OR (OLD.weekday_minutes, OLD.parent_id, OLD.is_default)
      IS DISTINCT FROM (NEW.weekday_minutes, NEW.parent_id, NEW.is_default) THEN
    PERFORM resourcing_refresh(one.tenant_id,
      ARRAY(SELECT DISTINCT person_id FROM resourcing_dayload WHERE tenant_id = one.tenant_id),
      '-infinity', 'infinity');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER resourcing_calendar_load AFTER INSERT OR UPDATE OR DELETE ON people_workcalendar
  FOR EACH ROW EXECUTE FUNCTION resourcing_calendar_changed();
"""


class Migration(migrating.Migration):
    replaces = [("resourcing", "0002_load")]
    dependencies = [("people", "0002_capacity"), ("resourcing", "0001_tables")]
    operations = [
        migrations.RunSQL(LOCK, "DROP FUNCTION resourcing_override_of, resourcing_lock_people;"),
        migrations.RunSQL(
            LOAD
            + migrating.per_statement("resourcing_bookingday", "resourcing_bookingday_roll", "resourcing_roll_load"),
            "DROP FUNCTION resourcing_roll_load CASCADE;",
        ),
        migrations.RunSQL(BIND, "ALTER TABLE resourcing_bookingday DROP CONSTRAINT resourcing_bookingday_booking_fk;"),
        migrations.RunSQL(OVERRIDES, "DROP FUNCTION resourcing_roll_override CASCADE;"),
        migrations.RunSQL(
            CAPACITY,
            "DROP FUNCTION resourcing_calendar_changed, resourcing_calendar_day_changed, resourcing_person_changed, resourcing_pattern_changed, resourcing_absence_changed, resourcing_refresh CASCADE;",
        ),
    ]
