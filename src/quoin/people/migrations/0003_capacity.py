"""How many minutes somebody can work on a day, answered by the database: calendar, pattern, employment, absence.

`people.rules.capacity` says the same in Python for screens; a test holds one against the other.
"""

from django.db import migrations

SQL = """
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


class Migration(migrations.Migration):
    dependencies = [("people", "0002_calendars_absences_skills")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION people_day_capacity;")]
