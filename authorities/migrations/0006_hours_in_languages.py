from django.db import migrations, models


class Migration(migrations.Migration):
    """Opening hours in each language; `hours` stays and holds the German ones, which the release before reads."""

    dependencies = [("authorities", "0005_department_endpoint")]

    operations = [
        migrations.AddField(
            model,
            "hours_in",
            models.JSONField(blank=True, db_default={}, default=dict, help_text="Öffnungszeiten je Sprache"),
        )
        for model in ("authority", "department")
    ]
