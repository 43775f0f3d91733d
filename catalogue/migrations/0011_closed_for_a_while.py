from django.db import migrations, models


class Migration(migrations.Migration):
    """An authority closes the online application of a service for a while, and says why; so far none has."""

    dependencies = [("catalogue", "0010_questions_that_moved")]

    operations = [
        migrations.AddField(
            model_name="offering",
            name="closed_texts",
            field=models.JSONField(
                db_default={},
                default=dict,
                help_text="Warum online vorübergehend geschlossen ist, je Sprache; leer: offen",
            ),
        )
    ]
