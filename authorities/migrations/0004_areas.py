from django.db import migrations, models


class Migration(migrations.Migration):
    """Areas by street, house numbers and postcode: what routing rules name (`in_area`)."""

    dependencies = [("authorities", "0003_public_pages")]

    operations = [
        migrations.AddField(
            "authority",
            "areas",
            models.JSONField(default=dict, help_text="Gebiete nach Straßen, siehe docs/form-definition.md"),
        )
    ]
