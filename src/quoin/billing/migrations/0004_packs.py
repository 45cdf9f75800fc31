"""The database judges prepaid packs: what is left follows from the moves, and work stands on packs once (I-17)."""

from django.db import migrations

from quoin.base.db import migrating

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
  ELSIF (NEW.contract_id, NEW.client_id, NEW.unit, NEW.size, NEW.currency, NEW.price_amount, NEW.sold_on, NEW.entered_amount)
      IS DISTINCT FROM (OLD.contract_id, OLD.client_id, OLD.unit, OLD.size, OLD.currency, OLD.price_amount, OLD.sold_on, OLD.entered_amount) THEN
    RAISE EXCEPTION 'what was sold does not change; take the sale back' USING ERRCODE = 'QN026';
  ELSIF pg_trigger_depth() = 1 AND (NEW.left_size, NEW.left_amount) IS DISTINCT FROM (OLD.left_size, OLD.left_amount) THEN
    RAISE EXCEPTION 'what is left of a pack follows from its moves' USING ERRCODE = 'QN026';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_prepaidpack_judge BEFORE INSERT OR UPDATE ON billing_prepaidpack
  FOR EACH ROW EXECUTE FUNCTION billing_keep_pack();
"""


class Migration(migrating.Migration):
    replaces = [("billing", "0017_pack_judges")]
    dependencies = [("billing", "0003_judges")]
    operations = [
        migrations.RunSQL(JUDGE, "DROP FUNCTION billing_keep_pack, billing_move_pack CASCADE;"),
    ]
