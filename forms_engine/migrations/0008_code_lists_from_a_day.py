from django.db import migrations, models


class Migration(migrations.Migration):
    """From which day a version of a code list holds; those that are there hold ever since."""

    dependencies = [("forms_engine", "0007_translation_looks")]

    operations = [
        migrations.AddField(
            model_name="codelist",
            name="valid_from",
            field=models.DateField(help_text="Ab wann sie gilt; leer: seit jeher", null=True),
        )
    ]
