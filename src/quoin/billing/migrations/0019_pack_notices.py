"""Packs that were sold with their VAT, and what was told of which pack."""

from django.db import migrations, models

_KEEP = """
CREATE OR REPLACE FUNCTION billing_keep_pack() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.left_size <> 0 OR NEW.left_amount <> 0 THEN
      RAISE EXCEPTION 'a pack begins with its sale' USING ERRCODE = 'QN026';
    END IF;
  ELSIF (NEW.contract_id, NEW.client_id, NEW.unit, NEW.size, NEW.currency, NEW.price_amount, NEW.sold_on{more_new})
      IS DISTINCT FROM (OLD.contract_id, OLD.client_id, OLD.unit, OLD.size, OLD.currency, OLD.price_amount, OLD.sold_on{more_old}) THEN
    RAISE EXCEPTION 'what was sold does not change; take the sale back' USING ERRCODE = 'QN026';
  ELSIF pg_trigger_depth() = 1 AND (NEW.left_size, NEW.left_amount) IS DISTINCT FROM (OLD.left_size, OLD.left_amount) THEN
    RAISE EXCEPTION 'what is left of a pack follows from its moves' USING ERRCODE = 'QN026';
  END IF;
  RETURN NEW;
END $$;
"""
KEEP = _KEEP.format(more_new=", NEW.entered_amount", more_old=", OLD.entered_amount")
BEFORE = _KEEP.format(more_new="", more_old="")


class Migration(migrations.Migration):
    dependencies = [("billing", "0018_payments_as_banked")]

    operations = [
        migrations.AddField(
            model_name="prepaidpack",
            name="entered_amount",
            field=models.DecimalField(decimal_places=4, max_digits=19, null=True),
        ),
        migrations.AddField(model_name="prepaidpack", name="expiry_told_for", field=models.DateField(null=True)),
        migrations.AddField(model_name="prepaidpack", name="is_low_told", field=models.BooleanField(default=False)),
        migrations.RunSQL(KEEP, BEFORE),
    ]
