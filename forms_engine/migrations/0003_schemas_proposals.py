from django.db import migrations, models


class Migration(migrations.Migration):
    """Rules in words of an imported schema, which wait for the author of the form."""

    dependencies = [("forms_engine", "0002_walls")]

    operations = [
        migrations.AddField(
            model_name="form",
            name="proposals",
            field=models.JSONField(db_default=[], default=list),
        ),
    ]
