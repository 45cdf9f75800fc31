"""How many minutes somebody can work on a day, answered by the database: calendar, pattern, employment, absence.

`people.rules.capacity` says the same in Python for screens. Checks ask about thousands of days: for them calendars and
patterns are unfolded once, and each pair of person and day is asked once. Tests hold the three against each other.
"""

from django.db import migrations

from quoin.base.db import migrating

ONE_DAY = """
CREATE FUNCTION people_day_capacity(of_tenant uuid, of_person uuid, on_day date) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
DECLARE
  who record; found_in record; calendar uuid; depth integer := 0; away integer; whole integer;
  weekday integer := extract(isodow FROM on_day)::integer; excepted integer; usual integer; patterned integer;
BEGIN
  SELECT hired_on, left_on, calendar_id INTO who FROM people_person
  WHERE tenant_id = of_tenant AND id = of_person;
  IF NOT FOUND OR on_day < who.hired_on OR on_day >= who.left_on THEN RETURN 0; END IF;
  calendar := coalesce(who.calendar_id,
    (SELECT id FROM people_workcalendar WHERE tenant_id = of_tenant AND is_default));
  WHILE calendar IS NOT NULL AND depth < 8 LOOP
    SELECT c.parent_id, c.weekday_minutes[weekday] AS usual, d.minutes AS excepted INTO found_in
    FROM people_workcalendar c LEFT JOIN people_calendarday d
      ON d.tenant_id = c.tenant_id AND d.calendar_id = c.id AND d.day_on = on_day
    WHERE c.tenant_id = of_tenant AND c.id = calendar;
    EXIT WHEN NOT FOUND;
    usual := coalesce(usual, found_in.usual);
    excepted := found_in.excepted;
    EXIT WHEN excepted IS NOT NULL;
    calendar := found_in.parent_id;
    depth := depth + 1;
  END LOOP;
  SELECT weekday_minutes[weekday] INTO patterned FROM people_workpattern
  WHERE tenant_id = of_tenant AND person_id = of_person AND valid_from <= on_day
  ORDER BY valid_from DESC LIMIT 1;
  -- The smaller of the two where a part-timer meets a half holiday; least() passes over what is not known.
  whole := CASE WHEN excepted IS NULL THEN coalesce(patterned, usual, CASE WHEN weekday < 6 THEN 480 ELSE 0 END)
    ELSE least(patterned, excepted) END;
  SELECT coalesce(sum(CASE
      WHEN starts_half AND starts_on = on_day THEN whole - whole / 2
      WHEN ends_half AND ends_on = on_day THEN whole / 2
      ELSE whole END), 0) INTO away
  FROM people_absence
  WHERE tenant_id = of_tenant AND person_id = of_person AND status = 'approved'
    AND starts_on <= on_day AND ends_on >= on_day;
  RETURN greatest(whole - away, 0);
END $$;
"""
MANY_DAYS = """
CREATE FUNCTION people_day_capacities(of_tenant uuid, people uuid[], days date[])
RETURNS TABLE (person_id uuid, day_on date, minutes integer) LANGUAGE sql STABLE AS $$
  WITH RECURSIVE chain AS (
    SELECT c.id AS root, 0 AS depth, c.id, c.parent_id, c.weekday_minutes
    FROM people_workcalendar c WHERE c.tenant_id = of_tenant
    UNION ALL
    SELECT h.root, h.depth + 1, c.id, c.parent_id, c.weekday_minutes
    FROM chain h JOIN people_workcalendar c ON c.tenant_id = of_tenant AND c.id = h.parent_id WHERE h.depth < 7
  ), usual AS (
    SELECT DISTINCT ON (h.root, weekday) h.root, weekday, h.weekday_minutes[weekday] AS minutes
    FROM chain h CROSS JOIN generate_series(1, 7) AS weekday WHERE h.weekday_minutes[weekday] IS NOT NULL
    ORDER BY h.root, weekday, h.depth
  ), excepted AS (
    SELECT DISTINCT ON (h.root, d.day_on) h.root, d.day_on, d.minutes
    FROM chain h JOIN people_calendarday d ON d.tenant_id = of_tenant AND d.calendar_id = h.id
    WHERE d.minutes IS NOT NULL ORDER BY h.root, d.day_on, h.depth
  ), patterned AS (
    SELECT w.person_id, w.weekday_minutes, w.valid_from,
      lead(w.valid_from, 1, 'infinity') OVER (PARTITION BY w.person_id ORDER BY w.valid_from) AS valid_until
    FROM people_workpattern w WHERE w.tenant_id = of_tenant
  ), asked AS (
    SELECT a.person_id, a.day_on, extract(isodow FROM a.day_on)::integer AS weekday,
      p.id IS NULL OR coalesce(a.day_on < p.hired_on OR a.day_on >= p.left_on, false) AS is_out,
      coalesce(p.calendar_id, (SELECT id FROM people_workcalendar WHERE tenant_id = of_tenant AND is_default)) AS root
    FROM unnest(people, days) AS a (person_id, day_on)
    LEFT JOIN people_person p ON p.tenant_id = of_tenant AND p.id = a.person_id
  ), whole AS (
    SELECT a.person_id, a.day_on, a.is_out,
      CASE WHEN e.minutes IS NULL
        THEN coalesce(w.weekday_minutes[a.weekday], u.minutes, CASE WHEN a.weekday < 6 THEN 480 ELSE 0 END)
        ELSE least(w.weekday_minutes[a.weekday], e.minutes) END AS minutes
    FROM asked a
    LEFT JOIN usual u ON u.root = a.root AND u.weekday = a.weekday
    LEFT JOIN excepted e ON e.root = a.root AND e.day_on = a.day_on
    LEFT JOIN patterned w ON w.person_id = a.person_id AND w.valid_from <= a.day_on AND a.day_on < w.valid_until
  ), away AS (
    SELECT w.person_id, w.day_on, sum(CASE
        WHEN b.starts_half AND b.starts_on = w.day_on THEN w.minutes - w.minutes / 2
        WHEN b.ends_half AND b.ends_on = w.day_on THEN w.minutes / 2
        ELSE w.minutes END) AS minutes
    FROM whole w JOIN people_absence b ON b.tenant_id = of_tenant AND b.person_id = w.person_id
      AND b.status = 'approved' AND b.starts_on <= w.day_on AND b.ends_on >= w.day_on
    GROUP BY w.person_id, w.day_on
  )
  SELECT w.person_id, w.day_on,
    CASE WHEN w.is_out THEN 0 ELSE greatest(w.minutes - coalesce(a.minutes, 0), 0)::integer END
  FROM whole w LEFT JOIN away a ON a.person_id = w.person_id AND a.day_on = w.day_on
$$;
"""


class Migration(migrating.Migration):
    replaces = [("people", "0003_capacity"), ("people", "0004_capacities")]
    dependencies = [("people", "0001_tables")]
    operations = [
        migrations.RunSQL(ONE_DAY, "DROP FUNCTION people_day_capacity;"),
        migrations.RunSQL(MANY_DAYS, "DROP FUNCTION people_day_capacities;"),
    ]
