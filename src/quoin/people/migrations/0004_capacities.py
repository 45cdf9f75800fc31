"""The minutes of many days at once: what `people_day_capacity` says of one day, for pairs of person and day.

Checks ask about thousands of days; calendars and patterns are unfolded once instead of for each. A pair is asked once.
A test holds the two against each other.
"""

from django.db import migrations

SQL = """
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


class Migration(migrations.Migration):
    dependencies = [("people", "0003_capacity")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION people_day_capacities;")]
