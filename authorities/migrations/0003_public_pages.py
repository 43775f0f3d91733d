from django.db import migrations, models


class Migration(migrations.Migration):
    """What an authority must tell everybody: when it is open, who answers for it, how accessible its pages are."""

    dependencies = [("authorities", "0002_walls")]

    operations = [
        migrations.AddField("authority", "hours", models.CharField(max_length=300, blank=True)),
        migrations.AddField(
            "authority",
            "imprint",
            models.JSONField(
                default=dict,
                help_text="Vertretung, Aufsicht, Datenschutzbeauftragte; siehe hro_portal/pages/statements.py",
            ),
        ),
        migrations.AddField(
            "authority",
            "accessibility",
            models.JSONField(
                default=dict, help_text="Erklärung zur Barrierefreiheit; siehe hro_portal/pages/statements.py"
            ),
        ),
    ]
