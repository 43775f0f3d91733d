from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("authorities", "0007_hours_backfill")]

    operations = [
        migrations.AlterModelOptions(
            "authority", {"ordering": ("sort_key",), "verbose_name": "Behörde", "verbose_name_plural": "Behörden"}
        ),
        migrations.AlterModelOptions(
            "department", {"ordering": ("sort_key",), "verbose_name": "Amt", "verbose_name_plural": "Ämter"}
        ),
    ]
