from django.db import migrations, models


class Migration(migrations.Migration):
    """Where questions that routes and tariffs name stood in earlier versions of the form; so far nowhere else."""

    dependencies = [("catalogue", "0009_plain_pages")]

    operations = [
        migrations.AddField(
            model_name="offering",
            name="earlier_paths",
            field=models.JSONField(
                db_default={},
                default=dict,
                help_text="je älterer Version: wo dort steht, was Wege und Gebühren nennen",
            ),
        )
    ]
