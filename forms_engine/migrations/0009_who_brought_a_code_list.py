from django.db import migrations, models


class Migration(migrations.Migration):
    """Who brought a code list along with a form or a move; those that are there were taken in here."""

    dependencies = [("forms_engine", "0008_code_lists_from_a_day")]

    operations = [
        migrations.AddField(
            model_name="codelist",
            name="origin",
            field=models.JSONField(help_text="Wer sie mitgebracht hat; leer: hier eingelesen", null=True),
        )
    ]
