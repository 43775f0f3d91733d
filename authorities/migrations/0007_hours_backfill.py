from django.db import migrations

_FILL = "UPDATE {table} SET hours_in = jsonb_build_object('de', hours) WHERE hours <> '' AND hours_in = '{{}}'::jsonb"


class Migration(migrations.Migration):
    dependencies = [("authorities", "0006_hours_in_languages")]

    operations = [
        migrations.RunSQL(_FILL.format(table=table), migrations.RunSQL.noop)
        for table in ("authorities_authority", "authorities_department")
    ]
