from django.db import migrations, models


class Migration(migrations.Migration):
    """Who works on a form, and since when; both empty while nobody does."""

    dependencies = [("forms_engine", "0003_schemas_proposals")]

    operations = [
        migrations.AddField("formversion", "edited_by_id", models.UUIDField(null=True)),
        migrations.AddField("formversion", "edited_at", models.DateTimeField(null=True)),
    ]
